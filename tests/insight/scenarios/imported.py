"""Runs that were read from another program's file."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.events import (
    CallbackAnswered,
    Imported,
    ProbeAnswered,
    RefreshAnswered,
    TokenExchanged,
    TransportFailed,
)
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.http import Body, Exchange, FailedExchange, HttpRequest, HttpResponse, TransportFault
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import inputs, run
from tests.insight.scenarios.base import GOT_IN, INVALID_CODE, JSON, LOCALHOST, case, html
from tests.runs import LOCATION, TOKEN, authorized, exchanged, page, redirect, response, text, token_response

READ = Imported(at=0.0, program="WebInspector", omissions=("cut", "redacted"))
NO_FRAMES = replace(READ, no_frames="X-Frame-Options: DENY")
UNKNOWN = Endpoint("GET", "/api/Chat/ListAgents")
OTHER = SecretView("07e4270ce0000000", 40)
MINE = inputs(mode="direct", probes=())


def imported(*events: Any, **changes: Any) -> FlowState:
    """A run of a browser's file that got as far as the redirect, and these events."""
    return run(replace(MINE, **changes), READ, authorized(GOT_IN, MINE), *events)


def misfit(answer: HttpResponse, fits: bool | None = False, **changes: Any) -> FlowState:
    """A run of a file whose verifier does not fit its challenge, and this answer to the token request."""
    mine = replace(MINE, **changes)
    return run(mine, replace(READ, verifier_fits=fits), authorized(GOT_IN, mine), exchanged(answer))


ODD_CHALLENGE = Params.of(
    (("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM="), ("code_challenge_method", "S256"))
)


def left(**changes: Any) -> TransportFailed:
    """The browser's request to the redirect URI, without an answer."""
    facts: dict[str, Any] = {"kind": "browser", "host": "127.0.0.1", "port": 8765} | changes
    fault = TransportFault(**facts)
    return TransportFailed(at=1.0, step="redirect", failed=FailedExchange(HttpRequest("GET", LOCATION), fault))


def answered(answer: HttpResponse) -> CallbackAnswered:
    return CallbackAnswered(at=1.0, exchange=Exchange(HttpRequest("GET", LOCATION), answer))


def asked(answer: HttpResponse, *sent: tuple[str, str], read: Imported = READ, **changes: Any) -> FlowState:
    """A run of a browser's file with these headers in its authorization request, and this answer to that."""
    mine = replace(MINE, **changes)
    event = authorized(answer, mine)
    request = replace(event.exchange.request, headers=(*event.exchange.request.headers, *sent))
    return run(mine, read, replace(event, exchange=replace(event.exchange, request=request)))


def refreshed(answer: HttpResponse) -> RefreshAnswered:
    return RefreshAnswered(at=9.0, exchange=Exchange(HttpRequest("POST", "/api/oauth2/Token"), answer))


def not_recorded(status: int) -> HttpResponse:
    return HttpResponse(status, (("Content-Type", JSON),), Body(b"", 180, 180, "not-recorded"))


def called(token: SecretView) -> ProbeAnswered:
    call = HttpRequest("GET", UNKNOWN.path, (("Authorization", f"Bearer {token.reference}"),))
    return ProbeAnswered(at=10.0, endpoint=UNKNOWN, credential="token", exchange=Exchange(call, response(401)))


def no_token_request(*events: Any) -> FlowState:
    return imported(*events, exchange=False)


def unanswered(**fault: Any) -> FlowState:
    request = HttpRequest("POST", "https://airisk.example.com/api/oauth2/Token")
    failed = FailedExchange(request, TransportFault(**({"kind": "browser", "host": "airisk.example.com"} | fault)))
    return imported(TransportFailed(at=1.5, step="token-request", failed=failed))


def of_a_page(event: TokenExchanged, origin: str = "https://app.example.com") -> TokenExchanged:
    """The token request as a page of this origin makes it."""
    request = event.exchange.request
    sent = replace(request, headers=(*request.headers, ("Origin", origin)))
    return replace(event, exchange=replace(event.exchange, request=sent))


def without_body(event: TokenExchanged) -> TokenExchanged:
    """The token request as a file has it that left out its body."""
    request = replace(event.exchange.request, headers=(), body=Body(cut="not-recorded"))
    return replace(event, exchange=replace(event.exchange, request=request))


def by_get(event: TokenExchanged, method: str = "GET") -> TokenExchanged:
    """The token request as a client sends it that puts its fields into the address."""
    request = event.exchange.request
    url = f"{request.url}?{request.body.data.decode()}"
    return replace(
        event, exchange=replace(event.exchange, request=replace(request, method=method, url=url, body=Body()))
    )


