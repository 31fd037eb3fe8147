"""A token response that is no token, a token that is odd, and what it may do."""

from __future__ import annotations

import json
from typing import Any

from airisk_tui.flow.events import Credential, ProbeRequested
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS, Endpoint, with_aliases
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.dates import utc_text
from tests.insight.plays import failed, inputs, issued, refused, with_probes
from tests.insight.scenarios.base import (
    JSON,
    case,
    html,
)
from tests.runs import UTC, at_date, jwt, page, probed, problem, response, text, token_response

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
case(
    "token-other-format",
    lambda: refused(response(200, b"access_token: x\nexpires_in: 3600", "text/plain")),
    "answer in JSON",
    name="YAML",
)
case("token-renamed", lambda: refused(response(200, b'{"access_code":"x"}', JSON)), "--field token=access_code")
case("token-empty-body", lambda: refused(response(200)), "--body json")
case("error-inside-200", lambda: refused(response(200, b'{"error":"quota"}', JSON)), "Correct what the error names")
case(
    "error-inside-200",
    lambda: issued(token_response({"error": "quota"})),
    "an access token or an error",
    name="a token and an error",
)
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
    (b"[]", "a list"),
    (b"null", "null"),
    (b"12", "a number"),
    (b'"x"', "a text"),
):
    case("token-not-an-object", lambda body=body: refused(response(200, body, JSON)), f"reads {name}", name=name)
case(
    "token-not-an-object",
    lambda: refused(response(200, b'[{"access_token":"abcdefghijkl"}]', JSON)),
    "--field token=0.access_token",
    name="the token in a list",
)
for written, name in (
    (json.dumps(json.dumps({"access_token": "x", "expiration": "y"})), "the whole body"),
    (json.dumps({"statusCode": 200, "body": json.dumps({"access_token": "x"})}), "a member"),
):
    case("token-in-text", lambda body=written: refused(response(200, body, JSON)), "write its JSON once", name=name)
paths: tuple[tuple[dict[str, Any], str], ...] = (
    ({"data": {"attributes": {"credentials": {"access_token": "x"}}}}, "data.attributes.credentials.access_token"),
    ({"access_token": {"token": "x"}}, "access_token.token"),
    ({"tokens": [{"id": 1}, {"access_token": "x"}]}, "tokens.1.access_token"),
)
for members, path in paths:
    case(
        "token-missing",
        lambda body=members: refused(response(200, json.dumps(body), JSON)),
        f"--field token={path}",
        name=path,
    )
for digits in (50, 5_000):
    case(
        "token-wrong-type",
        lambda digits=digits: refused(response(200, b'{"access_token":%s}' % (b"9" * digits), JSON)),
        "JSON string",
        name=f"a number of {digits} digits",
    )
case("token-too-large", lambda: refused(response(200, b'{"a":"%s"}' % (b"x" * 1_100_000), JSON)), "administrator")
case("token-too-large", lambda: refused(response(200, b"[" * 100_000, JSON)), "administrator", name="nested too deep")
case(
    "token-not-json", lambda: refused(response(200, b'{"access_token": x}', JSON)), "administrator", name="broken JSON"
)
case(
    "token-not-json",
    lambda: refused(response(200, b'{"status":"ok"}\n{"access_token":"x"}\n', JSON)),
    "one JSON object",
    name="several documents",
)
case("token-refused", lambda: refused(text("Nope")), "administrator")
case(
    "token-refused",
    lambda: refused(text("Unknown parameter: x_tenant"), token_params=Params((("x_tenant", "blue"),))),
    "Drop --token-param x_tenant=…",
    name="an extra parameter",
)
case("token-refused", lambda: refused(text("Forbidden", 403)), "VPN", name="403")


# The token
OPAQUE = SecretView("70ce000000000000", 40)
MADE_BEFORE = {"expiration": ..., "expires_in": 3600, "created_at": UTC - 1800}

