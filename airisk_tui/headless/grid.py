"""`airisk-tui compare --users`: what the tokens of many users reach, and what has changed since a saved grid."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless.flow.options import draft_of, session_of
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.headless.shared.table import table
from airisk_tui.insight.words.outcomes import OUTCOMES
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.files import reason
from airisk_tui.session.grid import (
    ALL,
    GENERIC,
    RATE,
    Drift,
    Grid,
    GridRow,
    Pace,
    drift_of,
    endpoints_of,
    grid_document,
    read_baseline,
)
from airisk_tui.systems import on_signals

MAX_USERS = 10_000


async def grid(args: argparse.Namespace) -> int:
    """Print the grid; exit 10 where a user got no token or something differs from the baseline, 130 where it was cancelled.

    Raises Refused.
    """
    before = read_baseline(args.baseline) if args.baseline is not None else None
    named = _named(args.users)
    async with session_of(args) as session:
        made = Grid(session, await draft_of(args, session), Pace(args.rate or RATE))
        with on_signals(made.cancel):
            users = await made.everyone() if named == (ALL,) else named
            rows = [row async for row in _narrated(made, users)]
    drift = drift_of(rows, before) if before is not None else ()
    outcome = _outcome(rows, drift, cancelled=made.cancelled)
    code = EXIT_CODES[outcome]
    if args.json:
        output.put_json(grid_document(rows, drift, outcome, code))
    else:
        for line in (*_table(rows), *_drifted(drift)):
            output.put(line)
    return code


async def _narrated(made: Grid, users: Sequence[str]) -> Any:
    done = 0
    async for row in made.rows(users):
        done += 1
        why = f". {row.finding}" if row.finding else ""
        output.say(visible(f"{done} of {len(users)}, {row.name}: {OUTCOMES[row.outcome]}{why}"))
        yield row


def _named(text: str) -> tuple[str, ...]:
    """The user ids that the option names; with @FILE, those of a file, one on each line. Raises UsageError."""
    if text.startswith("@"):
        try:
            names = Path(text[1:]).read_text(encoding="utf-8").split("\n")
        except OSError as error:
            raise UsageError(f"--users {text[:80]} cannot be read: {reason(error)}.") from error
        except ValueError as error:
            raise UsageError(f"--users {text[:80]} cannot be read: it is no text in UTF-8.") from error
    else:
        names = text.split(",")
    users = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not users or len(users) > MAX_USERS:
        raise UsageError(f"--users expects 1 to {MAX_USERS:,} user ids with commas between them, @FILE, or {ALL}.")
    return users if users == (ALL,) else tuple("" if user == GENERIC else user for user in users)


def _outcome(rows: Sequence[GridRow], drift: Sequence[Drift], *, cancelled: bool) -> Outcome:
    if cancelled:
        return Outcome.CANCELLED
    return Outcome.TOKEN if all(row.good for row in rows) and not drift else Outcome.DIFFERENT


def _table(rows: Sequence[GridRow]) -> Iterator[str]:
    endpoints = endpoints_of(rows)
    lines = [("user", "outcome", "acts for", *endpoints)]
    for row in rows:
        cells = [str(row.reached[one] or "no answer") if one in row.reached else "—" for one in endpoints]
        mark = " ✗" if row.as_asked is False else ""
        lines.append((row.name, row.outcome.value, (row.acts_for or "not told") + mark, *cells))
    shown = [[*map(visible, line)] for line in lines]
    yield from table(shown[0], shown[1:], None)


def _drifted(drift: Sequence[Drift]) -> Iterator[str]:
    for one in drift:
        yield visible(f"drift  {one.user}  {one.field}: {one.before or '—'} → {one.now or '—'}")
