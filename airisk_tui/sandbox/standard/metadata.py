"""The metadata of the issuer (RFC 8414 §2, OpenID Connect Discovery §3), and the paths in it."""

from __future__ import annotations

from typing import Any, Final

from airisk_tui.sandbox.standard.faults import Policy
from airisk_tui.sandbox.standard.protocol.grants import RESPONSE_MODES
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, GRANT_TYPES, SCOPES

WELL_KNOWN: Final = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
AUTHORIZE: Final = "/authorize"
TOKEN: Final = "/token"  # noqa: S105 - a path
KEYS: Final = "/jwks"
USERINFO: Final = "/userinfo"
INTROSPECT: Final = "/introspect"
REVOKE: Final = "/revoke"
PUSH: Final = "/par"
DEVICE_AUTHORIZATION: Final = "/device_authorization"

SIGNING: Final = ["RS256", "ES256"]


def document(issuer: str, origin: str, policy: Policy) -> dict[str, Any]:
    """The metadata document. issuer: the issuer's name; origin: the origin of its endpoints."""
    confidential = [method for method in AUTH_METHODS if method != "none"]
    return {
        "issuer": issuer,
        "authorization_endpoint": origin + AUTHORIZE,
        "token_endpoint": origin + TOKEN,
        "jwks_uri": origin + KEYS,
        "userinfo_endpoint": origin + USERINFO,
        "introspection_endpoint": origin + INTROSPECT,
        "revocation_endpoint": origin + REVOKE,
        "device_authorization_endpoint": origin + DEVICE_AUTHORIZATION,
        "pushed_authorization_request_endpoint": origin + PUSH,
        "require_pushed_authorization_requests": policy.par_required,
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": list(GRANT_TYPES),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": SIGNING,
        "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": SIGNING,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": SIGNING,
        "revocation_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": SIGNING,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "claims_supported": ["sub", "name", "preferred_username", "email", "email_verified", "auth_time", "nonce"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
    }
