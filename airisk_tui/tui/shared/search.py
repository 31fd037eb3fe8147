"""The search of a text, which goes from match to match (`shared.virtual_list` has that of a list)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from airisk_tui.tui.shared.keyboard.keys import bound, chosen_key
from airisk_tui.tui.shared.keyboard.line_input import LineInput


class TextSearchRow(Horizontal):
    """The text that is searched for, and which of how many matches is shown."""

    DEFAULT_CSS = """
    TextSearchRow { dock: bottom; height: 1; background: $boost; }
    TextSearchRow LineInput { border: none; height: 1; padding: 0; width: 1fr; background: $boost; }
    TextSearchRow Static { width: auto; padding: 0 1; }
    """

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield LineInput(placeholder=self._placeholder, id="text-search", compact=True)
        yield Static(markup=False)


class TextSearch(Widget):
    """A widget with lines of text that can be searched. needle: the text that is searched for; hits: the indices of the lines
    that contain it; hit: which of the hits is shown, counted on beyond both ends."""

    PLACEHOLDER = "search this page"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("search", "search"),
        bound("next-hit", "hit(1)"),
        bound("previous-hit", "hit(-1)"),
    ]
    needle = ""
    hit = 0
    hits: Sequence[int] = ()

    def draw_hits(self) -> None:
        """Draw the lines with their hits (`with_hits`), and scroll to the hit that is shown."""
        raise NotImplementedError

    @property
    def hit_line(self) -> int | None:
        """The index of the line whose hit is shown."""
        return self.hits[self.hit % len(self.hits)] if self.hits else None

    def with_hits(self, lines: Sequence[Content]) -> list[Content]:
        """The lines with each occurrence of the needle marked; finds the hits."""
        needle, marked, hits = self.needle.casefold(), list(lines), []
        for at, line in enumerate(lines) if needle else ():
            plain = line.plain.casefold()
            found = plain.find(needle)
            while found >= 0:
                marked[at] = marked[at].stylize("reverse bold", found, found + len(needle))
                hits.append(at)
                found = plain.find(needle, found + len(needle))
        self.hits = sorted({*hits})
        keys = f"{chosen_key('n')} {chosen_key('N')}"
        which = f"{self.hit % len(self.hits) + 1} of {len(self.hits)}  {keys}" if self.hits else "nothing found"
        for row in self.query(TextSearchRow):
            row.query_one(Static).update(Content(which if needle else ""))
        return marked

    async def action_search(self) -> None:
        if not self.query(TextSearchRow):
            await self.mount(TextSearchRow(self.PLACEHOLDER))
        self.query_one("#text-search").focus()

    @on(Input.Changed, "#text-search")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.needle, self.hit = event.value, 0
        self.draw_hits()

    @on(Input.Submitted, "#text-search")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.needle:
            self.focus_lines()
        else:
            self.leave_search()

    def action_hit(self, by: int) -> None:
        self.hit += by
        self.draw_hits()

    def focus_lines(self) -> None:
        """Focus the lines."""
        self.focus()

    def leave_search(self) -> bool:
        """Remove the search row and its hits; False where nothing was searched for."""
        rows = self.query(TextSearchRow)
        if not rows:
            return False
        self.needle = ""
        self.draw_hits()
        self.focus_lines()
        rows.remove()
        return True
