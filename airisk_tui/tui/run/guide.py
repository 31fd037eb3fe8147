"""The guide: what happens now and what to do. It says how to start a run, has the paste box during a wait, and asks about a missing
state. It is above the results until there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from airisk_tui.oauth.pasting import on_one_line
from airisk_tui.tui.run.field import Field
from airisk_tui.tui.shared.keys import as_chosen, bound, keyed
from airisk_tui.tui.shared.text import linked, shown, update_changed
from airisk_tui.tui.shared.times import minutes

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState


ON_DEVICE = ("requesting", "polling")
"""The phases in which a person signs in on another device."""

AROUND_DEVICE = 24
"""Lines that the rest of the screen needs beside a QR code in the guide."""


class Guide(Vertical):
    """Posts Pasted."""

    @dataclass
    class Pasted(Message):
        """A person pasted a redirect or a code."""

        text: str

    def __init__(self) -> None:
        super().__init__(id="guide")
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """The headline and the words; the paste box and the button are mounted when the first run waits."""
        yield Static(Content.styled(HEADLINES["idle"], "bold"), id="guide-headline", markup=False)
        yield Static(idle_words(), id="guide-words", markup=False)

    def show(self, state: FlowState, url: str, left: float | None) -> None:
        """Draw a state. url: of the authorization request; left: seconds until the wait is over, or None."""
        drawn = (state, url, left if left is None else minutes(left), self.screen.size)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        waiting = state.phase in ("opening", "waiting", "holding")
        if waiting and not self.query("#paste-back"):
            # Not awaited: `mount` puts them into the tree before it returns, so that they are found below.
            self.mount(
                ContinueButton(f"Continue without the state ({as_chosen('c')})", id="guide-continue", markup=False),
                PasteBox("paste_back", "Paste back", placeholder="address or code"),
            )
        for asked, wanted in (("#paste-back", waiting), ("#guide-continue", state.phase == "holding")):
            for widget in self.query(asked):
                widget.display = wanted
        update_changed(self.query_one("#guide-headline", Static), _headline(state, left))
        words = self._device_words(state) if state.phase in ON_DEVICE else _words(state, url)
        update_changed(self.query_one("#guide-words", Static), words)
        self.set_class(state.phase == "holding", "-question")

    def _device_words(self, state: FlowState) -> Content:
        from airisk_tui.tui.run.device import device_words

        return device_words(state, self.content_size.width, self.screen.size.height - AROUND_DEVICE)

    @property
    def _box(self) -> Field | None:
        return next(iter(self.query("#paste-back").results(Field)), None)

    def empty_paste(self) -> None:
        """Empty the paste box."""
        if self._box is not None:
            self._box.clear()

    def select_paste(self) -> None:
        """Select the text of the paste box, so that the next paste replaces it."""
        if self._box is not None:
            self._box.select_all()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Pasted(event.value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()


class PasteBox(Field):
    """The field for a pasted redirect or code."""

    HELP = "Paste the address that the browser ended on, its query, or the bare code (whose state cannot be verified)."

    def one_line(self, lines: list[str]) -> str:
        """See `oauth.pasting.on_one_line`."""
        return on_one_line(lines)


class ContinueButton(Static, can_focus=True):
    """Continues without the state. Textual's own button would cost ten milliseconds for its style sheet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("choose", "screen.continue_anyway", "Continue"),
        bound("act", "screen.continue_anyway", "Continue"),
    ]

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.screen.run_action("continue_anyway")


HELD_WORDS = "Nothing is sent until you say so.\n{} opens it, to change and send it.\n{} ends the run."

HEADLINES = {
    "idle": "Ready",
    "binding": "Opening the listener …",
    "asking": "Asking the server directly …",
    "exchanging": "Exchanging the code for a token …",
    "probing": "Asking the endpoints with the token …",
    "holding": "The state did not come back. Continue without it?",
}


def _held(state: FlowState) -> str:
    """The name of the request that is held, or ""."""
    if state.inputs is None or not state.inputs.hold:
        return ""
    from airisk_tui.flow.due import held_step
    from airisk_tui.insight.changes import NAMES

    step = held_step(state)
    return NAMES[step] if step is not None else ""


def _headline(state: FlowState, left: float | None) -> Content:
    if held := _held(state):
        return Content.styled(f"Held before {held}", "bold")
    clock = f"  {minutes(left)}" if left is not None else ""
    if state.phase in ("opening", "waiting"):
        return Content.styled(f"Waiting for the redirect{clock}", "bold")
    if state.phase in ON_DEVICE:
        return Content.styled(f"Waiting for somebody on another device{clock}", "bold")
    return Content.styled(HEADLINES.get(state.phase, ""), "bold")


