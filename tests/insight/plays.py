"""Builders of runs for the tests of the rules: events in, state out; what is not named is as in a clean run."""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from airisk_tui.flow.events import (
    AnyEvent,
    AuthorizationAnswered,
    BrowserOpened,
    CallbackReceived,
    ListenerBound,
    ProbeAnswered,
    RunStarted,
    StrayRequest,
    TimedOut,
    TokenExchanged,
    TransportFailed,
)
from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.known import Known
from airisk_tui.flow.state import FlowState
from airisk_tui.flow.step import fold
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import Report, explain
from airisk_tui.oauth.endpoints import GET_CONVERSATIONS, LIST_USERS, Endpoint
from airisk_tui.oauth.expiry import utc_text
from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    FailedExchange,
    Headers,
    HttpRequest,
    HttpResponse,
    Timing,
    TransportFault,
)
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.token import encode_fields, token_fields

UTC = 1_800_000_000.0
"""2027-01-15T08:00:00Z: the wall clock at the start of every run here."""

URI = "http://127.0.0.1:8765/callback"
BASE = "https://airisk.example.com"
STATE = "state-of-this-run"
SECRET = SecretView("5ec12e7000000000", 31)
CODE = SecretView("c0de000000000001", 22)
INPUTS = Inputs(
    environment="test", base_url=BASE, client_id="demo-app", client_secret=SECRET, redirect_uri=URI, state=STATE
)
KESTREL = (("Server", "Kestrel"), ("Set-Cookie", "ARRAffinity=instance-a; Path=/; HttpOnly"))
HTML = b'<!DOCTYPE html><html><body><form>Sign in <input type="password"></form></body></html>'
PROBLEM = (
    b'{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.2","title":"Unauthorized","status":401,'
    b'"traceId":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}'
)


def inputs(**changes: Any) -> Inputs:
    return replace(INPUTS, **changes)


def jwt(
    claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None, fingerprint: str = "70ce000000000001"
) -> SecretView:
    claims = {"sub": "app:demo-app", "exp": UTC + 3600, "iat": UTC} if claims is None else claims
    return SecretView(fingerprint, 231, "jwt", json.dumps(header or {"alg": "HS256"}), json.dumps(claims))


TOKEN = jwt()
NOTHING = Known()


def at_date(offset: float = 1.5) -> tuple[str, str]:
    return ("Date", formatdate(UTC + offset, usegmt=True))


def response(
    status: int, body: bytes | str = b"", kind: str | None = None, *headers: tuple[str, str], cut: str | None = None
) -> HttpResponse:
    data = body.encode() if isinstance(body, str) else body
    typed = (("Content-Type", kind),) if kind else ()
    return HttpResponse(status, (*KESTREL, *typed, *headers), Body(data, len(data), len(data), cut))


def problem(status: int = 401) -> HttpResponse:
    return response(status, PROBLEM, "application/problem+json")


def text(words: str, status: int = 400) -> HttpResponse:
    return response(status, words, "text/plain; charset=utf-8")


def page(status: int = 200, *headers: tuple[str, str]) -> HttpResponse:
    return response(status, HTML, "text/html; charset=utf-8", *headers)


def redirect(location: str | None, status: int = 302) -> HttpResponse:
    return response(status, b"", None, *((("Location", location),) if location is not None else ()))


def token_response(
    changes: dict[str, Any] | None = None, *headers: tuple[str, str], token: SecretView = TOKEN
) -> HttpResponse:
    members = {"access_token": token.placeholder, "expiration": utc_text(UTC + 3600)} | (changes or {})
    members = {name: value for name, value in members.items() if value is not ...}
    return response(200, json.dumps(members), "application/json", at_date(), *headers)


def authorized(mine: Inputs, answer: HttpResponse, at: float = 0.5) -> AuthorizationAnswered:
    exchange = Exchange(HttpRequest("GET", mine.authorization_url), answer)
    return AuthorizationAnswered(at=at, exchange=exchange, secrets=(CODE,))


def exchanged(
    mine: Inputs,
    answer: HttpResponse,
    at: float = 1.5,
    *,
    token: SecretView = TOKEN,
    code: SecretView = CODE,
    **more: Any,
) -> TokenExchanged:
    """The token request as the engine sends it; `sent` replaces its fields, `url` its address."""
    fields = token_fields(
        mine.dialect,
        client_id=mine.client_id,
        client_secret=SECRET.placeholder,
        redirect_uri=mine.redirect_uri,
        code=code.placeholder,
        userid=mine.userid,
        extra=mine.token_params,
    )
    kind, body = encode_fields(more.get("sent", fields), mine.encoding)
    url = more.get("url", mine.base_url + mine.dialect.token_path)
    request = HttpRequest("POST", url, (("Content-Type", kind),), Body.of(body))
    exchange = Exchange(request, answer, Timing(0.1), Connection(proxy=more.get("proxy")))
    return TokenExchanged(at=at, exchange=exchange, secrets=(SECRET, token, code))


