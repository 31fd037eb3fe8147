"""The refresh token grant, with rotation (RFC 6749 §6, RFC 9700 §4.14.2)."""

from __future__ import annotations

from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.standard.registry import AUTH_METHODS
from airisk_tui.sandbox.standard.tokens import Token


class RefreshGrant(RefreshTokenGrant):
    """A refresh token is good once; one that comes again was stolen, by whoever came first or second, and takes all along."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @property
    def INCLUDE_NEW_REFRESH_TOKEN(self) -> bool:
        """Whether a new refresh token comes with the access token."""
        return bool(self.server.state.policy.rotates)

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        """The refresh token, if it is good."""
        tokens = self.server.state.tokens
        token: Token | None = tokens.find(refresh_token)
        if token is None or token.kind != "refresh_token":
            return None
        if token.revoked:
            tokens.revoke_family(token.family)
        return None if token.revoked or token.is_expired() else token

    def authenticate_user(self, refresh_token: Token) -> User:
        """Whom the token acts for."""
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: Token) -> None:
        """Take the old token out of use, where there is a new one."""
        refresh_token.revoked = bool(self.INCLUDE_NEW_REFRESH_TOKEN)
