"""What a tab of the inspector holds: lines with the places that evidence points to, and how it is being looked at."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from airisk_tui.tui.inspector.chips import Secrets, chipped
from airisk_tui.tui.run.rail import QUIET

LABEL = 14
"""Columns of a fact's label: `client_secret` and a space."""

NARROW = 50
"""Columns below which a value that is too long stands below its label."""

INDENT = 2
"""Columns by which it is set in there."""

MAX_VALUE = 2_000
"""Characters of one value: some twenty-five lines of a narrow column; one key shows four times as many (S4)."""

MORE = 4
"""By how much every cap grows when a person asks for more."""


@dataclass(frozen=True, slots=True)
class Look:
    """width: columns; now: the wall clock in epoch seconds, or None; more: times that more was asked for; raw: bodies
    as they came; hexadecimal: bodies as bytes."""

    secrets: Secrets
    width: int
    now: float | None = None
    more: int = 0
    raw: bool = False
    hexadecimal: bool = False

    def cap(self, limit: int) -> int:
        """A cap after so many times of asking for more."""
        return limit * int(MORE**self.more)

    def text(self, value: str, style: str = "") -> Content:
        """A foreign value, its secrets as chips."""
        return chipped(value, self.secrets, style, limit=self.cap(MAX_VALUE))


@dataclass(frozen=True, slots=True)
class Line:
    """One line before wrapping. place: the name of the header, parameter or field that it shows, or ""."""

    content: Content
    place: str = ""


def words(text: str, style: str = "") -> Line:
    """A sentence of our own, which holds no foreign text."""
    return Line(Content.styled(text, style))


def quiet(text: str) -> Line:
    """A sentence of our own that steps back."""
    return words(text, QUIET)


def heading(text: str) -> list[Line]:
    """A heading with air above it."""
    return [words(""), words(text, "bold $text-primary")]


def fact(label: str, value: Content, look: Look, place: str = "", *, prose: bool = False) -> list[Line]:
    """A label and its value. Too long to stand beside it, a value is folded in its own column, or, where the screen is
    narrow, below the label. prose: sentences of our own, which break between words; a foreign value breaks anywhere."""
    name = look.text(label, QUIET)
    room = max(look.width - LABEL, 8)
    beside = name.cell_length < LABEL and (look.width >= NARROW or value.cell_length <= room)
    if beside:
        first, *rest = _folded(value, room, prose)
        lead = Content.assemble(name, " " * (LABEL - name.cell_length))
        lines = [Content.assemble(lead, first), *(Content.assemble(" " * LABEL, part) for part in rest)]
    elif look.width >= NARROW and name.cell_length + value.cell_length + 1 <= look.width and "\n" not in value.plain:
        lines = [Content.assemble(name, " ", value)]
    else:
        parts = _folded(value, max(look.width - INDENT, 8), prose)
        lines = [*([name] if name.plain else []), *(Content.assemble(" " * INDENT, part) for part in parts)]
    return [Line(line, place) for line in lines]


def _folded(value: Content, width: int, prose: bool) -> list[Content]:
    parts = value.wrap(width) if prose else value.fold(width)
    return list(parts) or [Content("")]
