"""A table of names with two values each. A column is as wide as its content where there is room; long values are wrapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size
from textual.content import Content

from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text import visible

MAX_VALUE = 400
"""Characters of a value; it gets as many lines as it needs."""

GAP = 2
MARK = 2
"""Cells of the sign at the beginning of a line."""

LEAST = 8
"""Cells of a column at least."""


class Line(NamedTuple):
    """mark: one sign; name, left, right: foreign text, None where a run has no value; style: of the values; words: whether the
    values are prose, which is broken between words."""

    mark: str
    name: str
    left: str | None
    right: str | None
    style: str = ""
    words: bool = False

    @property
    def cells(self) -> tuple[str, str, str]:
        """The three texts, fit for the screen."""
        return _shown(self.name), _shown(self.left), _shown(self.right)

    @property
    def haystack(self) -> str:
        """What a search looks through."""
        return " ".join(self.cells).casefold()


class Heading(NamedTuple):
    """A heading across the table."""

    title: str


def table_lines(parts: Sequence[Line | Heading], width: int) -> Iterator[Content]:
    """The lines of the table. width: in cells."""
    rows = [(part, part.cells if isinstance(part, Line) else ("", "", "")) for part in parts]
    widths = fitted([max(map(cell_len, column)) for column in zip(*(cells for _, cells in rows), strict=True)], width)
    for part, cells in rows:
        if isinstance(part, Heading):
            yield Content.styled(f"{part.title} ".ljust(width, "─"), "$text-muted")
        else:
            yield from _wrapped(part, cells, widths)


def fitted(wanted: Sequence[int], width: int) -> list[int]:
    """The widths of the columns, in cells. wanted: of their content; the widest is cut first where they do not fit."""
    widths = list(wanted)
    room = width - MARK - GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > LEAST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _wrapped(line: Line, cells: tuple[str, str, str], widths: Sequence[int]) -> Iterator[Content]:
    columns = [_folded(cell, max(width, 1), line.words) for cell, width in zip(cells, widths, strict=True)]
    for index in range(max(map(len, columns))):
        texts = [column[index] if index < len(column) else "" for column in columns]
        name, left, right = (set_cell_size(text, width) for text, width in zip(texts, widths, strict=True))
        yield Content.assemble(
            (f"{line.mark if index == 0 else ' ':<{MARK}}", line.style),
            (name, "$text-muted"),
            " " * GAP,
            (left, line.style),
            " " * GAP,
            (right, line.style),
        )


def _folded(text: str, width: int, words: bool) -> list[str]:
    if words:
        return [part.plain for part in Content(text).wrap(width)]
    return chop_cells(text, width) or [""]


def _shown(value: str | None) -> str:
    if value is None:
        return "—"
    value = secrets_named(value)
    return visible(value[:MAX_VALUE]) + ("…" if len(value) > MAX_VALUE else "")
