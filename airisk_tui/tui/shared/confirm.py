"""A question that is answered with y or n; anything but y is no."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from airisk_tui.tui.shared.dialog import Dialog
from airisk_tui.tui.shared.text import shown


class ConfirmScreen(Dialog[bool]):
    """question: a full sentence that says what will happen."""

    DEFAULT_CSS = """
    ConfirmScreen { align: center middle; }
    ConfirmScreen > Vertical { width: 70; max-width: 90%; height: auto; border: heavy $warning; padding: 1 2; background: $surface; }
    ConfirmScreen .keys { margin-top: 1; color: $text-accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,enter", "answer(False)", "No"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and its keys."""
        with Vertical():
            yield Static(shown(self._question, lines=True), markup=False)
            yield Static("y  Yes, do it      n  No", classes="keys", markup=False)

    def action_answer(self, answer: bool) -> None:
        """Give the answer back."""
        self.dismiss(answer)
