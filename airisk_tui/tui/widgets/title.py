"""The first line: the program, the environment, what is listened on, and the time that is left."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.guard import pictured

MAX_NAME = 30
"""Cells that an environment's name gets in the line."""


class TitleLine(Widget):
    """left: what the program is pointed at; right: what it is doing, with the countdown at the very end."""

    environment: reactive[str] = reactive("")
    doing: reactive[str] = reactive("")
    clock: reactive[str] = reactive("")

    def __init__(self, environment: str) -> None:
        super().__init__(id="title")
        self.set_reactive(TitleLine.environment, environment)

    def render(self) -> Content:
        """Both ends of the line; the doing gives way when there is no room for it."""
        left = Content.assemble(
            ("airisk-tui", "bold"), ("  ◉ ", "$text-accent"), pictured(self.environment[:MAX_NAME])
        )
        clock = Content.styled(f"  {self.clock}", "bold") if self.clock else Content("")
        room = self.size.width - left.cell_length - clock.cell_length - 2
        doing = Content(pictured(self.doing)).truncate(max(room, 0), ellipsis=True)
        gap = self.size.width - left.cell_length - doing.cell_length - clock.cell_length
        return Content.assemble(left, " " * max(gap, 1), doing, clock)


def minutes(seconds: float) -> str:
    """Seconds as mm:ss, rounded up so that 00:00 means over."""
    whole = max(0, int(-(-seconds // 1)))
    return f"{whole // 60:02}:{whole % 60:02}"
