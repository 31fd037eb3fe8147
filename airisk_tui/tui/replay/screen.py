"""The replay of a recording in the views of the run screen: its inputs are read-only, and a scrubber moves through its events.

A replay only folds events, so nothing here can reach the network (threats.md F5). Running the inputs again is another screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from airisk_tui.engine.ports import SystemClock
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.reader import Beginning, read_beginning
from airisk_tui.session.recordings.checking import sealed_in
from airisk_tui.session.recordings.opening import OpenRecording, open_recording
from airisk_tui.tui.replay.inputs import RecordedInputs, notes_of
from airisk_tui.tui.replay.player import Player, position_of
from airisk_tui.tui.replay.scrubber import Scrubber, label_of, step_of
from airisk_tui.tui.run.request.preview import Preview
from airisk_tui.tui.run.views import RunViews
from airisk_tui.tui.shared.drawing.times import FRAME
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.title import TitleLine

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.worker import Worker

    from airisk_tui.flow.start.inputs import Inputs
    from airisk_tui.flow.state import FlowState
    from airisk_tui.oauth.secret import SecretView
    from airisk_tui.tui.shared.screen import Copyable

LOOK = 0.5
"""Seconds of the run between two explanations of why the redirect does not come, as on the live screen."""

AHEAD = 500
"""Events of a long recording that are folded at a time, which takes some ten milliseconds, before the end is shown."""

HINTS = (
    KeyHint(", .", "Step"),
    KeyHint("Space", "Play"),
    KeyHint("- +", "Speed"),
    KeyHint(":", "Go to"),
    KeyHint("Esc", "Back"),
    KeyHint("a", "Run again"),
    KeyHint("e", "Export"),
    KeyHint("F5", "Copy"),
    KeyHint("^O", "Recordings"),
)


class ReplayScreen(RunViews):
    """position: how many events have happened; state, report: of the run at that position."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("event-back", "step(-1)"),
        bound("event-on", "step(1)"),
        bound("act", "play", "Play, or pause"),
        bound("slower", "faster(-1)"),
        bound("faster", "faster(1)"),
        bound("go-to", "go_to"),
        bound("again", "run_again"),
        bound("export", "export"),
        bound("reveal", "part('inspector', 'reveal')", "Reveal secrets, where the recording holds them"),
        bound("out", "back", "Back"),
    ]
    AUTO_FOCUS = "#scrubber"
    PARTS: ClassVar[Mapping[str, str]] = {"scrubber": "The scrubber", **RunViews.PARTS}
    pane: reactive[str] = reactive("result", init=False)
    position: reactive[int] = reactive(0, init=False)

    def __init__(self, path: Path) -> None:
        super().__init__(classes="-pane-result")
        self.opened: OpenRecording | None = None
        self._path = path
        self._player = Player(SystemClock())
        self._timer: Timer | None = None
        self._moved = False
        self._look = 0
        self._notes: tuple[str, ...] = ()
        self._sealed = ""
        self._drawn_inputs: Inputs | None = None
        self._opening: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The recorded inputs; the views are mounted when the recording has been read."""
        yield TitleLine(visible(self._path.name))
        with Horizontal(id="columns"), Vertical(id="request", classes="column"):
            yield RecordedInputs()
            yield Preview()
        yield Scrubber()
        yield KeyBar()

    def hints(self) -> tuple[KeyHint, ...]:
        return (*HINTS[:4], *self.inspector_hints(), *HINTS[4:])

    # Opening: the first frame shows the beginning of the file, and everything else follows

    def on_mount(self) -> None:
        self.read_sheets("form", "rest")
        self.app.stylesheet.update(self)
        try:
            self._show_beginning(read_beginning(self._path))
        except RecordingRefused as refused:
            self._refuse(refused)

    def _refuse(self, refused: RecordingRefused) -> None:
        self.query_one(TitleLine).doing = "✗ cannot be opened"
        self.say(str(refused), "error", seconds=60)

    def _show_beginning(self, beginning: Beginning) -> None:
        started = INITIAL if beginning.first is None else step(INITIAL, beginning.first)
        title = self.query_one(TitleLine)
        title.environment = f"{visible(beginning.header.environment)} (replay)"
        title.doing = f"replay of {visible(self._path.name)}"
        self.query_one(RecordedInputs).show(started, notes_of(beginning.header))
        if started.inputs is not None:
            self.query_one(Preview).draft = started.inputs
        scrubber = self.query_one(Scrubber)
        scrubber.total, scrubber.label = beginning.events, "reading …"

    @on(KeyBar.Drawn)
    def _first_frame_drawn(self, event: KeyBar.Drawn) -> None:
        event.stop()
        if self._opening is None:
            self._opening = self._open()

    @work
    async def _open(self) -> None:
        try:
            opened = await asyncio.to_thread(open_recording, self._path)
            sealed = await asyncio.to_thread(sealed_in, opened.recording.events)
        except RecordingRefused as refused:
            self._refuse(refused)
            return
        # data_bind binds a widget to the object whose handler mounts it, which has to be the screen and not this worker.
        self.call_later(self._mount_views, opened, sealed)

    async def _mount_views(self, opened: OpenRecording, sealed: str) -> None:
        if not self.is_attached:
            return
        with self.app.batch_update():
            self.opened = opened
            unseal = opened.unseal if opened.holds_secrets else None
            await self.mount_views(lambda: opened.recording.events[: self.position], self._moment, unseal)
            self.app.stylesheet.update(self)
            self._notes = notes_of(opened.recording.header, opened.recording.problems)
            self._sealed = sealed
            self.query_one(Scrubber).total = len(opened.replay)
            self.watch(self.inspector, "revealed", self._revealed, init=False)
            self._draw()
        self.compare_with_last_good(opened.final)
        self.call_after_refresh(self._go_to_end, opened)

    def _go_to_end(self, opened: OpenRecording) -> None:
        """Go to the last event once all are folded, unless the person has gone somewhere else already."""
        if opened.replay.prepare(AHEAD):
            self.call_later(self._go_to_end, opened)
        elif not self._moved:
            self.position = len(opened.replay)

    # The position

    def _moment(self) -> float:
        return self.state.at if self.state is not None else 0.0

    def watch_position(self) -> None:
        self._draw()

    def _draw(self) -> None:
        opened = self.opened
        if opened is None:
            return
        event = opened.replay.event(self.position)
        state = opened.replay.state_at(self.position)
        self.state, self.report = state, opened.report_then(state)
        self._draw_inputs(state)
        scrubber = self.query_one(Scrubber)
        scrubber.position, scrubber.label = self.position, label_of(event)
        if self.position == len(opened.replay):
            self.look_at_result(state)
        elif event is not None:
            self.look_at(step_of(event))

    def _draw_inputs(self, state: FlowState) -> None:
        """Draw the inputs and the request that they make; edits of held requests, and metadata, change both on the way."""
        shown = state if state.inputs is not None or self.opened is None else self.opened.replay.state_at(1)
        if shown.inputs is not None and shown.inputs != self._drawn_inputs:
            self._drawn_inputs = shown.inputs
            self.query_one(RecordedInputs).show(shown, self._notes, self._sealed)
            self.query_one(Preview).draft = shown.inputs

    @on(Scrubber.Sought)
    def _sought(self, event: Scrubber.Sought) -> None:
        event.stop()
        self._go_to(event.position)

    def _go_to(self, position: int) -> None:
        """Stop playing, and go to a position."""
        if self.opened is not None:
            self._moved = True
            self._stop()
            self.position = self.opened.replay.clamped(position)

    def action_step(self, by: int) -> None:
        self._go_to(self.position + by)

    def action_seek(self, position: int) -> None:
        """Go to a position; -1 is the end."""
        self._go_to(len(self.opened.replay) if position < 0 and self.opened is not None else position)

    @work
    async def action_go_to(self) -> None:
        if self.opened is None:
            return
        from airisk_tui.tui.shared.dialogs import AskScreen

        replay = self.opened.replay
        choices = f"An event, 0 to {len(replay)}, or a time of the run, such as 2.5s or 1:30."
        answer = await self.app.push_screen_wait(AskScreen("Go to", choices))
        if not answer:
            return
        position = position_of(answer, replay)
        if position is None:
            self.say(f"“{answer}” is neither the number of an event nor a time. {choices}", "warning")
        else:
            self._go_to(position)

    # Playing

    def action_play(self) -> None:
        """Pause, or play from here; at the end, play from the beginning."""
        if self.opened is None:
            return
        self._moved = True
        if self._player.playing:
            self._stop()
            return
        self.position = self._player.play(self.opened.replay, self.position)
        self.query_one(Scrubber).playing = True
        self._timer = self.set_interval(FRAME, self._draw_frame)

    def _draw_frame(self) -> None:
        if self.opened is not None:
            shown, replay = self.position, self.opened.replay
            self.position = self._player.due(replay, shown)
            if self.position == shown:
                self._explain_wait(self._player.moment(replay, shown))
        if not self._player.playing:
            self._stop()

    def _explain_wait(self, moment: float) -> None:
        """Between two events, show the explanation that the live screen showed at that moment."""
        look = int(moment / LOOK)
        if self.opened is not None and self.state is not None and self.state.live and look != self._look:
            self._look = look
            self.report = self.opened.report_then(self.state, moment)

    def _stop(self) -> None:
        self._player.stop()
        self.query_one(Scrubber).playing = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def action_speed(self, speed: str) -> None:
        """Play at another speed from here on."""
        self._player.set_speed(speed, self.position)
        self.query_one(Scrubber).speed = speed

    def action_faster(self, by: int) -> None:
        self.action_speed(self._player.faster(by))

    # What can be done with the recording

    def _revealed(self, revealed: bool) -> None:
        if revealed and self.opened is not None and not self.opened.holds_secrets:
            self.inspector.revealed = False
            self.say(
                "This recording holds no raw secrets, only their fingerprints and lengths, so they cannot be revealed. "
                "Start “airisk-tui --include-secrets” to record runs with them.",
                "warning",
            )

    @work
    async def action_export(self) -> None:
        if self.opened is not None:
            from airisk_tui.tui.shared.saving import export_from

            await export_from(self, self.opened)

    def action_run_again(self) -> None:
        """Run the recorded inputs again, live: the only key that leads to the network, after a question."""
        if self.opened is not None:
            self._stop()
            self.open_screen("rerun", self.opened)

    def copyables(self) -> Iterator[Copyable]:
        if (opened := self.opened) is None:
            return
        from airisk_tui.session.recordings.exporting import exported
        from airisk_tui.tui.run.copying import copyables_of_run
        from airisk_tui.tui.shared.screen import Copyable

        def reveal(view: SecretView) -> str | None:
            secret = opened.recording.secrets.get(view.fingerprint)
            return secret.reveal() if secret is not None else None

        state, events = opened.final, opened.recording.events
        yield from copyables_of_run(state, events, self.report, opened.unsealed_url, reveal)
        if (inputs := state.inputs) is not None:
            yield Copyable("r", "the redirect URI", lambda: opened.unsealed_url(inputs.redirect_uri))
        yield Copyable("m", "the report in Markdown", lambda: exported(opened, "markdown"))

    def action_recordings(self) -> None:
        """Go back to the library, or open it where this screen was not opened from there."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.open_screen("recordings")

    def action_leave(self) -> None:
        """Leave the focused view for the scrubber, else leave the screen, or the program where there is no other screen."""
        if self.focused is not None and not isinstance(self.focused, Scrubber):
            self.query_one(Scrubber).focus()
        elif len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit(0)
