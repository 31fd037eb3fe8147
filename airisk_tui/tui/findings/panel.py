"""The panel of findings: the first finding in full, with its fix, cause and evidence, and the others folded (findings.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from airisk_tui.insight.rendering import CERTAINTY, on_screen
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.shared.drawing.styles import CURSOR, CURSOR_AWAY, QUIET, SEVERITIES
from airisk_tui.tui.shared.drawing.text import FittedText, beside, shown
from airisk_tui.tui.shared.keyboard.keys import bound, chosen_key, with_chosen_keys

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.insight.finding import Evidence, Finding, Pointer, Severity

TONES: dict[Severity, str] = {"error": "$text-error", "warning": "$text-warning", "note": QUIET}
DEPARTURES = "departures"

MAX_TEXT = 1_200
"""Characters of one text of a finding: half a screen, more than any text of the catalogue (threats.md S4)."""

LABEL = 7
"""Columns of "Cause" and its like."""


class Row(NamedTuple):
    """Lines that belong together. lines: makes them for a width in cells; leads: the place that a piece of evidence points to; folds:
    the code of the finding that the row opens and closes."""

    lines: Callable[[int], Sequence[Content]]
    leads: Pointer | None = None
    folds: str = ""

    @property
    def selectable(self) -> bool:
        """Whether the cursor stops at it."""
        return self.leads is not None or bool(self.folds)


def _plain(line: Content) -> Row:
    return Row(lambda width: (line,))


def _text(text: str) -> str:
    """A text of a finding, which may quote foreign text, for the screen."""
    return visible(shortened(text, MAX_TEXT))


BLANK = _plain(Content(""))


def rows_of(
    state: FlowState | None, report: Report | None, unfolded: frozenset[str], *, applies: bool = False
) -> list[Row]:
    """The rows of the panel: the first finding in full, the others folded, and AIRisk's departures in one row. unfolded: the codes of
    the findings that are open; applies: see `FindingsPanel`."""
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
            rows += [_headline(finding), BLANK, *_details(finding, applies=applies)]
            continue
        rows.append(_folded(finding, finding.code in unfolded))
        if finding.code in unfolded:
            rows += _details(finding)
    rows += _departures(departures, unfolded)
    return rows[:-1] if rows and rows[-1] is BLANK else rows


def _calm(state: FlowState) -> list[Row]:
    """The rows of a run in which nothing went wrong."""
    if state.live or state.outcome is None or state.inputs is None:
        return []
    from airisk_tui.flow.phases import Outcome
    from airisk_tui.flow.reading.identity import identity_sentence
    from airisk_tui.insight.words.outcomes import OUTCOMES

    sentences = {
        Outcome.TOKEN: f"A token came ({identity_sentence(state)}), and nothing is wrong with the run.",
        Outcome.CODE: "A code came, and no more was asked for.",
        Outcome.CANCELLED: "The run was cancelled.",
    }
    sentence = sentences.get(state.outcome, f"The run ended: {OUTCOMES[state.outcome]}.")
    good = state.outcome in (Outcome.TOKEN, Outcome.CODE)
    mark, tone = ("✓", "bold $text-success") if good else ("–", "bold")
    return [_plain(Content.styled(f"{mark} {sentence}", tone))]


def brief_lines(finding: Finding) -> list[Content]:
    """A finding in three lines, for other views: title, fix and cause."""
    return [
        Content.styled(f"{SEVERITIES[finding.severity]} ", "bold") + shown(finding.title, "bold"),
        Content.assemble(("Fix    ", QUIET), shown(with_chosen_keys(on_screen(finding.fix)))),
        Content.assemble(("Cause  ", QUIET), shown(finding.cause)),
    ]


def _headline(finding: Finding) -> Row:
    words = f"{SEVERITIES[finding.severity]} {_text(finding.title)}"
    return _plain(Content.styled(words, f"bold {TONES[finding.severity]}"))


def _folded(finding: Finding, is_open: bool) -> Row:
    line = Content.assemble(
        ("▾ " if is_open else "▸ ", QUIET),
        (f"{SEVERITIES[finding.severity]} ", TONES[finding.severity]),
        _text(finding.title),
    )
    return Row(lambda width: (line if is_open else line.truncate(width, ellipsis=True),), folds=finding.code)


def _details(finding: Finding, *, applies: bool = False) -> Iterator[Row]:
    """Fix, cause, evidence and reference of a finding."""
    yield _labelled("Fix", with_chosen_keys(on_screen(finding.fix)), "bold")
    if applies and finding.ways:
        does = " does it" if finding.plain_way else " fills it in, after a question"
        yield _plain(Content.assemble(" " * LABEL, (chosen_key("f"), "bold $text-accent"), (does, QUIET)))
    yield _labelled("Either" if finding.undecided else "Cause", finding.cause)
    if finding.runner_up:
        yield _labelled("Or", finding.runner_up)
    if finding.evidence:
        yield BLANK
    for evidence in finding.evidence:
        yield Row(partial(_evidence_lines, evidence), leads=evidence.pointer)
    reference = f"{CERTAINTY[finding.certainty]} · {finding.code} · {finding.reference}"
    yield _plain(Content.styled(_text(reference), QUIET))
    yield BLANK


def _labelled(label: str, text: str, style: str = "") -> Row:
    """A label, and its text wrapped in a column of its own."""
    lead, whole = Content.styled(label, QUIET), Content.styled(_text(text), style)
    return Row(lambda width: beside(lead, whole.wrap(max(width - LABEL, 10)), LABEL))


def _evidence_lines(evidence: Evidence, width: int) -> Sequence[Content]:
    arrow = ("→ ", "$text-accent") if evidence.pointer is not None else ("  ", "")
    label = (_text(evidence.label), "$text-primary")
    if evidence.sent is None or evidence.came is None:
        text = _text(evidence.text)
        return Content.assemble(arrow, label, "  " if text else "", text).wrap(width)
    return [Content.assemble(arrow, label), *(Content("  ") + line for line in pair_lines(evidence, width - 2))]


def _departures(found: list[Finding], unfolded: frozenset[str]) -> Iterator[Row]:
    if not found:
        return
    mark = "▾" if DEPARTURES in unfolded else "▸"
    count = f"{len(found)} known departures" if len(found) > 1 else "1 known departure"
    head = Content.styled(f"{mark} {count} of AIRisk from the RFCs", QUIET)
    yield Row(lambda width: (head.truncate(width, ellipsis=True),), folds=DEPARTURES)
    for finding in found if DEPARTURES in unfolded else ():
        yield _plain(Content.styled(f"  · {_text(finding.title)}", QUIET))
        yield _plain(Content.styled(f"    {visible(finding.reference)}", QUIET))


LEAD = 8
"""Columns of the values' names."""

