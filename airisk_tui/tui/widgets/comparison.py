"""Two runs in two columns: the verdict above, then what differs, marked, and what is equal, quiet."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison import Row, compare
from airisk_tui.insight.comparison_markdown import access_cells
from airisk_tui.insight.verdict import Verdict
from airisk_tui.oauth.text import visible
from airisk_tui.tui.spoken import on_screen
from airisk_tui.tui.text import shown

MARKS = {"same": " ", "volatile": "~", "different": "≠", "only-left": "<", "only-right": ">"}
"""One sign each, so that nothing is said by colour alone."""

MAX_VALUE = 400
"""Characters of a value; it is wrapped over as many lines as it needs."""

MIN_LABEL = 12
"""Cells for the names of fields at least; they get up to two fifths of the width when they need it."""


class ComparisonView(VerticalScroll, can_focus=True):
    """Shows what `show` is given; `hide_equal` leaves out the rows that are equal or were bound to differ."""

    DEFAULT_CSS = """
    ComparisonView { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ComparisonView #verdict { margin-bottom: 1; text-style: bold; }
    ComparisonView #verdict.-bad { color: $text-error; }
    ComparisonView #verdict.-good { color: $text-success; }
    """
    hide_equal: reactive[bool] = reactive(True)

    def __init__(self) -> None:
        super().__init__(id="comparison")
        self._left = self._right = FlowState()
        self._titles = ("", "")
        self._verdict = Verdict("")

    def compose(self) -> ComposeResult:
        """The sentence and the table."""
        yield Static(id="verdict", markup=False)
        yield Static(id="table", markup=False)

    def show(self, left: FlowState, right: FlowState, titles: tuple[str, str], verdict: Verdict) -> None:
        """Two states, what they are called, and the sentence above them."""
        self._left, self._right, self._titles, self._verdict = left, right, titles, verdict
        self._draw()

    def watch_hide_equal(self) -> None:
        """Draw with or without what is equal."""
        if self.is_mounted:
            self._draw()

    def on_resize(self) -> None:
        """The columns share the width."""
        self._draw()

    def _draw(self) -> None:
        if self._left.inputs is None and self._right.inputs is None:
            return
        sentence = self.query_one("#verdict", Static)
        sign = "✓ " if self._verdict.good else "✗ "
        sentence.update(shown(sign + self._verdict.sentence))
        sentence.set_class(self._verdict.good, "-good").set_class(not self._verdict.good, "-bad")
        self.query_one("#table", Static).update(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        width = max(self.scrollable_content_region.width, 40)
        rows = compare(self._left, self._right)
        names = [row.field for row in rows if row.differs or not self.hide_equal]
        names += [name for name, _, _ in access_cells(self._left, self._right)]
        label = max(MIN_LABEL, min(max(map(len, names), default=0), width * 2 // 5))
        room = (width - label - 6) // 2
        left, right = (_cut(visible(title), room) for title in self._titles)
        yield self._line(" ", "", "", label, left, right, room, "bold $text-accent")
        section = ""
        for row in rows:
            if self.hide_equal and not row.differs:
                continue
            if row.section != section:
                section = row.section
                yield Content.styled(f"{section} ".ljust(width, "─"), "$text-muted")
            yield from self._row(row, label, room)
        yield from self._access(label, room, width)
        yield from self._findings()

    def _row(self, row: Row, label: int, room: int) -> Iterator[Content]:
        mark = MARKS[row.relation]
        style = "bold $text-warning" if row.differs else "$text-muted" if row.relation == "same" else ""
        left, right = (_wrapped(value, room) for value in (row.left, row.right))
        for index in range(max(len(left), len(right))):
            name = visible(row.field) if index == 0 else ""
            one, other = ((part[index] if index < len(part) else "") for part in (left, right))
            yield self._line(mark if index == 0 else " ", name, style, label, one, other, room)

    @staticmethod
    def _line(
        mark: str, name: str, style: str, label: int, left: str, right: str, room: int, head: str = ""
    ) -> Content:
        from rich.cells import set_cell_size

        cells = (set_cell_size(_cut(name, label), label), set_cell_size(left, room), set_cell_size(right, room))
        return Content.assemble(
            (f"{mark[:1]} ", style),
            (cells[0], "$text-muted"),
            "  ",
            (cells[1], head or style),
            "  ",
            (cells[2], head or style),
        )

    def _access(self, label: int, room: int, width: int) -> Iterator[Content]:
        cells = access_cells(self._left, self._right)
        if cells:
            yield Content.styled("Access ".ljust(width, "─"), "$text-muted")
        for name, left, right in cells:
            bad = "not as documented" in left + right
            style = (
                "bold $text-error" if bad else "bold $text-warning" if left.split(",")[0] != right.split(",")[0] else ""
            )
            mark = "✗" if bad else "≠" if left.split(",")[0] != right.split(",")[0] else " "
            yield self._line(mark, _endpoint(visible(name), label), style, label, left, right, room)

    def _findings(self) -> Iterator[Content]:
        for finding in self._verdict.findings:
            yield Content("")
            yield Content.styled(f"{finding.severity.capitalize()}: ", "bold") + shown(finding.title)
            yield Content.styled("  Cause  ", "$text-muted") + shown(finding.cause)
            yield Content.styled("  Fix    ", "$text-muted") + shown(on_screen(finding.fix))


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def _endpoint(name: str, room: int) -> str:
    """An endpoint's name, its end kept: the paths differ there."""
    return name if len(name) <= room else "…" + name[-(room - 1) :]


def _wrapped(value: str | None, room: int) -> list[str]:
    """A value on as many lines as it needs."""
    from rich.cells import chop_cells

    if value is None:
        return ["—"]
    text = visible(value[:MAX_VALUE]) + ("…" if len(value) > MAX_VALUE else "")
    return chop_cells(text, room) or [""]
