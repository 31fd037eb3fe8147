"""An authorization request that was not answered by its redirect, and a wait in which nobody came."""

from __future__ import annotations

from airisk_tui.engine.listener.pages import RECEIVED
from airisk_tui.flow.events import BrowserOpened, Cancelled, PasteRefused
from airisk_tui.flow.start.known import Host, Known
from tests.insight.plays import BASE, browser, direct, inputs, run
from tests.insight.scenarios.base import (
    GOT_CODE,
    HTTP,
    JSON,
    LOCALHOST,
    case,
    extra,
    html,
    replace_server,
)
from tests.runs import (
    LOCATION,
    OPENED,
    OVER,
    STATE,
    URI,
    bound,
    callback,
    page,
    problem,
    redirect,
    response,
    stray,
    text,
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
case(
    "client-unknown",
    lambda: direct(problem(), userid="user_42"),
    "leave --userid out, and run once",
    name="401 with a user id",
)
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
for body, code, fix in (
    (
        '{"error":"invalid_request","error_description":"redirect_uri does not match"}',
        "invalid-request",
        "--redirect-uri",
    ),
    ('{"error":"invalid_client","error_description":"client not found"}', "invalid-client", "--client-id"),
    ('{"success":false,"message":"The client is disabled"}', "authorize-refused", "switch “demo-app” on"),
    ('{"message":"The client is not registered"}', "client-unknown", "--client-id"),
    ('{"detail":[{"loc":["query","redirect_uri"],"msg":"field required"}]}', "parameter-refused", "Give this exchange"),
    ('{"message":"code_challenge is required"}', "parameter-wanted", "--field pkce=true"),
    ('{"message":"Missing parameter: resource"}', "parameter-wanted", "--param resource="),
):
    case(code, lambda body=body: direct(response(422, body, JSON)), fix, name=body)
case(
    "parameter-refused",
    lambda: direct(text("The scope is invalid"), params=extra(scope="openid x")),
    "--param scope",
)
case(
    "parameter-refused",
    lambda: direct(text("Invalid state")),
    "--state",
    name="the state",
)
case("authorize-refused", lambda: direct(text("Account suspended")), "look at the account", name="words about the user")
case("https-wanted", lambda: direct(html("HTTPS required", 403), base_url=HTTP), "--base-url")
case(
    "client-unknown",
    lambda: direct(text("Not today")),
    "--client-id",
    name="words that name no parameter",
)
for words in (
    "Error 400: redirect_uri_mismatch",
    "The requested redirect uri is malformed or doesn't match client redirect URI.",
):
    case(
        "redirect-uri-refused",
        lambda words=words: direct(html(f"<script>var client_id='x';</script><p>{words}</p>", 400)),
        "--redirect-uri",
        name=f"a page: {words}",
    )
case(
    "redirect-uri-refused",
    lambda: direct(text(f"Invalid redirect URI: {URI}. Must use secure scheme")),
    "--redirect-uri to “https://127.0.0.1:8765/callback”",
    name="https only",
)
case(
    "redirect-uri-refused",
    lambda: direct(response(200, b'{"success":false,"message":"redirect_uri is not registered"}', JSON)),
    "--redirect-uri",
    name="a refusal inside a 200",
)
case("error-redirect", lambda: direct(redirect("/home/error?errorId=CfDJ8BxQ2mPz")), "--mode browser")
case(
    "error-redirect",
    lambda: direct(redirect("/error?message=redirect_uri+mismatch")),
    "--redirect-uri",
    name="with words that blame a parameter",
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
    case(
        "location-unusable", lambda place=place: direct(redirect(place)), "administrator", name=f"redirected to {name}"
    )
case(
    "login-redirect",
    lambda: direct(redirect("?login=1")),
    "--mode browser",
    name="back to itself with other parameters",
)
case("redirect-undecided", lambda: direct(redirect(None, 304)), "administrator")
case("redirect-undecided", lambda: direct(redirect(None, 300)), "administrator", name="several places to choose from")
case("authorize-rate-limited", lambda: direct(response(429, b"", None, ("Retry-After", "17"))), "Wait 17 seconds")
case(
    "authorize-rate-limited",
    lambda: direct(response(403, b'{"detail":"Too many requests"}', "application/json")),
    "Wait a minute",
    name="in words",
)
case("maintenance", lambda: direct(html("<p>Down for maintenance.</p>", 503)), "Wait a minute")
case("forgery-check", lambda: direct(html("<p>Unable to find a valid CSRF token.</p>", 403)), "private window")
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
case("web-page", lambda: direct(html("<h1>Our products</h1>")), "--base-url", name="a page without a script")
case("base-url-doubled", lambda: direct(response(404), base_url=BASE + "/api"), f"“{BASE}”")
case("authorize-not-found", lambda: direct(response(405), base_url=BASE + "/portal"), f"“{BASE}”")
case(
    "authorize-not-found",
    lambda: direct(response(404), base_url=BASE + "/.well-known/openid-configuration"),
    f"Set --issuer to “{BASE}”",
    name="the base URL is a metadata document",
)
case(
    "authorize-not-found",
    lambda: direct(response(404)),
    f"if the server is no AIRisk deployment, set --issuer to “{BASE}”",
    name="the base URL may be an issuer",
)
case(
    "http-to-https-port",
    lambda: direct(
        response(400, b"The plain HTTP request was sent to HTTPS port", "text/html"),
        base_url="http://airisk.example.com:8443",
    ),
    "https://airisk.example.com:8443",
)
case("gateway-refused", lambda: direct(html("<h1>403 Forbidden</h1>", 403)), "VPN")
case(
    "front-password",
    lambda: direct(response(401, b"", None, ("WWW-Authenticate", "Digest realm=x"))),
    "without that password",
    name="asked for by Digest",
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
for name, body, kind in (
    ("the redirect as a member, a level down", f'{{"data": {{"redirectUrl": "{LOCATION}"}}}}', JSON),
    ("the redirect as a JSON text", f'"{LOCATION}"', JSON),
    ("the redirect as plain text", LOCATION, "text/plain"),
    ("the code under its long name", '{"authorizationCode": "SplxlOBeZQQYbYS6WxSbIA"}', JSON),
    (
        "a page to copy from",
        f"<html><body>Copy this: code=SplxlOBeZQQYbYS6WxSbIA&state={STATE}</body></html>",
        "text/html",
    ),
):
    case(
        "code-in-body",
        lambda body=body, kind=kind: direct(response(200, body.encode(), kind)),
        "--mode paste",
        name=name,
    )
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
case(
    "callback-certificate-refused",
    lambda: browser(stray("tls-refused", ""), OVER, redirect_uri="https://127.0.0.1:8765/callback"),
    "browser's warning about “https://127.0.0.1:8765/callback”",
)
case("callback-too-large", lambda: browser(stray("head-too-large"), OVER), "private window")
case(
    "browser-not-opened",
    lambda: run(inputs(), bound(), BrowserOpened(at=0.2, ok=False), OVER),
    "ssh -N -L 127.0.0.1:8765",
)
case(
    "browser-not-opened",
    lambda: run(inputs(), bound(), BrowserOpened(at=0.2, ok=False, reason="unreadable-variable"), OVER),
    "variable BROWSER",
    name="the variable that names it cannot be read",
)
case(
    "callback-not-passed-on",
    lambda: browser(OVER, redirect_uri="https://app.example.com/cb", listen="127.0.0.1:9000"),
    "Let it pass “https://app.example.com/cb” on to “127.0.0.1:9000”",
)
case(
    "callback-not-passed-on",
    lambda: browser(OVER, listen="127.0.0.1:9000"),
    "--listen 0.0.0.0:9000, add --listen-publicly",
    host=Host(container=True),
    name="a port that is mapped to a container whose listener is on its loopback",
)
case(
    "callback-other-path",
    lambda: browser(
        stray("other-path", f"/?code=abc&state={STATE}"),
        OVER,
        redirect_uri="https://app.example.com/cb",
        listen="127.0.0.1:9000",
    ),
    "Let it pass the path on",
    name="a proxy cuts the path off",
)
case(
    "callback-other-host",
    lambda: browser(
        stray("host", f"/cb?code=abc&state={STATE}", "tool:9000"),
        OVER,
        redirect_uri="https://app.example.com/cb",
        listen="127.0.0.1:9000",
    ),
    "proxy_set_header Host",
    name="a proxy renames the host",
)
case(
    "tls-on-http",
    lambda: browser(stray("tls-on-http", ""), OVER, redirect_uri="https://app.example.com/cb", listen="127.0.0.1:9000"),
    "Let it end TLS",
    name="a proxy that passes TLS on",
)
case("callback-not-here", lambda: run(inputs(redirect_uri="https://app.example.com/cb"), OPENED, OVER), "--mode paste")
case("redirect-uri-not-accepted", lambda: browser(OVER), f"--redirect-uri to “{LOCALHOST}”", registered=(LOCALHOST,))
case(
    "browser-elsewhere",
    lambda: browser(OVER),
    "ssh -N -L 127.0.0.1:8765:127.0.0.1:8765",
    host=Host(ssh=True, display=False),
)
case(
    "nothing-pasted",
    lambda: run(inputs(mode="paste"), bound(), OVER),
    "paste the address that it ends on",
    host=Host(container=True),
    name="no browser was opened from the container",
)
case(
    "nobody-came",
    lambda: browser(OVER),
    "docker run -p",
    host=Host(container=True),
    name="a browser that was opened in the container",
)
case(
    "browser-elsewhere",
    lambda: run(inputs(), bound(), BrowserOpened(at=0.2, ok=True, program="browser.sh"), OVER),
    "ssh -N -L",
    host=Host(container=True),
    name="a remote editor opened the browser on the other side",
)
for facts in ({}, {"host": Host(ssh=True)}, {"history": (GOT_CODE,)}):
    case(
        "nothing-pasted",
        lambda: run(inputs(mode="paste"), bound(), OVER),
        "paste the address that it ends on",
        name=", ".join(facts) or "nothing-pasted",
        **facts,
    )
case(
    "paste-refused",
    lambda: run(inputs(mode="paste"), bound(), PasteRefused(at=2.0, reason="error-page", length=29, kind="url"), OVER),
    "paste the whole address",
)
case("redirect-lost", lambda: browser(OVER), "--mode direct", history=(GOT_CODE,))
case("nobody-came", lambda: browser(OVER), "--mode direct")
case("run-cancelled", lambda: browser(Cancelled(at=3.0)), "Run again")
case(
    "run-cancelled",
    lambda: direct(redirect(LOCATION), Cancelled(at=3.0), hold=("redirect",)),
    "Run again",
    name="ended while the redirect was held",
)
