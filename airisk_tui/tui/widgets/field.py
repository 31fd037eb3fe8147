"""The form's parts: a one-line field, a choice, a small button, and the note below a field."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from airisk_tui.tui.text import pictured

MAX_TYPED = 20_000
"""Characters that a field takes: more than twice what any server accepts, so that a mistake can still be named."""


class Field(Input):
    """An input of one line. What a person did to it is `touched`, and is never overwritten by filling in."""

    touched = False

    def __init__(self, name: str, *, placeholder: str = "", password: bool = False) -> None:
        super().__init__(
            placeholder=placeholder,
            password=password,
            compact=True,
            select_on_focus=False,
            max_length=MAX_TYPED,
            id=name.replace("_", "-"),
            name=name,
        )

    @property
    def _value(self) -> Text:
        if self.password:
            return super()._value
        return Text(pictured(self.value), no_wrap=True, overflow="ignore", end="")

    def fill(self, value: str) -> None:
        """Set the value unless a person has; no message is sent."""
        if not self.touched and value != self.value:
            with self.prevent(Input.Changed):
                self.value = value

    def _on_paste(self, event: events.Paste) -> None:
        """A pasted line, as far as it fits; of several lines the first that is not empty."""
        line = next((line for line in event.text.split("\n") if line.strip()), "").rstrip("\r")
        self.replace(line[:MAX_TYPED], *self.selection)
        event.stop()
        event.prevent_default()


class Choice(Static, can_focus=True):
    """One of a few values; arrows, space or a click choose. Narrow, it shows the chosen one only."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "Previous", show=False),
        Binding("right,space", "turn(1)", "Next", show=False),
    ]
    value: reactive[str] = reactive("", layout=False)
    options: reactive[tuple[str, ...]] = reactive(())

    class Changed(Message):
        """Another value was chosen by a person."""

        def __init__(self, choice: Choice, value: str) -> None:
            self.choice = choice
            self.value = value
            super().__init__()

        @property
        def control(self) -> Choice:
            """The choice."""
            return self.choice

    def __init__(self, name: str, options: tuple[str, ...], value: str) -> None:
        super().__init__(id=name, name=name, markup=False)
        self.set_reactive(Choice.options, options)
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        """All the options with the chosen one filled, or the chosen one between arrows where they do not fit."""
        if len(self.options) < 2:
            return Content(pictured(self.value))
        width = sum(len(option) + 4 for option in self.options)
        if width > max(self.size.width, 1) + 2:
            place = self.options.index(self.value) + 1 if self.value in self.options else 0
            return Content(f"‹ {pictured(self.value)} ›  {place} of {len(self.options)}")
        parts = []
        for option in self.options:
            chosen = option == self.value
            parts.append(Content.styled(f"{'●' if chosen else '○'} {pictured(option)}", "bold" if chosen else ""))
        return Content("  ").join(parts)

    def action_turn(self, by: int) -> None:
        """Choose the next or the previous value."""
        if self.value in self.options and len(self.options) > 1:
            self.choose(self.options[(self.options.index(self.value) + by) % len(self.options)])

    def choose(self, value: str) -> None:
        """Choose a value and say so."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def on_click(self, event: events.Click) -> None:
        """The option that was clicked on, or the next one."""
        event.stop()
        end = 0
        width = sum(len(option) + 4 for option in self.options)
        if width <= self.size.width + 2:
            for option in self.options:
                end += len(option) + 4
                if event.x < end:
                    self.choose(option)
                    return
            return
        self.action_turn(1)


class MiniButton(Static, can_focus=True):
    """A button of one line beside a field."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "press", "Press", show=False)]

    class Pressed(Message):
        """The button was pressed."""

        def __init__(self, button: MiniButton) -> None:
            self.button = button
            super().__init__()

        @property
        def control(self) -> MiniButton:
            """The button."""
            return self.button

    def __init__(self, label: str, *, id: str, tooltip: str = "") -> None:
        super().__init__(label, id=id, markup=False)
        self.tooltip = Content(tooltip) if tooltip else None

    def action_press(self) -> None:
        """Say that it was pressed."""
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        """As the key."""
        event.stop()
        self.action_press()
