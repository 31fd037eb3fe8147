"""A line above a list, in which a person types what is looked for; only what has each of the words in it is shown."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from airisk_tui.tui.shared.keys import bound
from airisk_tui.tui.shared.line import LineInput

MOVES = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}
"""Rows that the keys move the cursor by."""


class Searched(Widget):
    """A list with such a line: the input `#ID-search` where the screen has one, else one that is mounted above at the key.

    Last among the bases: Textual 8.2 takes CSS of the first one alone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("search", "search", "Only what has a text in it, as you type")]

    def search(self, text: str) -> None:
        """Show only what has each of these words in it, in upper or lower case."""
        raise NotImplementedError

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        raise NotImplementedError

    @property
    def search_line(self) -> Input | None:
        """The line, where there is one."""
        return next(iter(self.screen.query(f"#{self.id}-search").results(Input)), None)

    def action_search(self) -> None:
        """Go to the line."""
        line = self.search_line
        if line is None:
            line = PassingLine(self)
            self.screen.mount(line, before=self)
        line.focus()

    def leave_search(self) -> bool:
        """Show everything, as one step out; False where nothing is looked for."""
        line = self.search_line
        if line is None or not (line.value or isinstance(line, PassingLine)):
            return False
        line.value = ""
        self.search("")
        if isinstance(line, PassingLine):
            self.focus()
            line.remove()
        return True


class SearchLine(LineInput):
    """target: what is searched; it has the focus again with Enter. Arrows move the cursor there. Posts Typed."""

    DEFAULT_CSS = "SearchLine { border: none; height: 1; padding: 0 1; background: $boost; }"

    class Typed(Message):
        """The search is another, and with it what is shown."""

    def __init__(self, target: Searched, placeholder: str = "only what has this in it") -> None:
        super().__init__(placeholder=placeholder, id=f"{target.id}-search", compact=True)
        self.target = target

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.target.search(event.value)
        self.post_message(self.Typed())

    def on_key(self, event: events.Key) -> None:
        """Move the cursor of what is searched."""
        if event.key in MOVES:
            event.stop()
            self.target.action_move(MOVES[event.key])


class PassingLine(SearchLine):
    """A line that goes when it is empty."""

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.value.strip() or not self.leave_search():
            self.target.focus()

    def leave_search(self) -> bool:
        """Show everything, as one step out."""
        return self.target.leave_search()
