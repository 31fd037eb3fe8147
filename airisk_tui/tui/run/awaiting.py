"""Waiting for the redirect on a screen beside the run screen: what to do in the browser, the paste box, the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from airisk_tui.flow.rail import rail
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.advice.returning import PASTE_REFUSED
from airisk_tui.tui.run.controller import seconds_left
from airisk_tui.tui.run.field import Field
from airisk_tui.tui.run.guide import Guide
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.title import minutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events

    from airisk_tui.engine.run import Run
    from airisk_tui.tui.shared.screen import AppScreen

    Mixin = AppScreen[None]
else:
    Mixin = object

TICK = 0.5
"""Seconds between two looks at the clock: a countdown in seconds never skips one."""

WAITING = ("opening", "waiting", "holding")


class WaitsForRedirect(Mixin):
    """Mixed into a screen that has a Guide and a KeyBar; it hands every state of its run to `heard`."""

    _phase = ""

    if TYPE_CHECKING:

        @property
        def live(self) -> Run | None:
            """The run under way."""

        @property
        def url(self) -> str:
            """The authorization URL that is waited on, as it was really opened."""

        def doing(self, state: FlowState, words: str) -> None: ...

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self.live is not None

    @property
    def waiting(self) -> bool:
        """Whether a redirect is waited for."""
        return self.live is not None and self.live.state.phase.value in WAITING

    @property
    def holding(self) -> bool:
        """Whether an answer waits for a decision."""
        return self.live is not None and self.live.state.phase.value == "holding"

    def heard(self, state: FlowState) -> None:
        """A state of a run: what changes within a phase waits for the clock, so that a burst of strays stalls nothing. Where
        the screen is being left, there is nothing to show it on."""
        if self._phase != state.phase.value and self.query(KeyBar):
            before, self._phase = self._phase, state.phase.value
            self._draw(state)
            if self.waiting and before not in WAITING:
                self.set_focus(None)
            if self.holding:
                self.query_one("#guide-continue").focus()

    def tick(self) -> None:
        """The countdown."""
        if self.waiting and self.live is not None:
            self._draw(self.live.state)

    def ended(self) -> None:
        """No run is under way any more."""
        self._phase = ""
        self.remove_class("-waiting")
        self.draw_hints()

    def _draw(self, state: FlowState) -> None:
        self.set_class(self.waiting, "-waiting")
        if self.waiting:
            self.query_one(Guide).show(state, self.url, seconds_left(self.live))
        words = self._words(state)
        if words:
            self.doing(state, words)
        self.draw_hints()

    def _words(self, state: FlowState) -> str:
        """What is done now, or what a person is to do."""
        if self.waiting and state.inputs is not None:
            left = seconds_left(self.live)
            clock = f", {minutes(left)} left" if left is not None else ""
            if self.holding:
                return f"the state did not come back{clock}."
            if state.inputs.mode == "paste":
                return f"open the address in a browser, and paste what it ends on{clock}."
            return f"approve in the browser{clock}."
        running = next((step for step in rail(state) if step.status == "running"), None)
        return f"{running.title.lower()} …" if running is not None else ""

    def wait_hints(self) -> Iterator[KeyHint]:
        """The keys that do something while the redirect is waited for."""
        yield KeyHint("^V", "Paste", "paste")
        yield KeyHint("^D", "Directly", "direct")
        if not isinstance(self.focused, Input):
            yield KeyHint("o", "Open again", "open_again")
            if self.holding:
                yield KeyHint("c", "Continue", "continue_anyway")

    def on_paste(self, event: events.Paste) -> None:
        """A pasted redirect, while one is waited for."""
        if self.waiting and not isinstance(self.focused, Input):
            event.stop()
            self.paste_back(event.text)

    def on_guide_pasted(self, message: Guide.Pasted) -> None:
        """What was entered in the paste box."""
        message.stop()
        self.paste_back(message.text)

    def paste_back(self, text: str) -> None:
        """Hand a pasted redirect to the run."""
        refused = self.live.paste(text) if self.live is not None else "not-waiting"
        panel = self.query_one(Guide)
        if refused is not None:
            panel.select_paste()
            self.say(PASTE_REFUSED[refused], "warning")
        else:
            panel.empty_paste()

    def action_paste(self) -> None:
        """To the paste box."""
        if self.waiting:
            self.query_one("#paste-back", Field).focus()

    def action_open_again(self) -> None:
        """Open the authorization URL of the run that waits once more."""
        if self.live is not None:
            self.live.open_again()

    def action_continue_anyway(self) -> None:
        """Believe the answer whose state did not come back."""
        if self.live is not None:
            self.live.continue_anyway()
