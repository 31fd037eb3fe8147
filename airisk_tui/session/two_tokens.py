"""The generic and the user-specific token of an application, and the endpoints that each may call (protocol.md, ways of use).

A generic run comes first, then a user-specific one. Every safe endpoint is called with each token, without one, and with a broken and an
expired one; any other endpoint only if the person asks for it.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import OnEvent, Run
from airisk_tui.flow.events import Credential
from airisk_tui.flow.reading.follow_ups import last
from airisk_tui.flow.state import FlowState, missing
from airisk_tui.oauth.answer.endpoints import (
    DOCUMENTED,
    LIST_USERS,
    Endpoint,
    are_aliases,
    list_users,
    lists_users,
    with_aliases,
)
from airisk_tui.oauth.answer.users import UserList, read_users
from airisk_tui.session.session import Session

OnStart = Callable[[Run], None]


class Pair(Struct, frozen=True):
    """Two runs, the generic and the user-specific one, or any others. user: None if the first one got no token."""

    generic: Run
    user: Run | None


def generic_draft(draft: Draft, probes: tuple[Endpoint, ...] | None = None) -> Draft:
    """The draft without a user id. probes: the endpoints to call with its token, None for only ListUsers."""
    called = with_aliases((list_users(draft.dialect),)) if probes is None else probes
    return draft.to(userid="", bearer=None, probes=called)


def user_draft(
    session: Session, draft: Draft, userid: str, *, bearer: Run | None = None, probes: tuple[Endpoint, ...] = ()
) -> Draft:
    """The draft for a user. bearer: the generic run whose token its token request carries (protocol.md, step 2)."""
    view = bearer.state.token if bearer is not None else None
    token = session.secret_of(bearer, view) if bearer is not None and view is not None else None
    return draft.to(userid=userid, bearer=token, probes=probes)


async def two_tokens(
    session: Session, draft: Draft, userid: str, on_event: OnEvent, *, with_bearer: bool, on_start: OnStart
) -> Pair:
    """Make the generic and the user-specific run, each of which calls every safe endpoint with its token."""
    probes = safe_endpoints(session, draft)
    generic = await any_run(session, generic_draft(draft, probes), on_event, on_start)
    if generic.state.token is None:
        return Pair(generic, None)
    second = user_draft(session, draft, userid, bearer=generic if with_bearer else None, probes=probes)
    return Pair(generic, await any_run(session, second, on_event, on_start))


async def two_runs(session: Session, first: Draft, second: Draft, on_event: OnEvent, on_start: OnStart) -> Pair:
    """Make two runs, one after the other; the second only if the first gets a token."""
    one = await any_run(session, first, on_event, on_start)
    return Pair(one, await any_run(session, second, on_event, on_start) if one.state.token is not None else None)


async def any_run(
    session: Session,
    draft: Draft,
    on_event: OnEvent = lambda event, state: None,
    on_start: OnStart = lambda run: None,
    *,
    kept: bool = True,
) -> Run:
    """Run a draft to its end, with a new state and without holding it. kept: see `Session.start`."""
    fresh = draft.to(hold=(), state=session.fresh_state() if draft.state is not None else None)
    run = session.start(fresh, on_event, kept=kept)
    on_start(run)
    await run.finished()
    return run


async def _follow_up(runs: tuple[Run, ...]) -> None:
    """Call userinfo and introspection with each token, if the server has them and the run has not called them."""
    for run in runs:
        for step in ("userinfo", "introspect"):
            if not missing(run.state, step) and last(run.state, step) is None:
                run.follow_up(step)
                await run.finished()


def users_of(state: FlowState) -> UserList | None:
    """The users in the last answer of ListUsers to the token of this run; None without such an answer."""
    if state.inputs is None:
        return None
    for probe in reversed(state.probes):
        if probe.credential == "token" and probe.exchange and lists_users(probe.endpoint, state.inputs.dialect):
            return read_users(probe.exchange.response)
    return None


def safe_endpoints(session: Session, draft: Draft) -> tuple[Endpoint, ...]:
    """The endpoints of the environment whose method changes nothing (RFC 9110 §9.2.1), with their aliases."""
    safe = (endpoint for endpoint in _endpoints(session, draft) if endpoint.safe)
    return with_aliases(list_users(draft.dialect) if endpoint == LIST_USERS else endpoint for endpoint in safe)


def unsafe_endpoints(session: Session, draft: Draft) -> tuple[Endpoint, ...]:
    """The other endpoints, which are called only after the person agreed."""
    return tuple(endpoint for endpoint in _endpoints(session, draft) if not endpoint.safe)


def _endpoints(session: Session, draft: Draft) -> tuple[Endpoint, ...]:
    """The endpoints of the environment and of the draft. For a standard server those of AIRisk's documentation are left out, which
    an environment without a name has, too."""
    environment = session.environments.get(draft.environment)
    named = environment.endpoints if environment is not None else ()
    own = (endpoint for endpoint in named if not (draft.standard and endpoint in DOCUMENTED))
    return tuple(dict.fromkeys((*own, *draft.probes)))


async def probe_all(session: Session, runs: tuple[Run, ...], draft: Draft) -> None:
    """Call every safe endpoint with every available credential with which the run has not called it. On a standard server call userinfo
    and introspection before."""
    if draft.standard:
        await _follow_up(runs)
    for run in runs:
        credentials: list[Credential] = ["token", "none", "broken"]
        if session.expired_token(draft) is not None:
            credentials.append("expired")
        for endpoint in safe_endpoints(session, draft):
            others = {probe.endpoint for probe in run.state.probes if are_aliases(endpoint, probe.endpoint)}
            if any(_is_there(run.state, other) for other in others - {endpoint}):
                continue
            for credential in credentials:
                if credential != "token" and not _is_there(run.state, endpoint):
                    break
                if (endpoint.name, credential) not in {(p.endpoint.name, p.credential) for p in run.state.probes}:
                    await probe_one(run, endpoint, credential)


def _is_there(state: FlowState, endpoint: Endpoint) -> bool:
    """Whether the server has this path, by its answer to the token."""
    asked = [probe for probe in state.probes if probe.credential == "token" and probe.endpoint == endpoint]
    return any(probe.answer != "absent" for probe in asked)


async def probe_one(run: Run, endpoint: Endpoint, credential: Credential = "token") -> bool:
    """Call one endpoint, and wait for its answer. Returns False if there is no such credential."""
    sent = run.probe(endpoint, credential)
    await run.finished()
    return sent
