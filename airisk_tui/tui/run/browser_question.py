"""The question what the browser shows, for a person whose redirect does not come. Each answer has an explanation and a next step."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, OptionList, Static

from airisk_tui.insight.browser_question import QUESTION, Action, BrowserAdvice, BrowserShows, advise_on_browser, silent
from airisk_tui.insight.context import Context
from airisk_tui.insight.fix import Command
from airisk_tui.insight.rendering import on_screen
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keys import keyed

LABELS = {
    Action.ASK_DIRECTLY: "Ask the server directly",
    Action.SWITCH_SCHEME: "Run again with the other scheme",
    Action.SHOW_SSH: "Copy the ssh line",
    Action.PASTE: "Go to the paste box",
    Action.OPEN_AGAIN: "Open the browser again",
    Action.WAIT: "Go on waiting",
}


class BrowserQuestion(Vertical):
    """Hidden until `ask` finds that the redirect is late, or `insist` was called. Posts Act."""

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

    @dataclass
    class Act(Message):
        """A person chose the next step. command: the command line to type for it, or ""."""

        action: Action
        command: str

    def __init__(self) -> None:
        super().__init__(id="browser-question")
        self._asked_context: Context | None = None
        self._answer: BrowserAdvice | None = None
        self._put_away: str | None = None
        self._insisted: str | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(QUESTION, "bold"), markup=False)
        yield OptionList(*(Content(str(answer)) for answer in BrowserShows), id="question-answers", markup=False)
        yield Static(id="question-meaning", markup=False)
        yield Button("", id="question-act", compact=True)

    def ask(self, context: Context) -> None:
        """Show the question where it is due in this context, else hide it."""
        self._asked_context = context
        state = context.state
        due = silent(context) and self._put_away != state.run_id
        asking = due or (state.phase == "waiting" and self._insisted == state.run_id)
        if not asking and self._answer is not None:
            self._answer = None
            self.remove_class("-answered")
        self.set_class(asking, "-asking")
        self.screen.set_class(asking, "-asking")

    def insist(self, run_id: str) -> None:
        """Ask in this run from now on, however late the redirect is, and even if the question was put away."""
        self._insisted = run_id

    def put_away(self) -> None:
        """Hide the question for the rest of this run, unless `insist` is called."""
        if self._asked_context is not None:
            self._put_away, self._insisted = self._asked_context.state.run_id, None
            self.ask(self._asked_context)

    @on(OptionList.OptionSelected, "#question-answers")
    def _answered(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._asked_context is None:
            return
        self._answer = advise_on_browser(list(BrowserShows)[event.option_index], self._asked_context)
        meaning = Content("\n").join(
            [
                shown(self._answer.explanation),
                Content.styled("Fix  ", "bold") + shown(keyed(on_screen(self._answer.fix))),
            ]
        )
        self.query_one("#question-meaning", Static).update(meaning)
        button = self.query_one("#question-act", Button)
        button.label = Content(LABELS[self._answer.action])
        self.add_class("-answered")
        button.focus()

    @on(Button.Pressed, "#question-act")
    def _act(self, event: Button.Pressed) -> None:
        event.stop()
        answer = self._answer
        if answer is None:
            return
        if answer.action is Action.WAIT:
            self.put_away()
        commands = [step.line for step in answer.fix if isinstance(step, Command)]
        self.post_message(self.Act(answer.action, "".join(commands[:1])))
