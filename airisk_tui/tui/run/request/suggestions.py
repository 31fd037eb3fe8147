"""The list of values that a field of the form suggests: earlier values, and those that are known of the environment."""

from __future__ import annotations

from collections.abc import Iterator
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
        # Values and place are there before it is mounted: on a busy machine what changed later was sometimes never laid out.
        self._field = field
        self._values = list(field.known)[:MAX_SHOWN]
        super().__init__(*self._offered(), markup=False)
        at, height = field.region, field.screen.size.height
        below = height - at.bottom
        room = below - 1 if below > 3 else at.y
        lines = max(min(len(self._values), 9, room), 1)
        self.styles.width = max(at.width - LABEL, 20)
        self.styles.max_height = max(min(9, room), 1)
        self.styles.offset = (at.x + LABEL, at.bottom if below > 3 else at.y - lines)

    def on_mount(self) -> None:
        self.highlighted = 0
        if self.screen.focused is self._field:
            self.screen.set_focus(self)  # now: `focus` would do so one message later
        else:  # while this list was made, Esc, Tab or a click moved the focus
            self.remove()

    def _offered(self) -> Iterator[Option]:
        return (Option(shown(value)) for value in self._values)

    def _narrow(self, typed: str) -> None:
        """Show the values that contain what is typed, in upper or lower case; all where none does."""
        found = [value for value in self._field.known if typed.casefold() in value.casefold()]
        self._values = (found or list(self._field.known))[:MAX_SHOWN]
        self.clear_options()
        self.add_options(self._offered())
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
