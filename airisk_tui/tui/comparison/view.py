"""The comparison of two runs in two columns: the verdict, then the values that differ, marked, and those that are equal, dimmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.access import access_rows
from airisk_tui.insight.comparison.fields import compare, readable
from airisk_tui.insight.comparison.verdict import Verdict
from airisk_tui.tui.comparison.table import Line, TablePage
from airisk_tui.tui.findings.panel import brief_lines
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.screen import screen_of

MARKS = {"same": "", "volatile": "~", "different": "≠", "only-left": "<", "only-right": ">", "not-asked": ""}
"""By relation, a mark: nothing is told by colour alone."""

TOKEN_SECTIONS = ("Token", "Header", "Claims")


class ComparisonView(TablePage):
    """hide_equal: whether to leave out the rows that are equal, and those that differ between any two runs."""

    DEFAULT_CSS = """
    ComparisonView #verdict { margin-bottom: 1; text-style: bold; }
    ComparisonView #verdict.-bad { color: $text-error; }
    ComparisonView #verdict.-good { color: $text-success; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("differences", "hide_equal")]
    hide_equal: reactive[bool] = reactive(True, init=False)

    def __init__(self) -> None:
        super().__init__(id="comparison")
        self._compared: tuple[FlowState, FlowState, tuple[str, str], Verdict] | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="verdict", markup=False)
        yield from super().compose()

    def show(self, left: FlowState, right: FlowState, titles: tuple[str, str], verdict: Verdict) -> None:
        """Show two states. titles: of their columns."""
        self._compared = left, right, titles, verdict
        sentence = self.query_one("#verdict", Static)
        sentence.update(shown(("✓ " if verdict.good else "✗ ") + verdict.sentence))
        sentence.set_class(verdict.good, "-good").set_class(not verdict.good, "-bad")
        self.watch_hide_equal()

    def action_hide_equal(self) -> None:
        if self._compared is None:
            screen_of(self).say("There is no comparison yet: it needs both tokens.", "warning")
        else:
            self.hide_equal = not self.hide_equal

    def watch_hide_equal(self) -> None:
        if self._compared is None:
            return
        left, right, titles, verdict = self._compared
        rows = readable(compare(left, right), left, right)
        access = list(_access(left, right))
        alone = (left.token is None) is not (right.token is None)
        sections: dict[str, list[Line]] = {}
        for row in rows:
            # Where only one run has a token, every row of the token differs; the section of the steps says so once.
            if not self.hide_equal or (row.differs and not (alone and row.section in TOKEN_SECTIONS)):
                style = "bold $text-warning" if row.differs else "$text-muted" if row.relation == "same" else ""
                line = Line(MARKS[row.relation], row.field, row.left, row.right, style)
                sections.setdefault(row.section, []).append(line)
        head = Line("", "", *titles, "bold $text-accent", words=True)
        findings = [line for finding in verdict.findings for line in (Content(""), *brief_lines(finding))]
        self.lay_out(head, {**sections, "Access": access}, len(rows) + len(access), findings)


def _access(left: FlowState, right: FlowState) -> Iterator[Line]:
    endpoint = ""
    for row in access_rows(left, right):
        bad = row.undocumented
        style = "bold $text-error" if bad else "bold $text-warning" if row.differs else ""
        name = f"  {row.words}" if row.words and row.endpoint == endpoint else row.name
        endpoint = row.endpoint
        yield Line("✗" if bad else "≠" if row.differs else "", name, row.left, row.right, style, words=True)
