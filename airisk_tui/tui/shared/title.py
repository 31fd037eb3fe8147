"""The first line: the program, the environment, what happens now, and the time that is left."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.guard import without_controls
from airisk_tui.tui.shared.keyboard.keys import chosen_key

MAX_NAME = 30
"""Characters of an environment's name."""
PANES = (("F2", "Request", "request"), ("F3", "Flow", "flow"), ("F4", "Result", "result"))
"""The tabs: key, label and name of each pane."""

ROOMY = 40
"""Cells that the tabs with their words need, beside four of the environment's name."""


class TitleLine(ClickableText):
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
        name = Content.assemble(("◉ ", "$text-accent"), without_controls(self.environment[:MAX_NAME]))
        both = Content.assemble(("airisk-tui", "bold"), "  ", name)
        return both if both.cell_length <= room else name.truncate(max(room, 4), ellipsis=True)

    def render(self) -> Content:
        """The name at the left end, the rest at the right end; what does not fit is cut in the middle."""
        clock = Content.styled(f"  {self.clock}", "bold") if self.clock else Content("")
        middle = (
            _tabs(self.pane, self.size.width - clock.cell_length)
            if self.pane
            else Content(without_controls(self.doing))
        )
        tabs = middle.cell_length if self.pane else 0
        left = self._left(self.size.width - clock.cell_length - tabs - 2)
        room = max(self.size.width - left.cell_length - clock.cell_length - 2, 0)
        middle = middle.truncate(room, ellipsis=True)
        gap = self.size.width - left.cell_length - middle.cell_length - clock.cell_length
        return Content.assemble(left, " " * max(gap, 1), middle, clock)


def _tabs(pane: str, room: int) -> Content:
    """The tabs of the panes, without their words where these do not fit; that of the visible pane differs by more than its colour."""
    tabs = []
    for key, word, name in PANES:
        mark, style = ("▸", "reverse bold") if name == pane else (" ", "")
        label = f"{mark}{chosen_key(key)} " + (f"{word} " if room >= ROOMY else "")
        tabs.append(clickable(Content.styled(label, style), f"screen.pane('{name}')"))
    return Content(" ").join(tabs)
