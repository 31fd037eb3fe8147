"""The issued codes, tokens, device codes and pushed requests, with the methods of Authlib's mixins; and the endpoints for a token:
revocation, introspection, bearer access (RFC 7009, RFC 7662, RFC 6750)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Literal

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6750 import BearerTokenValidator, InsufficientScopeError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from msgspec import Struct, field

from airisk_tui.sandbox.data.grants import KEPT, keep
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.standard.protocol.request import IssuerRequest
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, Client, returning

TokenKind = Literal["access_token", "refresh_token"]

SCOPE = "openid"
"""The scope that userinfo requires."""


class AuthorizationCode(Struct):
    """An issued code. family: the id of all that is issued for the same grant; expires: seconds since the epoch."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    user: User
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    issued: float
    expires: float
    family: str = field(default_factory=lambda: secrets.token_hex(8))
    used: bool = False

    get_redirect_uri = returning("redirect_uri")
    get_scope = returning("scope")
    get_nonce = returning("nonce")

    def get_auth_time(self) -> int:
        """When the user signed in, in seconds since the epoch."""
        return int(self.issued)

    get_acr = returning(None)
    get_amr = returning(None)


class Token(Struct):
    """An access or refresh token. issued, expires: seconds since the epoch."""

    kind: TokenKind
    value: str
    client: Client
    user: User
    scope: str
    issued: float
    expires: float
    family: str
    clock: Callable[[], float]
    revoked: bool = False

    def check_client(self, client: Client) -> bool:
        return self.client.client_id == client.client_id

    get_scope = returning("scope")

    def is_expired(self) -> bool:
        return self.clock() >= self.expires

    is_revoked = returning("revoked")


class TokenBook:
    """All tokens by their values."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    def keep(self, token: Token) -> None:
        """Store an issued token."""
        keep(self._tokens, token.value, token, KEPT)

    def find(self, value: str) -> Token | None:
        """The token with this value, valid or not."""
        return self._tokens.get(value)

    def revoke_family(self, family: str) -> None:
        """Revoke every token of one grant (RFC 6749 §4.1.2, RFC 9700 §4.14.2)."""
        for token in self._tokens.values():
            if token.family == family:
                token.revoked = True


class DeviceCredential(Struct):
    """A device code and its user code (RFC 8628 §3.2). user: the user who approved, False after a denial, None before a decision;
    polled: the time of the last poll in seconds since the epoch."""

    device_code: str
    user_code: str
    client_id: str
    scope: str
    expires: float
    interval: float
    clock: Callable[[], float]
    family: str
    user: User | Literal[False] | None = None
    polled: float | None = None
    polls: int = 0
    used: bool = False

    get_client_id = returning("client_id")
    get_scope = returning("scope")
    get_user_code = returning("user_code")

    def is_expired(self) -> bool:
        return self.clock() >= self.expires


class StoredRequest(Struct, frozen=True):
    """The parameters of an authorization request that waits for a person's decision, or that was pushed (RFC 9126). expires: seconds
    since the epoch."""

    parameters: tuple[tuple[str, str], ...]
    expires: float


class _AboutToken:
    """The common checks of revocation and introspection."""

    server: Any

    def check_params(self, request: IssuerRequest, client: Client) -> None:
        """Require `token`; an unknown hint is ignored (RFC 7009 §2.1, RFC 7662 §2.1)."""
        if "token" not in request.form:
            raise InvalidRequestError("token is missing")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        found: Token | None = self.server.state.tokens.find(token_string)
        return found


class Revocation(_AboutToken, RevocationEndpoint):
    """Revokes a token of the calling client."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def revoke_token(self, token: Token, request: IssuerRequest) -> None:
        """Revoke an access token alone, or a refresh token with all tokens of its grant (RFC 7009 §2.1)."""
        if not self.server.state.policy.revokes:
            return
        token.revoked = True
        if token.kind == "refresh_token":
            self.server.state.tokens.revoke_family(token.family)


class Introspection(_AboutToken, IntrospectionEndpoint):
    """Describes a client's own tokens."""

    CLIENT_AUTH_METHODS = AUTH_METHODS[:-1]  # not for public clients, which cannot authenticate (RFC 7662 §2.1)

    def check_permission(self, token: Token, client: Client, request: IssuerRequest) -> bool:
        """Whether the token is the calling client's own."""
        return token.check_client(client)

    def introspect_token(self, token: Token) -> dict[str, Any]:
        """The introspection response (RFC 7662 §2.2)."""
        told = {
            "active": True,
            "client_id": token.client.client_id,
            "username": token.user.id,
            "scope": token.scope,
            "sub": token.user.id,
            "aud": self.server.url,
            "iss": self.server.url,
            "iat": int(token.issued),
            "exp": int(token.expires),
        }
        return {**told, "token_type": "Bearer"} if token.kind == "access_token" else told


class Bearer(BearerTokenValidator):
    """Accepts an access token that is valid and has the scope of userinfo (OpenID Connect Core §5.3)."""

    def __init__(self, tokens: TokenBook) -> None:
        super().__init__(realm="sandbox")
        self._tokens = tokens

    def let_in(self, value: str) -> Token:
        """The token with this value. Raises the error of RFC 6750 §3.1, with its challenge."""
        found = self._tokens.find(value)
        token = found if found is not None and found.kind == "access_token" else None
        try:
            self.validate_token(token, [SCOPE], None)
        except InsufficientScopeError as error:
            raise _Insufficient from error
        assert token is not None  # noqa: S101 - validate_token raises if there is none
        return token


class _Insufficient(InsufficientScopeError):
    """The refusal with the challenge that RFC 6750 §3 requires and Authlib lacks."""

    def get_headers(self) -> list[tuple[str, str]]:
        challenge = f'Bearer realm="sandbox", error="{self.error}", scope="{SCOPE}"'
        return [*super().get_headers(), ("WWW-Authenticate", challenge)]
