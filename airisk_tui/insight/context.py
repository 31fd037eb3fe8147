"""The facts that rules use: the run itself, the runs before it, the registration, and the machine."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import force_setattr

from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState


class Context(Struct, frozen=True, kw_only=True):
    """The facts that a rule may use. state: the run; history: the session's earlier runs, oldest first; previous: the last of them;
    last_good: the last run that ended in a token or a code; registered: the registered redirect URIs, character by character, None if
    unknown; secret_mistakes: the codes of the mistakes in the client secret; now: the moment of the explanation, in seconds since the
    start of the run, and never before its last event."""

    state: FlowState
    previous: FlowState | None = None
    last_good: FlowState | None = None
    history: tuple[FlowState, ...] = ()
    registered: tuple[str, ...] | None = None
    host: Host = field(default_factory=Host)
    secret_mistakes: tuple[str, ...] = ()
    now: float = 0.0

    def __post_init__(self) -> None:
        force_setattr(self, "now", max(self.now, self.state.at))

    @classmethod
    def of(cls, state: FlowState, runs: Iterable[FlowState], now: float = 0.0) -> Context:
        """The context of a run, with what was known when it started. runs: any runs; those that this run names as earlier are used."""
        by_id = {run.run_id: run for run in runs}
        earlier = tuple(by_id[name] for name in state.known.earlier if name in by_id and name != state.run_id)
        good = [run for run in earlier if run.outcome in (Outcome.TOKEN, Outcome.CODE)]
        return cls(
            state=state,
            previous=earlier[-1] if earlier else None,
            last_good=good[-1] if good else None,
            history=earlier,
            registered=state.known.registered,
            host=state.known.host,
            secret_mistakes=state.known.secret_mistakes,
            now=now,
        )

    @property
    def inputs(self) -> Inputs:
        """The run's inputs. Raises ValueError before the run has started, when no rule is asked."""
        if self.state.inputs is None:
            raise ValueError("The run has not started.")
        return self.state.inputs

    @property
    def earlier(self) -> tuple[FlowState, ...]:
        """Every other known run with inputs, the oldest first."""
        runs: dict[str, FlowState] = {}
        for run in (self.last_good, *self.history, self.previous):
            if run is not None and run.inputs is not None and run.run_id != self.state.run_id:
                runs[run.run_id] = run
        return tuple(runs.values())
