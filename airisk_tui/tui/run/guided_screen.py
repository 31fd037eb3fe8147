"""The base of the screens that start runs of their own, and show the guide while one of them waits for its redirect."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Generic

from textual import events
from textual.binding import BindingType

from airisk_tui.flow.phases import REDIRECT_PHASES
from airisk_tui.flow.reading.rail import rail
from airisk_tui.tui.run.guide import CONTINUE, TICK, Guide
from airisk_tui.tui.shared.drawing.times import countdown
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.screen import AppScreen, Result

if TYPE_CHECKING:
    from airisk_tui.engine.run import Run
    from airisk_tui.flow.state import FlowState


class GuidedScreen(AppScreen[Result], Generic[Result]):
    """It hands each state of its live run to `follow`, and calls `run_ended` after the last."""

    DEFAULT_CSS = """
    GuidedScreen #guide { display: none; }
    GuidedScreen.-waiting #guide { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("direct", "direct", priority=True),
        bound(
            "paste",
            "part('guide', 'paste')",
            "Go to the paste box, while the run waits for the redirect",
            priority=True,
        ),
        bound("open-again", "part('guide', 'open_again')"),
        bound("qr", "part('guide', 'qr')"),
        bound("continue", CONTINUE),
        bound("out", "back", priority=True),
        bound("interrupt", "leave", "Cancel the run, else go back", priority=True),
    ]
    _drawn_phase = ""

    def __init__(self, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.guide = Guide(lambda: self.live_run)

    def on_mount(self) -> None:
        """Follow the clock. Textual calls the handlers of the classes above as well."""
        self.set_interval(TICK, self._tick)

    @property
    @abstractmethod
    def live_run(self) -> Run | None:
        """The run of this screen that is live."""

    @abstractmethod
    def show_progress(self, state: FlowState, words: str) -> None:
        """Say what the live run does now, in words."""

    def follow(self, state: FlowState) -> None:
        """Draw a state of the live run in another phase than the last one; within a phase the clock draws, so that a burst of stray
        requests cannot stall the screen. A screen that is being left has no footer any more, and draws nothing.
        """
        if self._drawn_phase == state.phase.value or not self.is_attached or not self.query("#keybar"):
            return
        before, self._drawn_phase = self._drawn_phase, state.phase.value
        self._draw(state)
        if self.guide.waiting and before not in REDIRECT_PHASES:
            self.set_focus(None)
        if self.guide.phase == "holding":
            self.query_one("#guide-continue").focus()

    def run_ended(self) -> None:
        """Draw the screen without a live run."""
        self._drawn_phase = ""
        self.remove_class("-waiting")

    def _tick(self) -> None:
        if self.live_run is not None and self.guide.waiting:
            self._draw(self.live_run.state)

    def _draw(self, state: FlowState) -> None:
        waiting = self.guide.waiting
        # Otherwise Textual hands the focus of what it hides on to what it hides next.
        if not waiting and self.guide.has_focus_within:
            self.set_focus(None)
        self.set_class(waiting, "-waiting")
        if waiting:
            self.guide.show(state)
        if words := self._words_for(state):
            self.show_progress(state, words)

    def _words_for(self, state: FlowState) -> str:
        if not self.guide.waiting or state.inputs is None:
            running = next((step for step in rail(state) if step.status == "running"), None)
            return f"{running.title.lower()} …" if running is not None else ""
        left = self.guide.seconds_left
        clock = f", {countdown(left)} left" if left is not None else ""
        if self.guide.phase == "holding":
            return f"the state did not come back{clock}."
        if state.inputs.mode == "paste":
            return f"open the URL in a browser, and paste the address that it ends on{clock}."
        return f"sign in and agree in the browser{clock}."

    def action_leave(self) -> None:
        """Cancel the live run, else leave the screen."""
        if self.live_run is not None:
            self.live_run.cancel()
        else:
            super().action_leave()

    def on_paste(self, event: events.Paste) -> None:
        self.guide.take_paste(event)
