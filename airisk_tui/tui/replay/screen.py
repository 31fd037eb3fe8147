"""A recording in the run screen: the same views, the form read-only, a scrubber in the place of the launch keys.

A replay only folds events, so nothing here can touch the network (threats.md F5); to run its inputs again is another screen.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from airisk_tui.engine.ports import SystemClock
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.oauth.text import visible
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.recording.reader import Beginning, read_beginning
from airisk_tui.session.recordings import OpenRecording, open_recording
from airisk_tui.tui.replay.actions import ReplayActions
from airisk_tui.tui.replay.player import Player
from airisk_tui.tui.replay.recorded import Recorded, RecordedRequest
from airisk_tui.tui.replay.scrubber import Scrubber
from airisk_tui.tui.replay.words import label_of, notes_of, step_of
from airisk_tui.tui.run.preview import Preview
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.screen import AppScreen
from airisk_tui.tui.shared.sheet import read_sheet
from airisk_tui.tui.shared.title import TitleLine

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.worker import Worker

    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.inspector.chips import Unseal

FRAME = 1 / 30
"""Seconds between two frames while playing."""

AHEAD = 500
"""Events that are folded at once while a long recording is made ready: some ten milliseconds."""

HINTS = (
    KeyHint("←→", "Step", "step(1)"),
    KeyHint("Space", "Play", "play"),
    KeyHint("[ ]", "Speed", "faster(1)"),
    KeyHint("g", "Go to", "go_to"),
    KeyHint("Esc", "Back", "back"),
    KeyHint("a", "Run again", "run_again"),
    KeyHint("e", "Export", "export"),
    KeyHint("y", "Copy", "copy"),
    KeyHint("^O", "Recordings", "recordings"),
    KeyHint("F1", "Help", "help"),
    KeyHint("^P", "Commands", "app.command_palette"),
)


class ReplayScreen(ReplayActions, AppScreen[None]):
    """position: how many events have happened; state and report: of the run at that moment, as the run screen has them."""

    DEFAULT_CSS = """
    ReplayScreen #replay-refused { padding: 2 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,comma", "step(-1)", "One event back"),
        Binding("right,full_stop", "step(1)", "One event on"),
        Binding("home", "seek(0)", "Before the first event"),
        Binding("end", "seek(-1)", "After the last event"),
        Binding("space", "play", "Play, or pause"),
        Binding("left_square_bracket,minus", "faster(-1)", "Slower"),
        Binding("right_square_bracket,plus", "faster(1)", "Faster"),
        Binding("g", "go_to", "Go to an event or a time"),
        Binding("a", "run_again", "Run again …"),
        Binding("e", "export", "Export …"),
        Binding("y", "copy", "Copy …"),
        Binding("f5", "copy", "Copy …", priority=True),
        Binding("r", "reveal", "Reveal secrets, where the recording holds them"),
        Binding("ctrl+l", "whole_url", "The request as one URL, or by parameter", priority=True),
        Binding("ctrl+o", "recordings", "Recordings", priority=True),
        Binding("f1", "help", "Help", priority=True),
        Binding("1", "pane('request')", "The request"),
        Binding("2", "pane('flow')", "The flow: steps and what was heard"),
        Binding("3", "pane('result')", "The result: what it means, and the raw"),
        Binding("f2", "pane('request')", "The request", priority=True),
        Binding("f3", "pane('flow')", "The flow: steps and what was heard", priority=True),
        Binding("f4", "pane('result')", "The result: what it means, and the raw", priority=True),
        Binding("escape", "back", "Back"),
    ]
    AUTO_FOCUS = ""
    PANES = ("request", "flow", "result")
    PARTS: ClassVar[dict[str, str]] = {
        "rail": "The steps",
        "strip": "The steps",
        "inbox": "What the listener heard",
        "findings": "What it means",
        "inspector": "The inspector",
    }
    state: reactive[FlowState | None] = reactive(None, always_update=True)
    report: reactive[Report | None] = reactive(None, always_update=True)
    pane: reactive[str] = reactive("result", init=False)
    position: reactive[int] = reactive(0, init=False)

    def __init__(self, path: Path) -> None:
        super().__init__(classes="-pane-result")
        self.opened: OpenRecording | None = None
        self._path = path
        self._player = Player(SystemClock())
        self._timer: Timer | None = None
        self._moved = False
        self._opening: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The recorded request; the views come when the recording is read."""
        yield TitleLine(visible(self._path.name))
        with Horizontal(id="columns"), Vertical(id="request", classes="column"):
            yield Recorded()
            yield Preview()
        yield Scrubber()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the recording."""
        read_sheet(self.app)
        self.app.stylesheet.update(self)
        try:
            self._begin(read_beginning(self._path))
        except RecordingRefused as refused:
            self._refuse(refused)

    def _refuse(self, refused: RecordingRefused) -> None:
        self.query_one(TitleLine).doing = "✗ cannot be opened"
        self.notify(visible(str(refused)), severity="error", timeout=60, markup=False)

    def _begin(self, beginning: Beginning) -> None:
        """The first frame: what was asked, and how many events there are."""
        started = INITIAL if beginning.first is None else step(INITIAL, beginning.first)
        environment = beginning.header.environment
        self.query_one(TitleLine).environment = f"{visible(environment)} (replay)"
        self.query_one(TitleLine).doing = f"replay of {visible(self._path.name)}"
        self.query_one(Recorded).show(started, notes_of(beginning.header))
        if started.inputs is not None:
            self.query_one(Preview).show(RecordedRequest(started.inputs))
        scrubber = self.query_one(Scrubber)
        scrubber.total, scrubber.label = beginning.events, "reading …"

    @on(KeyBar.Seen)
    def _first_frame_is_out(self, event: KeyBar.Seen) -> None:
        """Everything else comes after the first frame."""
        event.stop()
        if self._opening is None:
            self._opening = self.run_worker(self._open())

    async def _open(self) -> None:
        try:
            opened = await asyncio.to_thread(open_recording, self._path)
        except RecordingRefused as refused:
            self._refuse(refused)
            return
        await asyncio.to_thread(import_module, "airisk_tui.tui.inspector.meaning")
        self.call_later(self._fill, opened)

    async def _fill(self, opened: OpenRecording) -> None:
        """Mount the views; here, because data_bind binds to the one that mounts."""
        from airisk_tui.tui.inspector.panel import Inspector
        from airisk_tui.tui.run.frame import mount_columns, mount_findings

        if not self.is_attached:
            return
        with self.app.batch_update():
            self.opened = opened
            await mount_columns(self)
            mount_findings(self)
            self.app.stylesheet.update(self)
            notes = notes_of(opened.recording.header, opened.recording.problems)
            self.query_one(Recorded).show(opened.replay.state_at(1), notes)
            self.query_one(Scrubber).total = len(opened.replay)
            self.watch(self.query_one(Inspector), "revealed", self._revealed, init=False)
            self._draw()
        self.call_after_refresh(self._to_the_end, opened)

    def _to_the_end(self, opened: OpenRecording) -> None:
        """Show the result first, as soon as it is known, unless a person has gone somewhere already."""
        if opened.replay.prepare(AHEAD):
            self.call_later(self._to_the_end, opened)
        elif not self._moved:
            self.position = len(opened.replay)

    def clock(self) -> float:
        """Seconds since the run's start, at the moment that is shown."""
        return self.state.at if self.state is not None else 0.0

    @property
    def unseal(self) -> Unseal | None:
        """Only what the file itself holds; None where it holds no secret."""
        return self.opened.unseal if self.opened is not None and self.opened.holds_secrets else None

    def watch_position(self) -> None:
        """Show that moment."""
        if self.opened is not None:
            self._draw()

    def _draw(self) -> None:
        opened = self.opened
        if opened is None:
            return
        event = opened.replay.event(self.position)
        state = opened.replay.state_at(self.position)
        self.state, self.report = state, opened.report_then(state)
        scrubber = self.query_one(Scrubber)
        scrubber.position, scrubber.label = self.position, label_of(event)
        if self.position == len(opened.replay):
            self.look_at_what_matters(state)
        elif event is not None:
            self.look_at(step_of(event))

    @on(Scrubber.Sought)
    def _sought(self, event: Scrubber.Sought) -> None:
        event.stop()
        self._go(event.position)

    def _go(self, position: int) -> None:
        """By hand: that ends the playing."""
        if self.opened is not None:
            self._moved = True
            self._stop()
            self.position = self.opened.replay.clamped(position)

    def action_step(self, by: int) -> None:
        """One event on or back."""
        self._go(self.position + by)

    def action_seek(self, position: int) -> None:
        """To a position; -1 is the end."""
        self._go(len(self.opened.replay) if position < 0 and self.opened is not None else position)

    def action_play(self) -> None:
        """Play from here, from the beginning when this is the end, or pause."""
        if self.opened is None:
            return
        self._moved = True
        if self._player.playing:
            self._stop()
            return
        self.position = self._player.play(self.opened.replay, self.position)
        self.query_one(Scrubber).playing = True
        self._timer = self.set_interval(FRAME, self._play_on)

    def _play_on(self) -> None:
        if self.opened is not None:
            self.position = self._player.due(self.opened.replay, self.position)
        if not self._player.playing:
            self._stop()

    def _stop(self) -> None:
        self._player.stop()
        self.query_one(Scrubber).playing = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def action_speed(self, speed: str) -> None:
        """How fast playing is, from here on."""
        self._player.set_speed(speed, self.position)
        self.query_one(Scrubber).speed = speed

    def action_faster(self, by: int) -> None:
        """The next speed, or the one before."""
        self.action_speed(self._player.faster(by))

    def hints(self) -> tuple[KeyHint, ...]:
        """Every key that matters here."""
        return HINTS

    def draw_panes(self) -> None:
        """The tabs of the panes, where only one is visible."""
        self.query_one(TitleLine).pane = self.pane if self.has_class("-narrow") else ""
