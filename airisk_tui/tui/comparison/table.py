"""A table of names with two values each, as lines and as a page that scrolls.

A column is as wide as its content where there is room for it; longer values are wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from airisk_tui.tui.shared.drawing.text import fitted, shown
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.search import TextSearch

MAX_VALUE = 400
"""Characters of a value; it gets as many lines as it needs."""

GAP = 2
MARK = 2
"""Cells of the mark at the beginning of a line."""

LEAST = 8
"""Cells of a column at least."""


class Line(NamedTuple):
    """A row of the table. mark: one character; name, left, right: foreign text, None where a run has no value; style: of mark and values;
    words: whether the values are prose, which wraps between words."""

    mark: str
    name: str
    left: str | None
    right: str | None
    style: str = ""
    words: bool = False

    @property
    def cells(self) -> tuple[str, str, str]:
        """The texts of the three columns, safe for the screen."""
        return _shown(self.name), _shown(self.left), _shown(self.right)

    @property
    def haystack(self) -> str:
        """The text that a search looks through."""
        return " ".join(self.cells).casefold()


class Heading(NamedTuple):
    """A heading across the table."""

    title: str


def table_lines(parts: Sequence[Line | Heading], width: int) -> Iterator[Content]:
    """The lines of the table. width: in cells."""
    rows = [(part, part.cells if isinstance(part, Line) else ("", "", "")) for part in parts]
    wanted = [max(map(cell_len, column)) for column in zip(*(cells for _, cells in rows), strict=True)]
    widths = fitted(wanted, width - MARK - GAP * (len(wanted) - 1), LEAST)
    for part, cells in rows:
        if isinstance(part, Heading):
            yield Content.styled(f"{part.title} ".ljust(width, "─"), "$text-muted")
        else:
            yield from _wrapped(part, cells, widths)


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
    return "—" if value is None else shown(value, limit=MAX_VALUE).plain


class TablePage(VerticalScroll, TextSearch, can_focus=True):
    """A table in sections that can be searched and sorted; its border says how many rows it shows.

    A search leaves the rows that contain each of its words; sorting orders the names within each section.
    """

    DEFAULT_CSS = "TablePage { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }"
    PLACEHOLDER = "search this table"
    BINDINGS: ClassVar[list[BindingType]] = [bound("sort", "sort", "Sort by name, or in the order of the flow")]

    def __init__(self, id: str) -> None:
        super().__init__(id=id, classes="box")
        self._table: tuple[Line, Mapping[str, Sequence[Line]], int, Sequence[Content]] | None = None
        self._sorted = False

    def compose(self) -> ComposeResult:
        yield Static(id="lines", markup=False)

    def lay_out(
        self, head: Line, sections: Mapping[str, Sequence[Line]], every: int, below: Sequence[Content] = ()
    ) -> None:
        """Show a table. sections: the rows by heading; every: the number of rows that there are; below: lines after the table."""
        self._table = head, sections, every, below
        self._draw()

    def _draw(self) -> None:
        if self._table is None or not self.size.width:
            return
        head, sections, every, below = self._table
        rows = list(self._matching(sections))
        count = sum(isinstance(row, Line) for row in rows)
        self.border_subtitle = f"{count:,} of {every:,} rows" if count != every else f"{count:,} rows"
        width = max(self.scrollable_content_region.width, 40)
        lines = list(table_lines([head, *rows], width)) if every else []
        lines += [shown("No row matches the search.")] if self.needle and not rows else []
        lines += [part for line in below for part in line.wrap(width)]
        self.query_one("#lines", Static).update(Content("\n").join(self.with_hits(lines)))

    def _matching(self, sections: Mapping[str, Sequence[Line]]) -> Iterator[Line | Heading]:
        words = self.needle.casefold().split()
        for title, rows in sections.items():
            found = [row for row in rows if all(word in row.haystack for word in words)]
            yield from [Heading(title)] if found else []
            yield from sorted(found, key=lambda row: row.name.casefold()) if self._sorted else found

    def draw_hits(self) -> None:
        self._draw()
        if self.hit_line is not None:
            top = self.query_one("#lines").virtual_region.y
            self.scroll_to_region(Region(0, top + self.hit_line, 1, 2), animate=False)  # the last line is the row's

    def action_sort(self) -> None:
        self._sorted = not self._sorted
        self._draw()

    def on_resize(self) -> None:
        self._draw()
