"""The users of an application, and the endpoints that each of them reaches (protocol.md, ways of use).

Each user has one run, which calls the same endpoints with its token. Few runs go on at once, and few start per second. A run that fails
is a row like the others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.errors import Refused
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.reading.identity import acting, agrees
from airisk_tui.flow.state import FlowState
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import any_run, generic_draft, safe_endpoints, user_draft, users_of

GENERIC = "generic"
"""In place of a user id, the application's own token."""

ALL = "all"
"""In place of user ids, all that ListUsers lists, and the generic token."""

RATE = 5.0
"""Default number of runs that start per second; with five endpoints these are thirty-five requests."""

AT_ONCE = 4
"""Runs that go on at once."""


class GridRow(Struct, frozen=True):
    """The result of one user's run. user: "" for the generic token; acts_for: the user for whom the token acts by the answers, None if
    they do not tell; as_asked: whether that is the requested user; reached: by endpoint, the status of its answer, None without one;
    finding: the title of the first finding of a run that is not `good`, else None."""

    user: str
    outcome: Outcome
    acts_for: str | None = None
    as_asked: bool | None = None
    reached: Mapping[str, int | None] = field(default_factory=dict)
    finding: str | None = None

    @property
    def name(self) -> str:
        """The user, or "generic"."""
        return self.user or GENERIC

    @property
    def good(self) -> bool:
        """Whether a token came, and does not act for another user."""
        return self.outcome in (Outcome.TOKEN, Outcome.ACCESS_REFUSED) and self.as_asked is not False


class Drift(Struct, frozen=True):
    """A cell that differs from a saved grid. field: "user", "outcome", "acts_for", or an endpoint; before, now: None for no value."""

    user: str
    field: str
    before: str | None
    now: str | None


class Pace(Struct, frozen=True):
    """The limits of a grid. rate: runs that start per second; at_once: runs that go on at once."""

    rate: float = RATE
    at_once: int = AT_ONCE


class Grid:
    """The runs of many users. cancelled: whether no further run is started."""

    def __init__(self, session: Session, draft: Draft, pace: Pace | None = None) -> None:
        self._session = session
        self._draft = draft.to(mode="direct")
        self._pace = pace or Pace()
        self._live: set[Run] = set()
        self._beginning: asyncio.Task[None] | None = None
        self.cancelled = False

    async def everyone(self) -> tuple[str, ...]:
        """The generic token ("") and the ids of all users that it lists."""
        run = await self._run(generic_draft(self._draft))
        self._live.discard(run)
        listed = users_of(run.state)
        return ("", *(user.id for user in listed.users)) if listed is not None else ("",)

    async def rows(self, users: Sequence[str]) -> AsyncIterator[GridRow]:
        """The row of each user, as soon as its run is done. users: ids, "" for the generic token."""
        endpoints = safe_endpoints(self._session, self._draft)
        slots = asyncio.Semaphore(self._pace.at_once)

        async def one(user: str) -> GridRow:
            try:
                if self.cancelled:
                    return GridRow(user, Outcome.CANCELLED)
                draft = user_draft(self._session, self._draft, user, probes=endpoints)
                run = await self._run(draft if user else generic_draft(self._draft, endpoints))
                self._live.discard(run)
                row = row_of(user, run.state)
                return row if row.good else replace(row, finding=self._session.title_of(run.state))
            finally:
                slots.release()

        begun: asyncio.Queue[asyncio.Task[GridRow] | None] = asyncio.Queue()

        async def begin() -> None:
            for user in users:
                await slots.acquire()
                if self.cancelled:
                    break
                begun.put_nowait(asyncio.create_task(one(user)))
                await asyncio.sleep(1 / self._pace.rate)

        self._beginning = asyncio.create_task(begin())
        self._beginning.add_done_callback(lambda _: begun.put_nowait(None))
        while (task := await begun.get()) is not None:
            # Shielded: a caller that stops asking for rows cancels this wait; only `cancel` ends the run.
            yield await asyncio.shield(task)

    async def _run(self, draft: Draft) -> Run:
        return await any_run(self._session, draft, on_start=self._live.add, kept=False)

    def cancel(self) -> None:
        """Cancel the runs that go on, and start no more."""
        self.cancelled = True
        if self._beginning is not None:
            self._beginning.cancel()
        for run in tuple(self._live):
            run.cancel()


def row_of(user: str, state: FlowState) -> GridRow:
    """The row of a run."""
    witness = acting(state)
    acts_for = None if witness is None else "the application" if witness.application else witness.value
    as_asked = None if witness is None else (agrees(state, witness) if user else witness.application)
    asked = [probe for probe in state.probes if probe.credential == "token" and probe.answer != "absent"]
    reached = {one.endpoint.name: one.exchange.response.status if one.exchange is not None else None for one in asked}
    return GridRow(user, state.ended_in, acts_for, as_asked, reached)


def endpoints_of(rows: Sequence[GridRow]) -> list[str]:
    """The names of the called endpoints."""
    return list(dict.fromkeys(endpoint for row in rows for endpoint in row.reached))


def grid_document(rows: Sequence[GridRow], drift: Sequence[Drift], outcome: Outcome, exit_code: int) -> dict[str, Any]:
    """The grid as `compare --users --json` prints it, and `read_baseline` reads it."""
    return {
        "format": 1,
        "outcome": outcome.value,
        "exit_code": exit_code,
        "endpoints": endpoints_of(rows),
        "rows": [asdict(row) | {"user": row.user or None, "outcome": row.outcome.value} for row in rows],
        "drift": [asdict(one) for one in drift],
    }


MAX_BASELINE = 64 * 1024 * 1024
"""Bytes: ten thousand users with a hundred endpoints."""


class NoBaseline(Refused):
    """A file is not a saved grid; the text is a sentence that says why."""


def read_baseline(path: Path) -> tuple[GridRow, ...]:
    """The rows of a saved grid. Raises NoBaseline."""
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(MAX_BASELINE))
        return tuple(
            GridRow(str(row["user"] or ""), Outcome(row["outcome"]), row["acts_for"], None, dict(row["reached"]))
            for row in document["rows"]
        )
    except OSError as error:
        raise NoBaseline(f"The baseline {path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoBaseline(f"A baseline is what `compare --users … --json` printed, and {path} is not.") from error


def drift_of(rows: Sequence[GridRow], before: Sequence[GridRow]) -> tuple[Drift, ...]:
    """The differences from a saved grid, user by user."""
    then = {row.user: row for row in before}
    now = {row.user: row for row in rows}
    found: list[Drift] = []
    for user in dict.fromkeys((*now, *then)):
        name = user or GENERIC
        if user not in then or user not in now:
            found.append(Drift(name, "user", None if user not in then else "there", "there" if user in now else None))
            continue
        found += [Drift(name, *cell) for cell in _cells(then[user], now[user])]
    return tuple(found)


def _cells(then: GridRow, now: GridRow) -> list[tuple[str, str | None, str | None]]:
    pairs: list[tuple[str, str | None, str | None]] = [
        ("outcome", then.outcome.value, now.outcome.value),
        ("acts_for", then.acts_for, now.acts_for),
    ]
    for endpoint in dict.fromkeys((*then.reached, *now.reached)):
        pairs.append((endpoint, _status(then.reached, endpoint), _status(now.reached, endpoint)))
    return [pair for pair in pairs if pair[1] != pair[2]]


def _status(reached: Mapping[str, int | None], endpoint: str) -> str | None:
    if endpoint not in reached:
        return None
    status = reached[endpoint]
    return "no answer" if status is None else str(status)
