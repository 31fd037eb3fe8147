"""Whole runs for the tests of the rules: events in, state out; what is not named is as in a clean run.

The deployment is another machine than ours, behind TLS: the rules speak of its name, and of what goes there in the clear.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, CallbackReceived, TransportFailed
from airisk_tui.flow.fold import fold
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Known
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import Report, explain
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS, Endpoint
from airisk_tui.oauth.http import Connection, FailedExchange, HttpRequest, HttpResponse, TransportFault
from airisk_tui.oauth.secret import SecretView
from tests.runs import (
    BOUND,
    CODE,
    INPUTS,
    NOTHING_KNOWN,
    OPENED,
    TOKEN,
    UTC,
    authorized,
    exchanged,
    good,
    probed,
    problem,
    response,
    started,
    token_response,
)

BASE = "https://airisk.example.com"

Log = tuple[AnyEvent, ...]

CHANGED: ContextVar[Callable[[Log], Log]] = ContextVar("changed", default=lambda log: log)
"""What a test does to the events of each run that is made while it is set (see `counters`)."""


def inputs(**changes: Any) -> Inputs:
    return replace(INPUTS, **{"environment": "test", "base_url": BASE} | changes)


def failed(
    kind: Any, reason: str = "", step: Any = "authorization-request", url: str = BASE + "/api/oauth2", **more: Any
) -> TransportFailed:
    fault = TransportFault(
        kind,
        reason,
        "airisk.example.com",
        443,
        ("192.0.2.1:443",),
        library_text=more.get("library_text", "the library's words"),
    )
    gone = FailedExchange(
        HttpRequest("GET", url), fault, connection=Connection(tls=more.get("tls"), certificate=more.get("certificate"))
    )
    endpoint: Endpoint | None = more.get("endpoint")
    return TransportFailed(at=1.0, step=step, failed=gone, endpoint=endpoint)


def run(
    mine: Inputs, *events: AnyEvent, run_id: str = "r1", utc: float = UTC, known: Known = NOTHING_KNOWN
) -> FlowState:
    return fold(CHANGED.get()((started(mine, run_id=run_id, utc=utc, known=known), *events)))


def direct(
    answer: HttpResponse, *events: AnyEvent, run_id: str = "r1", known: Known = NOTHING_KNOWN, **changes: Any
) -> FlowState:
    """A direct run whose authorization request met this answer."""
    mine = inputs(mode="direct", **changes)
    return run(mine, authorized(answer, mine), *events, run_id=run_id, known=known)


def browser(*events: AnyEvent, run_id: str = "r1", **changes: Any) -> FlowState:
    """A browser run that waits, and then these events."""
    return run(inputs(**changes), BOUND, OPENED, *events, run_id=run_id)


def refused(
    answer: HttpResponse, at: float = 1.5, run_id: str = "r1", came: CallbackReceived | None = None, **changes: Any
) -> FlowState:
    """A browser run that got its code, and this answer from the token endpoint. Names of `exchanged` go to it."""
    more = {name: changes.pop(name) for name in ("sent", "url", "proxy", "code", "certificate") if name in changes}
    mine = inputs(**changes)
    code = more.get("code", CODE)
    return run(mine, BOUND, OPENED, came or good(code=code), exchanged(answer, mine, at, **more), run_id=run_id)


def issued(
    answer: HttpResponse | None = None, *events: AnyEvent, token: SecretView = TOKEN, run_id: str = "r1", **changes: Any
) -> FlowState:
    """A run that got a token, and then these events."""
    mine = inputs(**changes)
    code = SecretView(f"c0de{sum(map(ord, run_id)):012x}", 22)
    answer = answer or token_response(token=token)
    return run(
        mine, BOUND, OPENED, good(code=code), exchanged(answer, mine, token=token, code=code), *events, run_id=run_id
    )


def with_probes(*answers: tuple[Endpoint, HttpResponse], token: SecretView = TOKEN, **changes: Any) -> FlowState:
    """A run with a token whose endpoints answered like this."""
    events = [probed(endpoint, answer, inputs()) for endpoint, answer in answers]
    return issued(None, *events, token=token, probes=tuple(endpoint for endpoint, _ in answers), **changes)


def report(state: FlowState, **facts: Any) -> Report:
    return explain(Context(state=state, **facts))


def codes(state: FlowState, **facts: Any) -> list[str]:
    """The codes that are told, departures left out."""
    return [found.code for found in report(state, **facts).findings if found.group is None]


USERS = response(200, b'[{"id":"user_42","name":"Ada"}]', "application/json")
CLEAN_ACCESS = ((LIST_USERS, USERS), (GET_CONVERSATIONS, problem(403)))
