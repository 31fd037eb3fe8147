"""The documented way of use (protocol.md, ways of use): a generic run, then a user-specific one, both probed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import OnEvent, Run
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.endpoints import LIST_USERS, Endpoint, list_users
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.users import UserList, read_users
from airisk_tui.session.session import Session

Started = Callable[[Run], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two runs; `user` is None when the generic one did not get a token."""

    generic: Run
    user: Run | None


def probes_of(session: Session, draft: Draft) -> tuple[Endpoint, ...]:
    """The endpoints of the environment that may be probed without asking: those with a safe method."""
    environment = session.environments.get(draft.environment)
    safe = [endpoint for endpoint in environment.endpoints if endpoint.safe] if environment else []
    return tuple(list_users(draft.dialect) if endpoint == LIST_USERS else endpoint for endpoint in safe)


async def generic_run(
    session: Session,
    draft: Draft,
    on_event: OnEvent,
    started: Started = lambda run: None,
    *,
    probes: tuple[Endpoint, ...] | None = None,
) -> Run:
    """The first run: without a userid; what is asked for is called with its token, or ListUsers alone."""
    asked = (list_users(draft.dialect),) if probes is None else probes
    return await _run(session, draft.to(userid="", bearer=None, probes=asked), on_event, started)


async def user_run(
    session: Session,
    draft: Draft,
    userid: str,
    on_event: OnEvent,
    *,
    bearer: Run | None = None,
    started: Started = lambda run: None,
    probes: tuple[Endpoint, ...] = (),
) -> Run:
    """The second run: for this user; `bearer`: the generic run whose token the token request carries."""
    raw = session.reveal(bearer.state.token) if bearer is not None and bearer.state.token is not None else None
    second = draft.to(userid=userid, bearer=Secret(raw) if raw else None, probes=probes)
    return await _run(session, second, on_event, started)


async def two_tokens(
    session: Session, draft: Draft, userid: str, on_event: OnEvent, *, with_bearer: bool, started: Started
) -> Pair:
    """Both runs, every safe endpoint probed with both tokens; the second only when the first got its token."""
    probes = probes_of(session, draft)
    generic = await generic_run(session, draft, on_event, started, probes=probes)
    if generic.state.token is None:
        return Pair(generic, None)
    bearer = generic if with_bearer else None
    user = await user_run(session, draft, userid, on_event, bearer=bearer, started=started, probes=probes)
    return Pair(generic, user)


def users_of(state: FlowState) -> UserList | None:
    """The users that this run's ListUsers told, or None when it was not asked or not answered."""
    listing = list_users(state.inputs.dialect) if state.inputs else LIST_USERS
    for probe in reversed(state.probes):
        if probe.endpoint == listing and probe.credential == "token" and probe.exchange is not None:
            return read_users(probe.exchange.response)
    return None


async def _run(session: Session, draft: Draft, on_event: OnEvent, started: Started) -> Run:
    fresh = draft.to(state=session.fresh_state() if draft.state is not None else None)
    run = session.start(fresh, on_event)
    started(run)
    await run.finished()
    return run
