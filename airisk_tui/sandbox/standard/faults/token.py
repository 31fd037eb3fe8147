"""Faults of the token endpoint, for a code and for a refresh token, and of the ID token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from airisk_tui.sandbox.answer import Answer, json_answer
from airisk_tui.sandbox.standard.faults.authorization import error_page
from airisk_tui.sandbox.standard.faults.fault import Document, Fault, with_members, without
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
    Fault(
        name="token-error-page",
        where="token",
        sentence="The token endpoint refuses with a page that holds an OAuth error.",
        answer=error_page("invalid_grant", "The authorization code is invalid"),
    ),
    Fault(
        name="token-200-error",
        where="token",
        sentence="The token endpoint refuses with a JSON error, but with status 200.",
        answer=_refused("invalid_grant", "The authorization code is invalid", 200),
    ),
    Fault(
        name="basic-refused",
        where="token",
        sentence="Credentials in the Authorization header are refused, although the metadata name that method.",
        policy={"refused_auth": frozenset({"client_secret_basic"})},
    ),
    Fault(
        name="post-refused",
        where="token",
        sentence="Credentials in the body are refused, although the metadata name that method.",
        policy={"refused_auth": frozenset({"client_secret_post"})},
    ),
    Fault(
        name="client-refused",
        where="token",
        sentence="Every client is refused, however it authenticates: invalid_client.",
        answer=_refused("invalid_client", "Client authentication failed", 401),
    ),
    Fault(
        name="pkce-refused",
        where="token",
        sentence="The token endpoint says that the code_verifier does not match, although it does.",
        answer=_refused("invalid_grant", "PKCE verification failed"),
    ),
    Fault(
        name="pkce-not-enforced",
        where="token",
        sentence="The code_verifier is not looked at: any, and none, is accepted.",
        policy={"pkce_checked": False},
    ),
    Fault(
        name="code-expired",
        where="token",
        sentence="The code has expired by the time it arrives: invalid_grant.",
        policy={"codes_expired": True},
    ),
    Fault(
        name="code-replay-accepted",
        where="token",
        sentence="A code can be redeemed more than once.",
        policy={"codes_reusable": True},
    ),
    Fault(
        name="dpop-required",
        where="token",
        sentence="The token endpoint wants a proof of possession (RFC 9449): invalid_dpop_proof.",
        answer=_refused("invalid_dpop_proof", "DPoP proof is required"),
    ),
    Fault(
        name="token-type-missing",
        where="token",
        sentence="The token response has no token_type.",
        change=without("token_type"),
    ),
    Fault(
        name="token-type-other",
        where="token",
        sentence="The token_type is DPoP, which a client without a proof cannot use.",
        change=with_members(token_type="DPoP"),  # noqa: S106 - a type
    ),
    Fault(
        name="expires-in-missing",
        where="token",
        sentence="The token response has no expires_in.",
        change=without("expires_in"),
    ),
    Fault(
        name="scope-narrowed",
        where="token",
        sentence="The token has the scope openid alone, whatever was asked for beside it.",
        policy={"grants_whole_scope": False},
    ),
    Fault(
        name="no-id-token",
        where="token",
        sentence="The token response has no id_token, although openid was asked for.",
        change=without("id_token"),
    ),
    Fault(
        name="no-refresh-token",
        where="token",
        sentence="No refresh token is issued.",
        policy={"refresh_tokens": False},
    ),
    Fault(
        name="refresh-refused",
        where="refresh",
        sentence="A refresh token is refused: invalid_grant.",
        answer=_refused("invalid_grant", "The refresh token is invalid"),
    ),
    Fault(
        name="refresh-not-rotated",
        where="refresh",
        sentence="A refresh brings no new refresh token, and the old one stays good.",
        policy={"rotates": False},
    ),
    Fault(
        name="refresh-scope-narrowed",
        where="refresh",
        sentence="A refreshed token says that it has the scope openid alone.",
        change=with_members(scope="openid"),
    ),
)

ID_TOKEN_FAULTS = (
    Fault(
        name="nonce-missing",
        where="id-token",
        sentence="The ID token has no nonce.",
        change=without("nonce"),
    ),
    Fault(
        name="nonce-wrong",
        where="id-token",
        sentence="The ID token has another nonce than was sent.",
        change=with_members(nonce="another-nonce-than-was-sent"),
    ),
    Fault(
        name="id-token-wrong-iss",
        where="id-token",
        sentence="The ID token's iss is another issuer.",
        change=with_members(iss=ELSEWHERE),
    ),
    Fault(
        name="id-token-wrong-aud",
        where="id-token",
        sentence="The ID token is for another client.",
        change=with_members(aud=[KEY_CLIENT_ID]),
    ),
    Fault(
        name="id-token-wrong-azp",
        where="id-token",
        sentence="The ID token's azp is another client.",
        change=with_members(azp=KEY_CLIENT_ID),
    ),
    Fault(
        name="id-token-no-sub",
        where="id-token",
        sentence="The ID token has no sub.",
        change=without("sub"),
    ),
    Fault(
        name="id-token-expired",
        where="id-token",
        sentence="The ID token expired an hour ago.",
        change=_moved("iat", "exp", "auth_time", seconds=-2 * HOUR),
    ),
    Fault(
        name="id-token-from-the-future",
        where="id-token",
        sentence="The ID token was issued in an hour's time.",
        change=_moved("iat", "exp", seconds=HOUR),
    ),
    Fault(
        name="at-hash-wrong",
        where="id-token",
        sentence="The ID token's at_hash belongs to another access token.",
        change=with_members(at_hash=OTHER_HASH),
    ),
    Fault(
        name="c-hash-wrong",
        where="id-token",
        sentence="The ID token's c_hash belongs to another code.",
        change=with_members(c_hash=OTHER_HASH),
    ),
    Fault(
        name="id-token-unsigned",
        where="id-token",
        sentence="The ID token is not signed: alg is none.",
        policy={"signer": "nobody"},
    ),
    Fault(
        name="id-token-forged",
        where="id-token",
        sentence="The ID token is signed by another key than its kid names.",
        policy={"signer": "stranger"},
    ),
    Fault(
        name="id-token-unknown-key",
        where="id-token",
        sentence="The ID token's kid is none of the issuer's keys.",
        policy={"signer": "unknown"},
    ),
)