# The way back
case("callback-upgraded", lambda: no_token_request(left(reason="https")), "host's entry")
case(
    "callback-upgraded",
    lambda: run(
        replace(MINE, redirect_uri=LOCALHOST, exchange=False),
        READ,
        authorized(redirect(LOCATION.replace("127.0.0.1", "localhost")), MINE),
        left(reason="https"),
    ),
    "127.0.0.1 in place of localhost",
    name="callback-upgraded, localhost",
)
case("callback-blocked", lambda: no_token_request(left(reason="blocked")), "extensions")
for error, name, fix in (
    ("LOCAL_NETWORK_ACCESS_CHECKS", "by Chromium's guard of the local network", "local network"),
    ("ADMINISTRATOR", "by a policy", "administers the browser"),
):
    failure = left(reason="blocked", library_text=f"net::ERR_BLOCKED_BY_{error}")
    case("callback-blocked", lambda failure=failure: no_token_request(failure), fix, name=name)
case("callback-unfinished", lambda: no_token_request(left()), "start the client")
case("callback-unreached", lambda: no_token_request(left(kind="refused")), "Start the client")
case("callback-unreached", lambda: no_token_request(left(kind="tls")), "--redirect-uri", name="over TLS")
case("callback-unreached", lambda: no_token_request(left(kind="dns")), "same browser", name="without a name")
case("callback-failed", lambda: no_token_request(answered(html("Oops", 500))), "own log")
case("callback-failed", lambda: no_token_request(answered(html("Bad Gateway", 502))), "in front", name="a gateway")
case("callback-failed", lambda: no_token_request(answered(response(404))), "waits for the answer", name="no path")
case("callback-led-to-login", lambda: no_token_request(answered(redirect("/.auth/login/aad"))), "from that log-in")

case("login-not-in-file", lambda: run(MINE, READ, authorized(redirect("/login?next=1"), MINE)), "until the application")
case("authorization-request-broken", lambda: asked(response(400), client_id=""), "its client_id")
case(
    "authorization-request-broken",
    lambda: asked(response(400), params=Params((("amp;scope", "files"),))),
    "“&” alone",
    name="escaped",
)
case(
    "login-asked-by-script",
    lambda: asked(redirect("/login"), ("Sec-Fetch-Mode", "cors")),
    "with 401",
)
case("login-asked-in-frame", lambda: asked(redirect("/login"), ("Sec-Fetch-Dest", "iframe")), "whole window")
case(
    "login-asked-in-frame",
    lambda: asked(redirect("/next"), ("Sec-Fetch-Dest", "iframe"), read=NO_FRAMES),
    "whole window",
    name="forbidden",
)
case("login-not-in-file", lambda: run(MINE, READ, authorized(page(), MINE)), "until the application", name="at a page")

case(
    "login-not-in-file",
    lambda: run(MINE, READ, authorized(redirect("/home/error?errorId=1"), MINE)),
    "Read that page",
    name="at a page for errors",
)
MISMATCH = html("<title>Error: redirect_uri_mismatch</title>")
case("page-names-error", lambda: run(MINE, READ, authorized(MISMATCH, MINE)), "--redirect-uri")

# The token request
case("token-answer-not-recorded", lambda: imported(exchanged(not_recorded(200))), "bodies of the answers")
case("token-answer-not-recorded", lambda: imported(exchanged(not_recorded(0))), "export the HAR", name="no answer")
case("request-blocked", lambda: unanswered(reason="blocked"), "private window")
case("cross-origin-refused", lambda: unanswered(reason="cross-origin"), "application's server")
case("preflight-refused", lambda: unanswered(reason="preflight", library_text="OPTIONS 404"), "answer OPTIONS")
case("answer-not-shown", lambda: unanswered(), "Record again")
case("answer-kept-from-page", lambda: imported(of_a_page(exchanged(not_recorded(400)))), "application's server")
case("token-request-by-get", lambda: imported(by_get(exchanged(response(405)))), "as a POST")
case(
    "token-request-by-get",
    lambda: imported(by_get(exchanged(text("body is null")), "POST")),
    "as a form in the body",
    name="a POST without a body",
)
case("pkce-mismatch", lambda: misfit(INVALID_CODE), "the stored one is of another attempt")
case(
    "pkce-mismatch",
    lambda: misfit(INVALID_CODE, params=ODD_CHALLENGE),
    "and no “=” (RFC 7636, appendix A)",
    name="a challenge in base64",
)
case(
    "token-request-not-recorded",
    lambda: imported(without_body(exchanged(text("grant_type is missing")))),
    "Content-Type",
)
case(
    "code-altered-by-client",
    lambda: imported(replace(exchanged(INVALID_CODE, code=OTHER), secrets=(OTHER,))),
    "exactly as the redirect",
)
case("code-exchanged-again", lambda: imported(exchanged(), exchanged(INVALID_CODE, at=1.7)), "each code once")

# What followed
case("refresh-refused", lambda: imported(exchanged(), refreshed(text("invalid_grant"))), "Log in again")
case("another-token-refused", lambda: imported(exchanged(), called(OTHER)), "stored token")
case("call-refused", lambda: imported(exchanged(), refreshed(token_response()), called(TOKEN)), "administrator")
