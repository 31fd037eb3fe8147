"""Finding a text among lines: `/` asks for it as it is typed, n and N go to the next and the previous line that has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, Static

from airisk_tui.tui.shared.keys import as_chosen, bound
from airisk_tui.tui.shared.line import LineInput


class FindRow(Horizontal):
    """The text that is looked for, and how often it was found."""

    DEFAULT_CSS = """
    FindRow { dock: bottom; height: 1; background: $boost; }
    FindRow LineInput { border: none; height: 1; padding: 0; width: 1fr; background: $boost; }
    FindRow Static { width: auto; padding: 0 1; }
    """

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The field and the count."""
        yield LineInput(placeholder=self._placeholder, id="find", compact=True)
        yield Static(markup=False)


class Finding(Widget):
    """A part with lines among which a text can be found."""

    LOOKED_THROUGH = "find on this page"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("search", "find"),
        bound("next-hit", "hit(1)"),
        bound("previous-hit", "hit(-1)"),
    ]
    needle = ""
    hit = 0
    hits: Sequence[int] = ()
    """The lines that have the text."""

    def draw_found(self) -> None:
        """Draw the lines anew by `found_in`, and bring the one that was gone to into sight."""
        raise NotImplementedError

    @property
    def found_line(self) -> int | None:
        """The line that was gone to."""
        return self.hits[self.hit % len(self.hits)] if self.hits else None

    def found_in(self, lines: Sequence[Content]) -> list[Content]:
        """The lines with every place marked where the text stands."""
        needle, marked, hits = self.needle.casefold(), list(lines), []
        for at, line in enumerate(lines) if needle else ():
            plain = line.plain.casefold()
            found = plain.find(needle)
            while found >= 0:
                marked[at] = marked[at].stylize("reverse bold", found, found + len(needle))
                hits.append(at)
                found = plain.find(needle, found + len(needle))
        self.hits = sorted({*hits})
        keys = f"{as_chosen('n')} {as_chosen('N')}"
        which = f"{self.hit % len(self.hits) + 1} of {len(self.hits)}  {keys}" if self.hits else "nothing found"
        for row in self.query(FindRow):
            row.query_one(Static).update(Content(which if needle else ""))
        return marked

    async def action_find(self) -> None:
        """Ask for a text, and go to it as it is typed."""
        if not self.query(FindRow):
            await self.mount(FindRow(self.LOOKED_THROUGH))
        self.query_one("#find").focus()

    @on(Input.Changed, "#find")
    def _find(self, event: Input.Changed) -> None:
        event.stop()
        self.needle, self.hit = event.value, 0
        self.draw_found()

    @on(Input.Submitted, "#find")
    def _found(self, event: Input.Submitted) -> None:
        event.stop()
        if self.needle:
            self.focus_lines()
        else:
            self.leave_search()

    def action_hit(self, by: int) -> None:
        """Go to the next or the previous line that has the text."""
        self.hit += by
        self.draw_found()

    def focus_lines(self) -> None:
        """Put the focus on the lines."""
        self.focus()

    def leave_search(self) -> bool:
        """Look for nothing any more, as one step out; False where nothing was looked for."""
        rows = self.query(FindRow)
        if not rows:
            return False
        self.needle = ""
        self.draw_found()
        self.focus_lines()
        rows.remove()
        return True


class FoundLines(VerticalScroll, Finding, can_focus=True):
    """Lines that are scrolled, each as wide as the widget at most."""

    LOOKED_THROUGH = "find in this table"
    _lines: Sequence[Content] = ()

    def compose(self) -> ComposeResult:
        """The lines."""
        yield Static(id="lines", markup=False)

    def show_lines(self, lines: Sequence[Content]) -> None:
        """Show other lines."""
        self._lines = lines
        self._draw_lines()

    def _draw_lines(self) -> None:
        self.query_one("#lines", Static).update(Content("\n").join(self.found_in(self._lines)))

    def draw_found(self) -> None:
        """Draw them, and scroll to the one that was gone to."""
        self._draw_lines()
        if self.found_line is not None:
            top = self.query_one("#lines").virtual_region.y
            self.scroll_to_region(Region(0, top + self.found_line, 1, 2), animate=False)  # the last line is the row's
