"""A list of rows in columns that fit the room there is, and by each of which it can be sorted.

Cells are foreign text, which is made safe when it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from airisk_tui.later import pattern
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import visible
from airisk_tui.tui.shared.drawing.text import MAX_LINE, fitted
from airisk_tui.tui.shared.virtual_list import VirtualList

NUMBER = pattern(r"([0-9]+)")

SHORT = 14
"""Cells of a column that is cut only after the longer ones: as many as a date and a time need."""

LEAST = 4
"""Cells of a column at least."""

GAP = 2
"""Cells between two columns."""

MAX_SAMPLE = 200
"""Rows that are measured for the widths of the columns; they are taken from the whole list, because numbers grow towards its end."""


class Row(Struct, frozen=True):
    """key: identifies the row; cells: one for each column; haystack: what a search looks through, case-folded, "" for the cells;
    order: what the cells are sorted by, where that is not their text."""

    key: str
    cells: tuple[str, ...]
    haystack: str = ""
    order: tuple[Any, ...] = ()


class RowList(VirtualList[Row]):
    """Rows in columns, by each of which they can be sorted, below a line with the titles. Numbers in a text are compared as numbers.
    Posts Highlighted when the cursor moves, and Chosen on Enter or a double click."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rowlist--cursor", "rowlist--head"}
    DEFAULT_CSS = """
    RowList .rowlist--cursor { background: $surface-lighten-2; color: $text; }
    RowList:focus .rowlist--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    RowList .rowlist--head { color: $text-accent; text-style: bold; }
    """
    HEAD = 1

    @dataclass
    class Highlighted(Message):
        """The cursor moved to a row."""

        row: Row

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, RowList.Highlighted)

    def __init__(self, titles: Sequence[str], widget_id: str, *, grow: int = -1) -> None:
        """titles: of the columns; grow: the index of the column that gets the room that is left."""
        super().__init__(id=widget_id)
        self._titles = tuple(titles)
        self._grow = grow
        self._widths: tuple[int, ...] = ()

    def show_rows(self, rows: Sequence[Row], titles: Sequence[str] | None = None) -> None:
        """Show these rows. titles: of the columns, None for the same as before."""
        self._titles = tuple(titles) if titles is not None else self._titles
        self._order = min(self._order, len(self.orders) - 1)
        self.show_items(rows)

    def show_items(self, items: Sequence[Row]) -> None:
        self._measure(items)
        super().show_items(items)

    def key_of(self, row: Row) -> str:
        return row.key

    def haystack(self, row: Row) -> str:
        return row.haystack or " ".join(row.cells).casefold()

    @property
    def orders(self) -> Sequence[tuple[str, Callable[[Row], Any]]]:
        """The columns that have titles."""
        return [(title, partial(_order_of, at)) for at, title in enumerate(self._titles) if title.strip()]

    @property
    def _marked_titles(self) -> list[str]:
        """The titles, with an arrow at the one by which the rows are sorted."""
        arrow = " ▼" if self._backwards else " ▲"
        return [title + (arrow if title and title == self.order else "") for title in self._titles]

    def follow_cursor(self) -> None:
        super().follow_cursor()
        if (row := self.current) is not None:
            self.post_message(self.Highlighted(row))

    def _measure(self, rows: Sequence[Row]) -> None:
        spread = rows[:: -(-len(rows) // MAX_SAMPLE) or 1]
        sample = [tuple(max(len(cell), cell_len(cell)) for cell in row.cells) for row in (*spread, *rows[-1:])]
        columns = [
            (len(title), *(cells[at] for cells in sample if at < len(cells)))
            for at, title in enumerate(self._marked_titles)
        ]
        self._widths = tuple(min(max(column), 40) for column in columns)

    @property
    def wanted_width(self) -> int:
        """The cells that the columns need so that none is cut."""
        return sum(self._widths) + GAP * (len(self._widths) - 1) + 1

    def _fitted(self, width: int) -> list[int]:
        """The widths of the columns in cells. The widest are cut first, and the short ones only when the others are narrow. The
        growing one gets what is left."""
        room = width - GAP * (len(self._widths) - 1) - 1
        long = [cells for cells in self._widths if cells > SHORT]
        cut = iter(fitted(long, room - sum(self._widths) + sum(long), SHORT // 2))
        widths = fitted([next(cut) if cells > SHORT else cells for cells in self._widths], room, LEAST)
        if widths and sum(widths) < room:
            widths[self._grow] += room - sum(widths)
        return widths

    def draw_line(self, row: Row, part: int, width: int, *, at_cursor: bool) -> Strip:
        style = self.get_component_rich_style("rowlist--cursor") if at_cursor else self.rich_style
        return Strip([Segment(set_cell_size(self._line(row.cells, width), width), style)], width)

    def words_below(self) -> Content | None:
        needle = visible(self._needle.strip()[:MAX_LINE])
        return Content(f" No row matches “{needle}”. Esc leaves the search.") if needle and not self._shown else None

    def render_line(self, y: int) -> Strip:
        """One line; the first has the titles, with the count at the right end, and does not scroll."""
        if y >= self.HEAD:
            return super().render_line(y)
        width = self.scrollable_content_region.width
        style = self.get_component_rich_style("rowlist--head")
        room = max(width - len(self.count) - 2, 0)
        titles = _fit(self._line(self._marked_titles, width).rstrip(), room)
        return Strip([Segment(set_cell_size(titles, room) + f" {self.count} "[:width], style)], width)

    def _line(self, cells: Sequence[str], width: int) -> str:
        fitted = zip(cells, self._fitted(width), strict=False)
        return " " + (" " * GAP).join(set_cell_size(_fit(cell, room), room) for cell, room in fitted)


def _fit(cell: str, room: int) -> str:
    """A cell's text for so many cells, with an ellipsis where it is cut."""
    text = visible(secrets_named(cell)[:MAX_LINE])
    if cell_len(text) <= room:
        return text
    return set_cell_size(text, max(room - 1, 0)).rstrip() + "…" if room else ""


def _order_of(column: int, row: Row) -> Any:
    """The key by which a row is sorted in a column: without one of its own, a key of the text that sorts user_9 before user_10."""
    if row.order:
        return row.order[column]
    parts = NUMBER.split("".join(row.cells[column : column + 1]).casefold())
    return [(int(part[:30]), "") if NUMBER.fullmatch(part) else (-1, part) for part in parts]
