"""A rerun: a live run with the inputs of a recording, and what has changed since, as `replay RECORDING --against ENV` prints it.

The screen first asks for the environment, and for permission where a secret would go to another host (threats.md F5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import OptionList, Static

from airisk_tui.engine.config.environments import ConfigurationError
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.fields import OTHER
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.differences import (
    Difference,
    differences,
    line_of,
    readable_differences,
    sentence_of,
    weightiest,
)
from airisk_tui.session.recordings.opening import OpenRecording
from airisk_tui.session.rerun import Prepared, RerunRefused, prepare_rerun
from airisk_tui.session.session import RecordingOptions, Session
from airisk_tui.tui.comparison.table import Line, TablePage
from airisk_tui.tui.run.guide import ONE_AT_A_TIME
from airisk_tui.tui.run.guided_screen import GuidedScreen
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen, ConfirmScreen
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound, with_chosen_keys
from airisk_tui.tui.shared.screen import Copyable

WHERE = "Enter runs the inputs of this recording there, live and with a fresh state, and shows what changed."
HOW = {
    "browser": " You agree in the browser; F6 runs it directly instead.",
    "paste": " You paste the address that the browser ends on; F6 runs it directly instead.",
}
NO_SECRET = "The recording does not hold the client secret, and {} has none. What you type is kept in memory, for this run alone."  # noqa: S105 - a sentence
CANCELLED = "– The run was cancelled, so it says nothing about the server. a runs it again."


class WhereScreen(ChooseScreen):
    """Asks for the environment. directly: whether to run there without a browser."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("direct", "directly", "Run there directly, without a browser")]
    directly = False

    def action_directly(self) -> None:
        self.directly = True
        self.query_one(OptionList).action_select()


