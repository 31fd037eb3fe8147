"""The runs of the run screen, and the session in which they run.

This module is imported right after the first frame, because the session fills the form in; what only a run needs is imported when one
starts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from airisk_tui.engine.config.environments import Configuration, ConfigurationError
from airisk_tui.session.session import RecordingOptions, Session
from airisk_tui.tui.shared.drawing.times import FRAME

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft
    from airisk_tui.engine.run import Run
    from airisk_tui.flow.events import AnyEvent
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.oauth.secret import SecretView
    from airisk_tui.tui.options import AppOptions
    from airisk_tui.tui.two_tokens.runs import TwoTokenRuns

CallLater = Callable[[float, Callable[[], None]], object]
OnState = Callable[["FlowState", "Report | None"], None]


class RunController:
    """Starts one run at a time, and gives its states to the screen, at most one in each FRAME.

    call_later: calls a function after so many seconds; on_state: draws a state and its report.
    """

    def __init__(self, session: Session, call_later: CallLater, on_state: OnState) -> None:
        self.session = session
        self.run: Run | None = None
        self.draft: Draft | None = None
        self._call_later = call_later
        self._on_state = on_state
        self._drawing = False
        self._two_tokens: TwoTokenRuns | None = None

    @property
    def state(self) -> FlowState:
        """The state of the newest run."""
        from airisk_tui.flow.fold import INITIAL

        return self.run.state if self.run is not None else INITIAL

    @property
    def log(self) -> Sequence[AnyEvent]:
        """The events of the newest run."""
        return self.run.log if self.run is not None else ()

    def now(self) -> float:
        """Seconds since the start of the newest run; 0 without one."""
        return self.run.now() if self.run is not None else 0.0

    def unseal(self, text: str) -> str:
        """Put the secrets of the newest run into a text of its log."""
        return self.session.unseal(self.run, text) if self.run is not None else text

    def raw_of(self, view: SecretView) -> str | None:
        """The raw value of a secret of the newest run, or None where the run does not know it."""
        return self.session.raw_of(self.run, view) if self.run is not None else None

    @property
    def live_run(self) -> Run | None:
        """The newest run while it is live."""
        return self.run if self.run is not None and self.run.state.live else None

    @property
    def run_with_token(self) -> Run | None:
        """The newest run once it is over and has a token."""
        run = self.run
        return run if run is not None and not run.state.live and run.state.token is not None else None

    def start(self, draft: Draft) -> None:
        """Start a run, and cancel a live one; the engine waits until that has left the port."""
        self.cancel()
        self.draft = draft
        # The first events come before `Session.start` returns: until then there is no run, and the old one's state is not its.
        self.run = None
        self.run = self.session.start(draft, self._on_event)
        self._draw()

    def cancel(self) -> None:
        """End the live run."""
        if self.live_run is not None:
            self.live_run.cancel()

    def two_tokens(self, draft: Draft) -> TwoTokenRuns:
        """The runs of the two tokens: those from before where they are for this draft; else new ones, which begin with the newest run if it
        has a token and asked for the same."""
        from airisk_tui.tui.two_tokens.runs import TwoTokenRuns, is_same

        if self._two_tokens is None or not self._two_tokens.are_for(draft):
            asked_the_same = self.draft is not None and is_same(self.draft, draft)
            self._two_tokens = TwoTokenRuns(self.session, draft, self.run_with_token if asked_the_same else None)
        return self._two_tokens

    def report(self) -> Report | None:
        """The report of the newest run while it waits for the redirect and once it is over; the rules are imported only then."""
        from airisk_tui.flow.phases import REDIRECT_PHASES

        if self.run is None or (self.run.state.live and self.run.state.phase not in REDIRECT_PHASES):
            return None

        return self.session.explained_now(self.run)

    def _on_event(self, event: AnyEvent, state: FlowState) -> None:
        if not self._drawing:
            self._drawing = True
            self._call_later(FRAME, self._draw)

    def _draw(self) -> None:
        self._drawing = False
        if self.run is not None:
            self._on_state(self.run.state, self.report())


def open_session(options: AppOptions, complain: Callable[[str], None]) -> Session:
    """The session of the options, or a new one. complain: called with a sentence where the configuration cannot be read; the session then
    has the sandbox alone."""
    if options.session is not None:
        return options.session
    try:
        return options.make_session() if options.make_session else Session(record=RecordingOptions())
    except ConfigurationError as error:
        complain(f"{error} The sandbox is used instead.")
        return Session(configuration=Configuration())


def import_for_a_run() -> None:
    """Import what the first run needs, before anybody waits for it."""
    import airisk_tui.engine.client.exchange
    import airisk_tui.engine.listener.server
    import airisk_tui.engine.perform
    import airisk_tui.engine.run
    import airisk_tui.insight.explain
    import airisk_tui.redaction.inputs  # noqa: F401 - so that the run finds them imported
