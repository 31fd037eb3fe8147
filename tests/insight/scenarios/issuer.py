"""Servers of the standard dialect: their metadata, and what they send."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from airisk_tui.flow.events import (
    AnyEvent,
    DeviceAnswered,
    FollowUpAnswered,
    IdTokenChecked,
    MetadataAnswered,
    PushAnswered,
    RefreshAnswered,
    TimedOut,
)
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.device import GRANT
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import failed, inputs, run
from tests.insight.scenarios.base import JSON, case, html
from tests.runs import LOCATION, UTC, at_date, authorized, exchanged, jwt, redirect, response

ISSUER = "https://login.example.com"

DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/jwks",
    "introspection_endpoint": f"{ISSUER}/introspect",
    "revocation_endpoint": f"{ISSUER}/revoke",
    "response_types_supported": ["code"],
    "subject_types_supported": ["public"],
    "scopes_supported": ["openid", "profile"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
}
"""The metadata of a server with which nothing is wrong."""


def metadata(answer: HttpResponse | None = None, *without: str, **changes: Any) -> MetadataAnswered:
    """The answer at a well-known address: the document with some members changed or left out."""
    members = {name: value for name, value in {**DOCUMENT, **changes}.items() if name not in without}
    answer = answer or response(200, json.dumps(members), JSON)
    return MetadataAnswered(at=0.1, exchange=Exchange(HttpRequest("GET", f"{ISSUER}/.well-known/x"), answer))


def standard(*events: AnyEvent, **changes: Any) -> FlowState:
    """A run by an issuer, and then these events."""
    usual = {"base_url": ISSUER, "issuer": ISSUER, "dialect": STANDARD, "mode": "direct", "challenge": "c" * 43}
    return run(inputs(**{**usual, "nonce": "nonce-of-this-run", **changes}), *events)


NOWHERE = [metadata(html("not here", 404)) for _ in range(2)]

case("metadata-not-found", lambda: standard(*NOWHERE), "--issuer")
case("metadata-issuer", lambda: standard(metadata(issuer="https://other.example.com")), "https://other.example.com")
case("metadata-issuer-slash", lambda: standard(metadata(issuer=f"{ISSUER}/")), f"--issuer to “{ISSUER}/”")
case(
    "metadata-faulty",
    lambda: standard(metadata(None, "token_endpoint", "authorization_endpoint")),
    "correct the metadata",
)
case(
    "metadata-faulty",
    lambda: standard(metadata(token_endpoint="http://login.example.com/token")),
    "correct the metadata",
    name="a token endpoint over plain http",
)
PUSH = f"{ISSUER}/par"


def pushed(answer: HttpResponse, *more: AnyEvent, **changes: Any) -> FlowState:
    """A run that pushes its authorization request, this answer to that, and then these events."""
    document = metadata(pushed_authorization_request_endpoint=PUSH, require_pushed_authorization_requests=True)
    return standard(
        document, PushAnswered(at=0.2, exchange=Exchange(HttpRequest("POST", PUSH), answer)), *more, **changes
    )


def refusal(error: str, status: int = 400) -> HttpResponse:
    return response(status, json.dumps({"error": error}), JSON)


TAKEN = response(201, json.dumps({"request_uri": "urn:example:request", "expires_in": 60}), JSON)
FORGOTTEN = refusal("invalid_request_uri")

case("push-not-offered", lambda: standard(metadata(), par="on"), "--par auto")
case("push-client-refused", lambda: pushed(refusal("invalid_client", 401)), "--client-auth")
case(
    "push-client-refused",
    lambda: pushed(refusal("invalid_client", 401), client_secret=None),
    "AIRISK_CLIENT_SECRET",
    name="none shown",
)
case("push-refused", lambda: pushed(html("Welcome")), "where pushed requests go")
case(
    "invalid-scope",
    lambda: pushed(refusal("invalid_scope"), scope="openid mail"),
    "--scope openid",
    name="of a pushed request",
)
case("push-unknown", lambda: pushed(TAKEN, authorized(FORGOTTEN)), "open the address once")
case("push-unknown", lambda: pushed(TAKEN, authorized(FORGOTTEN, at=90.0)), "at once", name="too late")
case(
    "push-demanded",
    lambda: standard(
        metadata(require_pushed_authorization_requests=True), authorized(refusal("invalid_request")), par="off"
    ),
    "--par",
)
case(
    "metadata-offers-more",
    lambda: standard(metadata(authorization_details_types_supported=["payment"])),
    "authorization_details",
)
case("metadata-demands-more", lambda: standard(metadata(require_signed_request_object=True)), "without it")
case(
    "connection-refused",
    lambda: standard(failed("refused", step="discovery", url=ISSUER), issuer=ISSUER),
    name="nobody answers at the issuer",
)

NONCE = "nonce-of-this-run"
CLAIMS = {"iss": ISSUER, "aud": "demo-app", "sub": "user_42", "exp": UTC + 3600, "iat": UTC, "nonce": NONCE}


def signed(
    *more: AnyEvent,
    redirect_iss: str | None = ISSUER,
    response_mode: str = "query",
    claims: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    then: tuple[Any, ...] = (),
    public: bool = False,
    **members: Any,
) -> FlowState:
    """A whole run of a server that speaks OpenID Connect. claims: of the ID token that differ; facts: of `IdTokenChecked`;
    members: of the token response, a None leaves one out; more: what happens afterwards."""
    asked = {"response_mode": response_mode, "then": then, **({"client_secret": None} if public else {})}
    mine = standard(metadata(), **asked).inputs
    assert mine is not None
    algorithm = (claims or {}).get("alg", "RS256")
    payload = {
        name: value for name, value in {**CLAIMS, **(claims or {})}.items() if value is not None and name != "alg"
    }
    view = jwt(payload, {"alg": algorithm, "kid": "k1"}, "1d70ce0000000001")
    body = {
        "access_token": OPAQUE.reference,
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "openid",
        "id_token": view.reference,
        "refresh_token": REFRESH.reference,
        **members,
    }
    answer = response(
        200,
        json.dumps({name: value for name, value in body.items() if value is not None}, ensure_ascii=False),
        JSON,
        ("Cache-Control", "no-store"),
        at_date(),
    )
    iss = {"iss": redirect_iss} if redirect_iss is not None else {}
    location = f"{LOCATION}&{urlencode(iss)}" if iss else LOCATION
    came = exchanged(answer, mine, token=OPAQUE)
    came = replace(came, secrets=(*came.secrets, view, REFRESH))
    checked = IdTokenChecked(at=1.6, **{"signature": "verified", "at_hash": "match", **(facts or {})})
    return standard(metadata(), authorized(redirect(location), mine), came, checked, *more, **asked)


REFRESH = SecretView("4ef4e5400000000b", 43)
OPAQUE = SecretView("acce55000000000a", 43)

for changed, value in (
    ("iss", "https://other.example.com"),
    ("aud", "another-app"),
    ("sub", None),
    ("nonce", "another"),
):
    case(f"id-token-{changed}", lambda changed=changed, value=value: signed(claims={changed: value}))
case("id-token-azp", lambda: signed(claims={"azp": "another-app"}))
case("id-token-exp", lambda: signed(claims={"exp": UTC - 300}), "clock")
case("id-token-iat", lambda: signed(claims={"iat": UTC + 3000}), "clock")
case("id-token-alg", lambda: signed(claims={"alg": "HS256"}))
case("id-token-signature", lambda: signed(facts={"signature": "wrong"}))
case("id-token-signature", lambda: signed(facts={"signature": "no-key"}), name="a key that is not published")
case("id-token-at-hash", lambda: signed(facts={"at_hash": "mismatch"}))
case("id-token-c-hash", lambda: signed(facts={"c_hash": "mismatch"}))
case("id-token-missing", lambda: signed(id_token=None), "--scope none")
case("token-type-other", lambda: signed(token_type="DPoP"))
case("scope-narrowed", lambda: signed(scope="profile"), "--scope")
case("iss-mismatch", lambda: signed(redirect_iss="https://other.example.com"))
case("iss-missing", lambda: signed(redirect_iss=None))
case("keys-missing", lambda: signed(facts={"signature": "no-keys"}))
case("response-mode-ignored", lambda: signed(response_mode="form_post"), "--response-mode query")


def followed(step: Any, answer: HttpResponse | None, *more: AnyEvent, **changes: Any) -> FlowState:
    """A run that takes a step with its token, and this answer to it; None for no connection."""
    later = (one.step for one in more if isinstance(one, FollowUpAnswered))
    if answer is None:
        return signed(failed("refused", step=step, url=f"{ISSUER}/{step}"), then=(step, *later), **changes)
    exchange = Exchange(HttpRequest("POST", f"{ISSUER}/{step}"), answer)
    came = (
        RefreshAnswered(at=2.0, exchange=exchange)
        if step == "refresh"
        else FollowUpAnswered(at=2.0, step=step, exchange=exchange)
    )
    return signed(came, *more, then=(step, *later), **changes)


AGAIN = {"access_token": OPAQUE.reference, "token_type": "Bearer"}


def on_purpose(answer: HttpResponse) -> FlowState:
    """A run whose verifier does not fit, and what the token endpoint says to it."""
    asked: dict[str, Any] = {"pkce": "wrong", "verifier": SecretView("7e41f1e40000000c", 43), "scope": None}
    mine = standard(metadata(), **asked).inputs
    assert mine is not None
    location = f"{LOCATION}&{urlencode({'iss': ISSUER})}"
    return standard(metadata(), authorized(redirect(location), mine), exchanged(answer, mine, token=OPAQUE), **asked)


TOKEN_CAME = response(
    200, json.dumps({**AGAIN, "expires_in": 60}, ensure_ascii=False), JSON, ("Cache-Control", "no-store")
)

case("pkce-not-enforced", lambda: on_purpose(TOKEN_CAME))
case("pkce-enforced", lambda: on_purpose(refusal("invalid_grant")), "--pkce auto")
case("code-accepted-twice", lambda: followed("code-again", response(200, json.dumps(AGAIN, ensure_ascii=False), JSON)))
case(
    "follow-up-refused",
    lambda: followed("introspect", refusal("invalid_client", 401), public=True),
    "this step out",
    name="public",
)

EXPIRED = response(401, "", None, ("WWW-Authenticate", 'Bearer error="invalid_token", error_description="expired"'))
TOO_LITTLE = response(403, "", None, ("WWW-Authenticate", 'Bearer error="insufficient_scope", scope="openid profile"'))

case("follow-up-refused", lambda: followed("userinfo", EXPIRED), "operator")
case("follow-up-refused", lambda: followed("userinfo", TOO_LITTLE), "--scope", name="a scope that is missing")
case("follow-up-refused", lambda: followed("revoke", None), "Run again", name="nobody answers")
case(
    "follow-up-refused",
    lambda: followed("introspect", refusal("access_denied")),
    "operator",
    name="nothing that is known",
)
case(
    "follow-up-refused",
    lambda: followed("userinfo", response(401, "", None, ("WWW-Authenticate", "DPoP algs=ES256"))),
    "not bound to a key",
    name="a proof",
)
case("userinfo-other-user", lambda: followed("userinfo", response(200, '{"sub": "somebody"}', JSON)))
case("introspection-inactive", lambda: followed("introspect", response(200, '{"active": false}', JSON)))
case(
    "revocation-ignored",
    lambda: followed(
        "revoke",
        response(200, "", None),
        FollowUpAnswered(
            at=3.0,
            step="introspect",
            exchange=Exchange(HttpRequest("POST", f"{ISSUER}/introspect"), response(200, '{"active": true}', JSON)),
        ),
    ),
)
case(
    "refresh-narrowed",
    lambda: followed("refresh", response(200, json.dumps({**AGAIN, "scope": ""}, ensure_ascii=False), JSON)),
)
case(
    "refresh-not-rotated",
    lambda: followed("refresh", response(200, json.dumps(AGAIN, ensure_ascii=False), JSON), public=True),
)
case(
    "metadata-not-found",
    lambda: standard(
        *NOWHERE, *NOWHERE, issuer=f"{ISSUER}/oauth2/v1/authorize", base_url=f"{ISSUER}/oauth2/v1/authorize"
    ),
    f"--issuer to “{ISSUER}”",
    name="the address of an endpoint",
)


CODES = {
    "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
    "user_code": "WDJB-MJHT",
    "verification_uri": f"{ISSUER}/device",
    "expires_in": 600,
}


def on_device(*answers: HttpResponse | AnyEvent, codes: HttpResponse | None = None) -> FlowState:
    """A run on another device whose polls met these answers."""
    document = metadata(device_authorization_endpoint=f"{ISSUER}/device_authorization")
    codes = codes or response(200, json.dumps(CODES), JSON)
    given = DeviceAnswered(at=0.2, exchange=Exchange(HttpRequest("POST", ISSUER), codes))
    polls = [
        exchanged(one, at=6.0, sent=Params((("grant_type", GRANT),))) if isinstance(one, HttpResponse) else one
        for one in answers
    ]
    return standard(document, given, *polls, mode="device")


case("device-not-offered", lambda: standard(metadata(), mode="device"), "--mode browser")
case("device-codes-refused", lambda: on_device(codes=refusal("unauthorized_client")), "demo-app")
for error, fix in (("invalid_client", "--client-auth"), ("invalid_scope", "--scope")):
    case("device-codes-refused", lambda error=error: on_device(codes=refusal(error)), fix, name=error)
case("device-denied", lambda: on_device(refusal("authorization_pending"), refusal("access_denied")), "agree")
case("device-expired", lambda: on_device(refusal("expired_token")), "operator of the server", name="before its time")
SHORT_LIVED = response(200, json.dumps(CODES | {"expires_in": 6}), JSON)
case("device-expired", lambda: on_device(refusal("expired_token"), codes=SHORT_LIVED), "at once", name="in its time")
case("device-expired", lambda: on_device(TimedOut(at=600.0)), "at once", name="the run's own time")