def _words(state: FlowState, url: str) -> Content:
    if _held(state):
        return Content(HELD_WORDS.format(as_chosen("^S"), as_chosen("Esc")))
    if state.phase == "idle":
        return idle_words()
    if state.phase == "holding":
        return Content(HOLDING_WORDS.format(as_chosen("c"), as_chosen("Esc")))
    if state.phase not in ("opening", "waiting"):
        return Content("")
    pasting = state.inputs is not None and state.inputs.mode == "paste"
    lines = [shown(keyed(sentence)) for sentence in _situation(state)]
    lines += [PASTE_WORDS] if pasting else []
    opens = () if pasting else ((as_chosen("o"), "bold"), " opens the browser again   ")
    phone = ((as_chosen("Q"), "bold"), " shows a QR code for a phone   ")
    lines.append(Content.assemble(*opens, *phone, (as_chosen("F5"), "bold"), " copies the URL:"))
    lines.append(linked(url))
    return Content("\n").join(lines)


def _situation(state: FlowState) -> list[str]:
    """What the browser and the listener do, and what a person has to do about it."""
    sentences = []
    if state.browser is not None and not state.browser.ok:
        from airisk_tui.insight.advice.returning import browser_sentence

        sentences.append(browser_sentence(state.browser))
        sentences.append("Paste the address that a browser ends on below, or press F6 to run without a browser.")
    elif state.browser is not None:
        again = " again" if state.browsers_opened > 1 else ""
        program = state.browser.program or "the system’s"
        sentences.append(f"The browser was opened{again} ({program}). Sign in and agree there.")
        if state.listener is not None and state.listener.certificate is not None:
            passed_on = state.inputs is not None and state.inputs.listen
            sentences.append(
                f"{'Unless a proxy ends TLS before, it' if passed_on else 'It'} will warn about the certificate of the "
                f"redirect URI, which was made for this run alone (SHA-256 {state.listener.certificate[:8]}…): continue past the warning."
            )
    if state.listener is not None:
        from airisk_tui.insight.advice.listening import PUBLIC, public_addresses

        if public := public_addresses(state.listener):
            sentences.append(PUBLIC.format(addresses=public))
    if state.listener_failed is not None:
        from airisk_tui.insight.advice.listening import listening_sentence

        sentences.append(listening_sentence(state.listener_failed, state.inputs))
        sentences.append("Pasting still works.")
    if state.doubtful is not None:
        sentences.append(
            "An answer came with a state that this run did not send. It was not believed; see “Heard by the listener”."
        )
    return sentences


def idle_words() -> Content:
    """How a run is started."""
    browser, direct, paste = ((as_chosen(key), "bold") for key in ("^R", "F6", "F7"))
    return Content.assemble(
        *("Press ", (as_chosen("Enter"), "bold"), " in the form, or ", browser, ", and watch the flow run.\n\n"),
        *(browser, "  in the browser: the system’s browser opens, and this program waits for the redirect\n"),
        *(direct, "  directly: this program sends the request itself and reads the redirect, without a browser\n"),
        *(paste, "  by paste: open the URL in any browser, and paste the address that it ends on"),
    )


PASTE_WORDS = Content(
    "Open this URL in a browser on any machine, and sign in and agree there. Then paste the address that the browser "
    "ends on below, even when that page cannot be reached."
)
HOLDING_WORDS = (
    "An answer came without the state that was sent, so nobody can tell whether it belongs to this run: it may be "
    "forged (RFC 6749 §10.12). Press {} to continue with it, {} to end the run, or wait for another answer."
)


DOING = {"polling": "waiting for another device", "requesting": "asking for a code", "following": "using the token"}
"""By phase, what the title says; other phases are shown by their names."""

LISTENING = ("opening", "waiting", "holding", "exchanging")
"""The phases in which the title shows where the listener listens."""


def doing(state: FlowState, phase: str, *, live: bool) -> str:
    """What happens now, in a few words for the title. live: whether the run is live."""
    if state.listener is not None and phase in LISTENING:
        return f"listening on {' and '.join(state.listener.addresses)}"
    if live:
        return f"{DOING.get(phase, phase)} …" if state.held_since is None else keyed("held, ^S opens the request")
    if state.outcome is None:
        return "Enter runs the flow"
    from airisk_tui.flow.phases import Outcome
    from airisk_tui.insight.outcomes import OUTCOMES

    marks = {Outcome.TOKEN: "✓", Outcome.CODE: "✓", Outcome.CANCELLED: "–"}
    return f"{marks.get(state.outcome, '✗')} {OUTCOMES[state.outcome]}"