AHEAD = 8
"""Characters after the difference that should stay visible."""


def pair_lines(evidence: Evidence, width: int) -> list[Content]:
    """Both values and the caret, each in one line of at most `width` columns."""
    at = evidence.differs_at
    room = max(width - LEAD, 8)
    values = (evidence.sent or "", evidence.came or "")
    start = _start(values, at or 0, room)
    lines = [
        Content.assemble((name.ljust(LEAD), QUIET), _window(value, start, room, at))
        for name, value in zip(evidence.names, values, strict=True)
    ]
    if at is None:
        return lines
    before = cell_len(values[0][start:at]) + (1 if start else 0)
    return [*lines, Content.assemble(" " * (LEAD + min(before, room - 1)), ("^", "bold $text-error"))]


def _start(values: tuple[str, str], at: int, room: int) -> int:
    """The index of the first character to show: 0 where the difference fits, else one at which the difference is visible."""
    if at < room and cell_len(max(values, key=len)[: at + AHEAD]) < room:
        return 0
    start, used = at, 0
    while start > 0 and used < room - AHEAD * 2 - 2:
        start -= 1
        used += cell_len(values[0][start])
    return start


def _window(value: str, start: int, room: int, at: int | None) -> Content:
    """The value from `start` on, with an ellipsis where it is cut, and the differing character highlighted."""
    content = Content(value[start : start + room + 1])
    if at is not None and start <= at < len(value):
        content = content.stylize("bold $text-error on $error-muted", at - start, at - start + 1)
    if start:
        content = Content.assemble(("…", QUIET), content)
    return content.truncate(room, ellipsis=True)


