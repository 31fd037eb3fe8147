"""The books of a server: what is kept under a name, grants, and the codes and access tokens that stand for them (protocol.md,
outcomes; protocol.md, step 2; RFC 6749 §4.1.2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.sandbox.data.registry import Application, User

T = TypeVar("T")

CODE_BYTES = 16  # 22 characters, as long as the documented example
KEPT = 10_000  # codes and tokens that are remembered; the oldest go, so that a server left alone does not grow for ever
CONSENTS_KEPT = 1_000  # pages left open and requests pushed; the oldest go


def keep(held: dict[str, T], name: str, value: T, most: int) -> None:
    """Put a value under a new name; the oldest goes where there would be more than `most`."""
    if len(held) >= most:
        held.pop(next(iter(held)))
    held[name] = value


class OnceBook(Generic[T]):
    """Values that are handed out under a random name and taken back once."""

    def __init__(self) -> None:
        self._held: dict[str, T] = {}

    def put(self, value: T) -> str:
        """The new name of a value."""
        name = secrets.token_urlsafe(16)
        keep(self._held, name, value, CONSENTS_KEPT)
        return name

    def take(self, name: str) -> T | None:
        """The value, which is then gone."""
        return self._held.pop(name, None)


class Grant(Struct, frozen=True):
    """What a code stands for. userid: the user that was asked for; subject: the user that it was granted for; expires: seconds
    since the epoch; challenge: PKCE's, for S256."""

    client_id: str
    redirect_uri: str
    userid: str | None
    subject: str | None
    expires: float
    challenge: str | None = None
    used: bool = False


class Life(Struct, frozen=True):
    """When a token was issued and when it expires, in seconds since the epoch."""

    start: float
    end: float


def utc(moment: float) -> str:
    """A moment as `2025-03-31T13:12:17Z`, the documented form of `expiration`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Access(Struct, frozen=True):
    """What a token stands for. Without a user it is generic."""

    application: Application
    user: User | None
    expires: float


class CodeBook:
    """The codes that were issued, each short-lived and single-use, with their grants."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def issue(self, grant: Grant) -> str:
        """A new code for this grant."""
        code = secrets.token_urlsafe(CODE_BYTES)
        keep(self._grants, code, grant, KEPT)
        return code

    def find(self, code: str, now: float) -> Grant | None:
        """The grant of a code that can still be redeemed, or None."""
        grant = self._grants.get(code)
        return grant if grant and not grant.used and now < grant.expires else None

    def spend(self, code: str) -> None:
        """Mark a code as used."""
        self._grants[code] = replace(self._grants[code], used=True)


def verifies(challenge: str, verifier: str) -> bool:
    """Whether an S256 challenge was made from this verifier (RFC 7636 §4.6)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode("utf-8", "replace"))


class TokenBook:
    """The access tokens that were issued, JWT or opaque. The signing key lives as long as the book."""

    def __init__(self) -> None:
        from joserfc.jwk import OctKey  # here: listing the faults imports this module, and joserfc costs 70 ms

        self._key = OctKey.import_key(secrets.token_bytes(32))
        self._tokens: dict[str, Access] = {}

    def issue(self, access: Access, issuer: str, now: float) -> str:
        """A new token in the shape that the application has."""
        opaque = access.application.shape == "opaque"
        token = secrets.token_urlsafe(32) if opaque else self._signed(access, issuer, now)
        keep(self._tokens, token, access, KEPT)
        return token

    def find(self, token: str | None, now: float) -> Access | None:
        """What a valid token stands for, or None."""
        access = self._tokens.get(token) if token else None
        return access if access and now < access.expires else None

    def _signed(self, access: Access, issuer: str, now: float) -> str:
        claims: dict[str, str | int] = {
            "iss": issuer,
            "aud": access.application.client_id,
            "sub": access.user.id if access.user else f"app:{access.application.client_id}",
            "iat": int(now),
            "exp": int(access.expires),
            "jti": secrets.token_hex(8),
            "kind": "user-specific" if access.user else "generic",
        }
        if access.user:
            claims["name"] = access.user.name
        from joserfc import jws

        payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
        return jws.serialize_compact({"alg": "HS256", "typ": "JWT"}, payload, self._key)
