"""Waiting for the redirect, on every screen that starts runs: the paste box, the browser, the question about the state.

The run screen is such a screen, so the first frame imports this module; its methods import what they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.widgets import Input

from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.screen import AppScreen

if TYPE_CHECKING:
    from textual import events

    from airisk_tui.engine.run import Run
    from airisk_tui.flow.state import FlowState
    from airisk_tui.tui.run.guide import Guide

Result = TypeVar("Result")

ONE_AT_A_TIME = (
    "Another run waits for its redirect, and only one run at a time can. End it with Esc on the run screen first."
)

TICK = 0.5
"""Seconds between two looks at the clock: a countdown in seconds never skips one."""

WAITING = ("opening", "waiting", "holding")
"""The phases in which a redirect may come."""

ON_PHONE = (
    "Open it with a phone. If the redirect cannot come back from there, paste the address that the phone ends on (F7)."
)
ON_DEVICE = "Open it with a phone, sign in, and agree there."
"""What to do with a QR code."""


class WaitingScreen(AppScreen[Result], Generic[Result]):
    """A screen with a `Guide` and at most one live run, `live_run`. Its states are given to `follow`, which draws them."""

    _drawn_phase = ""

    @property
    def live_run(self) -> Run | None:
        """The run of the screen while it is live."""
        raise NotImplementedError

    @property
    def run_state(self) -> FlowState | None:
        """The state of the run that the screen shows."""
        return self.live_run.state if self.live_run is not None else None

    @property
    def phase(self) -> str:
        """The phase of that run; "idle" without one."""
        return self.run_state.phase.value if self.run_state is not None else "idle"

    @property
    def waiting(self) -> bool:
        """Whether a redirect can come or be pasted."""
        return self.phase in WAITING

    @property
    def holding(self) -> bool:
        """Whether an answer without the state waits for a person's decision."""
        return self.phase == "holding"

    @property
    def typing(self) -> bool:
        """Whether a field has the focus, so that letters are typed and are no keys."""
        return isinstance(self.focused, Input)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the wait is over; None without a wait."""
        from airisk_tui.flow.due import seconds_left

        return seconds_left(self.live_run.state, self.live_run.now()) if self.live_run is not None else None

    @property
    def waiting_url(self) -> str:
        """The authorization URL of the live run, exactly as it was opened, or ""."""
        run, session = self.live_run, self.session
        inputs = run.state.inputs if run is not None else None
        if run is None or session is None or inputs is None:
            return ""
        return session.unseal(run, inputs.authorization_url)

    @property
    def address(self) -> str:
        """The URL that a person has to open now, on this machine or on another; "" where there is none."""
        codes = self.run_state.device_codes if self.run_state is not None and self.phase == "polling" else None
        if codes is not None:
            return codes.complete or codes.verification_uri
        return self.waiting_url if self.waiting else ""

    @property
    def guide(self) -> Guide:
        """The guide of the screen."""
        from airisk_tui.tui.run.guide import Guide

        return self.query_one(Guide)

    # Drawing: the run screen draws its states itself

    def follow(self, state: FlowState) -> None:
        """Draw a state of the live run in another phase than the last one; within a phase `tick` draws, so that a burst of stray requests
        cannot stall the screen. A screen that is being left has no footer any more, and draws nothing.
        """
        if self._drawn_phase == state.phase.value or not self.query(KeyBar):
            return
        before, self._drawn_phase = self._drawn_phase, state.phase.value
        self._draw(state)
        if self.waiting and before not in WAITING:
            self.set_focus(None)
        if self.holding:
            self.query_one("#guide-continue").focus()

    def tick(self) -> None:
        """Draw the countdown."""
        if self.waiting and self.live_run is not None:
            self._draw(self.live_run.state)

    def run_ended(self) -> None:
        """Draw the screen without a live run."""
        self._drawn_phase = ""
        self.remove_class("-waiting")
        self.draw_hints()

    def show_progress(self, state: FlowState, words: str) -> None:
        """Show in words what the live run does, or what a person has to do."""

    def _draw(self, state: FlowState) -> None:
        self.set_class(self.waiting, "-waiting")
        if self.waiting:
            self.guide.show(state, self.waiting_url, self.seconds_left)
        if words := self._progress(state):
            self.show_progress(state, words)
        self.draw_hints()

    def _progress(self, state: FlowState) -> str:
        from airisk_tui.flow.rail import rail
        from airisk_tui.tui.shared.times import minutes

        if not self.waiting or state.inputs is None:
            running = next((step for step in rail(state) if step.status == "running"), None)
            return f"{running.title.lower()} …" if running is not None else ""
        left = self.seconds_left
        clock = f", {minutes(left)} left" if left is not None else ""
        if self.holding:
            return f"the state did not come back{clock}."
        if state.inputs.mode == "paste":
            return f"open the URL in a browser, and paste the address that it ends on{clock}."
        return f"sign in and agree in the browser{clock}."

    # What a person can do meanwhile

    def wait_hints(self, *more: KeyHint) -> Iterator[KeyHint]:
        """The keys of the wait. more: keys of the screen, after the first."""
        yield KeyHint("F7", "Paste", "paste")
        yield from more
        if not self.typing:
            yield KeyHint("o", "Open again", "open_again")
            yield KeyHint("Q", "QR code", "qr")
            if self.holding:
                yield KeyHint("c", "Continue", "continue_anyway")

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste while no field has the focus for the redirect (threats.md L12)."""
        if self.waiting:
            event.stop()
            self.paste_redirect(event.text)

    def on_guide_pasted(self, message: Guide.Pasted) -> None:
        message.stop()
        self.paste_redirect(message.text)

    def paste_redirect(self, text: str) -> None:
        """Hand a pasted redirect to the run."""
        from airisk_tui.insight.advice.returning import PASTE_REFUSED

        run = self.live_run
        fault = run.paste(text) if run is not None else "not-waiting"
        self.app.clear_notifications()  # of an earlier paste
        if fault is not None:
            self.guide.select_paste()
            self.say(PASTE_REFUSED[fault], "warning")
        else:
            self.guide.empty_paste()

    def action_paste(self) -> None:
        """Focus the paste box."""
        if self.waiting:
            self.query_one("#paste-back").focus()

    def left_field(self) -> bool:
        """Leave the focused field; False where no field has the focus."""
        if not self.typing:
            return False
        self.set_focus(None)
        self.draw_hints()
        return True

    def action_interrupt(self) -> None:
        """Cancel the live run, else leave the screen."""
        if self.live_run is not None:
            self.live_run.cancel()
        else:
            self.leave()

    def leave(self) -> None:
        """Leave the screen."""
        self.dismiss()

    def action_qr(self) -> None:
        """Show the URL that has to be opened as a QR code."""
        address = self.address
        if not address:
            self.say(
                "There is no URL to open now. A run has one while it waits for the browser, a paste or another device.",
                "warning",
            )
            return
        about = ON_DEVICE if self.phase == "polling" else ON_PHONE
        self.open_screen("qr", address, about, lambda: self.address == address)

    def action_open_again(self) -> None:
        """Open the authorization URL in the browser again."""
        if self.live_run is not None:
            self.live_run.open_again()

    def action_continue_anyway(self) -> None:
        """Continue with the answer whose state did not come back."""
        if self.live_run is not None:
            self.live_run.continue_anyway()
