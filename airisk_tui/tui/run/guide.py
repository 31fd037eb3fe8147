"""The guide: it says what happens now and what to do, has the paste box during a wait, and asks about a missing state.

Each screen that starts runs has one; on the run screen it is above the results until there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from airisk_tui.flow.phases import REDIRECT_PHASES
from airisk_tui.oauth.redirect.repairs import on_one_line
from airisk_tui.tui.run.request.field import Field
from airisk_tui.tui.shared.drawing.text import linked, shown, update_changed
from airisk_tui.tui.shared.drawing.times import countdown
from airisk_tui.tui.shared.keyboard.keybar import KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound, chosen_key, with_chosen_keys
from airisk_tui.tui.shared.screen import screen_of

if TYPE_CHECKING:
    from airisk_tui.engine.run import Run
    from airisk_tui.flow.state import FlowState


ON_DEVICE = ("requesting", "polling")
"""The phases in which a person signs in on another device."""

AROUND_DEVICE = 24
"""Lines that the rest of the screen needs beside a QR code in the guide."""


ONE_AT_A_TIME = (
    "Another run waits for its redirect, and only one run at a time can. End it with Esc on the run screen first."
)

TICK = 0.5
"""Seconds between two looks at the clock: a countdown in seconds never skips one."""

ON_PHONE = (
    "Open it with a phone. If the redirect cannot come back from there, paste the address that the phone ends on (F7)."
)
ASK_PHONE = "Open it with a phone, sign in, and agree there."
"""The sentences beside a QR code."""


class Guide(Vertical):
    """The live run of a screen, as far as a person has to do something about it. live_run: gives that run."""

    def __init__(self, live_run: Callable[[], Run | None]) -> None:
        super().__init__(id="guide")
        self._live_run = live_run
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """The headline and the words; the paste box and the button are mounted when the first run waits."""
        yield Static(Content.styled(HEADLINES["idle"], "bold"), id="guide-headline", markup=False)
        yield Static(idle_words(), id="guide-words", markup=False)

    # The run

    @property
    def phase(self) -> str:
        """The phase of the live run; "idle" without one."""
        run = self._live_run()
        return run.state.phase.value if run is not None else "idle"

    @property
    def waiting(self) -> bool:
        """Whether a redirect can come or be pasted."""
        return self.phase in REDIRECT_PHASES

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the wait is over; None without a wait."""
        from airisk_tui.flow.state import seconds_left

        run = self._live_run()
        return seconds_left(run.state, run.now()) if run is not None else None

    @property
    def url(self) -> str:
        """The authorization URL of the live run, exactly as it was opened, or ""."""
        run, session = self._live_run(), screen_of(self).session
        inputs = run.state.inputs if run is not None else None
        return session.unseal(run, inputs.authorization_url) if run and session and inputs is not None else ""

    @property
    def _address(self) -> str:
        """The URL that a person has to open now, on this machine or on another; "" where there is none."""
        run = self._live_run()
        codes = run.state.device_codes if run is not None and self.phase == "polling" else None
        if codes is not None:
            return codes.address
        return self.url if self.waiting else ""

    def hints(self, *more: KeyHint) -> Iterator[KeyHint]:
        """The keys of the wait. more: keys of the screen, after the first."""
        yield KeyHint("F7", "Paste")
        yield from more
        if not screen_of(self).typing:
            yield KeyHint("o", "Open again")
            yield KeyHint("Q", "QR code")
            if self.phase == "holding":
                yield KeyHint("c", "Continue")

    # Drawing

    def show(self, state: FlowState) -> None:
        """Draw a state of the newest run, live or over."""
        url, left = self.url, self.seconds_left
        drawn = (state, url, left if left is None else countdown(left), self.screen.size)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        waiting = state.phase in REDIRECT_PHASES
        if waiting and not self.query("#paste-back"):
            # Not awaited: `mount` puts them into the tree before it returns, so that they are found below.
            self.mount(
                ContinueButton(f"Continue without the state ({chosen_key('c')})", id="guide-continue", markup=False),
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

    # What a person can do

    @property
    def _box(self) -> Field | None:
        return next(iter(self.query("#paste-back").results(Field)), None)

    def empty_paste(self) -> None:
        """Empty the paste box."""
        if self._box is not None:
            self._box.clear()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.paste(event.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()

    def take_paste(self, event: events.Paste) -> None:
        """Take what is pasted on the screen while no field has the focus, if the run waits for it (threats.md L12)."""
        if self.waiting:
            event.stop()
            self.paste(event.text)

    def paste(self, text: str) -> None:
        """Hand a pasted redirect to the run."""
        from airisk_tui.insight.advice.returning import PASTE_REFUSED

        run = self._live_run()
        fault = run.paste(text) if run is not None else "not-waiting"
        self.app.clear_notifications()  # of an earlier paste
        if fault is None:
            self.empty_paste()
            return
        if self._box is not None:
            self._box.select_all()  # so that the next paste replaces it
        screen_of(self).say(PASTE_REFUSED[fault], "warning")

    def action_paste(self) -> None:
        """Focus the paste box."""
        if self.waiting and self._box is not None:
            self._box.focus()

    def action_qr(self) -> None:
        """Show the URL that has to be opened as a QR code."""
        address = self._address
        if not address:
            screen_of(self).say(
                "There is no URL to open now. A run has one while it waits for the browser, a paste or another device.",
                "warning",
            )
            return
        about = ASK_PHONE if self.phase == "polling" else ON_PHONE
        screen_of(self).open_screen("qr", address, about, lambda: self._address == address)

    def action_open_again(self) -> None:
        """Open the authorization URL in the browser again."""
        if (run := self._live_run()) is not None:
            run.open_again()

    def action_continue_anyway(self) -> None:
        """Continue with the answer whose state did not come back."""
        if (run := self._live_run()) is not None:
            run.continue_anyway()


CONTINUE = "part('guide', 'continue_anyway')"
"""The action of the screen that continues without the state."""


class PasteBox(Field):
    """The field for a pasted redirect or code."""

    HELP = "Paste the address that the browser ended on, its query, or the bare code (whose state cannot be verified)."

    def one_line(self, lines: list[str]) -> str:
        """See `oauth.redirect.repairs.on_one_line`."""
        return on_one_line(lines)


class ContinueButton(Static, can_focus=True):
    """Continues without the state. Textual's own button would cost ten milliseconds for its style sheet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("choose", f"screen.{CONTINUE}", "Continue"),
        bound("act", f"screen.{CONTINUE}", "Continue"),
    ]

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.screen.run_action(CONTINUE)


HELD_WORDS = "Nothing is sent until you say so.\n{} opens it, to change and send it.\n{} ends the run."

HEADLINES = {
    "idle": "Ready",
    "binding": "Opening the listener …",
    "opening": "Waiting for the redirect",
    "waiting": "Waiting for the redirect",
    "requesting": "Waiting for somebody on another device",
    "polling": "Waiting for somebody on another device",
    "asking": "Asking the server directly …",
    "exchanging": "Exchanging the code for a token …",
    "probing": "Asking the endpoints with the token …",
    "holding": "The state did not come back. Continue without it?",
}


def _held(state: FlowState) -> str:
    """The name of the request that is held, or ""."""
    if state.inputs is None or not state.inputs.hold:
        return ""
    from airisk_tui.flow.state import held_step
    from airisk_tui.insight.changes import NAMES

    step = held_step(state)
    return NAMES[step] if step is not None else ""


def _headline(state: FlowState, left: float | None) -> Content:
    if held := _held(state):
        return Content.styled(f"Held before {held}", "bold")
    clock = f"  {countdown(left)}" if left is not None and state.phase != "holding" else ""
    return Content.styled(HEADLINES.get(state.phase, "") + clock, "bold")


def _words(state: FlowState, url: str) -> Content:
    if _held(state):
        return Content(HELD_WORDS.format(chosen_key("^S"), chosen_key("Esc")))
    if state.phase == "idle":
        return idle_words()
    if state.phase == "holding":
        return Content(HOLDING_WORDS.format(chosen_key("c"), chosen_key("Esc")))
    if state.phase not in REDIRECT_PHASES:
        return Content("")
    pasting = state.inputs is not None and state.inputs.mode == "paste"
    lines = [shown(with_chosen_keys(sentence)) for sentence in _situation(state)]
    lines += [PASTE_WORDS] if pasting else []
    opens = () if pasting else ((chosen_key("o"), "bold"), " opens the browser again   ")
    phone = ((chosen_key("Q"), "bold"), " shows a QR code for a phone   ")
    lines.append(Content.assemble(*opens, *phone, (chosen_key("F5"), "bold"), " copies the URL:"))
    lines.append(linked(url))
    return Content("\n").join(lines)


def _situation(state: FlowState) -> list[str]:
    """Sentences about browser and listener, and what a person has to do about them."""
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
    browser, direct, paste = ((chosen_key(key), "bold") for key in ("^R", "F6", "F7"))
    return Content.assemble(
        *("Press ", (chosen_key("Enter"), "bold"), " in the form, or ", browser, ", and watch the flow run.\n\n"),
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
    """The present activity, in a few words for the title. live: whether the run is live."""
    if state.listener is not None and phase in LISTENING:
        return f"listening on {' and '.join(state.listener.addresses)}"
    if live:
        return (
            f"{DOING.get(phase, phase)} …"
            if state.held_since is None
            else with_chosen_keys("held, ^S opens the request")
        )
    if state.outcome is None:
        return "Enter runs the flow"
    from airisk_tui.flow.phases import Outcome
    from airisk_tui.insight.words.outcomes import OUTCOMES

    marks = {Outcome.TOKEN: "✓", Outcome.CODE: "✓", Outcome.CANCELLED: "–"}
    return f"{marks.get(state.outcome, '✗')} {OUTCOMES[state.outcome]}"