class RerunScreen(GuidedScreen[None]):
    """opened: the recording whose inputs are run again."""

    live_run: Run | None = None
    DEFAULT_CSS = """
    RerunScreen #rerun-status { height: auto; padding: 0 1; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("again", "again", "Run again"),
        bound("compare", "side_by_side", "Compare the recorded run with this one"),
        bound("copy", "copy", "Copy what changed, or the URL …"),
    ]

    def __init__(self, opened: OpenRecording) -> None:
        super().__init__()
        self._opened = opened
        self._own_session: Session | None = None
        self._draft: Draft | None = None
        self._done: Run | None = None
        self._changed: list[Difference] = []

    def compose(self) -> ComposeResult:
        yield Static(id="rerun-title", classes="title", markup=False)
        yield Static(id="rerun-status", markup=False)
        yield self.guide
        yield TablePage("rerun-table")
        yield KeyBar()

    def on_mount(self) -> None:
        self._draw_title("")
        self._begin()

    async def on_unmount(self) -> None:
        """Close the session that was made for this screen."""
        if self._own_session is not None:
            self.host.session = None
            await self._own_session.aclose()

    def _draw_title(self, environment: str) -> None:
        where = f"◉ {environment}  " if environment else ""
        title = f"airisk-tui  {where}rerun of {self._opened.path.name}"
        self.query_one("#rerun-title", Static).update(shown(title))

    # Before the run

    @work(exclusive=True)
    async def _begin(self) -> None:
        try:
            draft = await self._ask(self._ready_session())
        except (ConfigurationError, RerunRefused) as refused:
            self.say(str(refused), "error")
            draft = None
        if draft is None:
            self.dismiss()
            return
        self._draw_title(draft.environment)
        await self._run(draft)

    def _ready_session(self) -> Session:
        """The session of this process; a replay that the command line opened has none yet."""
        session = self.session
        if session is None:
            session = self.host.session = self._own_session = Session(record=RecordingOptions())
        return session

    async def _ask(self, session: Session) -> Draft | None:
        """The draft to run; None where the person decided against it, or where it cannot be run."""
        where = await self._ask_environment(session)
        if where is None:
            return None
        environment, changes = where
        prepared = await prepare_rerun(session, self._opened, environment, changes)
        if any(mistake.code == "client-secret-missing" for mistake in prepared.draft.mistakes):
            secret = await self.app.push_screen_wait(
                AskScreen("Client secret", NO_SECRET.format(visible(environment)), secret=True)
            )
            if not secret:
                self.say("Nothing was sent.")
                return None
            changes = {**changes, "client_secret": Secret(secret)}
            prepared = await prepare_rerun(session, self._opened, environment, changes)
        wrong = [mistake.sentence for mistake in prepared.draft.mistakes if mistake.severity == "error"]
        if wrong and self._opened.final.outcome is not Outcome.USAGE:
            self.say(f"The recording cannot be run against {environment}. {wrong[0]}", "error")
            return None
        if session.is_awaiting and prepared.draft.mode != "direct":
            self.say(ONE_AT_A_TIME, "warning")
            return None
        if not await self._ask_permission(prepared):
            self.say("Nothing was sent.")
            return None
        self.say("\n".join(prepared.notes), "warning")
        return prepared.draft

    async def _ask_environment(self, session: Session) -> tuple[str, dict[str, Any]] | None:
        """The environment, and the changes of the recorded inputs."""
        inputs = self._opened.final.inputs
        recorded, mode = (inputs.environment, inputs.mode) if inputs is not None else ("", "direct")
        named = {name: name for name in session.environments if name != OTHER}
        if inputs is not None and recorded not in named:
            named[OTHER] = f"the recorded server: {visible(inputs.issuer or inputs.base_url)}"
        names = sorted(named, key=lambda name: name not in (recorded, OTHER))
        question = WhereScreen(
            "Run again, against", [named[name] for name in names], WHERE + with_chosen_keys(HOW.get(mode, ""))
        )
        chosen = await self.app.push_screen_wait(question)
        return None if chosen is None else (names[chosen], {"mode": "direct"} if question.directly else {})

    async def _ask_permission(self, prepared: Prepared) -> bool:
        """Whether the person lets every secret go where the draft sends it."""
        if not prepared.warning:
            return True
        agreed: bool = await self.app.push_screen_wait(ConfirmScreen(f"{prepared.warning}\nSend it there?"))
        return agreed

    # The run

    def show_progress(self, state: FlowState, words: str) -> None:
        inputs = state.inputs
        self._draw_status(f"● Against {visible(inputs.environment if inputs is not None else '')}: {words}")

    def _draw_status(self, text: str) -> None:
        self.query_one("#rerun-status", Static).update(shown(text, lines=True))

    async def _run(self, draft: Draft) -> None:
        session = self._ready_session()
        draft = draft.to(state=session.fresh_state() if draft.state is not None else None)
        self._draft, self._done, self._changed = draft, None, []
        self._draw_table()
        run = self.live_run = session.start(draft, lambda event, state: self.follow(state))
        try:
            await run.finished()
        finally:
            self.live_run = None
        self._show_result(session, run)
        self.run_ended()
        self.query_one(TablePage).focus()

    def _show_result(self, session: Session, run: Run) -> None:
        """Show what has changed, and where this run is recorded."""
        before, after = self._opened.final, run.state
        if after.outcome is Outcome.CANCELLED and before.outcome is not Outcome.CANCELLED:
            self._draw_status(CANCELLED)
            return
        reports = self._opened.report(before), session.explained(run)
        codes = [[finding.code for finding in report.findings] for report in reports]
        self._done, self._changed = run, readable_differences(differences(before, after, *codes), before, after)
        recorded = f"\nRecorded in {visible(str(run.recording))}." if run.recording is not None else ""
        self._draw_status(f"{'≠' if self._changed else '✓'} {sentence_of(self._changed)}{recorded}")
        self._draw_table()

    def _draw_table(self) -> None:
        """Draw the few differences that matter most, then all of them by exchange."""
        few = [_line(one) for one in weightiest(self._changed)]
        sections = {"What matters first": few}
        for one in self._changed:
            sections.setdefault(visible(one.exchange), []).append(_line(one))
        head = Line("", "", *self._titles(), "bold $text-accent", words=True)
        self.query_one(TablePage).lay_out(head, sections, len(few) + len(self._changed))

    def _titles(self) -> tuple[str, str]:
        utc = self._opened.final.utc
        when = datetime.fromtimestamp(utc).strftime(" %Y-%m-%d %H:%M:%S") if utc else ""
        return f"recorded{when}", f"now, against {self._draft.environment if self._draft is not None else ''}"

    # The keys

    def hints(self) -> Iterator[KeyHint]:
        yield KeyHint("Esc", "To the keys" if self.typing else "Cancel" if self.live_run is not None else "Back")
        if self.guide.waiting:
            yield from self.guide.hints(KeyHint("F6", "Direct"))
        if self._done is not None:
            yield KeyHint("=", "Compare")
            yield KeyHint("/", "Search")
            yield KeyHint("s", "Sort")
        if self.copyables():
            yield KeyHint("F5", "Copy")
        if self.live_run is None:
            yield KeyHint("a", "Run again")

    def action_again(self) -> None:
        if self._draft is not None and self.live_run is None:
            self.run_worker(self._run(self._draft), exclusive=True)

    def action_direct(self) -> None:
        """Cancel the run that waits for the browser, and start one without a browser."""
        if self.live_run is not None and self._draft is not None:
            self._restart(self.live_run, self._draft.to(mode="direct"))

    # This worker is exclusive, so it ends the one that waits for the first run.
    @work(exclusive=True)
    async def _restart(self, live: Run, draft: Draft) -> None:
        live.cancel()
        await live.finished()
        await self._run(draft)

    def action_side_by_side(self) -> None:
        if self._done is not None:
            self.open_screen("comparison", self._opened.final, self._done.state, self._titles())

    def copyables(self) -> tuple[Copyable, ...]:
        """The authorization URL during a run; what changed after it."""
        if url := self.guide.url:
            return (Copyable("u", "the authorization URL", lambda: url),)
        if self._done is None:
            return ()
        lines = [sentence_of(self._changed), *map(line_of, self._changed)]
        return (Copyable("d", "what changed", lambda: "\n".join(lines)),)


def _line(one: Difference) -> Line:
    name = one.kind if one.kind == "finding" or one.field == one.kind else f"{one.kind} {one.field}"
    return Line("≠", name, one.before, one.after, "bold $text-warning")
