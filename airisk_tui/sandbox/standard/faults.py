"""The faults of the issuer: a name, a sentence, and an effect at a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from airisk_tui.sandbox.airisk.faults import SKEW_SECONDS, TUNNEL_PAGE
from airisk_tui.sandbox.answer import Answer, html, json_answer
from airisk_tui.sandbox.fault import CommonPolicy, NamedFault
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID

Document = dict[str, Any]
"""The members of a JSON object, the parameters of a redirect, or the claims of an ID token."""

Place = Literal[
    "metadata",
    "keys",
    "push",
    "authorization",
    "token",
    "id-token",
    "refresh",
    "revocation",
    "introspection",
    "userinfo",
    "device",
    "poll",
    "everywhere",
]
"""token: the token endpoint's response to a code; refresh: to a refresh token; poll: to a device code; device: the device
authorization response."""

Signer = Literal["own", "stranger", "unknown", "nobody"]
"""The key that signs the ID token: the issuer's own; another key under the issuer's `kid`; another key under another `kid`; none
(`alg` none)."""


class Policy(CommonPolicy, frozen=True):
    """The behaviour of the issuer that faults can change.

    keeps_pushed: whether a pushed request can be referred to; refused_auth: methods of client authentication that are refused
    although the metadata names them; hears_response_mode: whether `response_mode` has an effect; slow_polls: how many polls of a
    device are answered with slow_down; slow: whether every answer takes seconds.
    """

    issuer_suffix: str = ""
    par_required: bool = False
    keeps_pushed: bool = True
    pkce_required: bool = False
    pkce_checked: bool = True
    scope_required: bool = False
    grants_whole_scope: bool = True
    hears_response_mode: bool = True
    refused_auth: frozenset[str] = frozenset()
    codes_reusable: bool = False
    codes_expired: bool = False
    signer: Signer = "own"
    refresh_tokens: bool = True
    rotates: bool = True
    revokes: bool = True
    slow_polls: int = 0
    slow: bool = False


class Fault(NamedFault, frozen=True, kw_only=True):
    """One way in which the issuer misbehaves.

    change: changes a document of the issuer, the parameters of its redirect, or the claims of its ID token. answer: at
    `authorization` it applies only if the request is valid.
    """

    change: Callable[[Document], Document] = lambda document: document


Effect = Callable[[Document], Document] | Answer | Mapping[str, Any]
"""The effect of a fault: a change of a document, an answer, or fields of `Policy`."""


def faults(where: Place, *rows: tuple[str, str, Effect]) -> tuple[Fault, ...]:
    """The faults of one place, from rows of name, sentence and effect."""
    return tuple(_fault(where, *row) for row in rows)


def _fault(where: Place, name: str, sentence: str, does: Effect) -> Fault:
    if isinstance(does, Answer):
        return Fault(where, name, sentence, does)
    if isinstance(does, Mapping):
        return Fault(where, name, sentence, policy=does)
    return Fault(where, name, sentence, change=does)


def without(*names: str) -> Callable[[Document], Document]:
    """A change that removes members."""
    return lambda document: {name: value for name, value in document.items() if name not in names}


def with_members(**members: Any) -> Callable[[Document], Document]:
    """Sets members."""
    return lambda document: {**document, **members}


def refusing(**parameters: str) -> Callable[[Document], Document]:
    """A change that replaces the code by an error (RFC 6749 §4.1.2.1)."""
    return lambda document: {**parameters, **without("code", *parameters)(document)}


# Discovery: the metadata document (RFC 8414, OpenID Connect Discovery) and the keys.

ELSEWHERE: Final = "https://other-issuer.example"

START_PAGE: Final = "<!doctype html><html><head><title>Welcome</title></head><body><h1>Welcome</h1><p>Choose a product.</p></body></html>"

METADATA_FAULTS = (
    *faults(
        "metadata",
        ("no-metadata", "There is no metadata: 404 at both well-known paths.", Answer(404)),
        ("metadata-html", "The well-known paths answer 200 with a web page.", html(200, START_PAGE)),
        (
            "metadata-other-issuer",
            "The metadata names an issuer other than the requested one.",
            with_members(issuer=ELSEWHERE),
        ),
        (
            "issuer-trailing-slash",
            "The issuer's name ends with a slash wherever it occurs.",
            {"issuer_suffix": "/"},
        ),
        ("metadata-no-token-endpoint", "The metadata does not name the token endpoint.", without("token_endpoint")),
        (
            "metadata-no-authorization-endpoint",
            "The metadata does not name the authorization endpoint.",
            without("authorization_endpoint"),
        ),
        (
            "metadata-no-jwks",
            "The metadata does not name the keys that verify ID tokens.",
            without("jwks_uri"),
        ),
        (
            "metadata-members-missing",
            "The metadata lacks required members: response types, subject types, signing algorithms.",
            without("response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"),
        ),
        (
            "metadata-http-endpoint",
            "The metadata names an endpoint on another machine with http in place of https.",
            with_members(userinfo_endpoint="http://issuer.example/userinfo"),
        ),
    ),
    *faults(
        "keys",
        ("keys-404", "The keys are not at the address in the metadata: 404.", Answer(404)),
    ),
)

# The authorization endpoint: its answers, and the parameters of its redirect.

OTHER_STATE: Final = "another-state-than-was-sent"


def error_page(error: str, description: str) -> Answer:
    """A page with an OAuth error as `name: value`, as many servers show it."""
    text = (
        f"<!doctype html><html><head><title>Error</title></head><body><h1>Something went wrong</h1><dl>"
        f"<dt>error</dt><dd>{error}</dd><dt>error_description</dt><dd>{description}</dd></dl></body></html>"
    )
    return html(400, text)


AUTHORIZATION_FAULTS = (
    *faults(
        "authorization",
        (
            "denied",
            "The user denies: error=access_denied in the redirect.",
            refusing(error="access_denied", error_description="The user refused the request"),
        ),
        (
            "login-required",
            "Nobody is signed in: error=login_required in the redirect.",
            refusing(error="login_required", error_description="Nobody is signed in"),
        ),
        (
            "authorization-error-page",
            "The authorization endpoint answers 400 with a page that contains an OAuth error.",
            error_page("unauthorized_client", "The client may not use this response type"),
        ),
        ("tunnel-warning", "A tunnel in front shows its warning page to new visitors: 200.", TUNNEL_PAGE),
        ("state-missing", "The redirect has no state.", without("state")),
        (
            "state-changed",
            "The redirect has a state other than the one that was sent.",
            with_members(state=OTHER_STATE),
        ),
        ("iss-missing", "The redirect has no iss, although the metadata promises it.", without("iss")),
        ("iss-wrong", "The iss of the redirect is another issuer.", with_members(iss=ELSEWHERE)),
        ("no-code", "The redirect has neither code nor error.", without("code")),
        (
            "response-mode-ignored",
            "The response comes in the query, although another response_mode was requested.",
            {"hears_response_mode": False},
        ),
        (
            "scope-required",
            "A request without the scope offline_access is refused: invalid_scope.",
            {"scope_required": True},
        ),
        (
            "pkce-required",
            "A request without a code_challenge is refused, even from a confidential client: invalid_request.",
            {"pkce_required": True},
        ),
        (
            "par-required",
            "The metadata requires that the request is pushed (RFC 9126), and one that is not is refused.",
            {"par_required": True},
        ),
    ),
    *faults(
        "push",
        ("push-unanswered", "The endpoint for pushed requests answers 200 with a web page.", html(200, START_PAGE)),
        (
            "push-forgotten",
            "A pushed request is forgotten before the browser refers to it: invalid_request_uri.",
            {"keeps_pushed": False},
        ),
    ),
)

# The token endpoint, for a code and for a refresh token, and the ID token.

HOUR: Final = 3600
OTHER_HASH: Final = "AAAAAAAAAAAAAAAAAAAAAA"
"""A value of `at_hash` or `c_hash` (half of a SHA-256 digest) that matches nothing that was issued."""


def _refused(error: str, description: str, status: int = 400) -> Answer:
    """A refusal of the token endpoint (RFC 6749 §5.2)."""
    return json_answer(status, {"error": error, "error_description": description})


def _moved(*names: str, seconds: int) -> Callable[[Document], Document]:
    """A change that shifts times of an ID token."""
    return lambda claims: {**claims, **{name: claims[name] + seconds for name in names}}


TOKEN_FAULTS = (
    *faults(
        "token",
        (
            "token-error-page",
            "The token endpoint refuses with a page that contains an OAuth error.",
            error_page("invalid_grant", "The authorization code is invalid"),
        ),
        (
            "token-200-error",
            "The token endpoint refuses with a JSON error, but with status 200.",
            _refused("invalid_grant", "The authorization code is invalid", 200),
        ),
        (
            "basic-refused",
            "Credentials in the Authorization header are refused, although the metadata names that method.",
            {"refused_auth": frozenset({"client_secret_basic"})},
        ),
        (
            "post-refused",
            "Credentials in the body are refused, although the metadata names that method.",
            {"refused_auth": frozenset({"client_secret_post"})},
        ),
        (
            "client-refused",
            "Every client is refused, however it authenticates: invalid_client.",
            _refused("invalid_client", "Client authentication failed", 401),
        ),
        (
            "pkce-refused",
            "The token endpoint says that the code_verifier does not match, although it does.",
            _refused("invalid_grant", "PKCE verification failed"),
        ),
        (
            "pkce-not-enforced",
            "The code_verifier is not checked: any value, or none, is accepted.",
            {"pkce_checked": False},
        ),
        ("code-expired", "The code has expired by the time it arrives: invalid_grant.", {"codes_expired": True}),
        ("code-replay-accepted", "A code can be redeemed more than once.", {"codes_reusable": True}),
        (
            "dpop-required",
            "The token endpoint requires a proof of possession (RFC 9449): invalid_dpop_proof.",
            _refused("invalid_dpop_proof", "DPoP proof is required"),
        ),
        ("token-type-missing", "The token response has no token_type.", without("token_type")),
        (
            "token-type-other",
            "The token_type is DPoP, which a client without a proof cannot use.",
            with_members(token_type="DPoP"),  # noqa: S106 - a type
        ),
        ("expires-in-missing", "The token response has no expires_in.", without("expires_in")),
        (
            "scope-narrowed",
            "The token has only the scope openid, although more was requested.",
            {"grants_whole_scope": False},
        ),
        ("no-id-token", "The token response has no id_token, although openid was requested.", without("id_token")),
        ("no-refresh-token", "No refresh token is issued.", {"refresh_tokens": False}),
    ),
    *faults(
        "refresh",
        (
            "refresh-refused",
            "A refresh token is refused: invalid_grant.",
            _refused("invalid_grant", "The refresh token is invalid"),
        ),
        (
            "refresh-not-rotated",
            "A refresh returns no new refresh token, and the old one stays valid.",
            {"rotates": False},
        ),
        (
            "refresh-scope-narrowed",
            "The answer to a refresh says that the token has only the scope openid.",
            with_members(scope="openid"),
        ),
    ),
)

ID_TOKEN_FAULTS = faults(
    "id-token",
    ("nonce-missing", "The ID token has no nonce.", without("nonce")),
    (
        "nonce-wrong",
        "The ID token has a nonce other than the one that was sent.",
        with_members(nonce="another-nonce-than-was-sent"),
    ),
    ("id-token-wrong-iss", "The ID token's iss is another issuer.", with_members(iss=ELSEWHERE)),
    ("id-token-wrong-aud", "The ID token is for another client.", with_members(aud=[KEY_CLIENT_ID])),
    ("id-token-wrong-azp", "The ID token's azp is another client.", with_members(azp=KEY_CLIENT_ID)),
    ("id-token-no-sub", "The ID token has no sub.", without("sub")),
    ("id-token-expired", "The ID token expired an hour ago.", _moved("iat", "exp", "auth_time", seconds=-2 * HOUR)),
    ("id-token-from-the-future", "The ID token was issued one hour in the future.", _moved("iat", "exp", seconds=HOUR)),
    ("at-hash-wrong", "The ID token's at_hash belongs to another access token.", with_members(at_hash=OTHER_HASH)),
    ("c-hash-wrong", "The ID token's c_hash belongs to another code.", with_members(c_hash=OTHER_HASH)),
    ("id-token-unsigned", "The ID token is not signed: alg is none.", {"signer": "nobody"}),
    ("id-token-forged", "The ID token is signed by another key than its kid names.", {"signer": "stranger"}),
    ("id-token-unknown-key", "The ID token's kid is none of the issuer's keys.", {"signer": "unknown"}),
)

# Requests with the token, the device grant, and the issuer as a whole.

EXPIRED: Final = 'Bearer realm="sandbox", error="invalid_token", error_description="The access token expired"'

LATER_FAULTS = (
    *faults(
        "userinfo",
        (
            "userinfo-other-user",
            "Userinfo names a user other than that of the ID token.",
            with_members(sub="another-user-than-before"),
        ),
        (
            "userinfo-refused",
            "Userinfo refuses the token as expired: 401 with WWW-Authenticate.",
            Answer(401, headers=(("WWW-Authenticate", EXPIRED),)),
        ),
    ),
    *faults(
        "introspection",
        (
            "introspection-inactive",
            "Introspection says that a new token is not active.",
            json_answer(200, {"active": False}),
        ),
    ),
    *faults(
        "revocation",
        ("revocation-ignored", "Revocation answers with success, but the token stays valid.", {"revokes": False}),
    ),
    *faults(
        "poll",
        ("device-slow-down", "The first poll of a device is answered with slow_down.", {"slow_polls": 1}),
        ("device-expired", "The device code has expired: expired_token.", json_answer(400, {"error": "expired_token"})),
        (
            "device-denied",
            "The user denies the request on the other device: access_denied.",
            json_answer(400, {"error": "access_denied"}),
        ),
    ),
    *faults(
        "everywhere",
        (
            "clock-skew",
            "The server's clock is five minutes slow: its Date header and the times in its tokens with it.",
            {"skew": SKEW_SECONDS},
        ),
        ("slow", "Every endpoint takes seconds to answer.", {"slow": True}),
    ),
)

STANDARD_FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        fault.name: fault
        for fault in (*METADATA_FAULTS, *AUTHORIZATION_FAULTS, *TOKEN_FAULTS, *ID_TOKEN_FAULTS, *LATER_FAULTS)
    }
)
