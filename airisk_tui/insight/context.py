"""What an explanation may know: the run itself, the runs before it, what is registered, and where the program runs."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import force_setattr

from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState


class Context(Struct, frozen=True, kw_only=True):
    """What a rule may know. state: the run; history: the session's earlier runs, oldest first; previous: the one just before;
    last_good: the last run that ended in a token, from the session or the library; registered: the redirect URIs that are known to be
    registered, exactly as written there, or None; secret_mistakes: the codes of what is wrong with the client secret; now: the moment
    at which the run is explained, in seconds since its start, and never before its last event."""

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
        """The context of a run, with what was known when it started. runs: among them are the earlier runs that it names."""
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
        """The run's inputs; only asked for by rules, which run only once a run has started."""
        if self.state.inputs is None:
            raise ValueError("The run has not started.")
        return self.state.inputs

    @property
    def earlier(self) -> tuple[FlowState, ...]:
        """Every other run that is known and has inputs, oldest first, none twice."""
        runs: dict[str, FlowState] = {}
        for run in (self.last_good, *self.history, self.previous):
            if run is not None and run.inputs is not None and run.run_id != self.state.run_id:
                runs[run.run_id] = run
        return tuple(runs.values())
