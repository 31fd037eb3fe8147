"""Which endpoints are called with which credentials, which steps are asked, and what the second run carries."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.draft import Draft
from airisk_tui.flow.events import AnyEvent, FollowUpAnswered, FollowUpRequested
from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, GET_CONVERSATIONS, LIST_USERS, Endpoint
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Exchange, HttpRequest
from airisk_tui.oauth.secret import Secret
from airisk_tui.session import grid, two_tokens
from airisk_tui.session.grid import Grid, GridRow, Pace
from airisk_tui.session.two_tokens import generic_draft, probe_all, user_draft
from tests.recording.logs import LOGS
from tests.runs import LOCATION, TOKEN, URI, authorized, exchanged, probed, problem, redirect, response, started

DRAFT = Draft(environment="test", base_url="https://x.example", client_id="c", redirect_uri=URI)
CLEAN = (started(mode="direct"), authorized(redirect(LOCATION)), exchanged())
FINE = response(200, "[]", "application/json")


class FakeRun:
    """A run that is over, which answers as a table says; absent: the paths that are not there."""

    def __init__(self, events: tuple[AnyEvent, ...], *absent: str) -> None:
        self.state, self.asked = fold(events), list[str]()
        self._events, self._coming, self._absent = [*events], list[AnyEvent](), absent

    def probe(self, endpoint: Endpoint, credential: Any) -> bool:
        self.asked.append(f"{credential} {endpoint.path}")
        answer = problem(404) if endpoint.path in self._absent else FINE
        self._coming.append(probed(endpoint, answer, credential=credential))
        return True

    def follow_up(self, step: Any) -> None:
        self.asked.append(step)
        exchange = Exchange(HttpRequest("GET", "https://x.example/me"), FINE)
        self._coming += [FollowUpRequested(at=3.0, step=step), FollowUpAnswered(at=3.1, step=step, exchange=exchange)]

    async def finished(self) -> None:
        self._events += self._coming
        self._coming.clear()
        self.state = fold(self._events)


async def called(run: FakeRun, draft: Draft = DRAFT, *, expired: bool = False) -> list[str]:
    environment = Environment(name="test", endpoints=(*DOCUMENTED, Endpoint("POST", "/change")))
    token = Secret("old") if expired else None
    session = SimpleNamespace(environments={"test": environment}, expired_token=lambda draft: token)
    await probe_all(cast(Any, session), cast(Any, (run,)), draft)
    return run.asked


USERS, TALKS = LIST_USERS.path, GET_CONVERSATIONS.path


async def test_each_endpoint_that_is_there_is_called_with_every_credential_once() -> None:
    with_all = ("token", "none", "broken", "expired")
    usual = [f"{one} {path}" for path in (USERS, TALKS) for one in with_all]
    assert await called(FakeRun(CLEAN)) == [one for one in usual if "expired" not in one]
    assert await called(FakeRun(CLEAN), expired=True) == usual
    before = (probed(LIST_USERS, FINE), probed(GET_CONVERSATIONS, FINE, credential="none"))
    left = [one for one in usual[:7] if one not in (usual[0], usual[5], usual[3])]
    assert await called(FakeRun((*CLEAN, *before))) == left
    elsewhere = await called(FakeRun(CLEAN, USERS))
    assert elsewhere[:4] == [f"token {USERS}", "token /api/ListUsers", "none /api/ListUsers", "broken /api/ListUsers"]
    nowhere = await called(FakeRun(CLEAN, USERS, "/api/ListUsers", TALKS, "/api/Chat/GetConversations?results=50"))
    assert {one.partition(" ")[0] for one in nowhere} == {"token"} and len(nowhere) == 4


async def test_a_standard_server_is_asked_who_the_user_is_once() -> None:
    log = tuple(one for one in LOGS["by-its-issuer"] if not isinstance(one, FollowUpRequested | FollowUpAnswered))
    standard = DRAFT.to(dialect=STANDARD, environment="other")
    run = FakeRun(log)
    assert await called(run, standard) == ["userinfo"]
    assert await called(run, standard) == ["userinfo"]
    assert await called(FakeRun(log), DRAFT.to(environment="other")) == []


async def test_the_second_run_carries_the_token_of_the_first_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = cast(Any, SimpleNamespace(secret_of=lambda run, view: Secret(view.fingerprint)))
    first: Any = SimpleNamespace(state=fold(CLEAN))
    nobody: Any = None
    second = user_draft(session, DRAFT, "u", bearer=first, probes=DOCUMENTED)
    assert (second.userid, second.bearer, second.probes) == ("u", Secret(TOKEN.fingerprint), DOCUMENTED)
    assert user_draft(session, DRAFT, "u") == DRAFT.to(userid="u")
    without: Any = SimpleNamespace(state=fold(CLEAN[:2]))
    assert user_draft(session, DRAFT, "u", bearer=without).bearer is None
    generic = generic_draft(DRAFT.to(userid="u", bearer=Secret("x")))
    assert generic == DRAFT.to(probes=(LIST_USERS, replace(LIST_USERS, path="/api/ListUsers")))
    assert generic_draft(DRAFT, ()).probes == ()
    drafts: list[Draft] = []

    async def with_token(session: Any, draft: Draft, *rest: Any) -> Any:
        drafts.append(draft)
        return first

    monkeypatch.setattr(two_tokens, "any_run", with_token)
    session.environments = {}
    for with_bearer in (False, True):
        pair = await two_tokens.two_tokens(session, DRAFT, "u", nobody, with_bearer=with_bearer, on_start=nobody)
        assert pair.generic is pair.user is first
    assert [(one.userid, one.bearer) for one in drafts] == [
        ("", None),
        ("u", None),
        ("", None),
        ("u", Secret(TOKEN.fingerprint)),
    ]


async def test_a_grid_begins_its_runs_one_by_one_few_at_a_time_and_keeps_none_that_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits, at_once, turn = list[float](), list[int](), asyncio.sleep

    async def any_run(session: Any, draft: Draft, *, on_start: Any, kept: bool) -> Any:
        users = response(200, '[{"id": "u1"}, {"id": "u2"}, {"id": "u3"}]', "application/json")
        if not draft.userid:
            on_start(run := FakeRun((*CLEAN, probed(LIST_USERS, users))))
            return run
        on_start(run := FakeRun((started(userid=draft.userid, mode="direct"), authorized(problem()))))
        at_once.append(len(made._live))
        for _ in range(20):
            await turn(0)
        return run

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(grid, "any_run", any_run)
    monkeypatch.setattr("airisk_tui.session.grid.asyncio.sleep", sleep)
    session = cast(Any, SimpleNamespace(environments={}, title_of=lambda state: "It was refused."))
    made = Grid(session, DRAFT, Pace(rate=4.0, at_once=2))
    users = await made.everyone()
    assert users == ("", "u1", "u2", "u3")
    rows = [row async for row in made.rows(users)]
    refused = [GridRow(one, Outcome.AUTHORIZATION_REFUSED, finding="It was refused.") for one in users[1:]]
    assert rows == [GridRow("", Outcome.TOKEN, "the application", True, {LIST_USERS.name: 200}), *refused]
    assert (waits, max(at_once), made._live) == ([0.25] * 4, 2, set())
    made.cancel()
    assert [row async for row in made.rows(users)] == []

    async def for_ever(seconds: float) -> None:
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr("airisk_tui.session.grid.asyncio.sleep", for_ever)
    made = Grid(session, DRAFT)
    coming = made.rows(users)
    assert (await anext(coming)).user == ""
    made.cancel()
    async with asyncio.timeout(10):
        assert [row async for row in coming] == [], "what is cancelled waits for no further turn"
