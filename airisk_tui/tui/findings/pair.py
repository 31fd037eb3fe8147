"""Two values one below the other, scrolled sideways so that the caret under the first difference is in sight."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from airisk_tui.insight.finding import Evidence
from airisk_tui.tui.shared.styles import QUIET

LEAD = 8
"""Columns of the values' names."""

AHEAD = 8
"""Characters behind the difference that should stay in sight."""


def pair_lines(evidence: Evidence, width: int) -> list[Content]:
    """Both values and the caret, each in one line of at most `width` columns."""
    at = evidence.differs_at
    room = max(width - LEAD, 8)
    values = (evidence.sent or "", evidence.came or "")
    start = _start(values, at or 0, room)
    lines = [
        Content.assemble((name.ljust(LEAD), QUIET), _window(value, start, room, at))
        for name, value in zip(evidence.names, values, strict=True)
    ]
    if at is None:
        return lines
    before = cell_len(values[0][start:at]) + (1 if start else 0)
    return [*lines, Content.assemble(" " * (LEAD + min(before, room - 1)), ("^", "bold $text-error"))]


def _start(values: tuple[str, str], at: int, room: int) -> int:
    """The index of the first character that is shown: 0 when the difference fits, else one that leaves it in sight."""
    if at < room and cell_len(max(values, key=len)[: at + AHEAD]) < room:
        return 0
    start, used = at, 0
    while start > 0 and used < room - AHEAD * 2 - 2:
        start -= 1
        used += cell_len(values[0][start])
    return start


def _window(value: str, start: int, room: int, at: int | None) -> Content:
    """The value from `start` on, with an ellipsis where it is cut; the differing character stands out."""
    content = Content(value[start : start + room + 1])
    if at is not None and start <= at < len(value):
        content = content.stylize("bold $text-error on $error-muted", at - start, at - start + 1)
    if start:
        content = Content.assemble(("…", QUIET), content)
    return content.truncate(room, ellipsis=True)
