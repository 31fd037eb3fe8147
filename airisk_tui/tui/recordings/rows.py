"""The library's rows: what each column shows, and how they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from airisk_tui.flow.phases import Outcome
from airisk_tui.recording.summary import Summary
from airisk_tui.tui.shared.rowlist import Row

COLUMNS = (" ", "when", "environment", "kind", "outcome", "duration", "first finding")
BRIEF = {"environment": "env", "duration": "took"}
"""Shorter heads where there is little room."""

UNFINISHED = "unfinished"
UNREADABLE = "cannot be opened"
OUTCOMES = (*(outcome.value for outcome in Outcome), UNFINISHED, UNREADABLE)

SORTS = ("when", "environment", "kind", "outcome", "first finding", "duration")
_KEYS: dict[str, Callable[[Summary], Any]] = {
    "when": lambda row: -row.when,
    "environment": lambda row: row.environment.casefold(),
    "kind": lambda row: row.kind,
    "outcome": lambda row: OUTCOMES.index(words_of(row)) if words_of(row) in OUTCOMES else len(OUTCOMES),
    "first finding": lambda row: (row.first_finding is None, row.first_finding or ""),
    "duration": lambda row: -row.duration,
}
"""Newest and longest first; of equal ones the newest."""

EMPTY = (
    "The library is empty.\n\nEvery run is recorded here while it happens, unless the program was started without recording: "
    "go back with Esc and press ^R or ^D. Or press i to import a recording, or a HAR of a browser or a proxy."
)


def words_of(row: Summary) -> str:
    """The outcome as the column shows it."""
    if row.refused is not None:
        return UNREADABLE
    return row.outcome or UNFINISHED


def row_of(row: Summary, marked: bool, brief: bool) -> Row:
    """A row of the list."""
    cells = _cells(row, marked)
    if brief:
        cells = (
            cells[0],
            cells[1][5:],
            cells[2],
            row.userid or row.kind,
            cells[4],
            cells[5].strip().rjust(6),
            cells[6],
        )
    return Row(row.name, cells, _haystack(row))


def _cells(row: Summary, marked: bool) -> tuple[str, ...]:
    sign = ("●" if marked else "") + ("!" if row.secrets else "")
    kind = f"user {row.userid}" if row.userid else row.kind
    finding = row.refused or row.first_finding or (f"“{row.title}”" if row.title else "")
    if row.title and row.first_finding:
        finding = f"“{row.title}”  {row.first_finding}"
    duration = f"{row.duration:.1f} s".rjust(8)
    return (sign, when_of(row), row.environment, kind, words_of(row), duration, finding)


def when_of(row: Summary) -> str:
    """The time of the run, on this machine's clock."""
    return datetime.fromtimestamp(row.when).strftime("%Y-%m-%d %H:%M:%S") if row.when else "unknown"


def titles(order: str, backwards: bool, brief: bool) -> tuple[str, ...]:
    """The heads of the columns, with a mark at the one that the rows are sorted by."""
    names = {name: BRIEF.get(name, name) if brief else name for name in COLUMNS}
    return tuple(f"{head} {'▴' if backwards else '▾'}" if name == order else head for name, head in names.items())


def _haystack(row: Summary) -> str:
    secrets = "secrets" if row.secrets else ""
    parts = (row.name, row.environment, row.kind, words_of(row), row.first_finding, row.userid, row.title, secrets)
    return " ".join((*(part for part in parts if part), when_of(row), row.origin)).casefold()


def sorted_rows(rows: Iterable[Summary], order: str, backwards: bool) -> list[Summary]:
    """By a column, and among equals by time, the newest first; `rows` come newest first."""
    return sorted(rows, key=_KEYS[order], reverse=backwards)
