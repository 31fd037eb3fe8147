"""Faults of the token endpoint, for a code and for a refresh token, and of the ID token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from airisk_tui.sandbox.answer import Answer, json_answer
from airisk_tui.sandbox.standard.faults.authorization import error_page
from airisk_tui.sandbox.standard.faults.fault import Document, faults, with_members, without
from airisk_tui.sandbox.standard.faults.metadata import ELSEWHERE
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID

HOUR: Final = 3600
OTHER_HASH: Final = "AAAAAAAAAAAAAAAAAAAAAA"
"""A half of a SHA-256 digest, as `at_hash` and `c_hash` are written, of nothing that was issued."""


def _refused(error: str, description: str, status: int = 400) -> Answer:
    """A refusal as RFC 6749 §5.2 has it."""
    return json_answer(status, {"error": error, "error_description": description})


def _moved(*names: str, seconds: int) -> Callable[[Document], Document]:
    """The change that moves the times of an ID token."""
    return lambda claims: {**claims, **{name: claims[name] + seconds for name in names}}


TOKEN_FAULTS = (
    *faults(
        "token",
        (
            "token-error-page",
            "The token endpoint refuses with a page that holds an OAuth error.",
            error_page("invalid_grant", "The authorization code is invalid"),
        ),
        (
            "token-200-error",
            "The token endpoint refuses with a JSON error, but with status 200.",
            _refused("invalid_grant", "The authorization code is invalid", 200),
        ),
        (
            "basic-refused",
            "Credentials in the Authorization header are refused, although the metadata name that method.",
            {"refused_auth": frozenset({"client_secret_basic"})},
        ),
        (
            "post-refused",
            "Credentials in the body are refused, although the metadata name that method.",
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
            "The code_verifier is not looked at: any, and none, is accepted.",
            {"pkce_checked": False},
        ),
        ("code-expired", "The code has expired by the time it arrives: invalid_grant.", {"codes_expired": True}),
        ("code-replay-accepted", "A code can be redeemed more than once.", {"codes_reusable": True}),
        (
            "dpop-required",
            "The token endpoint wants a proof of possession (RFC 9449): invalid_dpop_proof.",
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
            "The token has the scope openid alone, whatever was asked for beside it.",
            {"grants_whole_scope": False},
        ),
        ("no-id-token", "The token response has no id_token, although openid was asked for.", without("id_token")),
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
            "A refresh brings no new refresh token, and the old one stays good.",
            {"rotates": False},
        ),
        (
            "refresh-scope-narrowed",
            "A refreshed token says that it has the scope openid alone.",
            with_members(scope="openid"),
        ),
    ),
)

ID_TOKEN_FAULTS = faults(
    "id-token",
    ("nonce-missing", "The ID token has no nonce.", without("nonce")),
    ("nonce-wrong", "The ID token has another nonce than was sent.", with_members(nonce="another-nonce-than-was-sent")),
    ("id-token-wrong-iss", "The ID token's iss is another issuer.", with_members(iss=ELSEWHERE)),
    ("id-token-wrong-aud", "The ID token is for another client.", with_members(aud=[KEY_CLIENT_ID])),
    ("id-token-wrong-azp", "The ID token's azp is another client.", with_members(azp=KEY_CLIENT_ID)),
    ("id-token-no-sub", "The ID token has no sub.", without("sub")),
    ("id-token-expired", "The ID token expired an hour ago.", _moved("iat", "exp", "auth_time", seconds=-2 * HOUR)),
    ("id-token-from-the-future", "The ID token was issued in an hour's time.", _moved("iat", "exp", seconds=HOUR)),
    ("at-hash-wrong", "The ID token's at_hash belongs to another access token.", with_members(at_hash=OTHER_HASH)),
    ("c-hash-wrong", "The ID token's c_hash belongs to another code.", with_members(c_hash=OTHER_HASH)),
    ("id-token-unsigned", "The ID token is not signed: alg is none.", {"signer": "nobody"}),
    ("id-token-forged", "The ID token is signed by another key than its kid names.", {"signer": "stranger"}),
    ("id-token-unknown-key", "The ID token's kid is none of the issuer's keys.", {"signer": "unknown"}),
)
