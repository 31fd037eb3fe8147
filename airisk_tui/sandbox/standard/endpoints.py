"""What a client does with a token that it has: revoke it, ask about it, ask about its user (RFC 7009, RFC 7662, RFC 6750)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6750 import BearerTokenValidator, InsufficientScopeError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from airisk_tui.sandbox.standard.registry import AUTH_METHODS, Client
from airisk_tui.sandbox.standard.request import Asked
from airisk_tui.sandbox.standard.tokens import Token, TokenBook


class _AboutToken:
    """What is asked for revocation is asked for introspection, too."""

    server: Any

    def check_params(self, request: Asked, client: Client) -> None:
        """`token` must be there; a hint that the server does not know is ignored (RFC 7009 §2.1, RFC 7662 §2.1)."""
        if "token" not in request.form:
            raise InvalidRequestError("token is missing")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        """The token with this value."""
        found: Token | None = self.server.state.tokens.find(token_string)
        return found


class Revocation(_AboutToken, RevocationEndpoint):
    """Revokes a token of the client that asks."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def revoke_token(self, token: Token, request: Asked) -> None:
        """Revoke an access token alone, and a refresh token with everything of its grant (RFC 7009 §2.1)."""
        if not self.server.state.policy.revokes:
            return
        token.revoked = True
        if token.kind == "refresh_token":
            self.server.state.tokens.revoke_family(token.family)


class Introspection(_AboutToken, IntrospectionEndpoint):
    """Tells a client about its own tokens."""

    CLIENT_AUTH_METHODS = AUTH_METHODS[:-1]  # a public client proves nothing, so it may not ask (RFC 7662 §2.1)

    def check_permission(self, token: Token, client: Client, request: Asked) -> bool:
        """Whether the client may ask: about its own tokens alone."""
        return token.check_client(client)

    def introspect_token(self, token: Token) -> dict[str, Any]:
        """What the token stands for (RFC 7662 §2.2)."""
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
    """Lets an access token in that is good and has the scope."""

    def __init__(self, tokens: TokenBook) -> None:
        super().__init__(realm="sandbox")
        self._tokens = tokens

    def let_in(self, value: str, scope: str) -> Token:
        """The token. Raises the error of RFC 6750 §3.1, with its challenge."""
        found = self._tokens.find(value)
        token = found if found is not None and found.kind == "access_token" else None
        try:
            self.validate_token(token, [scope], None)
        except InsufficientScopeError as error:
            raise _Insufficient(scope) from error
        assert token is not None  # noqa: S101 - validate_token raises where there is none
        return token


class _Insufficient(InsufficientScopeError):
    """With the challenge that RFC 6750 §3 requires and Authlib's own lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    def get_headers(self) -> list[tuple[str, str]]:
        """The headers of the refusal."""
        challenge = f'Bearer realm="sandbox", error="{self.error}", scope="{self._scope}"'
        return [*super().get_headers(), ("WWW-Authenticate", challenge)]
