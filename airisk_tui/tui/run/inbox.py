"""The inbox: every request that the callback listener heard, with its verdict (threats.md L5, L6).

An entry has two lines. Only visible lines are drawn, so that a flood of stray requests cannot stall the screen (threats.md S4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from airisk_tui.insight.words.inbox import verdict
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.shared.drawing.styles import CURSOR, CURSOR_AWAY, QUIET
from airisk_tui.tui.shared.drawing.times import timestamp
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.search import SearchedList

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState, InboxEntry

TITLE = "Heard by the listener"

LINES = 2
"""Lines of an entry: the request and its verdict."""

MAX_TARGET = 200
"""Characters of a request target: the width of two screens. The inspector shows the rest."""

MAX_METHOD = 20
"""Characters of a method; the longest registered one has 17 (UPDATEREDIRECTREF)."""

ORDERS: dict[str, Callable[[InboxEntry], str] | None] = {
    "": None,
    "by verdict": lambda entry: verdict(entry),
    "by request": lambda entry: f"{entry.request.url} {entry.request.method}",
}
"""By the words for it in the title; the first is the order in which the requests were heard."""

WHEN_EMPTY = {"direct": "Asked directly: nothing to hear.", "device": "On another device: nothing to hear."}
"""By mode of the run."""


class Inbox(ScrollView, SearchedList, can_focus=True):
    """state: of the run; needle: the text of the search; order: a key of ORDERS.

    The newest entry is in sight, unless a person went up to an older one or sorted the entries.
    """

    DEFAULT_CSS = """
    Inbox { height: 1fr; width: 1fr; padding: 0 1; background: transparent; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Older"),
        bound("down", "move(1)", "Newer"),
        bound("page-up", "move(-10)", "Ten older"),
        bound("page-down", "move(10)", "Ten newer"),
        bound("begin", "move(-1000)", "The oldest"),
        bound("end", "move(1000)", "The newest"),
        bound("choose", "choose", "Inspect the request"),
        bound("sort", "sort", "Sort by verdict, by request, or as they were heard"),
    ]
    state: reactive[FlowState | None] = reactive(None, repaint=False)
    cursor: reactive[int | None] = reactive(None)
    needle: reactive[str] = reactive("")
    order: reactive[str] = reactive("")

    @dataclass
    class Chosen(Message):
        """A person chose an entry."""

        entry: InboxEntry

    @property
    def entries(self) -> tuple[InboxEntry, ...]:
        """The entries that match the search, sorted."""
        heard, words = self.state.inbox if self.state is not None else (), self.needle.casefold().split()
        found = tuple(one for one in heard if all(word in _haystack(one) for word in words)) if words else heard
        key = ORDERS[self.order]
        return found if key is None else tuple(sorted(found, key=key))

    @property
    def _words_when_empty(self) -> str:
        if self.needle.strip() and self.state is not None and self.state.inbox:
            return f"No request matches “{visible(self.needle.strip()[:MAX_METHOD])}”."
        inputs = self.state.inputs if self.state is not None else None
        return WHEN_EMPTY.get(inputs.mode if inputs else "", "Nothing heard so far.")

    @property
    def _uncounted(self) -> int:
        return self.state.inbox_total - len(self.state.inbox) if self.state is not None else 0

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """Show new entries; for another run, forget the cursor."""
        another = before is not None and (state is None or before.run_id != state.run_id)
        if another or (self.cursor is not None and self.cursor >= len(self.entries)):
            self.cursor = None
        follow = another or self.cursor is None or self.cursor == (len(before.inbox) if before else 0) - 1
        if before is not None and before.inbox is self.entries and before.inbox_total > len(self.entries):
            # Only the count of a flood has changed; drawing the whole list would send 12 KB to the terminal for each frame.
            self.refresh(Region(0, LINES * len(self.entries) - self.scroll_offset.y, self.size.width, 1))
            return
        self.virtual_size = Size(0, LINES * len(self.entries) + bool(self._uncounted))
        self._draw_count()
        self.refresh()
        if follow and not self.order:
            if self.cursor is not None:
                self.cursor = len(self.entries) - 1
            self.scroll_end(animate=False, immediate=False)

    def watch_needle(self) -> None:
        self._draw_afresh()

    def watch_order(self) -> None:
        self._draw_afresh()

    def action_sort(self) -> None:
        orders = list(ORDERS)
        self.order = orders[(orders.index(self.order) + 1) % len(orders)]

    def _draw_afresh(self) -> None:
        self.cursor = None
        self.virtual_size = Size(0, LINES * len(self.entries) + bool(self._uncounted))
        self._draw_count()
        self.refresh()

    def _draw_count(self) -> None:
        every, left = len(self.state.inbox) if self.state is not None else 0, len(self.entries)
        count = f"{left:,} of {every:,}" if left != every else f"{every:,}"
        self.border_title = Content(" · ".join(filter(None, (TITLE, count if every else "", self.order))))

    def search(self, text: str) -> None:
        self.needle = text

    def watch_cursor(self, cursor: int | None) -> None:
        self.refresh()
        if cursor is not None:
            self.scroll_to_region(Region(0, cursor * LINES, 1, LINES), animate=False)

    def render_line(self, y: int) -> Strip:
        """A line of an entry, the count of entries that were not kept, or the words for an empty inbox."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        index, part = divmod(line, LINES)
        if index < len(self.entries):
            content = self._line(index, part, width)
        elif line == LINES * len(self.entries) and self._uncounted:
            content = Content.styled(f"… and {self._uncounted:,} more that are not kept", QUIET)
        elif not self.entries and y == 0:
            content = Content.styled(self._words_when_empty, QUIET)
        else:
            return Strip.blank(width, self.rich_style)
        strips = Visual.to_strips(self, content.truncate(width, ellipsis=True, pad=True), width, 1, self.visual_style)
        return strips[0] if strips else Strip([Segment(" " * width)])

    def _line(self, index: int, part: int, width: int) -> Content:
        entry = self.entries[index]
        settled = entry.reason is None
        if part == 0:
            target = self._target(entry)
            method = visible(shortened(entry.request.method, MAX_METHOD))
            left = Content.assemble((timestamp(entry.at), QUIET), " ", (method, "bold"), " ", target)
            content = left.truncate(max(0, width - 2), ellipsis=True, pad=True)
            content = Content.assemble(content, " ", ("✓", "bold $text-success") if settled else ("✕", QUIET))
        else:
            words = Content.styled(f"  {visible(verdict(entry))}", _style(entry))
            content = words.truncate(width, ellipsis=True, pad=True)
        if index == self.cursor:
            content = content.stylize(CURSOR if self.has_focus else CURSOR_AWAY)
        return content

    def _target(self, entry: InboxEntry) -> Content:
        from airisk_tui.flow.state import secret_names
        from airisk_tui.tui.inspector.chips import Secrets, with_chips

        names = secret_names(self.state) if self.state is not None else {}
        return with_chips(entry.request.url, Secrets(names), limit=MAX_TARGET)

    def action_move(self, by: int) -> None:
        """Move the cursor; the first time, to the newest entry."""
        if self.entries:
            last = len(self.entries) - 1
            self.cursor = last if self.cursor is None else max(0, min(self.cursor + by, last))

    def action_choose(self) -> None:
        if self.entries:
            self.cursor = len(self.entries) - 1 if self.cursor is None else self.cursor
            self.post_message(self.Chosen(self.entries[self.cursor]))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = (offset.y + self.scroll_offset.y) // LINES
        if 0 <= index < len(self.entries):
            event.stop()
            self.cursor = index
            self.action_choose()


def _style(entry: InboxEntry) -> str:
    """The style of a verdict: green for the request that settled the run, that of a warning for one that may be an attack or a mistake."""
    if entry.reason is None:
        return "$text-success"
    return "$text-warning" if verdict(entry).startswith(("not believed", "refused", "held")) else QUIET


def _haystack(entry: InboxEntry) -> str:
    return f"{entry.request.method} {entry.request.url} {verdict(entry)}".casefold()
