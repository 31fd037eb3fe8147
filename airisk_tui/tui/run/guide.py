"""What is going on now and what a person can do about it: the call to start, the wait with its paste box, the question.

It stands on top of the result's column while there is no result yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from airisk_tui.tui.run.field import Field
from airisk_tui.tui.shared.text import shown
from airisk_tui.tui.shared.times import minutes

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState

MAX_URL = 1_200
"""Characters of the URL that are shown while waiting: it is there to be read; to be copied whole there is a key (S4)."""


class Guide(Vertical):
    """See the module."""

    class Pasted(Message):
        """A redirect or a code was pasted."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="guide")
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """A headline and an explanation; what a wait asks for is mounted when the first one begins."""
        yield Static(Content.styled(HEADLINES["idle"], "bold"), id="guide-headline", markup=False)
        yield Static(IDLE_WORDS, id="guide-words", markup=False)

    def show(self, state: FlowState, url: str, left: float | None) -> None:
        """Draw this state; url: of the authorization request; left: seconds until the wait is over."""
        drawn = (state, url, left if left is None else minutes(left))
        if drawn == self._drawn:
            return
        self._drawn = drawn
        waiting = state.phase in ("opening", "waiting", "holding")
        if waiting and not self.query("#paste-back"):
            self.mount(
                ContinueButton("Continue on purpose (c)", id="guide-continue", markup=False),
                Field("paste_back", "Paste back", placeholder="address or code"),
            )
        for asked, wanted in (("#paste-back", waiting), ("#guide-continue", state.phase == "holding")):
            for widget in self.query(asked):
                widget.display = wanted
        self.query_one("#guide-headline", Static).update(_headline(state, left))
        self.query_one("#guide-words", Static).update(_words(state, url))
        self.set_class(state.phase == "holding", "-question")

    @property
    def _box(self) -> Field | None:
        return next(iter(self.query("#paste-back").results(Field)), None)

    def empty_paste(self) -> None:
        """Empty the paste box: what was in it is used up."""
        if self._box is not None:
            self._box.clear()

    def select_paste(self) -> None:
        """Select what is in the paste box, so that the next paste takes its place."""
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


class ContinueButton(Static, can_focus=True):
    """The answer to the question; lighter than Textual's button, whose style sheet costs the screen ten milliseconds."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "screen.continue_anyway", "Continue", show=False)]

    async def on_click(self, event: events.Click) -> None:
        """As the key."""
        event.stop()
        await self.screen.run_action("continue_anyway")


HEADLINES = {
    "idle": "Ready",
    "binding": "Opening the listener …",
    "asking": "Asking the server directly …",
    "exchanging": "Exchanging the code for a token …",
    "probing": "Asking the endpoints with the token …",
    "holding": "The state did not come back. Continue on purpose?",
}


def _headline(state: FlowState, left: float | None) -> Content:
    if state.phase in ("opening", "waiting"):
        clock = f"  {minutes(left)}" if left is not None else ""
        return Content.styled(f"Waiting for the redirect{clock}", "bold")
    return Content.styled(HEADLINES.get(state.phase, ""), "bold")


def _words(state: FlowState, url: str) -> Content:
    if state.phase == "idle":
        return IDLE_WORDS
    if state.phase == "holding":
        return HOLDING_WORDS
    if state.phase not in ("opening", "waiting"):
        return Content("")
    pasting = state.inputs is not None and state.inputs.mode == "paste"
    lines = [shown(sentence) for sentence in _situation(state)]
    lines += [PASTE_WORDS] if pasting else []
    opens = () if pasting else (("o", "bold"), " opens the browser again   ")
    lines.append(Content.assemble(*opens, ("F5", "bold"), " copies the URL:"))
    lines.append(shown(url, "$text-accent", limit=MAX_URL))
    return Content("\n").join(lines)


def _situation(state: FlowState) -> list[str]:
    """Sentences about what does not go by itself."""
    sentences = []
    if state.browser is not None and not state.browser.ok:
        from airisk_tui.insight.advice.returning import browser_sentence

        sentences.append(browser_sentence(state.browser))
        sentences.append("Paste below what the browser ends on, or press ^D to ask directly, without a browser.")
    elif state.browser is not None:
        again = " again" if state.browsers_opened > 1 else ""
        program = state.browser.program or "the system’s"
        sentences.append(f"The browser was opened{again} ({program}). Sign in and agree there.")
        if state.listener is not None and state.listener.certificate is not None:
            sentences.append(
                "It will warn about the certificate of the redirect URI, which is made here for this run alone (SHA-256 "
                f"{state.listener.certificate[:8]}…): go on past the warning."
            )
    if state.listener_failed is not None:
        from airisk_tui.insight.advice.listening import listening_sentence

        sentences.append(listening_sentence(state.listener_failed, state.inputs.redirect_uri if state.inputs else ""))
        sentences.append("Nothing can be heard here, and pasting still works.")
    if state.doubtful is not None:
        sentences.append("An answer came whose state is not ours. It was not believed, and stands in the inbox.")
    return sentences


IDLE_WORDS = Content.assemble(
    *("Press ", ("Enter", "bold"), " in the form, or ", ("^R", "bold"), ", and watch the flow run.\n\n"),
    *(("^R", "bold"), "  in the browser: the system’s browser opens, we listen for the redirect\n"),
    *(("^D", "bold"), "  directly: our own request reads the redirect, no browser needed\n"),
    *(("^V", "bold"), "  by paste: open the URL anywhere, and paste what comes back"),
)
PASTE_WORDS = Content(
    "Open this URL in a browser anywhere, and sign in and agree there. Then paste below the address that the browser "
    "ends on, even when its page cannot be reached."
)
HOLDING_WORDS = Content(
    "An answer came without the state that we had sent, so nobody can tell whether it belongs to this run: it may be "
    "forged (RFC 6749 §10.12). Press c to believe it on purpose, Esc to end the run, or wait for another answer."
)
