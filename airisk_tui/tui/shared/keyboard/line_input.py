"""An input of one line with the keys by which readline edits a line (bash(1), READLINE)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.widgets.input import Selection

from airisk_tui.later import pattern

MAX_TYPED = 20_000
"""Characters that a line takes: more than twice what any server accepts, so that what is too long can be reported."""

WORD = pattern(r"\w+")


class LineInput(Input):
    """Textual's Input with readline's other keys: moving by words, transposing, killing and yanking. secret: whether the line takes a
    secret, revealed or masked.

    A yank inserts what any line killed last; what was killed in a line with a secret can be yanked in that line alone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+b", "cursor_left", "Left", show=False),
        Binding("ctrl+f", "cursor_right", "Right", show=False),
        Binding("alt+b", "cursor_left_word", "Left by a word", show=False),
        Binding("alt+f", "cursor_right_word", "Right by a word", show=False),
        Binding("alt+d", "delete_right_word", "Kill the word on the right", show=False),
        Binding("alt+backspace,ctrl+backspace", "delete_left_word", "Kill the word on the left", show=False),
        Binding("ctrl+h", "delete_left", "Delete a character on the left", show=False),
        Binding("ctrl+w", "delete_left_blank", "Kill back to the last blank", show=False),
        Binding("ctrl+t", "transpose", "Exchange two characters", show=False),
        Binding("alt+u", "change_word('upper')", "The word in upper case", show=False),
        Binding("alt+l", "change_word('lower')", "The word in lower case", show=False),
        Binding("alt+c", "change_word('title')", "The word with a capital", show=False),
        Binding("ctrl+y", "yank", "Put in what was killed last", show=False),
    ]

    _killed: ClassVar[str] = ""
    _killed_secret: str | None = None
    """The text that was killed while this line held a secret."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.secret = self.password

    async def _on_key(self, event: events.Key) -> None:
        # Textual 8.2 types the letter of a combination with Alt: the event has it as its character.
        if event.key.startswith("alt+"):
            event.prevent_default()

    def action_cursor_right_word(self, select: bool = False) -> None:
        """Go to the end of a word, where Textual goes to the beginning of the next; in a masked line, to the end of the line."""
        to = self._right_word()
        self.selection = Selection(self.selection.start if select else to, to)

    def _right_word(self) -> int:
        # A masked line must not show where words end.
        after = None if self.password else WORD.search(self.value, self.cursor_position)
        return after.end() if after is not None else len(self.value)

    def action_delete_left_word(self) -> None:
        """Kill back to the beginning of a word."""
        self._kill(super().action_delete_left_word)

    def action_delete_left_blank(self) -> None:
        """Kill back to the last blank, as ^W does in a shell; in a masked line, everything on the left."""
        before = "" if self.password else self.value[: self.cursor_position].rstrip()
        self._kill(lambda: self.delete(before.rfind(" ") + 1, self.cursor_position))

    def action_delete_right_word(self) -> None:
        """Kill on to the end of a word."""
        self._kill(lambda: self.delete(self.cursor_position, self._right_word()))

    def action_delete_left_all(self) -> None:
        """Kill back to the beginning of the line."""
        self._kill(super().action_delete_left_all)

    def action_delete_right_all(self) -> None:
        """Kill on to the end of the line."""
        self._kill(super().action_delete_right_all)

    def _kill(self, delete: Callable[[], None]) -> None:
        """Delete, and keep what was deleted for a yank; where text is selected, delete that instead, as Textual does."""
        before = self.value
        delete() if self.selection.is_empty else self.delete_selection()
        at = self.cursor_position
        gone = before[at : at + len(before) - len(self.value)]
        if gone and self.secret:
            self._killed_secret = gone
        elif gone:
            LineInput._killed = gone

    def action_yank(self) -> None:
        """Insert what was killed last."""
        text = (self._killed_secret or "") if self.secret else LineInput._killed
        self.replace(text, *self.selection)

    def action_transpose(self) -> None:
        """Exchange the character before the cursor with the one under it, or the last two at the end; does nothing in a masked line."""
        at = min(self.cursor_position, len(self.value) - 1)
        if at > 0 and not self.password:
            self.replace(self.value[at] + self.value[at - 1], at - 1, at + 1)
            self.cursor_position = at + 1

    def action_change_word(self, to: str) -> None:
        """Change the case of the rest of the word, or of the next one. to: a method of str. Does nothing in a masked line."""
        at, end = self.cursor_position, self._right_word()
        if not self.password:
            self.replace(getattr(self.value[at:end], to)(), at, end)
            self.cursor_position = end
