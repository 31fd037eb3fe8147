"""Logs of runs for the tests of the recording room: one for each way through the flow, with every kind of event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from airisk_tui.flow.events import (
    AnyEvent,
    AuthorizationAnswered,
    BrowserOpened,
    CallbackReceived,
    Cancelled,
    ContinuedAnyway,
    ListenerBound,
    ListenerFailed,
    ProbeAnswered,
    ProbeRequested,
    RunStarted,
    StrayRequest,
    TimedOut,
    TokenExchanged,
    TransportFailed,
)
from airisk_tui.flow.inputs import Inputs
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.endpoints import DOCUMENTED, GET_CONVERSATIONS
from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    FailedExchange,
    HttpRequest,
    HttpResponse,
    Timing,
    TransportFault,
)
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView

SECRET = SecretView("5ec12e7000000000", 31)
CODE = SecretView("c0de000000000001", 22)
TOKEN = SecretView("70ce000000000001", 231, "jwt", '{"alg":"HS256"}', '{"sub":"user_42"}')
URI = "http://127.0.0.1:8765/callback"
UTC = 1_795_515_302.25
INPUTS = Inputs(
    environment="sandbox",
    base_url="http://127.0.0.1:9000",
    client_id="demo-app",
    client_secret=SECRET,
    redirect_uri=URI,
    state="state-of-this-run",
)
TOKEN_URL = "http://127.0.0.1:9000/api/oauth2/Token"
PLAIN = (("Content-Type", "text/plain; charset=utf-8"), ("Server", "Kestrel"))
JSON = (("Content-Type", "application/json"), ("Date", "Tue, 24 Nov 2026 10:15:03 GMT"))


def started(**changes: Any) -> RunStarted:
    return RunStarted(at=0.0, run_id="a1b2c3d4e5f6", utc=UTC, inputs=replace(INPUTS, **changes), secrets=(SECRET,))


def callback(query: str = f"code={CODE.placeholder}&state=state-of-this-run", at: float = 1.0) -> CallbackReceived:
    headers = (("Host", "127.0.0.1:8765"), ("User-Agent", "Browser/1.0"))
    request = HttpRequest("GET", f"/callback?{query}", headers)
    return CallbackReceived(at=at, request=request, peer="127.0.0.1:50000", secrets=(CODE,))


def answered(location: str | None, status: int = 302, body: bytes = b"") -> AuthorizationAnswered:
    headers = (("Location", location),) if location is not None else PLAIN
    exchange = Exchange(
        HttpRequest("GET", INPUTS.authorization_url), HttpResponse(status, headers, Body.of(body)), Timing(total=0.05)
    )
    return AuthorizationAnswered(at=0.5, exchange=exchange, secrets=(CODE,))


def token_request(**changes: Any) -> HttpRequest:
    fields = {
        "client_id": "demo-app",
        "client_secret": SECRET.placeholder,
        "redirect_uri": URI,
        "code": CODE.placeholder,
        **changes,
    }
    headers = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"))
    return HttpRequest("POST", TOKEN_URL, headers, Body.of(Params(tuple(fields.items())).encode().encode()))


def exchanged(body: bytes = b"", status: int = 200, at: float = 1.5, **fields: Any) -> TokenExchanged:
    good = f'{{"access_token":"{TOKEN.placeholder}","expiration":"2026-11-24T12:15:03Z"}}'.encode()
    response = HttpResponse(status, JSON if status == 200 else PLAIN, Body.of(body or good), "OK")
    exchange = Exchange(
        token_request(**fields),
        response,
        Timing(0.25, connect=0.01, tls=0.02, first_byte=0.2),
        Connection("127.0.0.1:9000"),
    )
    return TokenExchanged(at=at, exchange=exchange, secrets=(SECRET, CODE, TOKEN))


def probed(status: int, index: int = 0, at: float = 2.0, body: bytes = b"[]") -> ProbeAnswered:
    endpoint = DOCUMENTED[index]
    request = HttpRequest("GET", INPUTS.base_url + endpoint.path, (("Authorization", f"Bearer {TOKEN.placeholder}"),))
    exchange = Exchange(request, HttpResponse(status, JSON, Body.of(body)), Timing(total=0.1))
    return ProbeAnswered(at=at, endpoint=endpoint, credential="token", exchange=exchange, secrets=(TOKEN,))


BOUND = ListenerBound(at=0.1, addresses=("127.0.0.1:8765", "[::1]:8765"), scheme="http")
OPENED = BrowserOpened(at=0.2, ok=True, program="xdg-open")
STRAY = StrayRequest(at=0.9, request=HttpRequest("GET", "/favicon.ico"), reason="favicon", peer="127.0.0.1:50001")
GOOD_LOCATION = f"{URI}?code={CODE.placeholder}&state=state-of-this-run"
REFUSED = TransportFault("refused", "Nobody listens there.", "", "127.0.0.1", 9000, ("127.0.0.1:9000",), "Errno 111")
NOT_TEXT = Body(b"\xff\xfe\x00binary", 40, 20, "size")

LOGS: dict[str, tuple[AnyEvent, ...]] = {
    "browser-token": (started(), BOUND, OPENED, STRAY, callback(), exchanged(), callback(at=1.7)),
    "user-specific-with-probes": (
        started(userid="user_42", probes=DOCUMENTED),
        BOUND,
        OPENED,
        callback(),
        exchanged(userid="user_42"),
        probed(200),
        probed(200, 1, at=2.5),
    ),
    "direct-token-and-a-later-probe": (
        started(mode="direct"),
        answered(GOOD_LOCATION),
        exchanged(),
        ProbeRequested(at=3.0, endpoint=GET_CONVERSATIONS, credential="none"),
        probed(403, 1, at=3.2),
    ),
    "invalid-code": (started(mode="direct"), answered(GOOD_LOCATION), exchanged(b"Invalid Code", 400)),
    "unauthorized": (started(mode="direct"), answered(None, 401, b'{"title":"Unauthorized","status":401}')),
    "forged-then-timeout": (started(), BOUND, OPENED, callback("code=x&state=forged"), TimedOut(at=300.0)),
    "held-and-believed": (
        started(),
        BOUND,
        OPENED,
        callback(f"code={CODE.placeholder}"),
        ContinuedAnyway(at=2.0),
        exchanged(at=2.5),
    ),
    "listener-busy": (
        started(),
        ListenerFailed(at=0.1, code="busy", sentence="Port 8765 is taken.", address="127.0.0.1", port=8765, holder="x"),
    ),
    "no-connection": (
        started(mode="direct"),
        TransportFailed(
            at=0.4,
            step="authorization-request",
            failed=FailedExchange(HttpRequest("GET", INPUTS.authorization_url), REFUSED, Timing(total=0.01)),
        ),
    ),
    "cancelled": (started(), BOUND, OPENED, Cancelled(at=4.0)),
    "standard-dialect": (
        started(dialect=STANDARD, challenge="abc", verifier=CODE, params=Params((("scope", "a b"), ("scope", "c")))),
        BOUND,
        OPENED,
        callback(),
        replace(exchanged(), exchange=Exchange(token_request(), HttpResponse(200, JSON, NOT_TEXT))),
    ),
}
