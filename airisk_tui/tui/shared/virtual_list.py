"""A list that draws only the lines in sight, so that ten thousand items can be scrolled, searched and sorted (threats.md S4), and its
search line."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual
from textual.widgets import Input

from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.keyboard.line_input import LineInput

Item = TypeVar("Item")

MOVES = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}
"""Rows that the keys move the cursor by."""


class VirtualList(ScrollView, Generic[Item], can_focus=True):
    """cursor: the index of an item. HEAD: lines above the items that do not scroll; LINES: lines of an item; START: the cursor before a
    person moves it, and where its item is not listed any more, -1 for nowhere; CLICKS: those that choose an item; fewer move the cursor.
    Posts Chosen.

    Its search line is the input `#ID-search` where the screen has one, else a line that the key mounts above the list.
    """

    DEFAULT_CSS = "VirtualList { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Up"),
        bound("down", "move(1)", "Down"),
        bound("page-up", "page(-1)", "Page up"),
        bound("page-down", "page(1)", "Page down"),
        bound("begin", "first", "First"),
        bound("end", "last", "Last"),
        bound("choose", "choose", "Choose"),
        bound("search", "search", "Show only the rows with a text, as you type"),
        bound("sort", "sort"),
        bound("reverse", "reverse"),
    ]
    HEAD = 0
    LINES = 1
    START = 0
    CLICKS = 2
    cursor: reactive[int] = reactive(0, repaint=False)

    _given: Sequence[Item] = ()
    _sorted: Sequence[Item] = ()
    _shown: Sequence[Item] = ()
    _needle = ""
    _order = -1
    _backwards = False

    @dataclass
    class Chosen(Message):
        """A person chose an item."""

        item: Any

    # A list of one kind of items defines these

    def key_of(self, item: Item) -> object:
        """The identity of an item, by which the cursor stays on it."""
        return id(item)

    @abstractmethod
    def haystack(self, item: Item) -> str:
        """The text that a search looks through, case-folded."""

    @property
    @abstractmethod
    def orders(self) -> Sequence[tuple[str, Callable[[Item], Any]]]:
        """The ways to sort the items: their names, and the key of an item."""

    @abstractmethod
    def draw_line(self, item: Item, part: int, width: int, *, at_cursor: bool) -> Strip:
        """A line of an item. part: which one, from 0; width: in cells."""

    @abstractmethod
    def words_below(self) -> Content | None:
        """A line below the last item, such as why there is none; None for no line."""

    # The items

    @property
    def rows(self) -> Sequence[Item]:
        """The items that match the search."""
        return self._shown

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    @property
    def count(self) -> str:
        """How many items there are, and how many of them match the search."""
        every, shown = len(self._given), len(self._shown)
        return f"{shown:,} of {every:,}" if shown != every else f"{every:,}"

    def show_items(self, items: Sequence[Item]) -> None:
        """Show these items. The cursor stays on its item where that is still listed."""
        self._given = items
        ordered = items if self._order < 0 else sorted(items, key=self.orders[self._order][1])
        self._sorted = ordered[::-1] if self._backwards else ordered
        self._filter()

    @property
    def order(self) -> str:
        """The name of the order in which the items are; "" for that in which they were given."""
        return self.orders[self._order][0] if self._order >= 0 else ""

    def action_sort(self) -> None:
        """Sort in the next way; after the last one, show the items in the order in which they were given."""
        self._order = self._order + 1 if self._order + 1 < len(self.orders) else -1
        self.show_items(self._given)

    def action_reverse(self) -> None:
        self._backwards = not self._backwards
        self.show_items(self._given)

    def search(self, text: str) -> None:
        """Show only the items with every word of the text, in upper or lower case."""
        self._needle = text.casefold()
        self._filter()

    def _filter(self) -> None:
        words, current = self._needle.split(), self.current
        found = (one for one in self._sorted if all(word in self.haystack(one) for word in words))
        self._shown = list(found) if words else self._sorted
        at = self.START
        if current is not None:  # without one, no item need be looked at: ten thousand rows are made when they are read
            key = self.key_of(current)
            at = next((at for at, one in enumerate(self._shown) if self.key_of(one) == key), at)
        self.set_reactive(VirtualList.cursor, at)
        self.fit()
        self.follow_cursor()
        self.refresh()

    def fit(self) -> None:
        """Let the scrollbar know how many lines there are."""
        lines = self.HEAD + self.LINES * len(self._shown) + (self.words_below() is not None)
        self.virtual_size = Size(max(self.size.width, 1), lines)

    def on_resize(self) -> None:
        self.fit()

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight, below the head."""
        width = self.scrollable_content_region.width
        index, part = divmod(y - self.HEAD + self.scroll_offset.y, self.LINES)
        if index < len(self._shown):
            return self.draw_line(self._shown[index], part, width, at_cursor=index == self.cursor)
        words = self.words_below() if index == len(self._shown) and part == 0 else None
        return Strip.blank(width, self.rich_style) if words is None else self.strip_of(words, width)

    def strip_of(self, content: Content, width: int) -> Strip:
        """A line with this content, cut where it is too wide."""
        fitted = content.truncate(width, ellipsis=True, pad=True)
        return next(iter(Visual.to_strips(self, fitted, width, 1, self.visual_style)), Strip.blank(width))

    # The cursor

    def watch_cursor(self) -> None:
        self.follow_cursor()
        self.refresh()

    def follow_cursor(self) -> None:
        """Scroll to the item under the cursor."""
        if self.cursor >= 0:
            # The head hides the first line of what Textual scrolls to the top.
            region = Region(0, self.cursor * self.LINES, 1, self.LINES + self.HEAD)
            self.scroll_to_region(region, animate=False, force=True)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(len(self._shown) - 1, self.cursor + by))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, (self.size.height - self.HEAD) // self.LINES - 1))

    def action_first(self) -> None:
        self.cursor = 0

    def action_last(self) -> None:
        self.cursor = len(self._shown) - 1

    def action_choose(self) -> None:
        if (item := self.current) is not None:
            self.post_message(self.Chosen(item))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked item; choose it where the click is the last of CLICKS."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else (offset.y - self.HEAD + self.scroll_offset.y) // self.LINES
        if offset is None or offset.y < self.HEAD or index >= len(self._shown):
            return
        event.stop()
        self.cursor = index
        if event.chain >= self.CLICKS:
            self.action_choose()

    # Its search

    @property
    def _search_line(self) -> Input | None:
        return next(iter(self.screen.query(f"#{self.id}-search").results(Input)), None)

    def action_search(self) -> None:
        if (line := self._search_line) is None:
            self.screen.mount(line := TemporarySearchLine(self), before=self)
        line.focus()

    def leave_search(self) -> bool:
        """Empty the search line and show all items; False where nothing was searched for."""
        line = self._search_line
        if line is None or not (line.value or isinstance(line, TemporarySearchLine)):
            return False
        line.value = ""
        if isinstance(line, TemporarySearchLine):
            self.focus()
            line.remove()
        return True


class SearchLine(LineInput):
    """target: the list that is searched; the arrows move its cursor while the line has the focus. Posts Typed."""

    DEFAULT_CSS = "SearchLine { border: none; height: 1; padding: 0 1; background: $boost; }"

    class Typed(Message):
        """The text of the search has changed, and with it the rows that are shown."""

    def __init__(self, target: VirtualList[Any], placeholder: str = "search: any word of a row") -> None:
        super().__init__(placeholder=placeholder, id=f"{target.id}-search", compact=True)
        self.target = target

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.target.search(event.value)
        self.post_message(self.Typed())

    def on_key(self, event: events.Key) -> None:
        if event.key in MOVES:
            event.stop()
            self.target.action_move(MOVES[event.key])


class TemporarySearchLine(SearchLine):
    """A search line that is removed when the search is left."""

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.value.strip() or not self.leave_search():
            self.target.focus()

    def leave_search(self) -> bool:
        return self.target.leave_search()
