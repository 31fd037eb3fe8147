"""A question for a person whose browser does not come back: what does it show? Each answer has its meaning and one next step."""

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
from airisk_tui.tui.shared.keys import keyed
from airisk_tui.tui.shared.text import shown

LABELS = {
    Action.ASK_DIRECTLY: "Ask the server directly",
    Action.SWITCH_SCHEME: "Run again with the other scheme",
    Action.SHOW_SSH: "Copy the ssh line",
    Action.PASTE: "Go to the paste box",
    Action.OPEN_AGAIN: "Open the browser again",
    Action.WAIT: "Go on waiting",
}


class BrowserQuestion(Vertical):
    """Hidden until `ask` finds that the redirect is late, or that the person wants to be asked. Posts Act."""

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
        """The next step was chosen. command: a line that is typed in it, or ""."""

        action: Action
        command: str

    def __init__(self) -> None:
        super().__init__(id="browser-question")
        self._asked_in: Context | None = None
        self._answer: BrowserAdvice | None = None
        self._dismissed: str | None = None
        self._insisted: str | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(QUESTION, "bold"), markup=False)
        yield OptionList(*(Content(str(answer)) for answer in BrowserShows), id="question-answers", markup=False)
        yield Static(id="question-meaning", markup=False)
        yield Button("", id="question-act", compact=True)

    def ask(self, context: Context) -> None:
        """Show the question when it is due, else hide it."""
        self._asked_in = context
        state = context.state
        due = silent(context) and self._dismissed != state.run_id
        asking = due or (state.phase == "waiting" and self._insisted == state.run_id)
        if not asking and self._answer is not None:
            self._answer = None
            self.remove_class("-answered")
        self.set_class(asking, "-asking")
        self.screen.set_class(asking, "-asking")

    def insist(self, run_id: str) -> None:
        """Ask in this run from now on, however short the silence is and although the question was dismissed."""
        self._insisted = run_id

    def put_away(self) -> None:
        """Ask no more in this run, unless a person wants to be asked."""
        if self._asked_in is not None:
            self._dismissed, self._insisted = self._asked_in.state.run_id, None
            self.ask(self._asked_in)

    @on(OptionList.OptionSelected, "#question-answers")
    def _answered(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._asked_in is None:
            return
        self._answer = advise_on_browser(list(BrowserShows)[event.option_index], self._asked_in)
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
