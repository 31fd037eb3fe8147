"""The list of values that a field of the form suggests: earlier values, and those that are known of the environment."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from airisk_tui.tui.run.request.field import LABEL, Field
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keys import bound

MAX_SHOWN = 200
"""Values in the list at most; typing narrows it."""


class Suggestions(OptionList):
    """Covers the rows below the field until a value is chosen or the focus leaves. Typing continues in the field and narrows the list."""

    DEFAULT_CSS = """
    Suggestions, Suggestions:focus {
        layer: suggestions; position: absolute; height: auto; max-height: 9; padding: 0 1; border: none; background: $panel;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("out", "close", "Close the list")]

    def __init__(self, field: Field) -> None:
        # It has no id: the key can be pressed again before this list has the focus, or before the last one is gone (DuplicateIds).
        super().__init__(markup=False)
        self._field = field
        self._values: list[str] = []

    def on_mount(self) -> None:
        at = self._field.region
        below = self.screen.size.height - at.bottom
        self.styles.width = max(at.width - LABEL, 20)
        self._narrow("")
        room = below - 1 if below > 3 else at.y
        self.styles.max_height = max(min(9, room), 1)
        lines = min(len(self._values), 9, room)
        self.styles.offset = (at.x + LABEL, at.bottom if below > 3 else at.y - lines)
        self.focus()

    def _narrow(self, typed: str) -> None:
        """Show the values that contain what is typed, in upper or lower case; all where none does."""
        found = [value for value in self._field.known if typed.casefold() in value.casefold()]
        self._values = (found or list(self._field.known))[:MAX_SHOWN]
        self.clear_options()
        self.add_options(Option(shown(value)) for value in self._values)
        self.highlighted = 0

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._field.value = self._values[event.option_index]
        self._field.cursor_position = len(self._field.value)
        self.action_close()

    def on_key(self, event: events.Key) -> None:
        """Type in the field."""
        if event.is_printable and event.character is not None:
            event.stop()
            event.prevent_default()
            self._field.insert_text_at_cursor(event.character)
            self._narrow(self._field.value)

    def action_close(self) -> None:
        """Focus the field, which closes the list."""
        self._field.focus()

    def on_blur(self) -> None:
        """Close the list."""
        self.remove()
