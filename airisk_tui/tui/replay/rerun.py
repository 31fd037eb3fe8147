"""A recording's inputs once more, live, and what changed: as `replay RECORDING --against ENV` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.text import visible
from airisk_tui.recording.differences import Difference, differences, line_of, readable_differences, sentence_of
from airisk_tui.session.explaining import explained
from airisk_tui.session.recordings import OpenRecording
from airisk_tui.session.session import Session
from airisk_tui.tui.comparison.table import Line, Rule, drawn
from airisk_tui.tui.run.awaiting import TICK, WaitsForRedirect
from airisk_tui.tui.run.guide import Guide
from airisk_tui.tui.shared.copying import Copyable
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.screen import AppScreen
from airisk_tui.tui.shared.text import shown

CANCELLED = "– The run was cancelled, so it says nothing of the server. a runs it again."


class AgainScreen(WaitsForRedirect, AppScreen[None]):
    """See the module. draft: ready to be started, its state fresh; opened: the recording that it was made from."""

    DEFAULT_CSS = """
    AgainScreen #again-title { height: 1; padding: 0 1; background: $panel; }
    AgainScreen #again-status { height: auto; padding: 0 1; margin: 0 0 1 0; text-style: bold; }
    AgainScreen #guide { display: none; }
    AgainScreen.-waiting #guide { display: block; }
    AgainScreen #again-scroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    AgainScreen #again-table { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "again", "Run it once more"),
        Binding("equals_sign", "side_by_side", "The recorded run and this one, side by side"),
        Binding("y", "copy", "Copy what changed, or the address …"),
        Binding("ctrl+d", "direct", "Ask directly, without a browser", priority=True),
        Binding("ctrl+v", "paste", "Go to the paste box, while the browser is away", priority=True),
        Binding("o", "open_again", "Open the browser again"),
        Binding("c", "continue_anyway", "Continue on purpose, without the state"),
        Binding("f1", "help", "Help", priority=True),
        Binding("escape,ctrl+c", "back", "Cancel the run, else back", priority=True),
    ]
    live: Run | None = None

    def __init__(self, session: Session, opened: OpenRecording, draft: Draft) -> None:
        super().__init__()
        self._session = session
        self._opened = opened
        self._draft = draft
        self._done: Run | None = None
        self._changed: list[Difference] = []

    def compose(self) -> ComposeResult:
        """What is run again, how it goes, and what changed."""
        title = f"airisk-tui  ◉ {self._draft.environment}  {self._opened.path.name} once more"
        yield Static(shown(title), id="again-title", markup=False)
        yield Static(id="again-status", markup=False)
        yield Guide()
        with VerticalScroll(id="again-scroll"):
            yield Static(id="again-table", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Start it."""
        self.set_interval(TICK, self.tick)
        self.run_worker(self._run(), exclusive=True)

    @property
    def url(self) -> str:
        """The authorization URL that is waited on, as it was really opened."""
        inputs = self.live.state.inputs if self.live is not None else None
        return self._session.unseal(inputs.authorization_url) if inputs is not None else ""

    def status(self, text: str) -> None:
        """The sentence below the title; foreign text in it does nothing."""
        self.query_one("#again-status", Static).update(shown(text, lines=True))

    def doing(self, state: FlowState, words: str) -> None:
        """Say what is done."""
        self.status(f"● Against {visible(self._draft.environment)}: {words}")

    async def _run(self) -> None:
        fresh = self._session.fresh_state() if self._draft.state is not None else None
        self._draft = self._draft.to(state=fresh)
        self._done = None
        self.query_one("#again-table", Static).update("")
        run = self.live = self._session.start(self._draft, lambda event, state: self.heard(state))
        self.draw_hints()
        try:
            await run.finished()
        finally:
            self.live = None
        self._done = run
        self._tell(run)
        self.ended()
        self.query_one("#again-scroll").focus()

    def _tell(self, run: Run) -> None:
        """What changed, and where this run is recorded."""
        final = self._opened.final
        if run.state.outcome is Outcome.CANCELLED and final.outcome is not Outcome.CANCELLED:
            self._done = None
            self.status(CANCELLED)
            return
        reports = self._opened.report(final), explained(self._session, run)
        codes = [[finding.code for finding in report.findings] for report in reports]
        self._changed = readable_differences(differences(final, run.state, *codes), final, run.state)
        recorded = f"\nRecorded in {visible(str(run.recording))}." if run.recording is not None else ""
        self.status(f"{'≠' if self._changed else '✓'} {sentence_of(self._changed)}{recorded}")
        self._show()

    def _show(self) -> None:
        width = max(self.query_one("#again-scroll").scrollable_content_region.width, 40)
        lines = list(drawn(list(self._parts()), width)) if self._done is not None and self._changed else []
        self.query_one("#again-table", Static).update(Content("\n").join(lines))

    def _parts(self) -> Iterator[Line | Rule]:
        yield Line("", "", *self._titles(), "bold $text-accent", words=True)
        exchange = ""
        for one in self._changed:
            if one.exchange != exchange:
                exchange = one.exchange
                yield Rule(visible(exchange))
            name = one.kind if one.kind == "finding" or one.field == one.kind else f"{one.kind} {one.field}"
            yield Line("≠", name, one.before, one.after, "bold $text-warning")

    def _titles(self) -> tuple[str, str]:
        utc = self._opened.final.utc
        when = datetime.fromtimestamp(utc).strftime(" %Y-%m-%d %H:%M:%S") if utc else ""
        return f"recorded{when}", f"now, against {self._draft.environment}"

    def on_resize(self, event: events.Resize) -> None:
        """The columns fit the width."""
        self._show()

    def hints(self) -> Iterator[KeyHint]:
        """The keys that do something now."""
        yield KeyHint("Esc", "Cancel" if self.busy else "Back", "back")
        if self.waiting:
            yield from self.wait_hints()
        if self._done is not None:
            yield KeyHint("=", "Side by side", "side_by_side")
        if self.copyables():
            yield KeyHint("y", "Copy", "copy")
        if not self.busy:
            yield KeyHint("a", "Again", "again")
        yield KeyHint("F1", "Help", "help")

    def action_again(self) -> None:
        """The same inputs, with a fresh state."""
        if not self.busy:
            self.run_worker(self._run(), exclusive=True)

    def action_direct(self) -> None:
        """What waits for the browser begins anew, without one."""
        if self.live is not None:
            self.run_worker(self._directly(self.live), exclusive=True)

    async def _directly(self, live: Run) -> None:
        self._draft = self._draft.to(mode="direct")
        live.cancel()
        await live.finished()
        await self._run()

    def action_side_by_side(self) -> None:
        """Everything of both, not only what changed."""
        if self._done is not None:
            self.open_screen("comparison", self._opened.final, self._done.state, self._titles())

    def copyables(self) -> tuple[Copyable, ...]:
        """The address, then what changed."""
        if url := self.url:
            return (Copyable("u", "the authorization URL", lambda: url),)
        if self._done is None:
            return ()
        lines = [sentence_of(self._changed), *map(line_of, self._changed)]
        return (Copyable("d", "what changed", lambda: "\n".join(lines)),)

    def action_back(self) -> None:
        """Cancel what runs; else back."""
        if self.live is not None:
            self.live.cancel()
        else:
            self.dismiss()
