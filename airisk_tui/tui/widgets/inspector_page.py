"""What a tab of the inspector holds: lines with the places that evidence points to, and how it is being looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from airisk_tui.tui.widgets.inspector_chips import Secrets, chipped
from airisk_tui.tui.widgets.rail import QUIET

LABEL = 13
"""Columns of a fact's label: the longest of our own is "authenticated"; longer ones get a line of their own."""

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


def fact(label: str, value: Content, look: Look, place: str = "") -> list[Line]:
    """A label and its value, which is folded below itself where it is long."""
    name = look.text(label, QUIET)
    if name.cell_length >= LABEL:
        value = Content.assemble("\n", value) if name.cell_length + value.cell_length + 2 > look.width else value
        first, *rest = value.split("\n") if value.plain.startswith("\n") else [value]
        parts = [Content.assemble(name, "  ", first), *rest]
        return [Line(part, place) for part in _indented(parts, look.width)]
    parts = value.fold(max(look.width - LABEL, 8)) or [Content("")]
    lead = Content.assemble(name, " " * (LABEL - name.cell_length))
    lines = [Content.assemble(lead, parts[0]), *(Content.assemble(" " * LABEL, part) for part in parts[1:])]
    return [Line(line, place) for line in lines]


def _indented(parts: list[Content], width: int) -> Iterable[Content]:
    yield parts[0]
    for part in parts[1:]:
        for piece in part.fold(max(width - 2, 8)):
            yield Content.assemble("  ", piece)
