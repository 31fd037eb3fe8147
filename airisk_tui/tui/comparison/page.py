"""A page with a table in sections, which can be searched and sorted; its border tells how many rows are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from airisk_tui.tui.comparison.table import Heading, Line, table_lines
from airisk_tui.tui.shared.finding import FoundLines
from airisk_tui.tui.shared.keys import bound
from airisk_tui.tui.shared.text import shown

NOTHING = "No row has that in it."


class TablePage(FoundLines):
    """See the module. A search leaves the rows that have each of its words; sorted are the names of each section."""

    DEFAULT_CSS = "TablePage { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }"
    LOOKED_THROUGH = "only rows that have this in them"
    BINDINGS: ClassVar[list[BindingType]] = [bound("sort", "sort", "Sort by name, or as the flow went")]

    def __init__(self, id: str) -> None:
        super().__init__(id=id, classes="box")
        self._table: tuple[Line, Mapping[str, Sequence[Line]], int, Sequence[Content]] | None = None
        self._sorted = False

    def lay_out(
        self, head: Line, sections: Mapping[str, Sequence[Line]], every: int, below: Sequence[Content] = ()
    ) -> None:
        """Show a table. sections: by heading; every: the number of rows that there are; below: lines after the table."""
        self._table = head, sections, every, below
        self._draw()

    def _draw(self) -> None:
        if self._table is None or not self.is_mounted:
            return
        head, sections, every, below = self._table
        rows = list(self._chosen(sections))
        count = sum(isinstance(row, Line) for row in rows)
        self.border_subtitle = f"{count:,} of {every:,} rows" if count != every else f"{count:,} rows"
        width = max(self.scrollable_content_region.width, 40)
        lines = list(table_lines([head, *rows], width)) if every else []
        lines += [shown(NOTHING)] if self.needle and not rows else []
        self.show_lines([*lines, *(part for line in below for part in line.wrap(width))])

    def _chosen(self, sections: Mapping[str, Sequence[Line]]) -> Iterator[Line | Heading]:
        words = self.needle.casefold().split()
        for title, rows in sections.items():
            found = [row for row in rows if all(word in row.haystack for word in words)]
            yield from [Heading(title)] if found else []
            yield from sorted(found, key=lambda row: row.name.casefold()) if self._sorted else found

    def draw_found(self) -> None:
        """Draw the rows that the search leaves, and go to what was found."""
        self._draw()
        super().draw_found()

    def action_sort(self) -> None:
        """Sort by name, or no longer."""
        self._sorted = not self._sorted
        self._draw()

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._draw()
