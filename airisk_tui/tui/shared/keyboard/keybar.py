"""The footer: the most important keys of the moment, as many as fit. A click on a key does what the key does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.shared.keyboard.keys import as_chosen

GAP = 2
"""Cells between two keys."""


class KeyHint(NamedTuple):
    """key: as the program writes it; label: what it does, in a word or two; action: of the screen or the focused part, for a click."""

    key: str
    label: str
    action: str

    @property
    def width(self) -> int:
        """The cells of key and label, without the gap."""
        return len(self.name) + len(self.label) + 1

    @property
    def name(self) -> str:
        """The key as the person has chosen it."""
        return as_chosen(self.key)


ALWAYS = (KeyHint("F1", "Help", "help"), KeyHint("^P", "Commands", "app.command_palette"))
"""The last keys of every footer: help and palette list every key, also those that did not fit."""


class KeyBar(Widget):
    """hints: the most important first; those that do not fit before ALWAYS are left out. Posts Drawn."""

    class Drawn(Message):
        """The footer was drawn for the first time, and with it the first frame of its screen."""

    hints: reactive[tuple[KeyHint, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(id="keybar")

    def on_show(self) -> None:
        """Tell that the first frame is out: the footer is the last widget of the layout."""
        self.post_message(self.Drawn())

    def _placed(self) -> Iterator[tuple[int, KeyHint]]:
        at, room = 0, self.size.width - sum(GAP + hint.width for hint in ALWAYS)
        for hint in self.hints:
            if at + hint.width > room:
                break
            yield at, hint
            at += hint.width + GAP
        for hint in ALWAYS:
            yield at, hint
            at += hint.width + GAP

    def render(self) -> Content:
        parts = [
            Content.assemble((hint.name, "bold $footer-key-foreground"), f" {hint.label}") for _, hint in self._placed()
        ]
        return Content(" " * GAP).join(parts)

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the clicked key, which is one of the screen, or of the focused widget and those around it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for at, hint in self._placed():
            if at <= offset.x < at + hint.width:
                # Whose it is depends on the focus: a list has the search and the order of its rows, the screen nearly all else.
                active = self.screen.active_bindings.values()
                owners = (one.node for one in active if one.binding.action == hint.action)
                await self.app.run_action(hint.action, next(owners, self.screen))
