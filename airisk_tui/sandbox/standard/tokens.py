"""Codes, tokens, device codes and pushed requests that were issued. Their methods are those that Authlib's mixins name."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

from airisk_tui.sandbox.grants import KEPT, keep
from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.standard.registry import Client

TokenKind = Literal["access_token", "refresh_token"]
T = TypeVar("T")


class AuthorizationCode(Struct):
    """What a code stands for. family: names everything that is issued for this grant; expires: seconds since the epoch."""

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

    def get_redirect_uri(self) -> str:
        """The redirect URI of the authorization request."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """The scope that was granted."""
        return self.scope

    def get_nonce(self) -> str | None:
        """The `nonce` of the authorization request."""
        return self.nonce

    def get_auth_time(self) -> int:
        """When the user signed in, in seconds since the epoch."""
        return int(self.issued)

    def get_acr(self) -> None:
        """No authentication context class is claimed."""
        return

    def get_amr(self) -> None:
        """No authentication method is claimed."""
        return


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
        """Whether the token was issued to this client."""
        return self.client.client_id == client.client_id

    def get_scope(self) -> str:
        """The scope of the token."""
        return self.scope

    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.clock() >= self.expires

    def is_revoked(self) -> bool:
        """Whether it was revoked, or replaced by rotation."""
        return self.revoked


class TokenBook:
    """All tokens by their values."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    def keep(self, token: Token) -> None:
        """Remember a token that is issued."""
        keep(self._tokens, token.value, token, KEPT)

    def find(self, value: str) -> Token | None:
        """The token with this value, good or not."""
        return self._tokens.get(value)

    def revoke_family(self, family: str) -> None:
        """Revoke every token of one grant (RFC 6749 §4.1.2, RFC 9700 §4.14.2)."""
        for token in self._tokens.values():
            if token.family == family:
                token.revoked = True


class DeviceCredential(Struct):
    """A device code and its user code (RFC 8628 §3.2). user: who approved, False when somebody denied, None while nobody has
    decided; polled: when the client last asked, in seconds since the epoch."""

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

    def get_client_id(self) -> str:
        """The client that asked for the code."""
        return self.client_id

    def get_scope(self) -> str:
        """The scope that was asked for."""
        return self.scope

    def get_user_code(self) -> str:
        """What a person types."""
        return self.user_code

    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.clock() >= self.expires


class Kept(Struct, frozen=True):
    """Parameters of an authorization request that wait, for a person's decision or to be referred to (RFC 9126). expires:
    seconds since the epoch."""

    parameters: tuple[tuple[str, str], ...]
    expires: float


class OnceBook(Generic[T]):
    """Values that are handed out under a random name and taken back once."""

    def __init__(self, most: int) -> None:
        self._held: dict[str, T] = {}
        self._most = most

    def put(self, value: T) -> str:
        """The new name of a value."""
        name = secrets.token_urlsafe(16)
        keep(self._held, name, value, self._most)
        return name

    def take(self, name: str) -> T | None:
        """The value, which is then gone."""
        return self._held.pop(name, None)
