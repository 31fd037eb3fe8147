"""Between the session and the screen: starts runs, and tells the screen their states, at most some thirty a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import INITIAL
from airisk_tui.flow.phases import Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.session.session import Session

if TYPE_CHECKING:
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.two_tokens.runs import TwoTokenRuns

FRAME = 1 / 30
"""Seconds between two states that are drawn: more cannot be read, and a burst of strays must not stall the screen."""

Later = Callable[[float, Callable[[], None]], object]
OnState = Callable[[FlowState, "Report | None"], None]


class RunController:
    """See the module. later: calls back after so many seconds; on_state: draws a state and what it means; two_tokens:
    the two runs that were laid side by side last, for whoever comes back to them."""

    def __init__(self, session: Session, later: Later, on_state: OnState) -> None:
        self.session = session
        self.run: Run | None = None
        self.draft: Draft | None = None
        self.two_tokens: TwoTokenRuns | None = None
        self._later = later
        self._on_state = on_state
        self._waiting = False

    @property
    def state(self) -> FlowState:
        """Of the run that is shown."""
        return self.run.state if self.run is not None else INITIAL

    @property
    def live(self) -> bool:
        """Whether a run is under way."""
        return self.state.live

    def base(self, environment: str, overrides: dict[str, Any]) -> Draft:
        """The environment's draft with the command line's values in it."""
        return self.session.draft(environment, overrides)

    def start(self, draft: Draft) -> Run:
        """Start a run; one that is under way is cancelled first, and its port is waited for by the engine."""
        self.cancel()
        self.draft = draft
        self.run = None
        run = self.session.start(draft, self._heard)
        self.run = run
        self._draw()
        return run

    def cancel(self) -> None:
        """End the run that is under way."""
        if self.run is not None and self.run.state.live:
            self.run.cancel()

    def now(self) -> float:
        """Seconds since the start of the run that is shown."""
        return self.run.now() if self.run is not None else 0.0

    def left(self) -> float | None:
        """Seconds until the wait for the redirect is over, while there is one."""
        return seconds_left(self.run)

    def url(self) -> str:
        """The authorization URL of the run that is shown, as it was really opened."""
        inputs = self.state.inputs
        return self.session.unseal(inputs.authorization_url) if inputs is not None else ""

    def _heard(self, event: AnyEvent, state: FlowState) -> None:
        if not self._waiting:
            self._waiting = True
            self._later(FRAME, self._draw)

    def _draw(self) -> None:
        self._waiting = False
        if self.run is not None:
            self._on_state(self.run.state, self._report(self.run))

    def _report(self, run: Run) -> Report | None:
        """What a run that is over means; the rules are imported when the first run is."""
        return None if run.state.live else self.report()

    def report(self) -> Report | None:
        """What the run means as it stands."""
        if self.run is None or self.draft is None:
            return None
        from airisk_tui.session.explaining import explained

        return explained(self.session, self.run)


def seconds_left(run: Run | None) -> float | None:
    """Seconds until a run's wait for the redirect is over, while there is one."""
    if run is None or run.state.inputs is None or run.state.phase not in (Phase.OPENING, Phase.WAITING, Phase.HOLDING):
        return None
    since = run.state.entered(Phase.OPENING)
    since = run.state.entered(Phase.WAITING) if since is None else since
    return max(0.0, run.state.inputs.timeout - (run.now() - (since or 0.0)))
