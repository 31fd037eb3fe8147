"""Servers of the standard dialect: their metadata, and what they send."""

from __future__ import annotations

import json
from typing import Any

from airisk_tui.flow.events import AnyEvent, MetadataAnswered
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Exchange, HttpRequest, HttpResponse
from tests.insight.plays import failed, inputs, run
from tests.insight.scenarios.base import JSON, case, html
from tests.runs import response

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
case("metadata-demands-more", lambda: standard(metadata(require_signed_request_object=True)), "without it")
case(
    "connection-refused",
    lambda: standard(failed("refused", step="discovery", url=ISSUER), issuer=ISSUER),
    name="nobody answers at the issuer",
)
