"""Dialogs: questions that a person answers with a line of text, with one of several choices, or with y or n."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from airisk_tui.tui.shared.drawing.text import MAX_LINE, shown
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.keyboard.line_input import LineInput
from airisk_tui.tui.shared.screen import AppScreen, Copyable

Answer = TypeVar("Answer")

MAX_ANSWER = 4_096
"""Characters: PATH_MAX of Linux."""


class Dialog(ModalScreen[Answer], AppScreen[Answer], Generic[Answer]):
    """A question over another screen, which stays visible; the first answer counts.

    ModalScreen has to be the first base class: Textual 8.2 takes the default CSS of that one alone, and would hide the screen below.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > Vertical, Dialog > VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 95%; border: round $accent; padding: 0 2; background: $surface;
    }
    Dialog OptionList, Dialog OptionList:focus { height: auto; max-height: 14; border: none; padding: 0; background: $surface; }
    Dialog .quiet { color: $text-muted; margin-top: 1; }
    """


class AskScreen(Dialog[str | None]):
    """Asks for a line of text; its result is that line, or None when the dialog was left. secret: whether it is masked."""

    DEFAULT_CSS = "AskScreen Input { margin-top: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [bound("out", "dismiss(None)", "Close")]

    def __init__(self, title: str, question: str, value: str = "", *, secret: bool = False) -> None:
        super().__init__()
        self._title = title
        self._question = question
        self._value = value
        self._secret = secret

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(self._title)
            yield Static(shown(self._question, lines=True), markup=False)
            yield LineInput(self._value, id="answer", max_length=MAX_ANSWER, password=self._secret)
            yield Static("Enter confirms, Esc changes nothing.", classes="quiet", markup=False)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())


FEW = 14
"""Choices that fit the dialog; where there are more, it has a search line."""


class ChooseScreen(Dialog[int | None]):
    """Asks for one of several choices; its result is the index of the choice, or None when the dialog was left."""

    DEFAULT_CSS = "ChooseScreen Input { margin-top: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [bound("out", "dismiss(None)", "Close")]

    def __init__(self, title: str, choices: Sequence[str], words: str, keys: Sequence[str] = ()) -> None:
        """words: below the choices; keys: a letter for each choice, which chooses it."""
        super().__init__()
        self._title = title
        self._choices = choices
        self._words = words
        self._keys = list(keys)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(self._title)
            if len(self._choices) > FEW:
                yield LineInput(placeholder="search: any word of a choice", id="search", compact=True)
            yield OptionList(*self._options(""), markup=False)
            yield Static(shown(self._words, lines=True), classes="quiet", markup=False)

    def _options(self, text: str) -> list[Option]:
        words = text.casefold().split()
        return [
            Option(self._line(at), id=str(at))
            for at, choice in enumerate(self._choices)
            if all(word in choice.casefold() for word in words)
        ]

    def _line(self, at: int) -> Content:
        return shown(self._choices[at], limit=MAX_LINE)

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        event.stop()
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(self._options(event.value))
        listed.highlighted = 0 if listed.option_count else None
        self.query_one(Vertical).border_subtitle = Content(f"{listed.option_count} of {len(self._choices)}")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(OptionList).action_select()

    def on_key(self, event: events.Key) -> None:
        """Choose by a letter; move the cursor of the list while the search line has the focus."""
        if event.key in self._keys:
            event.stop()
            self.dismiss(self._keys.index(event.key))
        elif isinstance(self.focused, Input) and event.key in ("up", "down"):
            event.stop()
            listed = self.query_one(OptionList)
            listed.action_cursor_up() if event.key == "up" else listed.action_cursor_down()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(int(event.option.id or 0))


class CopyScreen(ChooseScreen):
    """Asks for a line of the copy menu; its result is the index of the line."""

    def __init__(self, things: tuple[Copyable, ...]) -> None:
        words = "The terminal copies (OSC 52). One that does not allow this leaves the clipboard as it is."
        super().__init__("Copy", [thing.name for thing in things], words, [thing.key for thing in things])
        self._things = things

    def _line(self, at: int) -> Content:
        thing = self._things[at]
        mark = Content.styled("  (secret, in clear)", "$text-warning") if thing.secret else ""
        return Content.assemble((thing.key, "bold $text-accent"), f"  {thing.name}", mark)


class ConfirmScreen(Dialog[bool]):
    """Asks for a yes; Enter, Esc and n mean no. question: a full sentence that says what will happen."""

    DEFAULT_CSS = """
    ConfirmScreen > Vertical { border: heavy $warning; }
    ConfirmScreen .keys { margin-top: 1; color: $text-accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("yes", "answer(True)", "Yes"),
        bound("out", "answer(False)", "No"),
        bound("choose", "answer(False)", "No"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(shown(self._question, lines=True), markup=False)
            yield Static("y  Yes, do it      n  No", classes="keys", markup=False)

    def key_n(self) -> None:
        """No, as the question shows it."""
        self.dismiss(False)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


def path_typed(answer: str) -> Path:
    """The path of an answer: as a person types it, perhaps with ~, or as a terminal writes a file that is dragged into it, in quotes."""
    return Path(answer.strip("'\"")).expanduser()
