"""The footer: the keys that matter now, as many as fit, each of them clickable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

GAP = 2
"""Cells between two keys."""


class KeyHint(NamedTuple):
    """A key as it is shown, what it does in one or two words, and the action that a click runs."""

    key: str
    label: str
    action: str

    @property
    def width(self) -> int:
        """Cells, without the gap."""
        return len(self.key) + len(self.label) + 1


class KeyBar(Widget):
    """`hints` stand in the order of their weight: what does not fit is left out from the end."""

    class Seen(Message):
        """The footer, and with it a first frame, has been drawn."""

    hints: reactive[tuple[KeyHint, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(id="keybar")

    def on_show(self) -> None:
        """Say that there is something to be seen."""
        self.post_message(self.Seen())

    def _placed(self) -> Iterator[tuple[int, KeyHint]]:
        at = 0
        for hint in self.hints:
            if at + hint.width > self.size.width:
                return
            yield at, hint
            at += hint.width + GAP

    def render(self) -> Content:
        """The keys in bold, what they do beside them."""
        parts = [
            Content.assemble((hint.key, "bold $footer-key-foreground"), f" {hint.label}") for _, hint in self._placed()
        ]
        return Content(" " * GAP).join(parts)

    async def on_click(self, event: events.Click) -> None:
        """Run the key's action."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for at, hint in self._placed():
            if at <= offset.x < at + hint.width:
                await self.screen.run_action(hint.action)
