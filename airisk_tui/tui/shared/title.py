"""The first line: the program, the environment, what happens now, and the time that is left."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.shared.drawing.guard import pictured
from airisk_tui.tui.shared.keyboard.keys import as_chosen

MAX_NAME = 30
"""Characters of an environment's name."""
PANES = (("F2", "Request", "request"), ("F3", "Flow", "flow"), ("F4", "Result", "result"))
"""The tabs: key, label and name of each pane."""


class TitleLine(Widget):
    """environment: its name; doing: what happens now; clock: the time that is left; pane: the only visible one, for whose tabs
    `doing` makes room, or "" where all panes are visible."""

    environment: reactive[str] = reactive("")
    doing: reactive[str] = reactive("")
    clock: reactive[str] = reactive("")
    pane: reactive[str] = reactive("")

    def __init__(self, environment: str) -> None:
        super().__init__(id="title")
        self.set_reactive(TitleLine.environment, environment)

    def _left(self, room: int) -> Content:
        """The program and the environment, or where both do not fit, the environment alone."""
        name = Content.assemble(("◉ ", "$text-accent"), pictured(self.environment[:MAX_NAME]))
        both = Content.assemble(("airisk-tui", "bold"), "  ", name)
        return both if both.cell_length <= room else name.truncate(max(room, 4), ellipsis=True)

    def render(self) -> Content:
        """The name at the left end, the rest at the right end; what does not fit is cut in the middle."""
        clock = Content.styled(f"  {self.clock}", "bold") if self.clock else Content("")
        middle = _tabs(self.pane) if self.pane else Content(pictured(self.doing))
        tabs = middle.cell_length if self.pane else 0
        left = self._left(self.size.width - clock.cell_length - tabs - 2)
        room = max(self.size.width - left.cell_length - clock.cell_length - 2, 0)
        middle = middle.truncate(room, ellipsis=True)
        gap = self.size.width - left.cell_length - middle.cell_length - clock.cell_length
        return Content.assemble(left, " " * max(gap, 1), middle, clock)

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not self.pane:
            return
        clock = len(self.clock) + 2 if self.clock else 0
        at = offset.x - (self.size.width - clock - _tabs(self.pane).cell_length)
        for key, word, name in PANES:
            width = len(as_chosen(key)) + len(word) + 3
            if 0 <= at < width:
                await self.screen.run_action(f"pane('{name}')")
            at -= width + 1


def _tabs(pane: str) -> Content:
    """The tabs of the panes; that of the visible pane differs by more than its colour."""
    tabs = []
    for key, word, name in ((as_chosen(key), word, name) for key, word, name in PANES):
        chosen = name == pane
        tabs.append(
            Content.styled(f"▸{key} {word} " if chosen else f" {key} {word} ", "reverse bold" if chosen else "")
        )
    return Content(" ").join(tabs)
