"""Every failure that the rules know, as a run: what happened, what else is known, and the finding that comes first.

One table for all rules: it is what the catalogue is held against. `also` are further findings beside the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from airisk_tui.engine.listener_pages import RECEIVED
from airisk_tui.flow.events import BrowserOpened, Cancelled, ListenerFailed, ProbeRequested
from airisk_tui.flow.known import Known
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Environment
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.expiry import utc_text
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.mistakes import Mistake
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import (
    BASE,
    CODE,
    OPENED,
    OVER,
    SECRET,
    STATE,
    URI,
    at_date,
    bound,
    browser,
    callback,
    direct,
    exchanged,
    failed,
    good,
    inputs,
    issued,
    jwt,
    page,
    probed,
    problem,
    redirect,
    refused,
    response,
    run,
    stray,
    text,
    token_response,
    with_probes,
)
from tests.insight.plays import UTC as T0


@dataclass(frozen=True)
class Scenario:
    """code: of the first finding; state: made when asked for; facts: what else the context knows; fix: words in its fix."""

    code: str
    state: Callable[[], FlowState]
    facts: dict[str, Any] = field(default_factory=dict)
    fix: str = ""
    also: tuple[str, ...] = ()
    name: str = ""


SCENARIOS: list[Scenario] = []


def case(code: str, state: Callable[[], FlowState], fix: str = "", *also: str, name: str = "", **facts: Any) -> None:
    SCENARIOS.append(Scenario(code, state, facts, fix, also, name or code))


def extra(**pairs: str) -> Params:
    return Params(tuple(pairs.items()))


def with_token_dialect(**names: Any) -> Dialect:
    return Dialect(**names)


def html(body: str, status: int = 200) -> HttpResponse:
    return response(status, f"<!DOCTYPE html><html>{body}</html>", "text/html")


LOCALHOST = "http://localhost:8765/callback"
HTTP = "http://airisk.example.com"
JSON = "application/json"
INVALID_CODE = text("Invalid Code")
GOT_IN = redirect(f"{URI}?code={CODE.placeholder}&state={STATE}")
GOT_CODE = direct(redirect(f"{URI}?code={CODE.placeholder}&state={STATE}"), run_id="earlier", exchange=False)


def listener(code: str, holder: str | None = None, **changes: Any) -> FlowState:
    sentence = "The address could not be listened on."
    return run(inputs(**changes), ListenerFailed(at=0.1, code=code, sentence=sentence, port=8765, holder=holder))


# Inputs
case("inputs-illegal", lambda: run(inputs(client_id="")), "client_id")
case(
    "parameter-sent-twice",
    lambda: direct(problem(), params=extra(client_id="other")),
    "--param client_id",
    "client-unknown",
)
case(
    "field-sent-twice",
    lambda: refused(INVALID_CODE, token_params=extra(redirect_uri="http://127.0.0.1:1/cb")),
    "--token-param redirect_uri",
    "legs-differ",
)
case("secrets-in-clear", lambda: issued(base_url="http://airisk.example.com"), "https")
case("tls-not-verified", lambda: issued(verify_tls=False), "verification")

# Listener
case("port-busy", lambda: listener("busy", "nginx (pid 7)"), "nginx (pid 7)")
case(
    "port-busy",
    lambda: listener("busy"),
    LOCALHOST.replace("8765", "9000"),
    registered=(URI, LOCALHOST.replace("8765", "9000")),
)
case("port-privileged", lambda: listener("privileged", redirect_uri="https://localhost/callback"), "--mode paste")
case("port-excluded", lambda: listener("excluded"), "http://127.0.0.1:8766/callback")
case("address-not-loopback", lambda: listener("not-loopback"), "--mode paste")
case("address-unavailable", lambda: listener("unavailable", redirect_uri="http://[::1]:8765/callback"), "--mode paste")

# No connection, TLS
for kind, code, fix in (
    ("proxy", "proxy-failed", "NO_PROXY=airisk.example.com"),
    ("dns", "name-not-found", "--base-url"),
    ("refused", "connection-refused", "--base-url"),
    ("unreachable", "network-unreachable", "VPN"),
    ("timeout", "no-answer-in-time", "network"),
    ("reset", "connection-reset", "Run again"),
    ("protocol", "not-http", "--base-url"),
    ("local", "request-impossible", "Correct"),
):
    case(code, lambda kind=kind: run(inputs(mode="direct"), failed(kind)), fix)
for reason, code, fix in (
    ("certificate-not-yet-valid", "certificate-not-yet-valid", "clock"),
    ("certificate-expired", "certificate-expired", "renew"),
    ("hostname-mismatch", "certificate-wrong-host", "--base-url"),
    ("certificate-revoked", "certificate-revoked", "new certificate"),
    ("self-signed", "certificate-self-signed", "SSL_CERT_FILE"),
    ("unknown-ca", "certificate-unknown-authority", "SSL_CERT_FILE"),
    ("client-certificate", "client-certificate-wanted", "client certificates"),
    ("wrong-version", "tls-on-plain-port", "http://airisk.example.com"),
    ("", "tls-failed", "another network"),
):
    case(code, lambda reason=reason: run(inputs(mode="direct"), failed("tls", reason)), fix)
case(
    "connection-reset",
    lambda: run(inputs(), bound(), OPENED, good(), failed("reset", step="token-request")),
    "Run again",
    name="reset at the token endpoint",
)

case(
    "connection-reset",
    lambda: direct(GOT_IN, failed("reset", step="token-request", url=HTTP + "/api/oauth2/Token"), base_url=HTTP),
    "to the administrator of airisk.example.com:443",
    name="reset over http, where step 1 was answered",
)
case(
    "connection-reset",
    lambda: run(inputs(mode="direct", base_url=HTTP), failed("reset", url=HTTP + "/api/oauth2")),
    "https://airisk.example.com",
    name="reset over http at the first request",
)
case(
    "connection-reset",
    lambda: run(inputs(mode="direct"), failed("reset", tls="TLSv1.3")),
    "client certificates",
    name="reset at once after the handshake",
)
case(
    "tls-failed",
    lambda: run(inputs(mode="direct"), failed("tls", detail="handshake failure")),
    "network",
    name="refused",
)
case("answer-head-too-long", lambda: run(inputs(mode="direct"), failed("protocol", "head-too-large")), "administrator")

# Redirect
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"http://127.0.0.1:8766/callback?code=x&state={STATE}")),
    "8766/callback",
)
case("redirect-relative", lambda: direct(redirect(f"/callback?code=x&state={STATE}")), "--mode paste")
case("redirect-relative", lambda: direct(redirect(f"?code=x&state={STATE}")), "--mode paste", name="a query alone")
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"http:\\\\127.0.0.1:8766\\callback?code=x&state={STATE}")),
    "http://127.0.0.1:8766/callback",
    name="backslashes, which browsers take for slashes",
)
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"//127.0.0.1:8765/callback?code=x&state={STATE}")),
    "https://127.0.0.1:8765/callback",
    name="a host without a scheme, which takes that of the server",
)
case("duplicate-parameter", lambda: browser(callback(f"code=a&code=b&state={STATE}")), "code")
case("answer-in-fragment", lambda: direct(redirect(f"{URI}#code=x&state={STATE}")), "--mode paste")
case("state-altered", lambda: direct(redirect(f"{URI}?code=x&state={STATE.upper()}")), "lower-case")
case("state-altered", lambda: direct(redirect(f"{URI}?code=x&state={STATE[:8]}")), "at most 8", name="state cut")
case(
    "state-altered",
    lambda: direct(redirect(f"{URI}?code=x&state=a%20b"), state="a+b"),
    "--state",
    name="state decoded twice",
)
case(
    "state-mismatch",
    lambda: direct(redirect(f"{URI}?code=x&state=stranger")),
    "--state none",
    name="state changed by the server",
)
case(
    "state-mismatch",
    lambda: browser(callback("code=x&state=stranger"), OVER),
    "Close the other tabs",
    name="an old tab",
)
case("state-missing", lambda: direct(redirect(f"{URI}?code=x")), "--state none")
case("state-missing", lambda: browser(callback("code=x"), OVER), "--state none", name="state dropped, browser")
case("code-and-error", lambda: browser(callback(f"code=x&error=y&state={STATE}")), "administrator")
case(
    "redirect-empty",
    lambda: direct(redirect(f"{URI}?verifier=abcdef12&state={STATE}")),
    "--field code=verifier",
    name="a code under a name that nobody has heard of",
)
case(
    "answer-in-fragment",
    lambda: direct(redirect(f"{URI}#error=access_denied&state={STATE}")),
    "approve on the consent page",
    name="an error in the fragment",
)
case(
    "state-missing",
    lambda: direct(redirect(f"{URI}?code=x&State={STATE}")),
    "return it as “state”",
    name="the state under another name",
)
case("code-renamed", lambda: browser(callback(f"auth_code=x&state={STATE}")), "--field code=auth_code")
case("redirect-empty", lambda: browser(callback(f"state={STATE}")), "address bar")
case("forged-answer", lambda: issued_after_forgery(), "Nothing")
case("state-not-verified", lambda: issued_by_paste(), "paste the whole address")


def issued_after_forgery() -> FlowState:
    mine = inputs()
    return run(mine, bound(), OPENED, callback("code=x&state=forged"), good(at=1.1), exchanged(mine, token_response()))


def issued_by_paste() -> FlowState:
    mine = inputs(mode="paste")
    came = callback(f"code={CODE.placeholder}", path="", via="bare-code")
    return run(mine, bound(), came, exchanged(mine, token_response()))


# Refusals
for error, code, fix in (
    ("access_denied", "access-denied", "approve"),
    ("unauthorized_client", "unauthorized-client", "demo-app"),
    ("invalid_scope", "invalid-scope", "--param scope="),
    ("server_error", "server-error", "administrator"),
    ("temporarily_unavailable", "temporarily-unavailable", "Wait"),
    ("login_required", "interaction-required", "--mode browser"),
    ("unsupported_response_type", "unsupported-response-type", "--param response_type=code"),
    ("invalid_request&error_description=response_type+is+missing", "invalid-request", "--param response_type=code"),
    ("invalid_request&error_description=code_challenge+required", "invalid-request", "fields.pkce = true"),
    ("invalid_request", "invalid-request", "--param NAME=VALUE"),
    ("quota_exceeded", "authorization-error-unknown", "documentation"),
):
    case(code, lambda error=error: browser(callback(f"error={error}&state={STATE}")), fix, name=error)
case(
    "access-denied",
    lambda: direct(response(400, b'{"error":"access_denied","error_description":"no"}', JSON)),
    "approve",
    name="a JSON error in place of a redirect",
)
case(
    "state-missing",
    lambda: direct(redirect(f"{URI}?error=access_denied")),
    "--state none",
    name="denied, and the state dropped, asked directly",
)
case(
    "access-denied",
    lambda: direct(redirect(f"{URI}?error=access_denied"), state=None),
    "approve",
    name="denied, and no state sent",
)

# Registration
case("parameter-wanted", lambda: direct(text("Missing response_type")), "--param response_type=code")
case("registered-uri-space", lambda: direct(problem()), "“ http", registered=(" " + URI,))
case(
    "redirect-uri-unregistered",
    lambda: direct(problem(), redirect_uri="http://127.0.0.1:8765/calback"),
    f"--redirect-uri to “{URI}”",
    registered=(LOCALHOST, URI),
)
case(
    "redirect-uri-unregistered",
    lambda: direct(problem(), redirect_uri=URI + "/"),
    f"--redirect-uri to “{URI}”",
    history=(GOT_CODE,),
    name="only the redirect URI differs from a run that worked",
)
case("registration-changed", lambda: direct(problem(), state="another"), "administrator", history=(GOT_CODE,))
case("userid-unknown", lambda: direct(problem(), userid="nobody"), "ListUsers", history=(GOT_CODE,), registered=(URI,))
case(
    "userid-unknown",
    lambda: direct(text("Invalid userid"), userid="nobody"),
    "ListUsers",
    name="the server names the userid",
)
case("client-changed", lambda: direct(problem(), client_id="demo-ap"), "--client-id to “demo-app”", history=(GOT_CODE,))
case("redirect-uri-refused", lambda: direct(text("Invalid redirect_uri")), "--redirect-uri")
case("client-unknown", lambda: direct(problem()), "traceId")
case(
    "client-unknown",
    lambda: direct(problem()),
    "stray space",
    registered=(URI,),
    name="401 though all is said to be registered",
)
case("client-unknown", lambda: direct(problem(), userid="user_42"), "once without --userid", name="401 with a user id")
case(
    "registered-uri-differs",
    lambda: direct(problem(), known=Known(clients=("demo-app",), registered=(URI,))),
    "without spaces",
    name="401 though the application is known",
    registered=(URI,),
)
case(
    "registered-uri-differs",
    lambda: direct(problem(), userid="user_42", known=Known(clients=("demo-app",))),
    "without spaces",
    name="401 with a user id, though the application is known",
)

# Authorization request
case("proxy-login", lambda: direct(page(511)), "Log in to the network")
case(
    "base-url-redirects",
    lambda: direct(redirect(BASE + "/api/oauth2?x=y", 301), base_url="http://airisk.example.com"),
    f"“{BASE}”",
)
case(
    "base-url-redirects",
    lambda: direct(redirect("/api/oauth2/")),
    "--field authorize_path=/api/oauth2/",
    name="a slash at the end",
)
case("login-redirect", lambda: direct(redirect("https://login.example.com/signin?return=x")), "--mode browser")
case("redirect-without-location", lambda: direct(redirect(None)), "Location")
for place, name in (
    ("javascript:alert(1)", "a script"),
    ("data:text/html,x", "a page inside the header"),
    ("", "nothing"),
    ("http://[::1", "no address"),
    ("http:///login", "no host"),
):
    case("location-unusable", lambda place=place: direct(redirect(place)), "Do not open", name=f"redirected to {name}")
case(
    "login-redirect",
    lambda: direct(redirect("?login=1")),
    "--mode browser",
    name="back to itself with other parameters",
)
case("redirect-undecided", lambda: direct(redirect(None, 304)), "administrator")
case("redirect-undecided", lambda: direct(redirect(None, 300)), "administrator", name="several places to choose from")
case("authorize-rate-limited", lambda: direct(response(429, b"", None, ("Retry-After", "17"))), "Wait 17 seconds")
case("authorize-server-error", lambda: direct(page(500)), "administrator")
case("authorize-unavailable", lambda: direct(page(502)), "in a minute")
case(
    "deployment-stopped",
    lambda: direct(html("<h1>Error 403 - This web app is stopped.</h1>", 403)),
    "start the web app",
)
case(
    "server-fetches-redirect", lambda: direct(text("Connection refused (127.0.0.1:8765)", 500)), "redirect the browser"
)
case(
    "server-fetches-redirect",
    lambda: direct(html("<body>Cannot GET /callback</body>")),
    "redirect the browser",
    name="what came back is shown",
)
case(
    "server-fetches-redirect",
    lambda: direct(html(f"<h1>Received</h1><p>{RECEIVED.text}")),
    "redirect the browser",
    name="the page of our listener is handed back",
)
for agent in (("User-Agent", "RestSharp/106.11"), ("Host", "127.0.0.1:8765")):
    case(
        "callback-by-program",
        lambda agent=agent: browser(callback("", headers=(agent,)), OVER),
        "have the deployment redirect the browser",
        name=agent[1],
    )
case(
    "redirect-empty",
    lambda: browser(callback("", headers=(("User-Agent", "Mozilla/5.0"),)), OVER),
    "address bar",
    name="a browser came with nothing",
)
for way, name in (
    (f'<meta http-equiv="refresh" content="0;url={URI}?code=x&amp;state=y">', "meta refresh"),
    (f"<script>location.href = '{URI}?code=x';</script>", "script"),
    (f"<body onload='document.forms[0].submit()'><form method=post action='{URI}'>", "self-posting form"),
):
    case("page-sends-on", lambda way=way: direct(html(way)), "--mode browser", name=name)
case(
    "location-without-redirect",
    lambda: direct(response(200, b"", None, ("Location", f"{URI}?code=x"))),
    "answer 302",
)
case(
    "location-without-redirect",
    lambda: direct(response(200, b"", None, ("Refresh", f"0; url={URI}?code=x"))),
    "--mode browser",
    name="a Refresh header",
)
case("web-page", lambda: direct(html("<app-root></app-root><script src=main.js></script>")), "--base-url")
case("web-page", lambda: direct(html("<h1>It works!</h1>")), "--base-url", name="a page without a script")
case("base-url-doubled", lambda: direct(response(404), base_url=BASE + "/api"), f"“{BASE}”")
case("authorize-not-found", lambda: direct(response(405), base_url=BASE + "/portal"), f"“{BASE}”")
case(
    "http-to-https-port",
    lambda: direct(
        response(400, b"The plain HTTP request was sent to HTTPS port", "text/html"),
        base_url="http://airisk.example.com:8443",
    ),
    "https://airisk.example.com:8443",
)
case("gateway-refused", lambda: direct(page(403)), "VPN")
case(
    "gateway-refused",
    lambda: direct(response(401, b"", None, ("WWW-Authenticate", "Negotiate"))),
    "VPN",
    name="a gateway's login",
)
case(
    "network-login",
    lambda: direct(redirect("http://10.0.0.1/captive-portal/login?u=x"), base_url=HTTP),
    "Log in to the network",
)
case(
    "network-login",
    lambda: direct(html("Welcome to the hotspot"), base_url=HTTP),
    "over http",
    name="a page in its place",
)
case(
    "login-page",
    lambda: direct(html("Sign in to the hotspot <form>")),
    "--mode browser",
    name="over https none is forged",
)
for who, refusing in (
    ("Squid", response(403, b"<html>", "text/html", ("X-Squid-Error", "ERR_ACCESS_DENIED 0"))),
    ("Akamai", response(403, b"<html>", "text/html", ("Server", "AkamaiGHost"))),
    ("FortiGuard", html("<title>FortiGuard Intrusion Prevention", 200)),
    ("F5", html("The requested URL was rejected. Please consult with your administrator.", 200)),
):
    case("request-filtered", lambda refusing=refusing: direct(replace_server(refusing)), "let through", name=who)
case(
    "http-to-https-port",
    lambda: direct(text("Client sent an HTTP request to an HTTPS server."), base_url=HTTP),
    "https://airisk.example.com",
    name="told as plain text",
)
case("code-in-body", lambda: direct(response(200, b'{"code":"abc"}', JSON)), "--mode paste")
case("login-page", lambda: direct(page(200)), "--mode browser")
case("answer-without-redirect", lambda: direct(text("OK", 200)), "redirect the browser")
case("authorize-refused", lambda: direct(response(418)), "--mode browser")

# Wrong door, waiting
case(
    "callback-other-path",
    lambda: browser(stray("other-path", f"/cb?code=x&state={STATE}"), OVER),
    "http://127.0.0.1:8765/cb",
)
case(
    "callback-other-host",
    lambda: browser(stray("host", f"/callback?code=x&state={STATE}", "localhost:8765"), OVER),
    "http://localhost:8765/callback",
)
case("tls-on-http", lambda: browser(stray("tls-on-http"), OVER), "https://127.0.0.1:8765/callback")
case(
    "tls-on-http",
    lambda: browser(stray("tls-on-http"), OVER),
    "https-only mode off",
    registered=(URI,),
    name="https-only mode",
)
case(
    "http-on-https",
    lambda: browser(stray("http-on-https"), OVER, redirect_uri="https://127.0.0.1:8765/callback"),
    f"“{URI}”",
)
case("callback-too-large", lambda: browser(stray("head-too-large"), OVER), "private window")
case(
    "browser-not-opened",
    lambda: run(inputs(), bound(), BrowserOpened(at=0.2, ok=False), OVER),
    "ssh -N -L 127.0.0.1:8765",
)
case("callback-not-here", lambda: run(inputs(redirect_uri="https://app.example.com/cb"), OPENED, OVER), "--mode paste")
case("redirect-uri-not-accepted", lambda: browser(OVER), f"--redirect-uri to “{LOCALHOST}”", registered=(LOCALHOST,))
case(
    "browser-elsewhere",
    lambda: browser(OVER),
    "ssh -N -L 127.0.0.1:8765:127.0.0.1:8765",
    environment=Environment(ssh=True),
)
for facts in ({}, {"environment": Environment(ssh=True)}, {"history": (GOT_CODE,)}):
    case(
        "nothing-pasted",
        lambda: run(inputs(mode="paste"), bound(), OVER),
        "paste the address that it ends on",
        name=", ".join(facts) or "nothing-pasted",
        **facts,
    )
case("redirect-lost", lambda: browser(OVER), "--mode direct", history=(GOT_CODE,))
case("nobody-came", lambda: browser(OVER), "--mode direct")
case("run-cancelled", lambda: browser(Cancelled(at=3.0)), "Run again")

# Token endpoint
TOKEN_URL = BASE + "/api/oauth2/Token"
case(
    "token-redirected",
    lambda: refused(redirect(TOKEN_URL, 307), base_url="http://airisk.example.com"),
    f"“{BASE}”",
    "secrets-in-clear",
)
case(
    "token-redirected",
    lambda: refused(redirect(BASE + "/v2/token", 307)),
    "--field token_path=/v2/token ",
    name="307 to another path",
)
case("token-redirected", lambda: refused(redirect(None, 302)), "Location", name="302 to nowhere")
case("token-undecided", lambda: refused(redirect(None, 304)), "administrator")
case("token-undecided", lambda: refused(redirect(None, 300)), "administrator", name="300 from the token endpoint")
case("token-redirected", lambda: refused(redirect("https://login.example.com/")), "--base-url", name="a login in front")
case("token-url-doubled", lambda: refused(response(404), base_url=BASE + "/api"), f"“{BASE}”")
case(
    "token-not-found",
    lambda: refused(response(404), dialect=with_token_dialect(token_path="/api/oauth2/token")),
    "/api/oauth2/Token",
)
case("token-not-found", lambda: refused(response(405, b"", None, ("Allow", "GET"))), "token_path", name="405")
case("token-proxy-login", lambda: refused(page(407)), "HTTPS_PROXY")
case("token-rate-limited", lambda: refused(response(503, b"", None, ("Retry-After", "9"))), "Wait 9 seconds")
case(
    "token-http-to-https-port",
    lambda: refused(text("Client sent an HTTP request to an HTTPS server."), base_url="http://airisk.example.com:8443"),
    "https://airisk.example.com:8443",
    "secrets-in-clear",
)
case("token-server-error", lambda: refused(page(500)), "--body json")
case("token-unavailable", lambda: refused(page(502)), "in a minute")
case("token-login", lambda: refused(redirect("/Account/Login?ReturnUrl=%2F")), "administrator")
case(
    "token-login",
    lambda: direct(GOT_IN, exchanged(inputs(mode="direct"), redirect("/Account/Login"))),
    "--carry-cookies",
    name="behind the session of step 1",
)
case("token-gateway", lambda: refused(page(200)), "--base-url")
case("token-deployment-stopped", lambda: refused(html("This web app is stopped.", 403)), "start the web app")
case(
    "token-request-filtered",
    lambda: refused(response(403, b"<html>", "text/html", ("cf-mitigated", "challenge"))),
    "let through",
)
case(
    "token-network-login",
    lambda: refused(html("Guest Wi-Fi"), base_url=HTTP),
    "Log in to the network",
    "secrets-in-clear",
)
case(
    "token-gateway",
    lambda: refused(page(403), proxy="http://proxy:3128"),
    "NO_PROXY=airisk.example.com",
    name="a proxy's page",
)

# The code
case("legs-differ", lambda: refused(INVALID_CODE, sent=sent(redirect_uri=LOCALHOST)), "same redirect_uri")
case(
    "legs-differ",
    lambda: refused(text("Invalid userid"), params=extra(userid="user_42")),
    "use --userid",
    name="the user id on one leg only",
)
case("code-reused", lambda: refused(INVALID_CODE), "from the start", history=(refused(INVALID_CODE, run_id="earlier"),))
case(
    "code-reused",
    lambda: refused(text("The code has already been used")),
    "from the start",
    name="the server says used",
)
case("code-expired", lambda: refused(INVALID_CODE, at=200.0), "within a minute")
case(
    "code-expired",
    lambda: refused(text("The authorization code has expired")),
    "within a minute",
    name="the server says expired",
)
case(
    "affinity-lost",
    lambda: affinity_lost(),
    "--carry-cookies, which stays on one instance; have the administrator share codes",
)
case(
    "affinity-lost",
    lambda: affinity_lost(carry_cookies=True),
    "why the load balancer does not go by",
    name="although the cookie was carried",
)
case(
    "affinity-left-out",
    lambda: direct(GOT_IN, exchanged(inputs(mode="direct"), HttpResponse(400, (), Body(b"Invalid Code", 12, 12)))),
    "--carry-cookies",
)
case("code-decoded-wrongly", lambda: odd(INVALID_CODE, "space"), "where it shows a “+”")
case("code-decoded-wrongly", lambda: odd(INVALID_CODE, "escape"), "each %2B", name="a code encoded twice")
case(
    "code-expired",
    lambda: odd(text("The code has expired"), "space"),
    "within a minute",
    name="a code with a space, which the server knew",
)
case(
    "code-cut-at-ampersand",
    lambda: refused(INVALID_CODE, came=callback(f"code={CODE.placeholder}&x7Gq&state={STATE}")),
    "with its “&”",
)
case("code-damaged", lambda: damaged(), "whole address", history=(issued(run_id="earlier"),))
case("code-refused", lambda: refused(INVALID_CODE), "--mode direct")
case(
    "code-refused",
    lambda: direct(GOT_IN, exchanged(inputs(mode="direct"), INVALID_CODE)),
    "--body json",
    name="in the direct mode",
)
case(
    "code-refused",
    lambda: refused(response(200, b'{"error":"invalid_grant"}', JSON)),
    "--mode direct",
    name="invalid_grant inside a 200",
)


def odd(answer: HttpResponse, oddity: str) -> FlowState:
    code = SecretView("c0de0000000000bb", 22, oddity=oddity)
    return refused(answer, code=code, came=replace(good(code=code), secrets=(code,)))


def sent(**changes: str) -> Params:
    fields = {
        "client_id": "demo-app",
        "client_secret": SECRET.placeholder,
        "redirect_uri": URI,
        "code": CODE.placeholder,
    }
    return extra(**(fields | changes))


def affinity_lost(**changes: Any) -> FlowState:
    mine = inputs(mode="direct", **changes)
    elsewhere = response(400, "Invalid Code", "text/plain", ("Set-Cookie", "ARRAffinity=instance-b; Path=/"))
    headers = tuple(pair for pair in elsewhere.headers if "instance-a" not in pair[1])
    moved = type(elsewhere)(400, headers, elsewhere.body)
    came = exchanged(mine, moved)
    if mine.carry_cookies:
        carried = (*came.exchange.request.headers, ("Cookie", "ARRAffinity=instance-a"))
        came = replace(came, exchange=replace(came.exchange, request=replace(came.exchange.request, headers=carried)))
    return direct(redirect(f"{URI}?code={CODE.placeholder}&state={STATE}"), came, **changes)


def damaged() -> FlowState:
    mine, short = inputs(mode="paste"), SecretView("c0de0000000000aa", 19)
    came = callback(f"code={short.placeholder}", path="", via="bare-code")
    return run(mine, bound(), came, exchanged(mine, INVALID_CODE, code=short))


# Fields
case("encoding-unsupported", lambda: refused(response(415)), "--body json")
case(
    "encoding-unsupported",
    lambda: refused(html("Incorrect Content-Type: application/json", 500), encoding="json"),
    "--body form",
    name="told by a 500",
)
case("field-spelled-otherwise", lambda: refused(text("Invalid clientId")), "--token-param clientId=demo-app")
case(
    "field-spelled-otherwise",
    lambda: refused(text("Invalid clientSecret")),
    "take client_secret",
    name="the secret, which no flag may take",
)
case("grant-type-wanted", lambda: refused(text("Invalid grant_type")), "--token-param grant_type=authorization_code")
case(
    "grant-type-wanted",
    lambda: refused(response(400, b'{"error":"unsupported_grant_type"}', JSON)),
    "--token-param grant_type=authorization_code",
    name="unsupported_grant_type",
)
case("field-missing", lambda: refused(text("Invalid userid")), "--userid")
case("encoding-not-read", lambda: refused(text("Invalid client_id")), "--body json")
case(
    "encoding-not-read",
    lambda: refused(text("Invalid client_id"), encoding="json"),
    "--body form",
    name="JSON not read",
)
case("field-refused", lambda: refused(text("Invalid redirect_uri")), "--redirect-uri")
case(
    "field-refused",
    lambda: refused(text("Invalid client_id")),
    "--client-id",
    history=(refused(text("Invalid client_id"), encoding="json", run_id="earlier"),),
    name="both encodings tried",
)
case(
    "field-refused",
    lambda: refused(response(400, b'{"error":"invalid_grant","error_description":"redirect_uri mismatch"}', JSON)),
    "--redirect-uri",
    name="invalid_grant that names the redirect URI",
)

case(
    "field-refused",
    lambda: refused(problem_saying("redirect_uri mismatch: expected https://localhost/callback", code="required")),
    "--redirect-uri to “https://localhost/callback”",
    name="a problem that names the URI it expects",
)
case(
    "encoding-not-read",
    lambda: refused(problem_saying("Validation failed.", client_id="The client_id field is required.")),
    "--body json",
    name="a problem that misses a field",
)
case(
    "code-refused",
    lambda: refused(text(f"Invalid Code. You sent: {sent().encode()}")),
    "--mode direct",
    name="the whole request repeated",
)


def replace_server(answer: HttpResponse) -> HttpResponse:
    """Without the headers of Kestrel, which a filter does not send."""
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[1] != "Kestrel"))


def problem_saying(detail: str, **errors: str) -> HttpResponse:
    told = {"title": "Bad Request", "status": 400, "detail": detail, "errors": {n: [v] for n, v in errors.items()}}
    return response(400, json.dumps(told), "application/problem+json")


# The client
SPACED = Mistake("client_secret", "client-secret-space", "The client secret has white space around it.", "warning")
QUOTED = Mistake("client_secret", "client-secret-quoted", "The client secret has quotation marks around it.", "warning")
OTHER_SECRET = SecretView("5ec12e7000000002", 30)
case(
    "basic-wanted",
    lambda: refused(response(401, b"", None, ("WWW-Authenticate", "Basic realm=x"))),
    "--field client_auth=basic",
)
case(
    "bearer-wanted",
    lambda: refused(response(401, b"", None, ("WWW-Authenticate", "Bearer")), userid="user_42"),
    "--with-bearer",
)
case("secret-with-space", lambda: refused(problem()), "without the quotation marks", name="quoted", mistakes=(QUOTED,))
case("secret-with-space", lambda: refused(problem()), "without the white space", mistakes=(SPACED,))
case(
    "secret-of-another-deployment",
    lambda: refused(problem(), base_url="https://other.example.com"),
    "other.example.com",
    history=(issued(run_id="earlier"),),
)
case(
    "secret-changed",
    lambda: refused(problem(), client_secret=OTHER_SECRET),
    "that worked",
    history=(issued(run_id="earlier"),),
)
case("client-refused", lambda: refused(problem()), "client secret of “demo-app”")
case(
    "client-refused",
    lambda: refused(response(400, b'{"error":"invalid_client"}', JSON)),
    "client secret",
    name="invalid_client",
)

# The body
case("token-body-cut", lambda: refused(response(200, b'{"access_tok', JSON, cut="connection")), "Run again")
case("token-body-encoded", lambda: refused(response(200, b"\x1f\x8b\x08\x00", JSON)), "compression off")
case(
    "token-body-encoded",
    lambda: refused(response(200, b"", JSON, ("Content-Encoding", "br"), cut="encoding")),
    "compression off",
    name="brotli",
)
case("token-bare", lambda: refused(response(200, b'"abcdefghijklmnopqrstuvwxyz0123456789"', JSON)), "--field token=.")
case("token-other-format", lambda: refused(response(200, b"access_token=x&y=z", "text/plain")), "answer in JSON")
case("token-renamed", lambda: refused(response(200, b'{"access_code":"x"}', JSON)), "--field token=access_code")
case("token-empty-body", lambda: refused(response(200)), "--body json")
case("error-inside-200", lambda: refused(response(200, b'{"error":"quota"}', JSON)), "Correct what the error names")
case("token-wrong-type", lambda: refused(response(200, b'{"access_token":null}', JSON)), "JSON string")
case("token-missing", lambda: refused(response(200, b'{"hello":"world"}', JSON)), "field token")
case(
    "token-missing",
    lambda: refused(response(200, b'{"data":{"access_token":"x"}}', JSON)),
    "--field token=data.access_token",
    name="wrapped by a gateway",
)
case("token-not-json", lambda: refused(text("welcome", 200)), "--base-url")
for body, name in (
    (b'[{"access_token":"abcdefghijkl"}]', "a list"),
    (b"null", "null"),
    (b"12", "a number"),
    (b'"x"', "a text"),
):
    case("token-not-an-object", lambda body=body: refused(response(200, body, JSON)), f"reads {name}", name=name)
case("token-too-large", lambda: refused(response(200, b'{"a":"%s"}' % (b"x" * 1_100_000), JSON)), "administrator")
case("token-too-large", lambda: refused(response(200, b"[" * 100_000, JSON)), "administrator", name="nested too deep")
case(
    "token-not-json", lambda: refused(response(200, b'{"access_token": x}', JSON)), "administrator", name="broken JSON"
)
case("token-refused", lambda: refused(text("Nope")), "administrator")
case("token-refused", lambda: refused(text("Forbidden", 403)), "VPN", name="403")

# The token
case("clock-skew", lambda: issued(skewed(-300.0)), "NTP")
case(
    "token-expired-on-arrival",
    lambda: issued(token_response({"expiration": utc_text(T0 - 60)})),
    "UTC",
    "expiration-differs-from-exp",
)
case(
    "token-expired-on-arrival",
    lambda: issued(token_response({"expiration": utc_text(T0 - 7200)[:-1]})),
    "UTC",
    "expiration-differs-from-exp",
    name="a local time without a zone",
)
case(
    "expiration-unset",
    lambda: issued(token_response({"expiration": "0001-01-01T00:00:00"})),
    "short-lived",
    "expiration-differs-from-exp",
)
case("expiration-unreadable", lambda: issued(token_response({"expiration": "soon"})), "short-lived")
case("expiration-no-zone", lambda: issued(token_response({"expiration": utc_text(T0 + 3600)[:-1]})), "UTC")
case("expiration-format", lambda: issued(token_response({"expiration": T0 + 3600})), "seconds since 1970")
case("expiration-missing", lambda: issued(token_response({"expiration": ...})), "401")
case("expires-in", lambda: issued(token_response({"expiration": ..., "expires_in": 3600})), "both")
case("json-repeated-member", lambda: issued(raw('{"access_token":"%s","expiration":"%s","a":1,"a":2}')), "once")
case("json-odd", lambda: issued(raw('{"access_token":"%s","expiration":"%s","a":NaN}')), "plain JSON")
case(
    "content-type-wrong",
    lambda: issued(raw('{"access_token":"%s","expiration":"%s"}', "text/plain")),
    "application/json",
)
case(
    "charset-wrong",
    lambda: issued(raw('{"access_token":"%s","expiration":"%s","n":"é"}', f"{JSON}; charset=ascii")),
    "UTF-8",
)


def skewed(by: float) -> Any:
    """A server whose clock is off: its Date and its expiration."""
    answer = token_response({"expiration": utc_text(T0 + 3600 + by)})
    headers = tuple(pair for pair in answer.headers if pair[0] != "Date")
    return type(answer)(200, (*headers, at_date(1.5 + by)), answer.body)


def raw(template: str, kind: str = JSON) -> Any:
    return response(200, template % (jwt().placeholder, utc_text(T0 + 3600)), kind)


# JWT
GENERIC = issued(run_id="generic")
FRESH = {"exp": T0 + 3600}
case(
    "jwt-expired",
    lambda: issued(token_response({"expiration": utc_text(T0 + 3600)}), token=jwt({"exp": T0 - 9})),
    "exp",
    "expiration-differs-from-exp",
)
case("jwt-milliseconds", lambda: issued(token=jwt({**FRESH, "exp": int(T0 + 3600) * 1000})), "seconds")
case("jwt-not-yet-valid", lambda: issued(token=jwt({"nbf": T0 + 600, **FRESH})), "Wait")
case("expiration-differs-from-exp", lambda: issued(token=jwt({"exp": T0 + 7200})), "earlier")
case("jwt-unsigned", lambda: issued(token=jwt(FRESH, {"alg": "none"})), "signing")
case("userid-ignored", lambda: issued(userid="user_42"), "field users", history=(GENERIC,))
case("userid-ignored", lambda: issued(userid="user_42"), "field users", name="the application's own subject")
case("token-names-another", lambda: issued(token=jwt({"sub": "user_7", **FRESH}), userid="user_42"), "Log out")

# Access
USER_TOKEN = jwt({"sub": "user_42", **FRESH})
OK = response(200, b'[{"id":"user_42"}]', JSON)
case("unprotected-endpoint", lambda: issued(None, *asked(LIST_USERS, OK, "none")), "administrator")
case("token-outlived", lambda: outlived(), "Run again")
case("fresh-token-refused", lambda: with_probes((LIST_USERS, problem(401))), "claims")
case(
    "user-token-refused",
    lambda: with_probes((GET_CONVERSATIONS, problem(403)), token=USER_TOKEN, userid="user_42"),
    "both steps",
)
case("access-refused", lambda: with_probes((LIST_USERS, problem(403))), "administrator")
case("generic-token-accepted", lambda: with_probes((GET_CONVERSATIONS, OK)), "administrator")
case("endpoint-not-found", lambda: with_probes((LIST_USERS, response(404))), "`endpoints`")
case(
    "endpoint-rate-limited",
    lambda: with_probes((LIST_USERS, response(429, b"", None, ("Retry-After", "3")))),
    "Wait 3 seconds",
)
case("endpoint-failed", lambda: with_probes((LIST_USERS, page(500))), "again")
case("endpoint-login", lambda: with_probes((LIST_USERS, page(200))), "--base-url")
case("endpoint-no-answer", lambda: unanswered(), "again")
case("list-users-empty", lambda: with_probes((LIST_USERS, response(200, b"[]", JSON))), "assign users")
case("generic-token-refused", lambda: with_probes((LIST_USERS, OK), (GET_CONVERSATIONS, problem(403))), "--userid")


def asked(endpoint: Any, answer: Any, credential: str) -> list[Any]:
    wanted = ProbeRequested(at=2.0, endpoint=endpoint, credential=credential)
    return [wanted, probed(endpoint, answer, credential)]


def outlived() -> FlowState:
    brief = token_response({"expiration": utc_text(T0 + 60)}, token=jwt({"exp": T0 + 60}))
    return issued(brief, probed(LIST_USERS, problem(401), at=90.0), token=jwt({"exp": T0 + 60}), probes=(LIST_USERS,))


def unanswered() -> FlowState:
    gone = failed("timeout", step="access", endpoint=LIST_USERS)
    return issued(None, gone, probes=(LIST_USERS,))
