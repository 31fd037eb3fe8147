"""What a run means: the first thing of a failed run is a sentence and what to change (findings.md; screens.md, run).

Every text of a finding is fit to be shown (insight.finding), and it is made into content here, never into markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.oauth.text import shortened, visible
from airisk_tui.tui.spoken import on_screen
from airisk_tui.tui.widgets.rail import CURSOR, CURSOR_AWAY, QUIET

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.insight.finding import Evidence, Finding, Pointer, Severity

SYMBOLS: dict[Severity, str] = {"error": "✗", "warning": "▲", "note": "·"}
TONES: dict[Severity, str] = {"error": "$text-error", "warning": "$text-warning", "note": QUIET}
DEPARTURES = "departures"
MAX_TEXT = 1_200
"""Characters of one text of a finding: half a screen; none of ours comes near it, so it was foreign (S4)."""

LABEL = 7
"""Columns of "Cause" and its like."""


class Row(NamedTuple):
    """Lines that belong together. leads: to the place of an evidence; folds: the code of what it opens and closes."""

    lines: tuple[Content, ...]
    leads: Pointer | None = None
    folds: str = ""

    @property
    def selectable(self) -> bool:
        """Whether the cursor stops at it."""
        return self.leads is not None or bool(self.folds)


class FindingRow(Static):
    """A row on the screen."""

    def __init__(self, row: Row) -> None:
        super().__init__(Content("\n").join(row.lines), markup=False)
        self.row = row

    class Clicked(Message):
        """The mouse was pressed on it."""

        def __init__(self, row: FindingRow) -> None:
            self.row = row
            super().__init__()

    def on_click(self) -> None:
        """Tell the panel."""
        self.post_message(self.Clicked(self))


class FindingsPanel(VerticalScroll, can_focus=True):
    """state and report: of the run; shown when the run is done, and while it waits when there is something to say."""

    DEFAULT_CSS = """
    FindingsPanel { height: auto; max-height: 60%; width: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    FindingsPanel > FindingRow { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Previous evidence", show=False),
        Binding("down,j", "move(1)", "Next evidence", show=False),
        Binding("enter,space", "choose", "Go to the evidence; unfold", show=False),
    ]
    state: reactive[FlowState | None] = reactive(None)
    report: reactive[Report | None] = reactive(None)

    class EvidenceChosen(Message):
        """A person wants to see the place of an evidence."""

        def __init__(self, pointer: Pointer) -> None:
            self.pointer = pointer
            super().__init__()

    def __init__(self, *, id: str | None = None, applies: bool = False) -> None:
        """applies: whether the screen has a key that fills in what the first finding says to change."""
        super().__init__(id=id)
        self._applies = applies
        self._open: frozenset[str] = frozenset()
        self._cursor = -1
        self._drawn: object = None
        self._rows: list[FindingRow] = []

    def on_mount(self) -> None:
        """Draw what is there."""
        self._draw()

    def on_resize(self) -> None:
        """Pairs are cut to the new width."""
        self._draw()

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """Another run begins folded."""
        if before is not None and state is not None and before.run_id != state.run_id:
            self._open, self._cursor = frozenset(), -1
        self._draw()

    def watch_report(self) -> None:
        """The findings came after the state."""
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        width = max(self.scrollable_content_region.width, 20)
        key = (self.report, self.state if self.state is None or not self.state.live else None, self._open, width)
        if key == self._drawn:
            return
        self._drawn = key
        rows = rows_of(self.state, self.report, self._open, width, applies=self._applies)
        self.display = bool(rows)
        self.remove_children()
        self._rows = [FindingRow(row) for row in rows]
        self.mount_all(self._rows)
        self.call_after_refresh(self._mark)

    @property
    def _stops(self) -> list[FindingRow]:
        return [child for child in self._rows if child.row.selectable]

    def _mark(self) -> None:
        """Show the cursor where it is."""
        self._cursor = min(self._cursor, len(self._stops) - 1)
        for index, child in enumerate(self._stops):
            first, *rest = child.row.lines
            if index == self._cursor:
                first = first.stylize(CURSOR if self.has_focus else CURSOR_AWAY)
            child.update(Content("\n").join([first, *rest]))

    def action_move(self, by: int) -> None:
        """Move between what can be opened; beyond the ends the text scrolls."""
        stops = self._stops
        if not stops or not 0 <= self._cursor + by < len(stops):
            self.scroll_relative(y=by * 2, animate=False)
            return
        self._cursor += by
        self._mark()
        self.scroll_to_widget(stops[self._cursor], animate=False)

    def action_choose(self) -> None:
        """Go to the evidence under the cursor, or unfold."""
        stops = self._stops
        if 0 <= self._cursor < len(stops):
            self._follow(stops[self._cursor].row)

    def _follow(self, row: Row) -> None:
        if row.leads is not None:
            self.post_message(self.EvidenceChosen(row.leads))
        elif row.folds:
            self._open = self._open ^ {row.folds}
            self._draw()

    def on_finding_row_clicked(self, event: FindingRow.Clicked) -> None:
        """The row under the mouse."""
        event.stop()
        if event.row in self._stops:
            self._cursor = self._stops.index(event.row)
            self._mark()
            self._follow(event.row.row)

    def on_focus(self) -> None:
        """The cursor shows."""
        self._mark()

    def on_blur(self) -> None:
        """The cursor steps back."""
        self._mark()


def rows_of(
    state: FlowState | None, report: Report | None, unfolded: frozenset[str], width: int, *, applies: bool = False
) -> list[Row]:
    """The panel's rows: the first finding in full, the others folded, the departures of AIRisk in one quiet line."""
    if report is None or state is None or state.inputs is None:
        return []
    mine = [finding for finding in report.findings if finding.group is None]
    departures = [finding for finding in report.findings if finding.group is not None]
    weighty = [finding for finding in mine if finding.severity != "note"]
    rows: list[Row] = []
    if not weighty:
        rows += _calm(state)
    for index, finding in enumerate(mine):
        if index == 0 and weighty:
            rows += [_headline(finding), *_details(finding, width, applies and finding.change is not None)]
            continue
        rows.append(_folded(finding, finding.code in unfolded, width))
        if finding.code in unfolded:
            rows += _details(finding, width)
    return rows + _departures(departures, unfolded, width)


def _calm(state: FlowState) -> list[Row]:
    """A run in which nothing went wrong."""
    if state.live or state.outcome is None or state.inputs is None:
        return []
    from airisk_tui.flow.phases import Outcome

    kind = state.inputs.kind
    sentences = {
        Outcome.TOKEN: f"A {kind} token came, and nothing is wrong with the run.",
        Outcome.CODE: "A code came, and no more was asked for.",
        Outcome.CANCELLED: "The run was cancelled.",
    }
    sentence = sentences.get(state.outcome, f"The run ended: {state.outcome.value}.")
    good = state.outcome in (Outcome.TOKEN, Outcome.CODE)
    mark, tone = ("✓", "bold $text-success") if good else ("–", "bold")
    return [Row((Content.styled(f"{mark} {sentence}", tone),))]


def _headline(finding: Finding) -> Row:
    tone = TONES[finding.severity]
    text = visible(shortened(finding.title, MAX_TEXT))
    return Row((Content.styled(f"{SYMBOLS[finding.severity]} {text}", f"bold {tone}"), Content("")))


def _folded(finding: Finding, is_open: bool, width: int) -> Row:
    text = visible(shortened(finding.title, MAX_TEXT))
    line = Content.assemble(
        ("▾ " if is_open else "▸ ", QUIET), (f"{SYMBOLS[finding.severity]} ", TONES[finding.severity]), text
    )
    return Row((line if is_open else line.truncate(width, ellipsis=True),), folds=finding.code)


def _details(finding: Finding, width: int, by_key: bool = False) -> list[Row]:
    """by_key: whether a key of the screen carries the fix out."""
    rows = [_labelled("Fix", on_screen(finding.fix), width, "bold")]
    rows += [Row((Content.assemble(" " * LABEL, ("f", "bold $text-accent"), (" does it", QUIET)),))] if by_key else []
    rows.append(_labelled("Cause", finding.cause, width))
    if finding.runner_up:
        rows.append(_labelled("Or", on_screen(finding.runner_up), width))
    rows += [Row((Content(""),))] if finding.evidence else []
    rows += [_evidence(evidence, width) for evidence in finding.evidence]
    reference = visible(shortened(f"{finding.code} · {finding.reference}", MAX_TEXT))
    return [*rows, Row((Content.styled(reference, QUIET), Content("")))]


def _labelled(label: str, text: str, width: int, style: str = "") -> Row:
    """A label, and its text wrapped in a column of its own."""
    parts = Content.styled(visible(shortened(text, MAX_TEXT)), style).wrap(max(width - LABEL, 10)) or [Content("")]
    first = Content.assemble((label.ljust(LABEL), QUIET), parts[0])
    return Row((first, *(Content.assemble(" " * LABEL, part) for part in parts[1:])))


def _evidence(evidence: Evidence, width: int) -> Row:
    arrow = ("→ ", "$text-accent") if evidence.pointer is not None else ("  ", "")
    label = visible(shortened(evidence.label, MAX_TEXT))
    if evidence.sent is None or evidence.came is None:
        text = visible(shortened(evidence.text, MAX_TEXT))
        line = Content.assemble(arrow, (label, "$text-primary"), "  " if text else "", text)
        return Row(tuple(line.wrap(width)), leads=evidence.pointer)
    from airisk_tui.tui.widgets.findings_pair import pair_lines

    lines = [Content.assemble("  ", line) for line in pair_lines(evidence, width - 2)]
    return Row((Content.assemble(arrow, (label, "$text-primary")), *lines), leads=evidence.pointer)


def _departures(found: list[Finding], unfolded: frozenset[str], width: int) -> list[Row]:
    if not found:
        return []
    is_open = DEPARTURES in unfolded
    mark = "▾" if is_open else "▸"
    words = (
        f"{mark} {len(found)} known departures of AIRisk" if len(found) > 1 else f"{mark} 1 known departure of AIRisk"
    )
    head = Row((Content.styled(f"{words} from the RFCs", QUIET).truncate(width, ellipsis=True),), folds=DEPARTURES)
    if not is_open:
        return [head]
    rows = [head]
    for finding in found:
        rows.append(Row((Content.styled(f"  · {visible(shortened(finding.title, MAX_TEXT))}", QUIET),)))
        rows.append(Row((Content.styled(f"    {visible(finding.reference)}", QUIET),)))
    return rows
