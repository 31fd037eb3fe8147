"""What stood on the way: a proxy that the run was told to use, a tunnel, and a form of the log-in in another program's file."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Connection, Exchange, HttpRequest
from tests.insight.plays import direct, inputs, run
from tests.insight.scenarios.base import HTTP, case, html, replace_server
from tests.insight.scenarios.imported import MINE, READ, answered, no_token_request
from tests.insight.scenarios.platform import denied
from tests.insight.scenarios.refused import refused
from tests.runs import authorized, redirect, response

PROXIED = html("<p>The proxy does not allow this method.</p>", 405)
PROXY = "http://proxy:3128"


def direct_through_proxy() -> FlowState:
    mine = inputs(mode="direct", base_url=HTTP)
    event = authorized(PROXIED, mine)
    return run(mine, replace(event, exchange=replace(event.exchange, connection=Connection(proxy=PROXY))))


case("proxy-answered", direct_through_proxy, "NO_PROXY=airisk.example.com")
case(
    "token-proxy-answered",
    lambda: refused(PROXIED, proxy=PROXY, base_url=HTTP),
    "NO_PROXY=airisk.example.com",
    "secrets-in-clear",
)

ASKS = replace_server(denied("tunnel"))
case("tunnel-page", lambda: direct(ASKS), "or its log-in", name="a log-in")
case("token-tunnel-page", lambda: refused(ASKS), "or its log-in", name="a log-in")
case(
    "callback-failed",
    lambda: no_token_request(answered(response(401, b"", "", ("WWW-Authenticate", "tunnel")))),
    "anonymous access",
    name="a tunnel's log-in",
)

FORM_REFUSED = replace(
    READ,
    refused=Exchange(HttpRequest("POST", f"{MINE.base_url}/login"), html("Invalid CSRF Token", 403)),
)
case(
    "login-not-in-file",
    lambda: run(MINE, FORM_REFUSED, authorized(redirect("/login?next=1"), MINE)),
    "without stepping back",
    name="at a form",
)
