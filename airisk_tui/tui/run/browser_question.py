"""The question what the browser shows, for a person whose redirect does not come. Each answer has an explanation and a next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, OptionList, Static

from airisk_tui.insight.browser_question import QUESTION, Action, BrowserAdvice, BrowserShows, advise_on_browser, silent
from airisk_tui.insight.fix import Command
from airisk_tui.insight.rendering import on_screen
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keys import with_chosen_keys
from airisk_tui.tui.shared.screen import screen_of

if TYPE_CHECKING:
    from airisk_tui.insight.context import Context

NEXT = {
    Action.ASK_DIRECTLY: ("Ask the server directly", "run('direct')"),
    Action.SWITCH_SCHEME: ("Run again with the other scheme", "part('request', 'run_with_other_scheme')"),
    Action.SHOW_SSH: ("Copy the ssh line", "part('browser-question', 'copy_command')"),
    Action.PASTE: ("Go to the paste box", "run('paste')"),
    Action.OPEN_AGAIN: ("Open the browser again", "part('guide', 'open_again')"),
    Action.WAIT: ("Go on waiting", "part('browser-question', 'put_away')"),
}
"""By the next step that an answer leads to, the words on the button and the action of the screen."""


class BrowserQuestion(Vertical):
    """Hidden until `ask` finds that the redirect is late, or `action_insist` is called. known: gives what is known of the run now."""

    DEFAULT_CSS = """
    BrowserQuestion { height: auto; border: round $warning; padding: 0 2; display: none; }
    BrowserQuestion.-asking { display: block; }
    BrowserQuestion OptionList, BrowserQuestion OptionList:focus {
        height: auto; max-height: 7; border: none; padding: 0; background: transparent;
    }
    BrowserQuestion #question-meaning { margin: 1 0; display: none; }
    BrowserQuestion.-answered #question-meaning, BrowserQuestion.-answered #question-act { display: block; }
    BrowserQuestion #question-act { display: none; }
    """

    def __init__(self, known: Callable[[], Context]) -> None:
        super().__init__(id="browser-question")
        self._known = known
        self._answer: BrowserAdvice | None = None
        # The run for which a person has decided whether to be asked, and what was decided.
        self._decided: tuple[str, bool] = ("", False)

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(QUESTION, "bold"), markup=False)
        yield OptionList(*(Content(str(answer)) for answer in BrowserShows), id="question-answers", markup=False)
        yield Static(id="question-meaning", markup=False)
        yield Button("", id="question-act", compact=True)

    @property
    def asking(self) -> bool:
        """Whether a person sees the question."""
        return self.has_class("-asking") and bool(self.region)

    def ask(self) -> None:
        """Show the question where it is due now, else hide it."""
        context = self._known()
        state = context.state
        run, wanted = self._decided
        asking = state.phase == "waiting" and wanted if run == state.run_id else silent(context)
        if not asking and self._answer is not None:
            self._answer = None
            self.remove_class("-answered")
        self.set_class(asking, "-asking")
        self.screen.set_class(asking, "-asking")

    def action_insist(self) -> None:
        """Ask in the run that waits from now on, however late the redirect is, and even if the question was put away."""
        state = self._known().state
        if state.phase == "waiting":
            self._decided = state.run_id, True
            self.ask()
            screen_of(self).pane = "result"
            self.query_one("#question-answers").focus()

    def action_put_away(self) -> None:
        """Hide the question for the rest of this run, unless `action_insist` is called."""
        self._decided = self._known().state.run_id, False
        self.ask()

    @on(OptionList.OptionSelected, "#question-answers")
    def _answered(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._answer = advise_on_browser(list(BrowserShows)[event.option_index], self._known())
        meaning = Content("\n").join(
            [
                shown(self._answer.explanation),
                Content.styled("Fix  ", "bold") + shown(with_chosen_keys(on_screen(self._answer.fix))),
            ]
        )
        self.query_one("#question-meaning", Static).update(meaning)
        button = self.query_one("#question-act", Button)
        button.label = Content(NEXT[self._answer.action][0])
        self.add_class("-answered")
        button.focus()

    @on(Button.Pressed, "#question-act")
    async def _act(self, event: Button.Pressed) -> None:
        event.stop()
        if self._answer is not None:
            await self.screen.run_action(NEXT[self._answer.action][1])

    def action_copy_command(self) -> None:
        """Copy the command line that the answer names."""
        fix = self._answer.fix if self._answer is not None else ()
        self.app.copy_to_clipboard(next((step.line for step in fix if isinstance(step, Command)), ""))
        screen_of(self).say("Copied the ssh line.")
