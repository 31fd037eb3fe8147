"""The grid: a run for each of many users, what the token of each reaches, and what differs from a saved grid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.oauth.reference import plain_json
from airisk_tui.session.grid import (
    AT_ONCE,
    RATE,
    Drift,
    Grid,
    GridRow,
    NoBaseline,
    Pace,
    drift_of,
    endpoints_of,
    grid_document,
    read_baseline,
)
from airisk_tui.session.session import Session
from airisk_tui.tui.shared.dialogs import AskScreen, path_typed
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.row_list import Row, RowList
from airisk_tui.tui.shared.saving import save_text
from airisk_tui.tui.shared.screen import AppScreen

REDRAW = 0.2
"""Seconds between two drawings while runs end: each draws all rows."""

FILE = "users.json"

BASELINE = (
    "The path of a grid that was exported here, or that `airisk-tui compare --users … --json` printed. What differs from it is "
    "marked ≠."
)


class GridScreen(AppScreen[str | None]):
    """session, draft: of the runs; users: their user ids, "" for the generic token; differing: whether to show only the rows that
    differ from most. Its result is the user id whose tokens to show, or None."""

    DEFAULT_CSS = """
    GridScreen #grid-title { height: auto; padding: 0 1; background: $panel; }
    GridScreen #grid-about { height: auto; max-height: 6; padding: 0 1; border-top: solid $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("differences", "differing", "Show only the users who differ from most, or all"),
        bound("export", "export", "Export the grid as JSON, which can be a baseline"),
        bound("import", "baseline", "Choose a baseline: a saved grid to compare with"),
        bound("again", "again", "Run all again"),
        bound("out", "back", "Leave the search, else cancel the runs, else go back", priority=True),
        bound("interrupt", "leave", "Cancel the runs, else go back", priority=True),
    ]
    PARTS: ClassVar[dict[str, str]] = {"grid-rows": "The users"}
    AUTO_FOCUS = "#grid-rows"
    differing: reactive[bool] = reactive(False, init=False)

    def __init__(self, session: Session, draft: Draft, users: Sequence[str]) -> None:
        super().__init__()
        self._session, self._draft = session, draft
        self._users = tuple(users)
        self._grid: Grid | None = None
        self._rows: list[GridRow] = []
        self._before: tuple[GridRow, ...] | None = None
        self._drift: dict[str, list[Drift]] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="grid-title", markup=False)
        yield RowList(("", "user"), "grid-rows", grow=1)
        yield Static(id="grid-about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        self.action_again()

    def hints(self) -> Iterator[KeyHint]:
        if isinstance(self.focused, Input):
            yield KeyHint("Esc", "To the list")
            return
        yield KeyHint("Esc", "Cancel" if self._grid is not None else "Back")
        yield KeyHint("Enter", "Both tokens")
        yield KeyHint("/", "Search")
        yield KeyHint("s", "Sort")
        yield KeyHint("d", "All" if self.differing else "What differs")
        yield KeyHint("i", "Baseline")
        if self._grid is None:
            yield KeyHint("e", "Export")
            yield KeyHint("a", "Run again")

    # The runs

    @work(group="grid")
    async def action_again(self) -> None:
        if self._grid is not None:
            return
        self._rows = []
        grid = self._grid = Grid(self._session, self._draft, Pace(RATE, AT_ONCE))
        timer = self.set_interval(REDRAW, self._draw)
        try:
            async for row in grid.rows(self._users):
                self._rows.append(row)
        finally:
            timer.stop()
            grid.cancel()
        self._grid = None
        self._draw()

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one("#grid-rows", RowList)

    def _of(self, key: str) -> GridRow | None:
        return next((row for row in self._rows if row.user == key), None)

    # Drawing

    def _draw(self) -> None:
        if not self.is_attached or not self.query("#grid-rows"):
            return
        self._drift = {}
        if self._before is not None:
            done = {row.user for row in self._rows}
            known = [row for row in self._before if row.user in done or self._grid is None]
            for one in drift_of(self._rows, known):
                self._drift.setdefault(one.user, []).append(one)
        endpoints = endpoints_of(self._rows)
        kept = [row for row in self._rows if not self.differing or self._stands_out(row)]
        titles = ("", "user", "outcome", "acts for", *short_names(endpoints))
        self.rows.show_rows([self._row(row, endpoints) for row in kept], titles)
        self._draw_title()
        self._draw_about()

    def _row(self, row: GridRow, endpoints: Sequence[str]) -> Row:
        drifted = {one.field for one in self._drift.get(row.name, ())}

        def cell(field: str, text: str) -> str:
            return f"{text} ≠" if field in drifted else text

        mark = "✗" if not row.good else "≠" if drifted else ""
        reached = [cell(one, str(row.reached[one] or "no answer") if one in row.reached else "—") for one in endpoints]
        acts_for = cell("acts_for", row.acts_for or "not told")
        cells = (mark, row.name, cell("outcome", row.outcome.value), acts_for, *reached)
        return Row(row.user, cells)

    def _stands_out(self, row: GridRow) -> bool:
        """Whether a row differs from most of the users' rows, or from the baseline."""
        usual = Counter(_profile(one) for one in self._rows if one.user).most_common(1)
        return not row.good or bool(self._drift.get(row.name)) or not usual or _profile(row) != usual[0][0]

    def _draw_title(self) -> None:
        of = f" of {len(self._users):,}" if self._grid is not None else ""
        count = f"{len(self._rows):,}{of} tokens"
        words = [count, *summary(self._rows)]
        if self._before is not None:
            drifted = len(self._drift)
            words.append(f"{drifted or 'none'} {'differs' if drifted == 1 else 'differ'} from the baseline")
        self.query_one("#grid-title", Static).update(
            shown(f"{words[0]}: {'; '.join(words[1:])}" if words[1:] else words[0], "bold")
        )

    def _draw_about(self) -> None:
        current = self.rows.current
        row = self._of(current.key) if current is not None else None
        lines: list[Content] = []
        if row is not None and row.finding:
            lines.append(shown(f"✗ {row.name}: {row.finding}"))
        if row is not None and row.as_asked is False:
            lines.append(shown(f"✗ The token acts for {row.acts_for}, and not for {row.name}."))
        for one in self._drift.get(row.name, ()) if row is not None else ():
            lines.append(shown(f"≠ {one.field}: {one.before or '—'} in the baseline, {one.now or '—'} now"))
        self.query_one("#grid-about", Static).update(Content("\n").join(lines))

    def watch_differing(self) -> None:
        self._draw()

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()
        self._draw_about()

    # Keys

    def action_differing(self) -> None:
        self.differing = not self.differing

    @work(group="baseline")
    async def action_baseline(self) -> None:
        answer = await self.app.push_screen_wait(AskScreen("Baseline", BASELINE, FILE))
        if not answer:
            return
        try:
            self._before = read_baseline(path_typed(answer))
        except NoBaseline as error:
            self.say(str(error), "error")
            return
        self._draw()

    def action_export(self) -> None:
        drift = [one for each in self._drift.values() for one in each]
        outcome = Outcome.TOKEN if all(row.good for row in self._rows) and not drift else Outcome.DIFFERENT
        save_text(self, FILE, plain_json(grid_document(self._rows, drift, outcome, EXIT_CODES[outcome])))

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Close the grid to show the tokens of the user under the cursor."""
        if self._grid is None and (row := self.rows.current) is not None and row.key:
            self.dismiss(row.key)

    def action_leave(self) -> None:
        """Cancel the runs, else leave the screen."""
        if self._grid is not None:
            self._grid.cancel()
        else:
            self.dismiss()


def _profile(row: GridRow) -> tuple[object, ...]:
    return row.outcome, row.as_asked, tuple(row.reached.items())


def summary(rows: Sequence[GridRow]) -> Iterator[str]:
    """The result of a grid, in clauses."""
    generic = next((row for row in rows if not row.user), None)
    users = [row for row in rows if row.user]
    if generic is not None and users:
        allowed = {name for name, status in generic.reached.items() if status is not None and status < 400}
        more = [
            row for row in users if any(s is not None and s < 400 and n not in allowed for n, s in row.reached.items())
        ]
        yield f"{len(more)} reach what generic does not"
    if failed := sum(row.outcome not in (Outcome.TOKEN, Outcome.ACCESS_REFUSED) for row in rows):
        yield f"{failed} got no token"
    if wrong := sum(row.as_asked is False for row in rows):
        yield f"{wrong} got a token for somebody else"


def short_names(endpoints: Sequence[str]) -> list[str]:
    """The last segments of the paths where those are all different, else the whole names."""
    last = [name.partition("?")[0].rstrip("/").rpartition("/")[2] for name in endpoints]
    return last if len(set(last)) == len(last) else list(endpoints)
