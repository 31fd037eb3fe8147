"""The inbox: every request that the callback listener heard, with its verdict (threats.md L5, L6).

Only the lines in sight are drawn, so that a flood of stray requests cannot stall the screen (threats.md S4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from airisk_tui.insight.words.inbox import verdict
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.shared.drawing.styles import CURSOR, CURSOR_AWAY, QUIET
from airisk_tui.tui.shared.drawing.text import MAX_LINE
from airisk_tui.tui.shared.drawing.times import timestamp
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.virtual_list import VirtualList

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState, InboxEntry

TITLE = "Heard by the listener"

MAX_METHOD = 20
"""Characters of a method; the longest registered one has 17 (UPDATEREDIRECTREF)."""

WHEN_EMPTY = {"direct": "Asked directly: nothing to hear.", "device": "On another device: nothing to hear."}
"""By mode of the run."""


class Inbox(VirtualList["InboxEntry"]):
    """state: of the run. Posts Chosen on Enter or a click.

    The newest entry is in sight, unless a person went up to an older one or sorted the entries.
    """

    DEFAULT_CSS = "Inbox { width: 1fr; padding: 0 1; background: transparent; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("choose", "choose", "Inspect the request"),
        bound("sort", "sort", "Sort by verdict, by request, or as they were heard"),
    ]
    LINES = 2  # the request and its verdict
    START = -1
    CLICKS = 1
    state: reactive[FlowState | None] = reactive(None, repaint=False)
    cursor: reactive[int] = reactive(START, repaint=False)

    def __init__(self) -> None:
        super().__init__(id="inbox", classes="box")

    def haystack(self, entry: InboxEntry) -> str:
        return f"{entry.request.method} {entry.request.url} {verdict(entry)}".casefold()

    @property
    def orders(self) -> Sequence[tuple[str, Callable[[InboxEntry], str]]]:
        return (("by verdict", verdict), ("by request", lambda entry: f"{entry.request.url} {entry.request.method}"))

    def words_below(self) -> Content | None:
        """How many entries were not kept, or why there is none."""
        if self._shown:
            more = self.state.inbox_total - len(self.state.inbox) if self.state is not None else 0
            return Content.styled(f"… and {more:,} more that are not kept", QUIET) if more else None
        if self._given:
            return Content.styled(f"No request matches “{visible(self._needle.strip()[:MAX_METHOD])}”.", QUIET)
        inputs = self.state.inputs if self.state is not None else None
        return Content.styled(WHEN_EMPTY.get(inputs.mode if inputs else "", "Nothing heard so far."), QUIET)

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """Show new entries; for another run, forget the cursor."""
        another = before is not None and (state is None or before.run_id != state.run_id)
        follows = another or self.cursor in (self.START, len(self.rows) - 1)
        heard = state.inbox if state is not None else ()
        if heard is self._given:
            # Only the count of a flood has changed; drawing the whole list would send 12 KB to the terminal for each frame.
            self.fit()
            self.refresh(Region(0, self.LINES * len(self.rows) - self.scroll_offset.y, self.size.width, 1))
            return
        if another:
            self.cursor = self.START
        self.show_items(heard)
        if follows and not self.order and not self._backwards:
            if self.cursor != self.START:
                self.action_last()
            self.scroll_end(animate=False, immediate=False)

    def fit(self) -> None:
        super().fit()
        self.border_title = Content(" · ".join(filter(None, (TITLE, self.count if self._given else "", self.order))))

    def draw_line(self, entry: InboxEntry, part: int, width: int, *, at_cursor: bool) -> Strip:
        if part == 0:
            method = visible(shortened(entry.request.method, MAX_METHOD))
            left = Content.assemble((timestamp(entry.at), QUIET), " ", (method, "bold"), " ", self._target(entry))
            content = left.truncate(max(0, width - 2), ellipsis=True, pad=True)
            mark = ("✓", "bold $text-success") if entry.reason is None else ("✕", QUIET)
            content = Content.assemble(content, " ", mark)
        else:
            words = Content.styled(f"  {visible(verdict(entry))}", _style(entry))
            content = words.truncate(width, ellipsis=True, pad=True)
        if at_cursor:
            content = content.stylize(CURSOR if self.has_focus else CURSOR_AWAY)
        return self.strip_of(content, width)

    def _target(self, entry: InboxEntry) -> Content:
        from airisk_tui.flow.state import secret_names
        from airisk_tui.tui.inspector.chips import Secrets, with_chips

        names = secret_names(self.state) if self.state is not None else {}
        return with_chips(entry.request.url, Secrets(names), limit=MAX_LINE)

    def action_move(self, by: int) -> None:
        """Move the cursor; the first time, to the newest entry."""
        super().action_move(len(self.rows) if self.cursor == self.START else by)

    def action_choose(self) -> None:
        """Choose the entry under the cursor; the first time, the newest one."""
        if self.cursor == self.START:
            self.action_last()
        super().action_choose()


def _style(entry: InboxEntry) -> str:
    """The style of a verdict: green for the request that settled the run, that of a warning for one that may be an attack or a mistake."""
    if entry.reason is None:
        return "$text-success"
    return "$text-warning" if verdict(entry).startswith(("not believed", "refused", "held")) else QUIET
