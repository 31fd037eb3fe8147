"""A token endpoint that was not reached, or refused."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import BASE, direct, inputs, issued, refused, run
from tests.insight.scenarios.base import (
    GOT_IN,
    HTTP,
    INVALID_CODE,
    JSON,
    LOCALHOST,
    case,
    extra,
    html,
    sent,
    with_token_dialect,
)
from tests.runs import (
    CODE,
    LOCATION,
    STATE,
    bound,
    callback,
    exchanged,
    good,
    page,
    redirect,
    response,
    text,
)

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
case("token-redirected", lambda: refused(redirect("javascript:x")), "Do not open", name="302 to a script")
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
case("token-maintenance", lambda: refused(html("<p>We will be back shortly.</p>", 200)), "Wait a minute")
case("token-forgery-check", lambda: refused(html("<p>CSRF verification failed.</p>", 403)), "exempt")
case("token-proof-wanted", lambda: refused(response(400, b'{"error":"use_dpop_nonce"}', JSON)), "not bound to a key")
case(
    "token-user-refused",
    lambda: refused(response(400, b'{"error":"interaction_required"}', JSON)),
    "second factor",
)
case("json-surrounded", lambda: refused(text('Notice: x {"access_token":"x"}', 200)), "nothing before or after")
case("token-renamed", lambda: refused(response(200, b'{"id_token":"x.y.z"}', JSON)), "which scope", name="an ID token")
case(
    "token-missing", lambda: refused(response(200, b'{"refresh_token":"x"}', JSON)), "must hold", name="a refresh token"
)
case("token-server-error", lambda: refused(page(500)), "--body json")
case("token-unavailable", lambda: refused(page(502)), "in a minute")
case("token-login", lambda: refused(redirect("/Account/Login?ReturnUrl=%2F")), "administrator")
case(
    "token-login",
    lambda: direct(GOT_IN, exchanged(redirect("/Account/Login"), inputs(mode="direct"))),
    "--carry-cookies",
    name="behind the session of step 1",
)
case("token-gateway", lambda: refused(html("<h1>Welcome</h1>")), "--base-url")
case("token-login", lambda: refused(page(200)), "administrator", name="a page")
case("token-deployment-stopped", lambda: refused(html("This web app is stopped.", 403)), "start the web app")
case(
    "token-request-filtered",
    lambda: refused(response(403, b"<html>", "text/html", ("cf-mitigated", "challenge"))),
    "exempt",
)
case(
    "token-network-login",
    lambda: refused(html("Guest Wi-Fi"), base_url=HTTP),
    "Log in to the network",
    "secrets-in-clear",
)
case(
    "token-gateway",
    lambda: refused(page(403), proxy="http://proxy:3128", base_url=HTTP),
    "NO_PROXY=airisk.example.com",
    "secrets-in-clear",
    name="a proxy's page",
)


# The code
case("legs-differ", lambda: refused(INVALID_CODE, sent=sent(redirect_uri=LOCALHOST)), "same redirect_uri")
case(
    "legs-differ",
    lambda: refused(text("Invalid userid"), params=extra(userid="user_42")),
    "set --userid",
    name="the user id on one leg only",
)
case("code-reused", lambda: refused(INVALID_CODE), "from the start", history=(refused(INVALID_CODE, run_id="earlier"),))
case(
    "code-reused",
    lambda: refused(text("The code has already been used")),
    "from the start",
    name="the server says used",
)
case(
    "code-refused",
    lambda: refused(
        response(200, b'{"error":"bad_code","error_description":"The code is incorrect or expired."}', JSON)
    ),
    "--mode direct",
    name="one of several possibilities is no proof",
)
RFC_SENTENCE = "The provided grant is invalid, expired, revoked, does not match the redirection URI, or was issued to another client."
case(
    "code-refused",
    lambda: refused(response(400, json.dumps({"error": "invalid_grant", "error_description": RFC_SENTENCE}), JSON)),
    "--mode direct",
    name="the sentence of RFC 6749, which names nothing",
)
case("code-expired", lambda: refused(INVALID_CODE, at=200.0), "within a minute")
case(
    "code-expired",
    lambda: refused(text("The authorization code has expired")),
    "code's lifetime",
    name="the server says expired",
)
case(
    "affinity-lost",
    lambda: affinity_lost(),
    "--carry-cookies, run again with --mode direct, which keeps both steps on one instance, and have the administrator",
)
case(
    "affinity-lost",
    lambda: affinity_lost(carry_cookies=True),
    "why the load balancer ignores its ARRAffinity cookie",
    name="although the cookie was carried",
)
case(
    "affinity-left-out",
    lambda: direct(GOT_IN, exchanged(HttpResponse(400, (), Body(b"Invalid Code", 12, 12)), inputs(mode="direct"))),
    "--carry-cookies",
)
case("code-decoded-wrongly", lambda: odd(INVALID_CODE, "space"), "where it shows a “+”")
case("code-decoded-wrongly", lambda: odd(INVALID_CODE, "escape"), "each %2B", name="a code encoded twice")
case(
    "code-expired",
    lambda: odd(text("The code has expired"), "space"),
    "code's lifetime",
    name="a code with a space, which the server knew",
)
case(
    "code-cut-at-ampersand",
    lambda: refused(INVALID_CODE, came=callback(f"code={CODE.reference}&x7Gq&state={STATE}")),
    "with its “&”",
)
case("code-damaged", lambda: damaged(), "whole address", history=(issued(run_id="earlier"),))
case("code-pasted", lambda: pasted(), "whole address")
case("code-pasted", lambda: pasted(at=200.0), "whole address", name="a bare code late in the run")
case("code-pasted", lambda: pasted("paste", state=None), "whole address", name="an address without a state")
case(
    "code-expired",
    lambda: pasted(says="The code expired"),
    "within a minute",
    name="a bare code of which the server says that it expired",
)
case("code-refused", lambda: pasted("paste"), "--mode direct", name="an address with the right state")
case("code-expired", lambda: pasted("paste", at=200.0), "within a minute", name="an address late in the run")
case("code-refused", lambda: refused(INVALID_CODE), "--mode direct")
case(
    "code-refused",
    lambda: direct(GOT_IN, exchanged(INVALID_CODE, inputs(mode="direct"))),
    "--body json",
    name="in the direct mode",
)
case(
    "code-refused",
    lambda: refused(response(200, b'{"error":"invalid_grant"}', JSON)),
    "--mode direct",
    name="invalid_grant inside a 200",
)


def elsewhere(status: int) -> HttpResponse:
    """An answer without any sign of AIRisk."""
    return HttpResponse(status, (("Server", "nginx"),), Body())


def odd(answer: HttpResponse, oddity: str) -> FlowState:
    code = SecretView("c0de0000000000bb", 22, oddity=oddity)
    return refused(answer, code=code, came=replace(good(code=code), secrets=(code,)))


def affinity_lost(**changes: Any) -> FlowState:
    mine = inputs(mode="direct", **changes)
    elsewhere = response(400, "Invalid Code", "text/plain", ("Set-Cookie", "ARRAffinity=instance-b; Path=/"))
    headers = tuple(pair for pair in elsewhere.headers if "instance-a" not in pair[1])
    moved = type(elsewhere)(400, headers, elsewhere.body)
    came = exchanged(moved, mine)
    if mine.carry_cookies:
        carried = (*came.exchange.request.headers, ("Cookie", "ARRAffinity=instance-a"))
        came = replace(came, exchange=replace(came.exchange, request=replace(came.exchange.request, headers=carried)))
    return direct(redirect(LOCATION), came, **changes)


def pasted(via: Any = "bare-code", at: float = 2.5, says: str = "Invalid Code", **changes: Any) -> FlowState:
    mine = inputs(mode="paste", **changes)
    query = f"code={CODE.reference}" + (f"&state={STATE}" if via == "paste" and mine.state else "")
    came = callback(query, at, path="", via=via)
    return run(mine, bound(), came, exchanged(text(says), mine, at=at + 0.1))


def damaged() -> FlowState:
    mine, short = inputs(mode="paste"), SecretView("c0de0000000000aa", 19)
    came = callback(f"code={short.reference}", path="", via="bare-code")
    return run(mine, bound(), came, exchanged(INVALID_CODE, mine, code=short))


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
    "accept client_secret",
    name="the secret, which no flag may take",
)
case("grant-type-wanted", lambda: refused(text("Invalid grant_type")), "--token-param grant_type=authorization_code")
case(
    "grant-type-wanted",
    lambda: refused(response(400, b'{"error":"unsupported_grant_type"}', JSON)),
    "--token-param grant_type=authorization_code",
    name="unsupported_grant_type",
)
case(
    "encoding-not-read",
    lambda: refused(
        text("The parameter grant_type is missing."),
        encoding="json",
        sent=sent(grant_type="authorization_code"),
    ),
    "--body form",
    name="a grant type that was sent",
)
case(
    "grant-type-wanted",
    lambda: refused(
        response(400, b'{"error":"unsupported_grant_type"}', JSON), sent=sent(grant_type="authorization_code")
    ),
    "allow the authorization-code grant",
    name="a grant type that is not allowed",
)
case("field-missing", lambda: refused(text("Invalid userid")), "--userid")
for words in ("code must be a string", "redirect_uri should not be empty"):
    case("encoding-not-read", lambda words=words: refused(text(words)), "--body json", name=words)
case(
    "grant-type-wanted",
    lambda: refused(html("<h1>Bad Request</h1><p>Missing parameter: grant_type</p>", 400)),
    "--token-param grant_type=authorization_code",
    name="told by a page",
)
case(
    "code-expired",
    lambda: refused(text("The authorization code or refresh token has expired."), at=9.0),
    "within a minute",
    name="the server says expired, of one of two things",
)
case(
    "code-expired",
    lambda: refused(
        response(200, b'{"message":"error","data":{"error_code":7,"description":"Authorization code expired"}}', JSON)
    ),
    "code's lifetime",
    name="a refusal in a member of a 200",
)
for words, fix in (
    ("PKCE verification failed: code_verifier is missing", "--field pkce=true"),
    ("Missing parameter: resource", "--token-param resource="),
    ("The scope parameter is required", "--token-param scope="),
):
    case(
        "field-missing",
        lambda words=words: refused(response(400, json.dumps({"error": "invalid_grant", "message": words}), JSON)),
        fix,
        name=words,
    )
case(
    "field-refused",
    lambda: refused(response(401, b'{"error":"invalid_grant","error_description":"Redirect URL mismatch"}', JSON)),
    "--redirect-uri",
    name="the redirect URI, with a 401",
)
case(
    "token-refused",
    lambda: refused(response(403, b'{"error":"quota","message":"Too many tokens today"}', JSON)),
    "these words",
    name="a 403 that says more than its status",
)
case(
    "token-not-found",
    lambda: refused(elsewhere(404), dialect=with_token_dialect(token_path="/oauth/tokens")),
    "openid-configuration",
    name="a server that is no AIRisk",
)
case(
    "encoding-not-read",
    lambda: refused(
        response(400, b'{"statusCode":400,"message":["code must be a string"],"error":"Bad Request"}', JSON)
    ),
    "--body json",
    name="NestJS's list of messages",
)
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


def problem_saying(detail: str, **errors: str) -> HttpResponse:
    told = {"title": "Bad Request", "status": 400, "detail": detail, "errors": {n: [v] for n, v in errors.items()}}
    return response(400, json.dumps(told, ensure_ascii=False), "application/problem+json")