class FindingRow(FittedText):
    """A row of the panel. highlight: the style of its first line where the cursor is on it, else ""."""

    highlight: reactive[str] = reactive("")

    def __init__(self, row: Row) -> None:
        super().__init__(row.lines)
        self.row = row

    def render(self) -> Content:
        text = super().render()
        return text.stylize(self.highlight, 0, len(text.plain.partition("\n")[0]))

    def on_click(self) -> None:
        self.query_ancestor(FindingsPanel).choose(self)


class FindingsPanel(VerticalScroll, can_focus=True):
    """state, report: of the run. The panel is hidden while there is nothing to show. Posts EvidenceChosen."""

    DEFAULT_CSS = """
    FindingsPanel { height: auto; max-height: 60%; width: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    FindingsPanel.-empty { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Previous evidence"),
        bound("down", "move(1)", "Next evidence"),
        bound("choose", "choose", "Go to the evidence; unfold"),
        bound("act", "choose", "Go to the evidence; unfold"),
    ]
    state: reactive[FlowState | None] = reactive(None, repaint=False)
    report: reactive[Report | None] = reactive(None, repaint=False)

    @dataclass
    class EvidenceChosen(Message):
        """A person chose evidence that points to a place."""

        pointer: Pointer

    def __init__(self, *, applies: bool = False) -> None:
        """applies: whether the screen has a key that fills the first finding's fix into the form."""
        super().__init__(id="findings")
        self._applies = applies
        self._open: frozenset[str] = frozenset()
        self._cursor = -1
        self._drawn: object = None
        self._rows: list[FindingRow] = []

    def on_mount(self) -> None:
        self._draw()

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """Close all findings when another run is shown."""
        if before is not None and state is not None and before.run_id != state.run_id:
            self._open, self._cursor = frozenset(), -1
        self._draw()

    def watch_report(self) -> None:
        self._draw()

    def _draw(self) -> None:
        key = (self.report, self.state if self.state is None or not self.state.live else None, self._open)
        if not self.is_attached or key == self._drawn:
            return
        self._drawn = key
        self._rows = [FindingRow(row) for row in rows_of(self.state, self.report, self._open, applies=self._applies)]
        self.set_class(not self._rows, "-empty")
        self.remove_children()
        self.mount_all(self._rows)
        self._mark()

    @property
    def _stops(self) -> list[FindingRow]:
        return [child for child in self._rows if child.row.selectable]

    def _mark(self) -> None:
        """Draw the cursor."""
        self._cursor = min(self._cursor, len(self._stops) - 1)
        for index, child in enumerate(self._stops):
            child.highlight = (CURSOR if self.has_focus else CURSOR_AWAY) if index == self._cursor else ""

    def action_move(self, by: int) -> None:
        """Move the cursor between the rows that can be chosen; beyond the first and the last one, scroll."""
        stops = self._stops
        if not stops or not 0 <= self._cursor + by < len(stops):
            self.scroll_relative(y=by * 2, animate=False)
            return
        self._cursor += by
        self._mark()
        self.scroll_to_widget(stops[self._cursor], animate=False)

    def action_choose(self) -> None:
        if 0 <= self._cursor < len(self._stops):
            self.choose(self._stops[self._cursor])

    def choose(self, chosen: FindingRow) -> None:
        """Go to the evidence of a row, or open or close its finding; nothing happens for a row without either."""
        if chosen not in self._stops:
            return
        self._cursor = self._stops.index(chosen)
        self._mark()
        if chosen.row.leads is not None:
            self.post_message(self.EvidenceChosen(chosen.row.leads))
        else:
            self._open = self._open ^ {chosen.row.folds}
            self._draw()

    def on_focus(self) -> None:
        self._mark()

    def on_blur(self) -> None:
        self._mark()
