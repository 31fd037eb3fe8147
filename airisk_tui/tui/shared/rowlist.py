"""A list of rows that draws only the visible ones, so that ten thousand rows scroll and can be searched at once (threats.md S4).

Cells are foreign text, which is made safe when it is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from airisk_tui.later import pattern
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import visible
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.search import SearchedList

NUMBER = pattern(r"([0-9]+)")

MAX_CELL = 200
"""Characters of a cell that are drawn: a terminal rarely has more columns."""

SHORT = 14
"""Cells of a column that is cut only after the longer ones: as many as a date and a time need."""

GAP = 2
"""Cells between two columns."""

MAX_SAMPLE = 200
"""Rows that are measured for the widths of the columns; they are taken from the whole list, because numbers grow towards its end."""


class Row(Struct, frozen=True):
    """key: identifies the row; cells: one for each column; haystack: what a search looks through, case-folded, or "";
    order: what the cells are sorted by, where that is not their text."""

    key: str
    cells: tuple[str, ...]
    haystack: str = ""
    order: tuple[Any, ...] = ()

    def has(self, words: Sequence[str]) -> bool:
        """Whether the haystack, or without one the cells, contain each of these case-folded words."""
        text = self.haystack or " ".join(self.cells).casefold()
        return all(word in text for word in words)


class RowList(ScrollView, SearchedList, can_focus=True):
    """Posts Highlighted when the cursor moves, and Chosen on Enter or a double click."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rowlist--cursor", "rowlist--head"}
    DEFAULT_CSS = """
    RowList { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    RowList .rowlist--cursor { background: $surface-lighten-2; color: $text; }
    RowList:focus .rowlist--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    RowList .rowlist--head { color: $text-accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Up"),
        bound("down", "move(1)", "Down"),
        bound("page-up", "page(-1)", "Page up"),
        bound("page-down", "page(1)", "Page down"),
        bound("begin", "first", "First"),
        bound("end", "last", "Last"),
        bound("choose", "choose", "Choose"),
    ]
    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Chosen(Message):
        """A row was chosen."""

        row: Row

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
        self._all: Sequence[Row] = ()
        self._shown: Sequence[Row] = ()
        self._needle = ""
        self._widths: tuple[int, ...] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that match the search."""
        return self._shown

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    def show_rows(self, rows: Sequence[Row], titles: Sequence[str] | None = None) -> None:
        """Show these rows. The cursor stays on its row where that is still listed."""
        key = self.current.key if self.current else None
        self._titles = tuple(titles) if titles is not None else self._titles
        self._all = rows
        self._measure()
        self._filter(key)

    def search(self, text: str) -> None:
        """Show only the rows that contain every word of the text, in upper or lower case."""
        key = self.current.key if self.current else None
        self._needle = text.casefold()
        self._filter(key)

    def _filter(self, key: str | None) -> None:
        words = self._needle.split()
        self._shown = [row for row in self._all if row.has(words)] if words else self._all
        self.virtual_size = Size(max(self.size.width, 1), len(self._shown) + 1)
        at = next((index for index, row in enumerate(self._shown) if row.key == key), 0) if key else 0
        self.set_reactive(RowList.cursor, at)
        self._follow()
        self.refresh()

    def _measure(self) -> None:
        spread = self._all[:: -(-len(self._all) // MAX_SAMPLE) or 1]
        sample = [tuple(max(len(cell), cell_len(cell)) for cell in row.cells) for row in (*spread, *self._all[-1:])]
        widths = [
            max([len(title), *(cells[i] for cells in sample if i < len(cells))]) for i, title in enumerate(self._titles)
        ]
        self._widths = tuple(min(width, 40) for width in widths)

    @property
    def wanted_width(self) -> int:
        """The cells that the columns need so that none is cut."""
        return sum(self._widths) + GAP * (len(self._widths) - 1) + 1

    def _fitted(self, width: int) -> list[int]:
        """The widths of the columns in cells. The widest are cut first, and the short ones only when the others are narrow. The
        growing one gets what is left."""
        widths = list(self._widths)
        room = width - GAP * (len(widths) - 1) - 1
        while sum(widths) > room and max(widths) > 4:
            long = [at for at, natural in enumerate(self._widths) if natural > SHORT and widths[at] > SHORT // 2]
            widest = max(long or range(len(widths)), key=lambda index: (widths[index], index != self._grow))
            widths[widest] -= 1
        if widths and sum(widths) < room:
            widths[self._grow] += room - sum(widths)
        return widths

    def render_line(self, y: int) -> Strip:
        """One line; the titles, in the first, do not scroll."""
        width = self.scrollable_content_region.width
        widths = self._fitted(width)
        if y == 0:
            return self._head(widths, width)
        if y == 1 and self._needle.strip() and not self._shown:
            words = f" No row matches “{visible(self._needle.strip()[:MAX_CELL])}”. Esc leaves the search."
            return Strip([Segment(set_cell_size(words, width), self.rich_style)], width)
        index = y - 1 + self.scroll_offset.y
        if index >= len(self._shown):
            return Strip.blank(width, self.rich_style)
        at_cursor = index == self.cursor
        style = self.get_component_rich_style("rowlist--cursor") if at_cursor else self.rich_style
        return Strip([Segment(set_cell_size(self._line(self._shown[index].cells, widths), width), style)], width)

    @property
    def count(self) -> str:
        """How many rows there are, and how many of them match the search."""
        every, shown = len(self._all), len(self._shown)
        return f"{shown:,} of {every:,}" if shown != every else f"{every:,}"

    def _head(self, widths: list[int], width: int) -> Strip:
        """The titles, with the count at the right end."""
        style = self.get_component_rich_style("rowlist--head")
        room = max(width - len(self.count) - 2, 0)
        titles = _fit(self._line(self._titles, widths).rstrip(), room)
        return Strip([Segment(set_cell_size(titles, room) + f" {self.count} "[:width], style)], width)

    def _line(self, cells: Sequence[str], widths: list[int]) -> str:
        parts = [set_cell_size(_fit(cell, room), room) for cell, room in zip(cells, widths, strict=False)]
        return " " + (" " * GAP).join(parts)

    def watch_cursor(self) -> None:
        self._follow()
        self.refresh()

    def _follow(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 2), animate=False, force=True)
        if (row := self.current) is not None:
            self.post_message(self.Highlighted(row))

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(len(self._shown) - 1, self.cursor + by))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - 2))

    def action_first(self) -> None:
        self.action_move(-len(self._shown))

    def action_last(self) -> None:
        self.action_move(len(self._shown))

    def action_choose(self) -> None:
        if (row := self.current) is not None:
            self.post_message(self.Chosen(row))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; choose it on a double click."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y < 1 or not 0 <= index < len(self._shown):
            return
        if index == self.cursor and event.chain >= 2:
            self.action_choose()
        self.cursor = index

    def on_resize(self) -> None:
        self.virtual_size = Size(max(self.size.width, 1), len(self._shown) + 1)


