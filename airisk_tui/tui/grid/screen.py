"""Many users and what each of them reaches: a row comes as its run is done; Esc ends what goes on, then leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from airisk_tui.engine.draft import Draft
from airisk_tui.oauth.reference import plain_json
from airisk_tui.session.grid import Grid, GridRow, endpoints_of, grid_json
from airisk_tui.session.session import Session
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keys import bound
from airisk_tui.tui.shared.rowlist import Row, RowList
from airisk_tui.tui.shared.saving import save_text
from airisk_tui.tui.shared.screen import AppScreen
from airisk_tui.tui.shared.text import shown


class GridScreen(AppScreen[None]):
    """users: ids, "" for the generic token."""

    DEFAULT_CSS = """
    GridScreen #grid-title { height: 1; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("export", "export", "Write the grid as JSON, for compare --baseline"),
        bound("help", "help", "Help", priority=True),
        bound("out", "leave", "End what goes on, else back"),
        bound("interrupt", "leave", "End what goes on, else back", priority=True),
    ]
    PARTS: ClassVar[dict[str, str]] = {"grid-rows": "The users"}

    def __init__(self, session: Session, draft: Draft, users: Sequence[str]) -> None:
        super().__init__()
        self._grid = Grid(session, draft)
        self._users = tuple(users)
        self._rows: list[GridRow] = []
        self._over = False

    def compose(self) -> ComposeResult:
        """How far it is, the rows, the keys."""
        yield Static(id="grid-title", markup=False)
        yield RowList(("user", "outcome", "acts for"), "grid-rows", grow=0)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one(RowList).focus()
        self._draw()
        self.run_worker(self._fill())

    async def _fill(self) -> None:
        async for row in self._grid.rows(self._users):
            self._rows.append(row)
            self._draw()
        self._over = True
        self._draw()

    def hints(self) -> Iterator[KeyHint]:
        """The keys that do something now."""
        yield KeyHint("Esc", "Back" if self._over else "End", "leave")
        if self._rows:
            yield KeyHint("e", "Export", "export")

    def _draw(self) -> None:
        if not self.query(RowList):
            return
        endpoints = endpoints_of(self._rows)
        titles = ("user", "outcome", "acts for", *(endpoint.rpartition("/")[2][:20] for endpoint in endpoints))
        rows = [Row(row.user or " ", _cells(row, endpoints)) for row in self._rows]
        self.query_one(RowList).show_rows(rows, titles)
        done, wrong = len(self._rows), sum(row.as_asked is False for row in self._rows)
        words = f"{done} of {len(self._users)} users" + (f" · {wrong} act for somebody else ✗" if wrong else "")
        words += "" if not self._over else " · ended" if self._grid.cancelled else " · done"
        self.query_one("#grid-title", Static).update(shown(words, "bold"))
        self.draw_hints()

    def action_export(self) -> None:
        """Write the rows so far into the current folder."""
        save_text(self, "grid.json", plain_json(grid_json(self._rows)))

    def action_leave(self) -> None:
        """End what goes on, else go back."""
        if self._over:
            self.dismiss()
        else:
            self._grid.cancel()


def _cells(row: GridRow, endpoints: Sequence[str]) -> tuple[str, ...]:
    acts_for = (row.acts_for or "not told") + (" ✗" if row.as_asked is False else "")
    reached = [str(row.reached[one] or "no answer") if one in row.reached else "—" for one in endpoints]
    return (row.name, row.outcome.value, acts_for, *reached)
