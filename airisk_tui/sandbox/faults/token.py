"""Faults of step 2, the token endpoint, and of the server as a whole."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, Json, html, json_answer
from airisk_tui.sandbox.faults.fault import Fault, always
from airisk_tui.sandbox.grants import Life, utc

SKEW_SECONDS: Final = -300.0  # five minutes slow, a usual drift of a machine that lost its time server
PAST_SECONDS: Final = 3600.0  # an hour ago: no time zone and no drift of clocks explains it away unseen
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
    Fault(
        name="slow",
        where="everywhere",
        sentence="Every endpoint takes seconds to answer.",
        policy={"slow": EVERYWHERE},
    ),
    Fault(
        name="server-error-html",
        where="token",
        sentence="The token endpoint answers 500 with an HTML page.",
        answer=always(html(500, CRASH_PAGE)),
    ),
    Fault(
        name="not-a-token",
        where="token",
        sentence="The token endpoint answers 200 with an HTML page, as a proxy's portal does.",
        answer=always(html(200, PORTAL_PAGE)),
    ),
    Fault(
        name="connection-reset",
        where="token",
        sentence="The token endpoint reads the request and resets the connection.",
        answer=always(Answer(500, reset=True)),
    ),
    Fault(
        name="token-404",
        where="token",
        sentence="The token endpoint is not found: 404 without a body.",
        answer=always(Answer(404)),
    ),
    Fault(
        name="token-307",
        where="token",
        sentence="The token endpoint redirects with 307 to /api/oauth2/v2/Token, where it really is.",
        policy={"token_moved": True},
    ),
    Fault(
        name="token-error-json",
        where="token",
        sentence="The token endpoint refuses as RFC 6749 §5.2 says: 400 with a JSON error.",
        answer=always(json_answer(400, INVALID_GRANT)),
    ),
    Fault(
        name="token-200-error",
        where="token",
        sentence="The token endpoint refuses with a JSON error, but with status 200.",
        answer=always(json_answer(200, INVALID_GRANT)),
    ),
    Fault(
        name="user-disabled",
        where="token",
        sentence="The token endpoint says invalid_grant because the user's account is disabled.",
        answer=always(
            json_answer(400, {"error": "invalid_grant", "error_description": "The user account is disabled"})
        ),
    ),
    Fault(
        name="gateway-key",
        where="token",
        sentence="An API gateway in front of the token endpoint asks for a subscription key: 401.",
        answer=always(
            json_answer(401, {"statusCode": 401, "message": "Access denied due to missing subscription key"})
        ),
    ),
    Fault(
        name="proof-wanted",
        where="token",
        sentence="The token endpoint wants a proof of possession (DPoP): use_dpop_nonce.",
        answer=always(json_answer(400, {"error": "use_dpop_nonce"})),
    ),
    Fault(
        name="form-refused",
        where="token",
        sentence="The token endpoint cannot read form bodies: Invalid client_id. JSON works.",
        policy={"reads_form": False},
    ),
    Fault(
        name="json-refused",
        where="token",
        sentence="The token endpoint cannot read JSON bodies: Invalid client_id. A form works.",
        policy={"reads_json": False},
    ),
    Fault(
        name="affinity-lost",
        where="token",
        sentence="Another instance answers a token request without the affinity cookie and does not know the code: Invalid Code.",
        policy={"codes_shared": False},
    ),
    Fault(
        name="userid-second-leg-only",
        where="token",
        sentence="The server reads the userid from step 2 alone: it ignores that of step 1, and says Invalid userid if step 2 has none.",
        policy={"userid_from_token_request": True},
    ),
    Fault(
        name="access-code",
        where="token",
        sentence="The token is called access_code in place of access_token.",
        token=_access_code,
    ),
    Fault(
        name="id-token-alone",
        where="token",
        sentence="The token endpoint brings an ID token and no access token.",
        token=lambda body, _life: {"id_token": body["access_token"]} if "access_token" in body else body,
    ),
    Fault(
        name="json-surrounded",
        where="token",
        sentence="The token endpoint writes a warning of its program before the JSON.",
        around=b"Warning: Undefined variable $scope in token.php on line 12\n",
    ),
    Fault(
        name="no-expiration",
        where="token",
        sentence="The token response has no expiration.",
        token=_without_expiration,
    ),
    Fault(
        name="expiration-past",
        where="token",
        sentence="The token response says that the token expired an hour ago.",
        token=lambda body, life: {**body, "expiration": utc(life.start - PAST_SECONDS)},
    ),
    Fault(
        name="expiration-no-zone",
        where="token",
        sentence="The expiration has no time zone.",
        token=lambda body, life: {**body, "expiration": utc(life.end).removesuffix("Z")},
    ),
    Fault(
        name="expiration-number",
        where="token",
        sentence="The expiration is a number: seconds since 1970.",
        token=lambda body, life: {**body, "expiration": int(life.end)},
    ),
    Fault(
        name="expires-in",
        where="token",
        sentence="The token response has the standard fields token_type and expires_in in place of expiration.",
        token=_standard,
    ),
    Fault(
        name="clock-skew",
        where="everywhere",
        sentence="The server's clock is five minutes slow: its Date header and the expiration with it.",
        policy={"skew": SKEW_SECONDS},
    ),
)
