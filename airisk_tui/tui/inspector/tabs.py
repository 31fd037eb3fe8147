"""The inspector's tabs in one line that fits a column of 38."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.run.rail import CURSOR, QUIET

Tab = Literal["Meaning", "Request", "Response", "Body", "Timing"]
TABS: tuple[Tab, ...] = ("Meaning", "Request", "Response", "Body", "Timing")


class InspectorTabs(Widget, can_focus=True):
    """tab: the one that is open."""

    DEFAULT_CSS = "InspectorTabs { height: 1; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Previous tab", show=False),
        Binding("right,l", "move(1)", "Next tab", show=False),
    ]
    tab: reactive[Tab] = reactive("Meaning")

    class Opened(Message):
        """A person opened a tab."""

        def __init__(self, tab: Tab) -> None:
            self.tab = tab
            super().__init__()

    def render(self) -> Content:
        """All five, the open one marked by more than its colour."""
        focused = CURSOR if self.has_focus else "bold underline"
        parts = [Content.styled(tab, focused if tab == self.tab else QUIET) for tab in TABS]
        return Content("  " if self.size.width >= ROOMY else " ").join(parts)

    def action_move(self, by: int) -> None:
        """Open the next or the previous tab."""
        self._open(TABS[(TABS.index(self.tab) + by) % len(TABS)])

    def _open(self, tab: Tab) -> None:
        self.tab = tab
        self.post_message(self.Opened(tab))

    def on_click(self, event: events.Click) -> None:
        """The tab under the mouse."""
        event.stop()
        gap = 2 if self.size.width >= ROOMY else 1
        at = 0
        for tab in TABS:
            if at <= event.x < at + len(tab):
                self._open(tab)
            at += len(tab) + gap

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor goes."""
        self.refresh()


ROOMY = sum(len(tab) for tab in TABS) + 2 * (len(TABS) - 1)
"""Columns that five names with two spaces between them need."""
