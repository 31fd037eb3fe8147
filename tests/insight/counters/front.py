"""Something in front of an endpoint: the same for the authorization endpoint and, with "token-" before the code, for the token
endpoint."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import Answered
from airisk_tui.oauth.http import Connection, HttpResponse
from tests.insight.counters.base import Change, answer, each, given, said, status, unless, without
from tests.insight.plays import BASE
from tests.insight.scenarios.base import JSON, html, replace_server
from tests.insight.scenarios.platform import denied, iis
from tests.runs import response, text

NOTHING = html("<h1>403 Forbidden</h1>", 403)
MAINTENANCE = html("<p>Down for maintenance.</p>", 503)
NOTICE = html('<p>Down for maintenance tonight.</p><form>Log in <input type="password"></form>', 503)
TWO = response(401, b"<html>", "text/html", ("WWW-Authenticate", "Basic realm=x"), ("WWW-Authenticate", "Bearer"))


def bare(found: HttpResponse) -> Change:
    """An answer without the signs of AIRisk's own host."""
    return answer(replace_server(found))


through_no_proxy = each(
    Answered, lambda event: replace(event, exchange=replace(event.exchange, connection=Connection()))
)

BOTH: dict[str, tuple[Change, ...]] = {
    "proxy-login": (status(400), status(503)),
    "proxy-answered": (answer(NOTHING), through_no_proxy, status(503)),
    "tunnel-page": (without("ngrok-error-code"),),
    "windows-login": (bare(denied("Digest realm=x")), status(403)),
    "platform-login": (bare(denied('Bearer realm="x"')), status(403)),
    "front-password": (bare(TWO), status(403)),
    "address-refused": (status(401), without("x-ms-forbidden-ip")),
    "hostname-unknown": (status(500), bare(html("<h2>Bad Request</h2>", 400))),
    "gateway-key": (bare(response(401, b'{"message":"no"}', JSON)),),
    "gateway-no-route": (bare(response(404, b'{"message":"no such thing"}', JSON)),),
    "request-too-long": (bare(html("<h2>Bad Request</h2>", 400)), bare(iis("404.11", "Not Found"))),
    "request-filtering": (bare(iis("404.0", "Not Found")), bare(iis("404.15", "Not Found"))),
    "iis-refused": (
        bare(iis("500.0", "Internal Server Error")),
        bare(iis("500.30", "ASP.NET Core app failed to start")),
    ),
    "app-not-started": (status(404), bare(iis("500.0", "Internal Server Error"))),
    "network-login": (given(base_url=BASE), bare(html("Welcome", 200))),
    "http-to-https-port": (given(base_url=BASE), said("Bad request")),
    "https-wanted": (given(base_url=BASE), said("The redirect_uri must use https")),
    "maintenance": (answer(NOTICE), said("Bad request")),
    "forgery-check": (answer(NOTHING),),
    "deployment-stopped": (said("<p>No access</p>", "text/html"), status(400)),
    "no-application": (bare(html("Welcome", 200)),),
    "request-filtered": (answer(NOTHING),),
}

for code, changes in BOTH.items():
    unless(code, *changes)
    unless(f"token-{code}", *changes)
unless("token-forgery-check", status(403), of="Laravel's 419")
CRASHED = answer(html("app failed to start", 502))
FILTERED = answer(html("The requested URL was rejected. Please consult with your administrator.", 503))
for code in ("authorize-unavailable", "token-unavailable"):
    unless(code, status(500), status(400), answer(MAINTENANCE), CRASHED, FILTERED)
for code in ("authorize-server-error", "token-server-error"):
    unless(code, status(400), status(502), answer(MAINTENANCE), CRASHED, FILTERED)
unless("token-server-error", answer(text("Incorrect Content-Type: x-www-form-urlencoded", 500)))
for code in ("authorize-rate-limited", "token-rate-limited"):
    unless(code, answer(text("No", 400)), answer(text("No", 503)), answer(text("Daily limit reached", 429)))
unless("token-front-password", bare(denied('Basic realm="Staging"', b"", "")))
