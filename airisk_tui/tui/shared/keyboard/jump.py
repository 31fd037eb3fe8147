"""Jump mode: a letter on every widget that can have the focus; typing the letter focuses that widget."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from airisk_tui.tui.shared.dialogs import Dialog
from airisk_tui.tui.shared.keyboard.keys import bound

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""In the order in which they are given out: those of the home row first."""


class JumpScreen(Dialog[Widget | None]):
    """Its result is the widget whose letter was typed; any other key leaves."""

    DEFAULT_CSS = """
    JumpScreen { align: left top; background: transparent; }
    JumpScreen Static { position: absolute; width: 3; height: 1; background: $accent; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("out", "dismiss(None)", "Stay"),
        bound("jump", "dismiss(None)", "Stay"),
    ]

    def __init__(self, targets: tuple[Widget, ...]) -> None:
        super().__init__()
        self._targets = dict(zip(LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        for letter, widget in self._targets.items():
            mark = Static(Content(f" {letter} "), markup=False)
            mark.styles.offset = (widget.region.x, widget.region.y)
            yield mark

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(self._targets.get(event.key))
