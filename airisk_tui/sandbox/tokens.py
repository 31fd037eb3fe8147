"""Access tokens, JWT or opaque, generic or for a user (protocol.md, step 2; protocol.md, step 3)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from joserfc import jws
from joserfc.jwk import OctKey

from airisk_tui.sandbox.registry import Application, User

KEPT = 10_000  # tokens remembered; older ones fall out, so that a server left alone does not grow without end


@dataclass(frozen=True, slots=True)
class Access:
    """What a token stands for; without a user it is generic."""

    application: Application
    user: User | None
    expires: float


class TokenBook:
    """Every token that was given out. The signing key lives as long as the book."""

    def __init__(self) -> None:
        self._key = OctKey.import_key(secrets.token_bytes(32))
        self._tokens: dict[str, Access] = {}

    def issue(self, access: Access, issuer: str, now: float) -> str:
        """A new token in the shape that the application is set to."""
        if len(self._tokens) >= KEPT:
            self._tokens.pop(next(iter(self._tokens)))
        opaque = access.application.shape == "opaque"
        token = secrets.token_urlsafe(32) if opaque else self._signed(access, issuer, now)
        self._tokens[token] = access
        return token

    def find(self, token: str | None, now: float) -> Access | None:
        """What a token stands for while it is valid."""
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
        payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
        return jws.serialize_compact({"alg": "HS256", "typ": "JWT"}, payload, self._key)
