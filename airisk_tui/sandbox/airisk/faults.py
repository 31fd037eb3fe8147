"""The faults of the sandbox's AIRisk server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer, Json, Redirect, html, json_answer, plain
from airisk_tui.sandbox.call import CONVERSATIONS_PATH, LIST_USERS_PATH, Call
from airisk_tui.sandbox.data.grants import Grant, Life, utc
from airisk_tui.sandbox.data.registry import SandboxData
from airisk_tui.sandbox.fault import Answering, Fault, chosen

at_authorize, at_token, at_access = (partial(Fault, where) for where in ("authorize", "token", "access"))
everywhere = partial(Fault, "everywhere")

# Step 1: the authorization endpoint, and the redirect to the application.

LOGIN_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Sign in</title><h1>Sign in</h1>"
    "<form><label>User name <input name=user></label> <label>Password <input type=password name=password></label>"
    " <button disabled>Sign in</button></form></html>"
)
TUNNEL_PAGE: Final = html(
    200,
    "<!doctype html><title>Before you go on</title><h1>You are about to visit a tunnel</h1><p>ERR_NGROK_6024</p>",
    ("ngrok-error-code", "ERR_NGROK_6024"),
)
SERVER_ERROR: Final = {
    "error": "server_error",
    "error_description": "The authorization server met an unexpected condition",
}


def _changed_state(redirect: Redirect) -> Redirect:
    params = tuple((name, value[::-1] + "0" if name == "state" else value) for name, value in redirect.params)
    return replace(redirect, params=params)


def _other_port(redirect: Redirect) -> Redirect:
    parts = urlsplit(redirect.uri)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    other = port + 1 if port < 65_535 else port - 1
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return replace(redirect, uri=urlunsplit(parts._replace(netloc=f"{host}:{other}")))


def _doubled_code(redirect: Redirect) -> Redirect:
    extra = tuple((name, value[::-1]) for name, value in redirect.params if name == "code")
    return replace(redirect, params=(*redirect.params, *extra))


def _renamed_code(redirect: Redirect) -> Redirect:
    params = tuple(("auth_code" if name == "code" else name, value) for name, value in redirect.params)
    return replace(redirect, params=params)


def _instead_of_the_code(*params: tuple[str, str]) -> Callable[[Redirect], Redirect]:
    """A change of the redirect that replaces the code by these parameters."""
    names = ("code", *(name for name, _ in params))
    return lambda redirect: replace(redirect, params=(*params, *redirect.without(*names)))


def _other_user(grant: Grant, data: SandboxData) -> Grant:
    others = (user.id for user in data.users if user.id != grant.userid)
    return replace(grant, subject=next(others, None) if grant.userid else None)


def _fetched(call: Call) -> Answer:
    """The answer of a server that calls the redirect URI itself. The sandbox only pretends to call it (threats.md F6)."""
    uri = call.query.get("redirect_uri", "")
    return plain(502, f"GET {uri} failed: Connection refused ({urlsplit(uri).netloc})")


def _challenged(status: int, challenge: str) -> Answer:
    """A refusal with a challenge (RFC 6750 §3)."""
    return Answer(status, headers=(("WWW-Authenticate", challenge),))


AUTHORIZE_FAULTS = (
    at_authorize(
        "denied",
        "Consent is refused: the redirect carries error=access_denied in place of a code.",
        redirect=_instead_of_the_code(
            ("error", "access_denied"), ("error_description", "The user refused the request")
        ),
    ),
    at_authorize(
        "error-in-redirect",
        "The redirect carries error=server_error and a description in place of a code.",
        redirect=_instead_of_the_code(*SERVER_ERROR.items()),
    ),
    at_authorize(
        "json-error",
        "The authorization endpoint answers 400 with a JSON error and does not redirect.",
        answer=json_answer(400, {**SERVER_ERROR}),
    ),
    at_authorize(
        "login-page",
        "The authorization endpoint shows a login page that leads nowhere; it never redirects.",
        answer=html(200, LOGIN_PAGE),
    ),
    at_authorize(
        "fetches-redirect-uri",
        "The server says that it called the redirect URI itself and could not reach it: 502, and it never redirects.",
        answer=_fetched,
    ),
    at_authorize(
        "registered-uri-stray-space",
        "Every redirect URI was registered with a space before it, so none matches: 401.",
        policy={"stray_space": True},
    ),
    at_authorize(
        "state-dropped",
        "The redirect has no state.",
        redirect=lambda redirect: replace(redirect, params=redirect.without("state")),
    ),
    at_authorize(
        "state-changed",
        "The redirect has a state other than the one that was sent.",
        redirect=_changed_state,
    ),
    at_authorize(
        "redirect-other-port",
        "The redirect goes to the port next to the one in the redirect URI.",
        redirect=_other_port,
    ),
    at_authorize("duplicate-code", "The redirect carries two different codes.", redirect=_doubled_code),
    at_authorize(
        "no-code",
        "The redirect has no parameters: no code, no error, no state.",
        redirect=lambda redirect: replace(redirect, params=()),
    ),
    at_authorize("code-renamed", "The redirect calls the code auth_code.", redirect=_renamed_code),
    at_authorize(
        "code-undefined",
        "The redirect's code is the word undefined, as a script without a code writes it.",
        redirect=_instead_of_the_code(("code", "undefined")),
    ),
    at_authorize(
        "error-renamed",
        "The redirect carries a refusal as errorCode and errorMessage.",
        redirect=_instead_of_the_code(("errorCode", "E401"), ("errorMessage", "The log-in failed")),
    ),
    at_authorize(
        "saml-answer",
        "The redirect carries a SAML response in place of a code.",
        redirect=_instead_of_the_code(("SAMLResponse", "PHNhbWxwOlJlc3BvbnNlLz4=")),
    ),
    at_authorize(
        "parameters-joined",
        "The redirect's parameters are joined by &amp;, as a page writes it, and not by &.",
        redirect=lambda redirect: replace(redirect, joint="&amp;"),
    ),
    at_authorize(
        "form-repeated",
        "The redirect has the status 307, so a browser repeats the form of the consent page at the redirect URI.",
        redirect=lambda redirect: replace(redirect, status=307),
    ),
    at_authorize(
        "windows-login",
        "The web server in front asks for a Windows login: 401 with Negotiate.",
        answer=html(401, "<h1>401 - Unauthorized</h1>", ("WWW-Authenticate", "Negotiate")),
    ),
    at_authorize(
        "code-in-body",
        "The server writes the redirect's address into JSON (200), and redirects nobody.",
        redirect=lambda redirect: replace(redirect, status=200),
    ),
    at_authorize(
        "answer-posted-as-json",
        "A script of a page posts code and state to the redirect URI as JSON, and nobody is redirected.",
        redirect=lambda redirect: replace(redirect, posted=True),
    ),
    at_authorize(
        "tunnel-warning",
        "A tunnel in front shows its warning page to new visitors: 200.",
        answer=TUNNEL_PAGE,
    ),
    at_authorize(
        "platform-login",
        "The hosting platform's own authentication asks for a login: 401 with Bearer and an authorization_uri.",
        answer=_challenged(401, 'Bearer authorization_uri="https://login.example.com/tenant"'),
    ),
    at_authorize(
        "address-refused",
        "An access restriction does not admit this machine's address: 403.",
        answer=html(403, "<h1>Error 403 - Forbidden</h1>", ("x-ms-forbidden-ip", "127.0.0.1")),
    ),
    at_authorize(
        "hostname-unknown",
        "The platform serves nothing under this host name: 404.",
        answer=html(404, "<h1>404 Web Site not found.</h1>"),
    ),
    at_authorize(
        "request-filtered",
        "A firewall for web applications refuses the request: 403 with a page and an id.",
        answer=html(403, "<h1>The request is blocked.</h1><p>0a1b2c3d</p>"),
    ),
    at_authorize(
        "maintenance",
        "The deployment shows its maintenance page: 503.",
        answer=html(503, "<h1>Down for maintenance</h1><p>We will be back shortly.</p>"),
    ),
    at_authorize(
        "cookie-lost",
        "The login page refuses with 403 because its cookie is missing (CSRF).",
        answer=html(403, "<h1>403</h1><p>CSRF check failed: the session cookie is missing.</p>"),
    ),
    at_authorize(
        "fragment",
        "The redirect has its parameters in the fragment, which a browser never sends to a listener.",
        redirect=lambda redirect: replace(redirect, fragment=True),
    ),
    at_authorize(
        "code-expired",
        "The code has expired by the time it arrives: Invalid Code.",
        grant=lambda grant, _data: replace(grant, expires=0.0),
    ),
    at_authorize(
        "code-used",
        "The code counts as used before it is redeemed the first time: Invalid Code.",
        grant=lambda grant, _data: replace(grant, used=True),
    ),
    at_authorize(
        "userid-ignored",
        "The userid is accepted and ignored: the token is a generic one.",
        grant=lambda grant, _data: replace(grant, subject=None),
    ),
    at_authorize("other-user", "The token is issued for a user other than the requested one.", grant=_other_user),
)

# Step 2: the token endpoint; and the server as a whole.

SKEW_SECONDS: Final = -300.0  # five minutes slow, a usual drift of a machine that lost its time server
PAST_SECONDS: Final = 3600.0  # an hour: more than any drift of a clock
EVERYWHERE: Final = frozenset({"authorize", "token", "access"})

CRASH_PAGE: Final = (
    "<!doctype html><html><head><title>500 - Internal server error</title></head>"
    "<body><h1>Internal server error</h1><p>An unhandled exception occurred while processing the request.</p></body></html>"
)
PORTAL_PAGE: Final = (
    "<!doctype html><html><head><title>Welcome</title></head>"
    "<body><h1>Welcome</h1><p>Please sign in to the network to go on.</p></body></html>"
)
INVALID_GRANT: Final[Json] = {"error": "invalid_grant", "error_description": "The authorization code is invalid"}

Body = dict[str, Json]


def _without_expiration(body: Body, _life: Life) -> Body:
    return {name: value for name, value in body.items() if name != "expiration"}


def _standard(body: Body, life: Life) -> Body:
    return {**_without_expiration(body, life), "token_type": "Bearer", "expires_in": round(life.end - life.start)}


def _access_code(body: Body, _life: Life) -> Body:
    return {("access_code" if name == "access_token" else name): value for name, value in body.items()}


TOKEN_FAULTS = (
    everywhere("slow", "Every endpoint takes seconds to answer.", policy={"slow": EVERYWHERE}),
    at_token("server-error-html", "The token endpoint answers 500 with an HTML page.", answer=html(500, CRASH_PAGE)),
    at_token(
        "not-a-token",
        "The token endpoint answers 200 with an HTML page, as a proxy's portal does.",
        answer=html(200, PORTAL_PAGE),
    ),
    at_token(
        "connection-reset",
        "The token endpoint reads the request and resets the connection.",
        answer=Answer(500, reset=True),
    ),
    at_token("token-404", "The token endpoint is not found: 404 without a body.", answer=Answer(404)),
    at_token(
        "token-307",
        "The token endpoint redirects with 307 to /api/oauth2/v2/Token, where it really is.",
        policy={"token_moved": True},
    ),
    at_token(
        "token-error-json",
        "The token endpoint refuses as RFC 6749 §5.2 says: 400 with a JSON error.",
        answer=json_answer(400, INVALID_GRANT),
    ),
    at_token(
        "token-200-error",
        "The token endpoint refuses with a JSON error, but with status 200.",
        answer=json_answer(200, INVALID_GRANT),
    ),
    at_token(
        "user-disabled",
        "The token endpoint refuses with invalid_grant because the user's account is disabled.",
        answer=json_answer(400, {"error": "invalid_grant", "error_description": "The user account is disabled"}),
    ),
    at_token(
        "gateway-key",
        "An API gateway in front of the token endpoint asks for a subscription key: 401.",
        answer=json_answer(401, {"statusCode": 401, "message": "Access denied due to missing subscription key"}),
    ),
    at_token(
        "proof-wanted",
        "The token endpoint requires a proof of possession (DPoP): use_dpop_nonce.",
        answer=json_answer(400, {"error": "use_dpop_nonce"}),
    ),
    at_token(
        "form-refused",
        "The token endpoint cannot read form bodies: Invalid client_id. JSON works.",
        policy={"reads_form": False},
    ),
    at_token(
        "json-refused",
        "The token endpoint cannot read JSON bodies: Invalid client_id. A form works.",
        policy={"reads_json": False},
    ),
    at_token(
        "affinity-lost",
        "Another instance answers a token request without the affinity cookie and does not know the code: Invalid Code.",
        policy={"codes_shared": False},
    ),
    at_token(
        "userid-second-leg-only",
        "The server reads the userid only in step 2: it ignores that of step 1, and answers Invalid userid if step 2 has none.",
        policy={"userid_from_token_request": True},
    ),
    at_token("access-code", "The token is called access_code in place of access_token.", token=_access_code),
    at_token(
        "id-token-alone",
        "The token response has an ID token and no access token.",
        token=lambda body, _life: {"id_token": body["access_token"]} if "access_token" in body else body,
    ),
    at_token(
        "json-surrounded",
        "The token response has a warning of the server's program before its JSON.",
        around=b"Warning: Undefined variable $scope in token.php on line 12\n",
    ),
    at_token(
        "token-deeper",
        "The token response has its members inside an object named data.",
        token=lambda body, _life: {"data": body},
    ),
    at_token(
        "token-alone",
        "The token response is the token alone, in quotation marks.",
        token=lambda body, _life: body.get("access_token"),
    ),
    at_token(
        "token-in-text",
        "The token response is a JSON string that contains the JSON document.",
        token=lambda body, _life: {"statusCode": 200, "body": json.dumps(body)},
    ),
    at_token("no-expiration", "The token response has no expiration.", token=_without_expiration),
    at_token(
        "expiration-renamed",
        "The token response has the expiry in a member expiresAt, as a date.",
        token=lambda body, life: {**_without_expiration(body, life), "expiresAt": utc(life.end)},
    ),
    at_token(
        "expiration-past",
        "The expiration of the token response lies an hour in the past.",
        token=lambda body, life: {**body, "expiration": utc(life.start - PAST_SECONDS)},
    ),
    at_token(
        "expiration-no-zone",
        "The expiration has no time zone.",
        token=lambda body, life: {**body, "expiration": utc(life.end).removesuffix("Z")},
    ),
    at_token(
        "expiration-number",
        "The expiration is a number: seconds since 1970.",
        token=lambda body, life: {**body, "expiration": int(life.end)},
    ),
    at_token(
        "expires-in",
        "The token response has the standard fields token_type and expires_in in place of expiration.",
        token=_standard,
    ),
    everywhere(
        "clock-skew",
        "The server's clock is five minutes slow: its Date header and the expiration with it.",
        policy={"skew": SKEW_SECONDS},
    ),
)

# Step 3: the protected endpoints, and the list of users.

MANY: Final = 10_000
PAGE_SIZE: Final = 2  # so small that the demo users fill several pages
RETRY_AFTER: Final = "30"
NAMES: Final = (
    ("Ada", "Lovelace"),
    ("Łukasz", "Żółć"),
    ("花子", "山田"),
    ("ليلى", "حداد"),
    ("Анна", "Ковальова"),
    ("नेहा", "शर्मा"),
    ("Ελένη", "Παπαδοπούλου"),
    ("지우", "김"),
    ("שרה", "כהן"),
    ("สมชาย", "ใจดี"),
    ("ሰላም", "ተስፋዬ"),
    ("ნინო", "ბერიძე"),
)
RENAMED: Final = {"id": "UserID", "name": "DisplayName", "email": "EmailAddress"}


START_PAGE: Final = b"<!DOCTYPE html><html><head><title>AIRisk</title></head><body><div id=root></div></body></html>"


def _for_conversations(answer: Answer) -> Answering:
    """Answers GetConversations at its documented path so; other endpoints answer as usual."""
    return lambda call: answer if call.path == CONVERSATIONS_PATH else None


def _login(call: Call) -> Answer:
    return Answer(302, headers=(("Location", f"/Account/Login?ReturnUrl={quote(call.path, safe='')}"),))


def _numbered(number: int) -> Json:
    given, family = NAMES[number % len(NAMES)]
    return {"id": f"user_{number}", "name": f"{given} {family} {number}", "email": f"user_{number}@example.com"}


def _paged(document: Json, call: Call) -> Json:
    """One page of the list, with the address of the next."""
    items = document if isinstance(document, list) else []
    asked = call.query.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    end = page * PAGE_SIZE
    following = f"{LIST_USERS_PATH}?page={page + 1}" if end < len(items) else None
    return {"items": items[max(end - PAGE_SIZE, 0) : end], "page": page, "total": len(items), "next": following}


def _renamed(document: Json, _call: Call) -> Json:
    items = document if isinstance(document, list) else []
    return [{RENAMED.get(k, k): v for k, v in item.items()} if isinstance(item, dict) else item for item in items]


ACCESS_FAULTS = (
    at_access(
        "generic-accepted-everywhere",
        "A generic token reaches the users-only endpoints too.",
        policy={"generic_reaches_all": True},
    ),
    at_access(
        "conversations-moved",
        "GetConversations is not at its documented path: only /api/Chat/GetConversations exists.",
        answer=_for_conversations(Answer(404)),
    ),
    at_access(
        "api-audience",
        "The protected endpoints expect another audience: 401 with a challenge that says so.",
        answer=_challenged(401, 'Bearer error="invalid_token", error_description="The audience \'airisk\' is invalid"'),
    ),
    at_access(
        "api-scope",
        "GetConversations requires a scope that no token has: 403 with a challenge that says so.",
        answer=_for_conversations(_challenged(403, 'Bearer error="insufficient_scope", scope="conversations.read"')),
    ),
    at_access(
        "authorization-dropped",
        "A proxy removes the Authorization header, so every call looks like one without a token.",
        answer=_challenged(401, "Bearer"),
    ),
    at_access("api-login", "The protected endpoints redirect to a login page.", answer=_login),
    at_access(
        "start-page",
        "The protected endpoints answer 200 with the start page of the web application.",
        answer=Answer(200, "text/html; charset=utf-8", START_PAGE),
    ),
    at_access("list-users-empty", "ListUsers answers with an empty list.", users=lambda _document, _call: []),
    at_access("list-users-paged", "ListUsers answers in pages of two users, and names the next page.", users=_paged),
    at_access(
        "list-users-many",
        "ListUsers answers with 10,000 users whose names are in many scripts.",
        users=lambda _document, _call: [_numbered(number) for number in range(MANY)],
    ),
    at_access("list-users-renamed", "ListUsers calls its fields UserID, DisplayName and EmailAddress.", users=_renamed),
    at_access(
        "refusal-in-success",
        "The protected endpoints refuse with status 200 and a JSON document that says so.",
        answer=json_answer(200, {"success": False, "message": "Not authorized"}),
    ),
    at_access(
        "probe-429",
        "The protected endpoints answer 429 with Retry-After.",
        answer=replace(plain(429, "Too many requests"), headers=(("Retry-After", RETRY_AFTER),)),
    ),
    at_access("probe-slow", "The protected endpoints take seconds to answer.", policy={"slow": frozenset({"access"})}),
)

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for fault in (*AUTHORIZE_FAULTS, *TOKEN_FAULTS, *ACCESS_FAULTS)}
)


def faults_named(names: Iterable[str]) -> tuple[Fault, ...]:
    """The faults with these names (see `chosen`)."""
    return chosen(names, FAULTS)
