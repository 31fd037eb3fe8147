"""The two tokens of an application and what they may do (protocol.md, ways of use).

A generic run comes first, then a user-specific one. The endpoints are called with either token, without one, and with a broken
and an expired one; one whose method may change something is called only by its own request.
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
    """The two runs, a generic and a user-specific one or any others; user: None when the first got no token."""

    generic: Run
    user: Run | None


def generic_draft(draft: Draft, probes: tuple[Endpoint, ...] | None = None) -> Draft:
    """The draft without a user id, which calls `probes` with its token; None: ListUsers alone."""
    called = with_aliases((list_users(draft.dialect),)) if probes is None else probes
    return draft.to(userid="", bearer=None, probes=called)


def user_draft(
    session: Session, draft: Draft, userid: str, *, bearer: Run | None = None, probes: tuple[Endpoint, ...] = ()
) -> Draft:
    """The draft for a user. bearer: the generic run whose token the token request carries (protocol.md, step 2)."""
    view = bearer.state.token if bearer is not None else None
    token = session.secret_of(bearer, view) if bearer is not None and view is not None else None
    return draft.to(userid=userid, bearer=token, probes=probes)


async def two_tokens(
    session: Session, draft: Draft, userid: str, on_event: OnEvent, *, with_bearer: bool, on_start: OnStart
) -> Pair:
    """Run both, and call every safe endpoint with both tokens."""
    probes = safe_endpoints(session, draft)
    generic = await any_run(session, generic_draft(draft, probes), on_event, on_start)
    if generic.state.token is None:
        return Pair(generic, None)
    second = user_draft(session, draft, userid, bearer=generic if with_bearer else None, probes=probes)
    return Pair(generic, await any_run(session, second, on_event, on_start))


async def two_runs(session: Session, first: Draft, second: Draft, on_event: OnEvent, on_start: OnStart) -> Pair:
    """Any two runs, one after the other; the second is not started where the first gets no token."""
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
    """Run as the draft says, with a state of its own, and held before nothing. kept: see `Session.start`."""
    fresh = draft.to(hold=(), state=session.fresh_state() if draft.state is not None else None)
    run = session.start(fresh, on_event, kept=kept)
    on_start(run)
    await run.finished()
    return run


async def _ask(runs: tuple[Run, ...]) -> None:
    """Ask userinfo and introspection with each token, where the server offers them and the run has not asked."""
    for run in runs:
        for step in ("userinfo", "introspect"):
            if not missing(run.state, step) and last(run.state, step) is None:
                run.follow_up(step)
                await run.finished()


def users_of(state: FlowState) -> UserList | None:
    """The users in the newest answer of ListUsers to this run's token; None without such an answer."""
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
    """The other endpoints, each of which is called only after a person agreed."""
    return tuple(endpoint for endpoint in _endpoints(session, draft) if not endpoint.safe)


def _endpoints(session: Session, draft: Draft) -> tuple[Endpoint, ...]:
    """Those of the environment and of the draft. To another server than AIRisk none of the vendor's documentation goes unasked,
    although an environment without a name has them."""
    environment = session.environments.get(draft.environment)
    named = environment.endpoints if environment is not None else ()
    own = (endpoint for endpoint in named if not (draft.standard and endpoint in DOCUMENTED))
    return tuple(dict.fromkeys((*own, *draft.probes)))


async def probe_all(session: Session, runs: tuple[Run, ...], draft: Draft) -> None:
    """Call every safe endpoint with every credential that there is and that the run has not called it with; of a standard server ask
    userinfo and introspection before."""
    if draft.standard:
        await _ask(runs)
    for run in runs:
        credentials: list[Credential] = ["token", "none", "broken"]
        if session.expired_token(draft) is not None:
            credentials.append("expired")
        for endpoint in safe_endpoints(session, draft):
            others = {probe.endpoint for probe in run.state.probes if are_aliases(endpoint, probe.endpoint)} - {
                endpoint
            }
            if any(_is_there(run.state, other) for other in others):
                continue
            for credential in credentials:
                if credential != "token" and not _is_there(run.state, endpoint):
                    break
                if (endpoint.name, credential) not in {(p.endpoint.name, p.credential) for p in run.state.probes}:
                    await probe_one(run, endpoint, credential)


def _is_there(state: FlowState, endpoint: Endpoint) -> bool:
    """Whether the deployment has this path, by its answer to the token."""
    asked = [probe for probe in state.probes if probe.credential == "token" and probe.endpoint == endpoint]
    return any(probe.answer != "absent" for probe in asked)


async def probe_one(run: Run, endpoint: Endpoint, credential: Credential = "token") -> bool:
    """Call one endpoint, and wait for its answer; False when there is no such credential."""
    sent = run.probe(endpoint, credential)
    await run.finished()
    return sent