def callback(
    query: str, at: float = 1.0, path: str = "/callback", headers: Headers = (), **more: Any
) -> CallbackReceived:
    request = HttpRequest("GET", f"{path}?{query}" if query else path, headers)
    return CallbackReceived(at=at, request=request, secrets=(CODE,), **more)


def good(at: float = 1.0, code: SecretView = CODE) -> CallbackReceived:
    return replace(callback(f"code={code.placeholder}&state={STATE}", at), secrets=(code,))


def stray(reason: str, target: str = "/favicon.ico", host: str = "127.0.0.1:8765") -> StrayRequest:
    return StrayRequest(at=1.0, request=HttpRequest("GET", target, (("Host", host),)), reason=reason)


def bound(*addresses: str) -> ListenerBound:
    return ListenerBound(at=0.1, addresses=addresses or ("127.0.0.1:8765",), scheme="http")


OPENED = BrowserOpened(at=0.2, ok=True, program="xdg-open")
OVER = TimedOut(at=300.2)


def failed(
    kind: Any, reason: str = "", step: Any = "authorization-request", url: str = BASE + "/api/oauth2", **more: Any
) -> TransportFailed:
    fault = TransportFault(
        kind,
        "No connection was made.",
        reason,
        "airisk.example.com",
        443,
        ("192.0.2.1:443",),
        more.get("detail", "the library's words"),
    )
    gone = FailedExchange(HttpRequest("GET", url), fault, connection=Connection(tls=more.get("tls")))
    endpoint: Endpoint | None = more.get("endpoint")
    return TransportFailed(at=1.0, step=step, failed=gone, endpoint=endpoint)


def probed(endpoint: Endpoint, answer: HttpResponse, credential: Any = "token", at: float = 2.0) -> ProbeAnswered:
    exchange = Exchange(HttpRequest("GET", BASE + endpoint.path), answer)
    return ProbeAnswered(at=at, endpoint=endpoint, credential=credential, exchange=exchange)


def run(mine: Inputs, *events: AnyEvent, run_id: str = "r1", utc: float = UTC, known: Known = NOTHING) -> FlowState:
    return fold((RunStarted(at=0.0, run_id=run_id, utc=utc, inputs=mine, secrets=(SECRET,), known=known), *events))


def direct(
    answer: HttpResponse, *events: AnyEvent, run_id: str = "r1", known: Known = NOTHING, **changes: Any
) -> FlowState:
    """A direct run whose authorization request met this answer."""
    mine = inputs(mode="direct", **changes)
    return run(mine, authorized(mine, answer), *events, run_id=run_id, known=known)


def browser(*events: AnyEvent, run_id: str = "r1", **changes: Any) -> FlowState:
    """A browser run that waits, and then these events."""
    return run(inputs(**changes), bound(), OPENED, *events, run_id=run_id)


def refused(
    answer: HttpResponse, at: float = 1.5, run_id: str = "r1", came: CallbackReceived | None = None, **changes: Any
) -> FlowState:
    """A browser run that got its code, and this answer from the token endpoint. Names of `exchanged` go to it."""
    more = {name: changes.pop(name) for name in ("sent", "url", "proxy", "code") if name in changes}
    mine = inputs(**changes)
    code = more.get("code", CODE)
    return run(mine, bound(), OPENED, came or good(code=code), exchanged(mine, answer, at, **more), run_id=run_id)


def issued(
    answer: HttpResponse | None = None, *events: AnyEvent, token: SecretView = TOKEN, run_id: str = "r1", **changes: Any
) -> FlowState:
    """A run that got a token, and then these events."""
    mine = inputs(**changes)
    code = SecretView(f"c0de{sum(map(ord, run_id)):012x}", 22)
    answer = answer or token_response(token=token)
    return run(
        mine, bound(), OPENED, good(code=code), exchanged(mine, answer, token=token, code=code), *events, run_id=run_id
    )


def with_probes(*answers: tuple[Endpoint, HttpResponse], token: SecretView = TOKEN, **changes: Any) -> FlowState:
    """A run with a token whose endpoints answered like this."""
    events = [probed(endpoint, answer) for endpoint, answer in answers]
    return issued(None, *events, token=token, probes=tuple(endpoint for endpoint, _ in answers), **changes)


def report(state: FlowState, **facts: Any) -> Report:
    return explain(Context(state=state, **facts))


def codes(state: FlowState, **facts: Any) -> list[str]:
    """The codes that are told, departures left out."""
    return [found.code for found in report(state, **facts).findings if found.group is None]


USERS = response(200, b'[{"id":"user_42","name":"Ada"}]', "application/json")
CLEAN_ACCESS = ((LIST_USERS, USERS), (GET_CONVERSATIONS, problem(403)))
