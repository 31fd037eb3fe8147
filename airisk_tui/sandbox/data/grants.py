"""The stores of a server: values under a random name, grants, and the codes and access tokens issued for them (protocol.md, outcomes;
protocol.md, step 2; RFC 6749 §4.1.2)."""

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
KEPT = 10_000  # codes and tokens; the oldest are dropped, so that memory stays bounded
CONSENTS_KEPT = 1_000  # open consent pages and pushed requests; the oldest are dropped


def keep(held: dict[str, T], name: str, value: T, most: int) -> None:
    """Store a value under a new name, and drop the oldest if there are more than `most`."""
    if len(held) >= most:
        held.pop(next(iter(held)))
    held[name] = value


class OnceBook(Generic[T]):
    """Values stored under a random name, each of which can be taken once."""

    def __init__(self) -> None:
        self._held: dict[str, T] = {}

    def put(self, value: T) -> str:
        """Store a value and return its new name."""
        name = secrets.token_urlsafe(16)
        keep(self._held, name, value, CONSENTS_KEPT)
        return name

    def take(self, name: str) -> T | None:
        """Remove and return the value of a name, or None."""
        return self._held.pop(name, None)


class Grant(Struct, frozen=True):
    """The grant behind a code. userid: the requested user; subject: the user for whom it was granted; expires: seconds since the
    epoch; challenge: the S256 challenge of PKCE, or None."""

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
    """A time in the documented format of `expiration`, `2025-03-31T13:12:17Z`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Access(Struct, frozen=True):
    """The access that a token gives. Without a user it is generic."""

    application: Application
    user: User | None
    expires: float


class CodeBook:
    """The issued codes, each short-lived and single-use, with their grants."""

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
    """The issued access tokens, JWT or opaque. The signing key exists as long as the book."""

    def __init__(self) -> None:
        from joserfc.jwk import (
            OctKey,  # imported here, because listing the faults imports this module, and joserfc takes 70 ms
        )

        self._key = OctKey.import_key(secrets.token_bytes(32))
        self._tokens: dict[str, Access] = {}

    def issue(self, access: Access, issuer: str, now: float) -> str:
        """A new token in the application's format."""
        opaque = access.application.shape == "opaque"
        token = secrets.token_urlsafe(32) if opaque else self._signed(access, issuer, now)
        keep(self._tokens, token, access, KEPT)
        return token

    def find(self, token: str | None, now: float) -> Access | None:
        """The access that a valid token gives, or None."""
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
