"""The hosting platform answered in place of the authorization endpoint, or of the token endpoint."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.oauth.http import HttpResponse
from tests.insight.plays import direct
from tests.insight.scenarios.base import HTTP, case, html, replace_server
from tests.insight.scenarios.refused import refused
from tests.runs import response, text


def denied(challenge: str, body: bytes = b"", kind: str = "text/html") -> HttpResponse:
    return response(401, body, kind, ("WWW-Authenticate", challenge))


def iis(number: str, words: str) -> HttpResponse:
    return html(
        f"<title>IIS 10.0 Detailed Error - {number} - {words}</title><h1>HTTP Error {number} - {words}</h1>",
        int(number[:3]),
    )


PLATFORMS: tuple[tuple[str, str, str, HttpResponse], ...] = (
    ("address-refused", "a header", "network", response(403, b"", "", ("x-ms-forbidden-ip", "203.0.113.9"))),
    ("address-refused", "a reason phrase", "network", replace(response(403, b"", ""), reason="Ip Forbidden")),
    ("address-refused", "a page", "network", html("The web app you tried to reach has blocked your access.", 403)),
    ("windows-login", "Negotiate", "anonymous access", denied("Negotiate")),
    ("windows-login", "NTLM", "anonymous access", denied("NTLM", b"<html>401</html>")),
    ("platform-login", "Bearer", "exclude the paths", denied('Bearer realm="x" authorization_uri="https://login.example.com/t"')),
    ("front-password", "Basic", "without that password", denied('Basic realm="Staging"', b"<html>401</html>")),
    ("hostname-unknown", "http.sys", "host name", html("<h2>Bad Request - Invalid Hostname</h2>", 400)),
    ("hostname-unknown", "an ingress", "host name", response(404, b"default backend - 404", "text/plain")),
    ("hostname-unknown", "Azure", "host name", html("<h1>404 Web Site not found.</h1>", 404)),
    ("request-too-long", "http.sys", "limit", html("<h2>Bad Request - Request Too Long</h2>", 400)),
    ("request-too-long", "IIS", "limit", iis("404.15", "Not Found")),
    ("request-too-long", "431", "limit", response(431, b"", "")),
    ("request-filtering", "404.11", "request filtering", iis("404.11", "Not Found")),
    ("app-not-started", "500.30", "start-up log", iis("500.30", "ASP.NET Core app failed to start")),
    ("app-not-started", "502.5", "start-up log", iis("502.5", "ANCM Out-Of-Process Startup Failure")),
    ("iis-refused", "500.19", "mend the configuration", iis("500.19", "Internal Server Error")),
    ("iis-refused", "403.14", "the address of the application", iis("403.14", "Forbidden")),
    ("gateway-key", "a subscription key", "exempt", response(401, b'{"message":"missing subscription key"}', "application/json")),
    ("gateway-no-route", "words", "a route for", response(404, b'{"message":"no Route matched with those values"}', "application/json")),
    ("gateway-no-route", "a header", "its stage", response(403, b"", "", ("x-amzn-ErrorType", "MissingAuthenticationTokenException"))),
    ("no-application", "a bare web server", "to the application", html("<h1>It works!</h1>")),
    ("no-application", "a store of files", "the address of the API", response(403, b"<Error/>", "application/xml", ("Server", "AmazonS3"))),
    ("gateway-no-route", "a router", "its stage", response(404, b'{"message":"Not Found"}', "application/json", ("apigw-requestid", "x"))),
    ("iis-refused", "401.2", "anonymous access", iis("401.2", "Unauthorized")),
    ("request-filtered", "a challenge", "exempt the OAuth endpoints", html("<title>Just a moment...</title>", 403)),
    ("request-filtered", "ASP.NET's check", "angle brackets", html("A potentially dangerous Request.Path value was detected", 400)),
    ("request-filtered", "a preview's protection", "exempt", html("<title>Login</title>This site is password protected", 401)),
    ("tunnel-page", "a header", "in a browser", response(200, b"<html>", "text/html", ("ngrok-error-code", "ERR_NGROK_6024"))),
    ("tunnel-page", "a page", "in a browser", html("ERR_NGROK_3200: the endpoint is offline", 404)),
)  # fmt: skip

for code, name, fix, answer in PLATFORMS:
    bare = replace_server(answer)
    case(code, lambda bare=bare: direct(bare), fix, name=name)
    case(f"token-{code}", lambda bare=bare: refused(bare), fix, name=name)
case(
    "token-https-wanted", lambda: refused(html("HTTPS required", 403), base_url=HTTP), "--base-url", "secrets-in-clear"
)
case(
    "token-https-wanted",
    lambda: refused(text("This server only accepts HTTPS requests.")),
    "X-Forwarded-Proto",
    name="behind what ends TLS",
)