def _fit(cell: str, room: int) -> str:
    """A cell's text for so many cells, with an ellipsis where it is cut."""
    text = visible(secrets_named(cell)[:MAX_CELL])
    if cell_len(text) <= room:
        return text
    return set_cell_size(text, max(room - 1, 0)).rstrip() + "…" if room else ""


class SortedRows(RowList):
    """A list that can be sorted by each of its columns, in both directions; numbers in a text are compared as numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("sort", "sort"),
        bound("reverse", "reverse"),
    ]
    _order = -1
    _backwards = False
    _came: Sequence[Row] = ()
    _plain: tuple[str, ...] = ()

    def show_rows(self, rows: Sequence[Row], titles: Sequence[str] | None = None) -> None:
        self._came, self._plain = rows, tuple(titles) if titles is not None else self._titles
        self._sort()

    def action_sort(self) -> None:
        """Sort by the next column that has a title; after the last one, show the rows in the order in which they were given."""
        named = [at for at, title in enumerate(self._plain) if title.strip() and at > self._order]
        self._order = named[0] if named else -1
        self._sort()

    def action_reverse(self) -> None:
        self._backwards = not self._backwards
        self._sort()

    def _sort(self) -> None:
        rows, titles = self._came, [*self._plain]
        if self._order >= 0 and self._order < len(titles):
            at = self._order
            rows = sorted(rows, key=lambda row: row.order[at] if row.order else _natural(row.cells[at : at + 1]))
            titles[self._order] += " ▼" if self._backwards else " ▲"
        super().show_rows(rows[::-1] if self._backwards else rows, titles)


def _natural(cell: tuple[str, ...]) -> list[tuple[int, str]]:
    """A key that sorts user_9 before user_10."""
    parts = NUMBER.split("".join(cell).casefold())
    return [(int(part[:30]), "") if NUMBER.fullmatch(part) else (-1, part) for part in parts]
