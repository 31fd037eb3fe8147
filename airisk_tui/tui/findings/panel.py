"""The panel of findings: of a failed run it shows first one sentence and what to change (findings.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.tui.findings.rows import Row, rows_of
from airisk_tui.tui.shared.keys import bound
from airisk_tui.tui.shared.styles import CURSOR, CURSOR_AWAY

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.insight.finding import Pointer


class FindingRow(Static):
    """A row on the screen."""

    def __init__(self, row: Row) -> None:
        super().__init__(Content("\n").join(row.lines), markup=False)
        self.row = row

    class Clicked(Message):
        """Somebody clicked the row."""

        def __init__(self, row: FindingRow) -> None:
            self.row = row
            super().__init__()

    def on_click(self) -> None:
        """Post the click to the panel."""
        self.post_message(self.Clicked(self))


class FindingsPanel(VerticalScroll, can_focus=True):
    """The findings of a run. state, report: of that run; the panel is hidden while there is nothing to show."""

    DEFAULT_CSS = """
    FindingsPanel { height: auto; max-height: 60%; width: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    FindingsPanel.-empty { display: none; }
    FindingsPanel > FindingRow { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Previous evidence"),
        bound("down", "move(1)", "Next evidence"),
        bound("choose", "choose", "Go to the evidence; unfold"),
        bound("act", "choose", "Go to the evidence; unfold"),
    ]
    state: reactive[FlowState | None] = reactive(None, repaint=False)
    report: reactive[Report | None] = reactive(None, repaint=False)

    class EvidenceChosen(Message):
        """Somebody chose an evidence that points to a place."""

        def __init__(self, pointer: Pointer) -> None:
            self.pointer = pointer
            super().__init__()

    def __init__(self, *, id: str | None = None, applies: bool = False) -> None:
        """applies: whether the screen has a key that carries out the first finding's fix."""
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
        """Cut pairs of values to the new width."""
        self._draw()

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """Fold everything again when another run is shown."""
        if before is not None and state is not None and before.run_id != state.run_id:
            self._open, self._cursor = frozenset(), -1
        self._draw()

    def watch_report(self) -> None:
        """Draw the findings, which arrive after the state."""
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
        self.set_class(not rows, "-empty")
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
        """Move the cursor to the clicked row, and follow it."""
        event.stop()
        if event.row in self._stops:
            self._cursor = self._stops.index(event.row)
            self._mark()
            self._follow(event.row.row)

    def on_focus(self) -> None:
        """Show the cursor."""
        self._mark()

    def on_blur(self) -> None:
        """Dim the cursor."""
        self._mark()
