"""`airisk-tui compare --users`: many users and what each reaches, and what changed since a saved grid."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless import output
from airisk_tui.headless.flow_options import draft_of, session_of
from airisk_tui.headless.process import UsageError
from airisk_tui.oauth.text import visible
from airisk_tui.session.grid import ALL, GENERIC, RATE, Drift, Grid, GridRow, Pace, drift_of
from airisk_tui.systems import on_signals

MAX_BASELINE = 64 * 1024 * 1024
"""Bytes: ten thousand users with a hundred endpoints."""

MAX_USERS = 10_000


async def grid(args: argparse.Namespace) -> int:
    """Print the grid; exit 10 where something drifted or a user got no token, 130 when it was cancelled. Raises UsageError."""
    before = _baseline(args.baseline) if args.baseline is not None else None
    named = _named(args.users)
    args.no_record = True  # the grid is what is kept, and not two hundred recordings
    async with session_of(args) as session:
        made = Grid(session, await draft_of(args, session), Pace(args.rate or RATE))
        with on_signals(made.cancel):
            users = await made.everyone() if named == (ALL,) else named
            rows = [row async for row in _told(made, users)]
    drift = drift_of(rows, before) if before is not None else ()
    outcome = _outcome(rows, drift, cancelled=made.cancelled)
    code = EXIT_CODES[outcome]
    if args.json:
        output.put_json(_document(rows, drift, outcome, code))
    else:
        for line in (*_table(rows), *_drifted(drift)):
            output.put(line)
    return code


async def _told(made: Grid, users: Sequence[str]) -> Any:
    done = 0
    async for row in made.rows(users):
        done += 1
        output.say(f"{done} of {len(users)}: {visible(row.name)} {row.outcome.value}")
        yield row


def _named(text: str) -> tuple[str, ...]:
    """The users that the option names; with @FILE those of a file, one a line."""
    if text.startswith("@"):
        try:
            names = Path(text[1:]).read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError) as error:
            raise UsageError(f"--users {text[:80]} cannot be read: {error}.") from error
    else:
        names = text.split(",")
    users = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not users or len(users) > MAX_USERS:
        raise UsageError(f"--users expects 1 to {MAX_USERS:,} user ids with commas between them, @FILE, or {ALL}.")
    return users if users == (ALL,) else tuple("" if user == GENERIC else user for user in users)


def _outcome(rows: Sequence[GridRow], drift: Sequence[Drift], *, cancelled: bool) -> Outcome:
    if cancelled:
        return Outcome.CANCELLED
    got = all(row.outcome in (Outcome.TOKEN, Outcome.ACCESS_REFUSED) for row in rows)
    wrong = any(row.as_asked is False for row in rows)
    return Outcome.TOKEN if got and not drift and not wrong else Outcome.DIFFERENT


def _baseline(path: Path) -> tuple[GridRow, ...]:
    """The rows of a document that `--json` printed. Raises UsageError."""
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(MAX_BASELINE))
        return tuple(
            GridRow(
                "" if row["user"] is None else str(row["user"]),
                Outcome(row["outcome"]),
                row["acts_for"],
                None,
                dict(row["reached"]),
            )
            for row in document["rows"]
        )
    except OSError as error:
        raise UsageError(f"--baseline {path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"--baseline expects what `compare --users … --json` printed, and {path} is not.") from error


def _document(rows: Sequence[GridRow], drift: Sequence[Drift], outcome: Outcome, code: int) -> dict[str, Any]:
    return {
        "format": output.FORMAT,
        "outcome": outcome.value,
        "exit_code": code,
        "endpoints": _endpoints(rows),
        "rows": [
            {
                "user": row.user or None,
                "outcome": row.outcome.value,
                "acts_for": row.acts_for,
                "as_asked": row.as_asked,
                "reached": dict(row.reached),
            }
            for row in rows
        ],
        "drift": [asdict(one) for one in drift],
    }


def _endpoints(rows: Sequence[GridRow]) -> list[str]:
    return list(dict.fromkeys(endpoint for row in rows for endpoint in row.reached))


def _table(rows: Sequence[GridRow]) -> Iterator[str]:
    endpoints = _endpoints(rows)
    lines = [("user", "outcome", "acts for", *endpoints)]
    for row in rows:
        cells = [str(row.reached[one] or "no answer") if one in row.reached else "—" for one in endpoints]
        mark = " ✗" if row.as_asked is False else ""
        lines.append((row.name, row.outcome.value, (row.acts_for or "not told") + mark, *cells))
    widths = [max(len(visible(line[column])) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        yield "  ".join(visible(cell).ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _drifted(drift: Sequence[Drift]) -> Iterator[str]:
    for one in drift:
        yield visible(f"drift  {one.user}  {one.field}: {one.before or '—'} → {one.now or '—'}")
