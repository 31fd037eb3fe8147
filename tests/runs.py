"""Runs of the flow, event by event, for the tests of every room: what is not named is as in a clean run.

    fold((started(), BOUND, OPENED, good(), exchanged(text("Invalid Code"))))

First what the program chose, then what a deployment answers, then the events in the order in which they happen.
"""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.events import (
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
from airisk_tui.flow.requests import request_of
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Known
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    FailedExchange,
    Headers,
    HttpRequest,
    HttpResponse,
    ServerCertificate,
    Timing,
    TransportFault,
)
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.planned import MEDIA_TYPES, encoded_fields, with_references
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.dates import utc_text

UTC = 1_795_515_302.25
"""2026-11-24T10:15:02.250Z: the wall clock at the start of every run."""

RUN_ID = "a1b2c3d4e5f6"
URI = "http://127.0.0.1:8765/callback"
STATE = "state-of-this-run"
SECRET = SecretView("5ec12e7000000000", 31)
CODE = SecretView("c0de000000000001", 22)
LOCATION = f"{URI}?code={CODE.reference}&state={STATE}"
"""The redirect of a clean run."""

INPUTS = Inputs(
    environment="sandbox",
    base_url="http://127.0.0.1:9000",
    client_id="demo-app",
    client_secret=SECRET,
    redirect_uri=URI,
    state=STATE,
)
NOTHING_KNOWN = Known()

KESTREL = (("Server", "Kestrel"), ("Set-Cookie", "ARRAffinity=instance-a; Path=/; HttpOnly"))
"""What stands above every answer: the server, and the balancer before it."""

PROBLEM = (
    b'{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.2","title":"Unauthorized","status":401,'
    b'"traceId":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}'
)
HTML = b'<!DOCTYPE html><html><body><form>Sign in <input type="password"></form></body></html>'


def jwt(
    claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None, fingerprint: str = "70ce000000000001"
) -> SecretView:
    """A token as the log knows it; by itself the application's own, good for an hour."""
    claims = {"sub": "app:demo-app", "exp": UTC + 3600, "iat": UTC} if claims is None else claims
    return SecretView(fingerprint, 231, "jwt", json.dumps(header or {"alg": "HS256"}), json.dumps(claims))


TOKEN = jwt()


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


def at_date(offset: float = 1.5) -> tuple[str, str]:
    """The header of an answer that came so many seconds after the start."""
    return ("Date", formatdate(UTC + offset, usegmt=True))


def token_response(
    changes: dict[str, Any] | None = None, *headers: tuple[str, str], token: SecretView = TOKEN
) -> HttpResponse:
    """changes: other members of its JSON; one that is `...` is left out."""
    members = {"access_token": token.reference, "expiration": utc_text(UTC + 3600)} | (changes or {})
    members = {name: value for name, value in members.items() if value is not ...}
    return response(200, json.dumps(members, ensure_ascii=False), "application/json", at_date(), *headers)


def started(
    mine: Inputs = INPUTS, *, run_id: str = RUN_ID, utc: float = UTC, known: Known = NOTHING_KNOWN, **changes: Any
) -> RunStarted:
    """changes: of the inputs."""
    inputs = replace(mine, **changes)
    return RunStarted(at=0.0, run_id=run_id, utc=utc, inputs=inputs, secrets=(SECRET,), known=known)


def bound(*addresses: str) -> ListenerBound:
    return ListenerBound(at=0.1, addresses=addresses or ("127.0.0.1:8765",), scheme="http")


BOUND = bound()
OPENED = BrowserOpened(at=0.2, ok=True, program="xdg-open")


def authorized(answer: HttpResponse, mine: Inputs = INPUTS, at: float = 0.5) -> AuthorizationAnswered:
    """The answer to the authorization request of a direct run."""
    exchange = Exchange(HttpRequest("GET", mine.authorization_url), answer, Timing(total=0.05))
    return AuthorizationAnswered(at=at, exchange=exchange, secrets=(CODE,))


def unconnected(step: Any = "authorization-request", at: float = 0.4) -> TransportFailed:
    """Nobody listens where the request of this step goes."""
    fault = TransportFault(
        "refused", "", "127.0.0.1", 9000, ("127.0.0.1:9000",), errno="ECONNREFUSED", library_text="Errno 111"
    )
    failed = FailedExchange(HttpRequest("GET", INPUTS.authorization_url), fault, Timing(total=0.01))
    return TransportFailed(at=at, step=step, failed=failed)


def stray(
    reason: str = "favicon", target: str = "/favicon.ico", host: str = "127.0.0.1:8765", at: float = 0.9
) -> StrayRequest:
    request = HttpRequest("GET", target, (("Host", host),))
    return StrayRequest(at=at, request=request, reason=reason, peer="127.0.0.1:50001")


def callback(
    query: str,
    at: float = 1.0,
    path: str = "/callback",
    headers: Headers = (("Host", "127.0.0.1:8765"), ("User-Agent", "Mozilla/5.0")),
    **more: Any,
) -> CallbackReceived:
    request = HttpRequest("GET", f"{path}?{query}" if query else path, headers)
    return CallbackReceived(at=at, request=request, secrets=(CODE,), **{"peer": "127.0.0.1:50000"} | more)


def good(at: float = 1.0, code: SecretView = CODE) -> CallbackReceived:
    """The callback of a clean run."""
    return replace(callback(f"code={code.reference}&state={STATE}", at), secrets=(code,))


def exchanged(
    answer: HttpResponse | None = None,
    mine: Inputs = INPUTS,
    at: float = 1.5,
    *,
    token: SecretView = TOKEN,
    code: SecretView = CODE,
    sent: Params | None = None,
    url: str | None = None,
    proxy: str | None = None,
    certificate: ServerCertificate | None = None,
) -> TokenExchanged:
    """The token request as the engine sends it, and its answer. sent: other fields; url: another address."""
    plan = request_of(FlowState(code=code), replace(mine, client_secret=SECRET, verifier=None, edits=()), "token")
    body = encoded_fields((with_references(plan.fields) if sent is None else sent).items, mine.encoding)
    headers = (("Content-Type", MEDIA_TYPES[mine.encoding]), ("Accept", "application/json"))
    request = HttpRequest("POST", url or mine.base_url + mine.dialect.token_path, headers, Body.of(body))
    timing = Timing(0.25, connect=0.01, tls=0.02, first_byte=0.2)
    exchange = Exchange(
        request,
        answer or token_response(token=token),
        timing,
        Connection("127.0.0.1:9000", proxy, certificate=certificate),
    )
    return TokenExchanged(at=at, exchange=exchange, secrets=(SECRET, token, code))


def probed(
    endpoint: Endpoint, answer: HttpResponse, mine: Inputs = INPUTS, credential: Any = "token", at: float = 2.0
) -> ProbeAnswered:
    headers = (("Authorization", f"Bearer {TOKEN.reference}"),) if credential == "token" else ()
    exchange = Exchange(HttpRequest("GET", mine.base_url + endpoint.path, headers), answer, Timing(total=0.1))
    return ProbeAnswered(at=at, endpoint=endpoint, credential=credential, exchange=exchange, secrets=(TOKEN,))


OVER = TimedOut(at=300.2)