case("clock-skew", lambda: issued(skewed(-300.0)), "NTP")
case(
    "token-expired-on-arrival",
    lambda: issued(token_response({"expiration": utc_text(UTC - 60)})),
    "UTC",
    "expiration-differs-from-exp",
)
case(
    "token-expired-on-arrival",
    lambda: issued(token_response({"expiration": utc_text(UTC - 7200)[:-1]})),
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
case(
    "expiration-unset", lambda: issued(token_response({"expiration": ..., "expires_in": -1})), "short-lived", name="-1"
)
case(
    "expiration-endless",
    lambda: issued(token_response({"expiration": ..., "expires_in": 2147483647}, token=OPAQUE), token=OPAQUE),
    "password",
)
case(
    "expiration-counts-earlier",
    lambda: issued(token_response(MADE_BEFORE, token=OPAQUE), token=OPAQUE),
    "the earlier",
)
case("expiration-unreadable", lambda: issued(token_response({"expiration": "soon"})), "short-lived")
case("expiration-no-zone", lambda: issued(token_response({"expiration": utc_text(UTC + 3600)[:-1]})), "UTC")
case("expiration-format", lambda: issued(token_response({"expiration": UTC + 3600})), "seconds since 1970")
case("expiration-missing", lambda: issued(token_response({"expiration": ...})), "401")
for name, value in (
    ("expires_on", str(int(UTC) + 3600)),
    ("expires_at", utc_text(UTC + 3600)),
    (".expires", "Tue, 24 Nov 2026 11:15:02 GMT"),
    ("expiresIn", 3600),
    ("Expiration", utc_text(UTC + 3600)),
    ("expires", 3600),
    ("expiry_date", int(UTC + 3600) * 1000),
    ("exp", int(UTC + 3600)),
):
    case(
        "expiration-renamed",
        lambda name=name, value=value: issued(token_response({"expiration": ..., name: value})),
        f"--field expiration={name}",
        name=name,
    )
case(
    "expiration-renamed",
    lambda: issued(token_response({"expiration": ..., "meta": {"expiresAt": utc_text(UTC + 3600)}})),
    "--field expiration=meta.expiresAt",
    name="at another place",
)
case(
    "expiration-unreadable",
    lambda: issued(token_response({"expiration": ..., "expires_at": "1/2/2030 3:04:05 PM"})),
    "short-lived",
    name="under another name, month or day first",
)
case(
    "expiration-unreadable",
    lambda: issued(token_response({"expiration": ..., "expires_in": "\u0663\u0666\u0660\u0660"})),
    "short-lived",
    name="digits beyond ASCII",
)
for name, value in (
    ("seconds", int(UTC + 3600)),
    ("milliseconds", int(UTC + 3600) * 1000),
    ("date", utc_text(UTC + 3600)),
):
    case(
        "expiration-format",
        lambda value=value: issued(token_response({"expiration": ..., "expires_in": value})),
        name,
        name=f"expires_in is a moment: {name}",
    )
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
    answer = token_response({"expiration": utc_text(UTC + 3600 + by)})
    headers = tuple(pair for pair in answer.headers if pair[0] != "Date")
    return type(answer)(200, (*headers, at_date(1.5 + by)), answer.body)


def raw(template: str, kind: str = JSON) -> Any:
    return response(200, template % (jwt().reference, utc_text(UTC + 3600)), kind)


# JWT
GENERIC = issued(run_id="generic")
THEIRS = response(200, b'[{"id":"c1","userId":"user_7"}]', JSON)
FRESH = {"exp": UTC + 3600}
case(
    "jwt-expired",
    lambda: issued(token_response({"expiration": utc_text(UTC + 3600)}), token=jwt({"exp": UTC - 9})),
    "exp",
    "expiration-differs-from-exp",
)
case("jwt-milliseconds", lambda: issued(token=jwt({**FRESH, "exp": int(UTC + 3600) * 1000})), "seconds")
case("jwt-not-yet-valid", lambda: issued(token=jwt({"nbf": UTC + 600, **FRESH})), "Wait")
case(
    "jwt-not-yet-valid",
    lambda: issued(token=jwt({"nbf": UTC + 3 * 365 * 86_400, **FRESH})),
    "computed from",
    name="by years",
)
case(
    "jwt-not-yet-valid",
    lambda: issued(token=jwt({"nbf": UTC + 7200, "exp": UTC + 9000})),
    "Wait",
    "expiration-differs-from-exp",
    name="by the span of a time zone",
)
case(
    "token-expired-on-arrival",
    lambda: issued(token_response({"expiration": "2020-01-01T00:00:00+02:00"})),
    "must lie in the future",
    "expiration-differs-from-exp",
    name="a past date with an offset",
)
case(
    "token-wrong-type",
    lambda: refused(token_response({"access_token": "undefined"})),
    "must be a JSON string",
    name="the word of a script",
)
case("expiration-differs-from-exp", lambda: issued(token=jwt({"exp": UTC + 7200})), "earlier")
case("jwt-unsigned", lambda: issued(token=jwt(FRESH, {"alg": "none"})), "signing")
case("userid-ignored", lambda: issued(userid="user_42"), "field users", history=(GENERIC,))
case("userid-ignored", lambda: issued(userid="user_42"), "field users", name="the application's own subject")
case("token-names-another", lambda: issued(token=jwt({"sub": "user_7", **FRESH}), userid="user_42"), "Log out")
case(
    "token-names-another",
    lambda: issued(token=jwt({"sub": "6f9619ff", **FRESH}), userid="user_42"),
    "ListUsers",
    name="perhaps an inner id",
)
case(
    "token-names-another",
    lambda: issued(token_response({"user": {"id": "user_7"}}, token=OPAQUE), token=OPAQUE, userid="user_42"),
    "private window",
    name="beside an opaque token",
)
case(
    "token-names-another",
    lambda: with_probes((GET_CONVERSATIONS, THEIRS), token=OPAQUE, userid="user_42"),
    "private window",
    name="what an opaque token opens",
)


# Access
USER_TOKEN = jwt({"sub": "user_42", **FRESH})
OK = response(200, b'[{"id":"user_42"}]', JSON)
case("unprotected-endpoint", lambda: issued(None, *asked(LIST_USERS, OK, "none")), "administrator")
case("token-outlived", lambda: outlived(), "Run again")
case("fresh-token-refused", lambda: with_probes((LIST_USERS, problem(401))), "claims")
INVALID = 'Bearer error="invalid_token"'
for words, fix in (
    ("The audience 'empty' is invalid", "audience of the API"),
    ("The issuer 'https://x' is invalid", "to the issuer"),
    ("The signature key was not found", "signing key"),
    ("The token expired at '11/23/2026'", "NTP"),
    ("The token is not valid before '11/23/2026'", "NTP"),
    ("The token was revoked", "Run again"),
    ("No", "claims"),
):
    case(
        "token-rejected",
        lambda words=words: challenged(LIST_USERS, 401, f'{INVALID}, error_description="{words}"'),
        fix,
        name=words,
    )
case("fresh-token-refused", lambda: challenged(LIST_USERS, 401, INVALID), "claims", name="invalid_token, and no more")
case("authorization-header-lost", lambda: challenged(LIST_USERS, 401, "Bearer"), "Pass the Authorization header on")
case(
    "authorization-header-lost", lambda: challenged(LIST_USERS, 401, 'Bearer realm="api"'), "Pass", name="with a realm"
)
case(
    "fresh-token-refused",
    lambda: issued(
        None,
        probed(LIST_USERS, challenge(401, "Bearer"), inputs()),
        *asked(LIST_USERS, challenge(401, INVALID), "broken"),
        probes=(LIST_USERS,),
    ),
    "claims",
    name="a broken token is told apart, so the header arrives",
)
case("endpoint-other-login", lambda: challenged(LIST_USERS, 401, 'Basic realm="x"'), "--base-url")
case(
    "endpoint-other-login",
    lambda: challenged(LIST_USERS, 401, 'Bearer authorization_uri="https://login.example.com/x"'),
    "--base-url",
    name="a platform's login",
)
case(
    "scope-missing",
    lambda: challenged(LIST_USERS, 403, 'Bearer error="insufficient_scope", scope="users.read"'),
    "the scope “users.read”",
)
case(
    "scope-missing",
    lambda: challenged(LIST_USERS, 403, 'Bearer error="insufficient_scope", scope="users.read"', dialect=STANDARD),
    "--scope users.read",
    *("expiration-renamed", "departure-pkce", "departure-token-type", "departure-cache"),
    name="of a standard server",
)
case(
    "endpoint-other-login",
    lambda: challenged(LIST_USERS, 401, 'DPoP algs="ES256"'),
    "without such a proof",
    name="a proof of possession",
)
case(
    "endpoint-front-refused",
    lambda: with_probes((LIST_USERS, response(401, b'{"message":"No API key found in request"}', JSON))),
    "for that key",
)
case(
    "endpoint-front-refused", lambda: with_probes((LIST_USERS, html("403 Forbidden", 403))), "--base-url", name="a page"
)
case(
    "fresh-token-refused",
    lambda: with_probes((LIST_USERS, response(200, b'{"error":"invalid_token"}', JSON))),
    "claims",
    name="with a status of success",
)
case(
    "access-refused",
    lambda: with_probes((LIST_USERS, response(403, b'{"message":"The account is suspended"}', JSON))),
    "the account",
    name="words about the user",
)
case(
    "user-token-refused",
    lambda: with_probes((GET_CONVERSATIONS, problem(403)), token=OPAQUE, userid="user_42"),
    "airisk-tui compare",
)
case(
    "user-token-refused",
    lambda: with_probes((GET_CONVERSATIONS, problem(403)), token=USER_TOKEN, userid="user_42"),
    "may do on this deployment",
    name="of a user whom the token names",
)
case("access-refused", lambda: with_probes((LIST_USERS, problem(403))), "administrator")
case("generic-token-accepted", lambda: with_probes((GET_CONVERSATIONS, OK)), "administrator")
case("endpoint-not-found", lambda: with_probes((LIST_USERS, response(404))), "`endpoints`")
case("endpoint-not-found", lambda: with_probes((LIST_USERS, response(405))), "`endpoints`", name="by another method")
case(
    "endpoint-not-found",
    lambda: with_probes((LIST_USERS, response(404)), base_url="https://airisk.example.com/app"),
    "--base-url",
    name="below a path",
)
case(
    "endpoint-not-found",
    lambda: with_probes(*((endpoint, response(404)) for endpoint in with_aliases((LIST_USERS,)))),
    "`endpoints`",
    name="under no alias",
)
case(
    "endpoint-elsewhere",
    lambda: with_probes(*zip(with_aliases((LIST_USERS,)), (response(404), OK), strict=True)),
    "/api/ListUsers",
)
case(
    "endpoint-rate-limited",
    lambda: with_probes((LIST_USERS, response(429, b"", None, ("Retry-After", "3")))),
    "Wait 3 seconds",
)
case("endpoint-failed", lambda: with_probes((LIST_USERS, page(500))), "again")
case("endpoint-failed", lambda: with_probes((LIST_USERS, page(502))), "again", name="a proxy's answer")
case(
    "endpoint-unclear",
    lambda: with_probes((LIST_USERS, response(400, b'{"message":"q is required"}', JSON))),
    "documentation",
)
case("endpoint-unclear", lambda: with_probes((LIST_USERS, response(407))), "proxy", name="a proxy's login")
case("endpoint-login", lambda: with_probes((LIST_USERS, html('<form><input type="password"></form>'))), "--base-url")
case("endpoint-login", lambda: with_probes((LIST_USERS, to("/Account/Login"))), "--base-url", name="a redirect")
case(
    "endpoint-moved", lambda: with_probes((LIST_USERS, to("https://api.example.com/api/Users/ListUsers"))), "--base-url"
)
case("endpoint-web-page", lambda: with_probes((LIST_USERS, html("<div id=root></div>"))), "--base-url")
case("endpoint-no-answer", lambda: unanswered(), "again")
case("list-users-empty", lambda: with_probes((LIST_USERS, response(200, b"[]", JSON))), "assign users")
case("generic-token-refused", lambda: with_probes((LIST_USERS, OK), (GET_CONVERSATIONS, problem(403))), "--userid")


def challenge(status: int, value: str) -> HttpResponse:
    return response(status, b"", None, ("WWW-Authenticate", value))


def challenged(endpoint: Endpoint, status: int, value: str, **changes: Any) -> FlowState:
    return with_probes((endpoint, challenge(status, value)), **changes)


def to(location: str) -> HttpResponse:
    return response(302, b"", None, ("Location", location))


def asked(endpoint: Any, answer: Any, credential: Credential) -> list[Any]:
    wanted = ProbeRequested(at=2.0, endpoint=endpoint, credential=credential)
    return [wanted, probed(endpoint, answer, inputs(), credential)]


def outlived() -> FlowState:
    brief = token_response({"expiration": utc_text(UTC + 60)}, token=jwt({"exp": UTC + 60}))
    return issued(
        brief, probed(LIST_USERS, problem(401), inputs(), at=90.0), token=jwt({"exp": UTC + 60}), probes=(LIST_USERS,)
    )


def unanswered() -> FlowState:
    gone = failed("timeout", step="access", endpoint=LIST_USERS)
    return issued(None, gone, probes=(LIST_USERS,))
