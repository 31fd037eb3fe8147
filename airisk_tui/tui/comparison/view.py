"""Two runs in two columns: the verdict, then what differs, marked, and what is equal, dimmed."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.access import access_rows
from airisk_tui.insight.comparison.fields import compare, readable
from airisk_tui.insight.comparison.verdict import Verdict
from airisk_tui.insight.rendering import on_screen
from airisk_tui.tui.comparison.table import Heading, Line, table_lines
from airisk_tui.tui.shared.finding import FoundLines
from airisk_tui.tui.shared.keys import keyed
from airisk_tui.tui.shared.text import shown

MARKS = {"same": "", "volatile": "~", "different": "≠", "only-left": "<", "only-right": ">", "not-asked": ""}
"""By relation: a sign, so that colour alone says nothing."""


class ComparisonView(FoundLines):
    """hide_equal: whether rows are left out that are equal, or that differ between any two runs."""

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
        """The verdict and the table."""
        yield Static(id="verdict", markup=False)
        yield from super().compose()

    def show(self, left: FlowState, right: FlowState, titles: tuple[str, str], verdict: Verdict) -> None:
        """Show two states. titles: of their columns."""
        self._left, self._right, self._titles, self._verdict = left, right, titles, verdict
        self._draw()

    def watch_hide_equal(self) -> None:
        """Draw other rows."""
        if self.is_mounted:
            self._draw()

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._draw()

    def _draw(self) -> None:
        if self._left.inputs is None and self._right.inputs is None:
            return
        sentence = self.query_one("#verdict", Static)
        sign = "✓ " if self._verdict.good else "✗ "
        sentence.update(shown(sign + self._verdict.sentence))
        sentence.set_class(self._verdict.good, "-good").set_class(not self._verdict.good, "-bad")
        width = max(self.scrollable_content_region.width, 40)
        head = Line("", "", *self._titles, "bold $text-accent", words=True)
        findings = [part for line in self._findings() for part in line.wrap(width)]
        self.show_lines([*table_lines([head, *self._rows(), *self._access()], width), *findings])

    def _rows(self) -> Iterator[Line | Heading]:
        section = ""
        for row in readable(compare(self._left, self._right), self._left, self._right):
            if self.hide_equal and not row.differs:
                continue
            if row.section != section:
                section = row.section
                yield Heading(section)
            style = "bold $text-warning" if row.differs else "$text-muted" if row.relation == "same" else ""
            yield Line(MARKS[row.relation], row.field, row.left, row.right, style)

    def _access(self) -> Iterator[Line | Heading]:
        rows = access_rows(self._left, self._right)
        if rows:
            yield Heading("Access")
        endpoint = ""
        for row in rows:
            bad = row.undocumented
            style = "bold $text-error" if bad else "bold $text-warning" if row.differs else ""
            name = f"  {row.words}" if row.words and row.endpoint == endpoint else row.name
            endpoint = row.endpoint
            yield Line("✗" if bad else "≠" if row.differs else "", name, row.left, row.right, style)

    def _findings(self) -> Iterator[Content]:
        for finding in self._verdict.findings:
            yield Content("")
            yield Content.styled(f"{finding.severity.capitalize()}: ", "bold") + shown(finding.title)
            yield Content.styled("  Cause  ", "$text-muted") + shown(finding.cause)
            yield Content.styled("  Fix    ", "$text-muted") + shown(keyed(on_screen(finding.fix)))
