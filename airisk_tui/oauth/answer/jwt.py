"""Decoding a JSON Web Token (RFC 7519) without a key: header and claims as JSON, not verified (threats.md C8)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from msgspec import Struct

from airisk_tui.oauth.reference import unmarked_bytes
from airisk_tui.oauth.text.lenient_json import JsonReading, read_json
from airisk_tui.oauth.text.visible import QUOTED

MAX_JWT = 64 * 1024
"""Characters: four times the largest request header that common servers accept (16 KiB)."""


class JwtView(Struct, frozen=True):
    """The readable parts of a JWT. kind: "jwt", or "jwe" for an encrypted one of five parts (RFC 7516), whose claims cannot be read."""

    kind: str
    header: dict[str, Any]
    claims: dict[str, Any] | None


MAX_ODDITIES = 8
"""The most oddities that are kept of one token; further ones add nothing."""

Oddities = tuple[tuple[str, str], ...]
"""How a text in the form of a JWT departs from RFC 7519: pairs of a part ("header", "claims", "signature") and its oddity. An oddity
is one of `read_json` ("duplicate-member" with the member's name after a space), or "not-base64url", "not-json", "not-an-object"."""


def read_jwt(token: str) -> JwtView | None:
    """Header and claims, or None for an opaque token, which is equally legal (RFC 6749 §1.4)."""
    return examine_jwt(token)[0] if token.startswith("ey") else None


def examine_jwt(token: str) -> tuple[JwtView | None, Oddities]:
    """Header and claims, and the oddities. The claims of encrypted and nested JWTs are not JSON (RFC 7519 §5.2), so they have no
    oddities; a text that does not have the form of a JWT has none at all."""
    parts = token.split(".", 5)
    if len(parts) not in (3, 5):
        return None, ()
    begins = token.startswith("ey")
    if len(token) > MAX_JWT:
        return None, ((("claims", "too-large"),) if begins else ())
    header = _read(parts[0])
    claims = _read(parts[1]) if len(parts) == 3 or not begins else None
    if not begins and not all(_oddities(part) in ([], ["not-an-object"]) for part in (header, claims)):
        return None, ()
    found = [("header", oddity) for oddity in _oddities(header)]
    if len(parts) == 3:
        nested = str(_object(header).get("cty")).lower() == "jwt"
        found += [("claims", oddity) for oddity in _oddities(claims)] if not nested else []
        found += [] if _decoded(parts[2]) is not None else [("signature", "not-base64url")]
    return _view(len(parts), header, claims) if begins else None, tuple(found[:MAX_ODDITIES])


def _view(parts: int, header: JsonReading | None, claims: JsonReading | None) -> JwtView | None:
    if "alg" not in _object(header):
        return None
    if parts == 5:
        return JwtView("jwe", _object(header), None)
    read = claims is not None and isinstance(claims.value, dict)
    return JwtView("jwt", _object(header), _object(claims)) if read else None


def _read(part: str) -> JsonReading | None:
    data = _decoded(part)
    return read_json(data) if data is not None else None


def _object(reading: JsonReading | None) -> dict[str, Any]:
    return reading.value if reading is not None and isinstance(reading.value, dict) else {}


def _oddities(reading: JsonReading | None) -> list[str]:
    if reading is None:
        return ["not-base64url"]
    odd = [f"{kind} {name[:QUOTED]}".strip() if kind == "duplicate-member" else kind for kind, name in reading.oddities]
    if reading.error is not None:
        return odd or ["not-json"]
    return list(dict.fromkeys(odd)) + ([] if isinstance(reading.value, dict) else ["not-an-object"])


def _decoded(part: str) -> bytes | None:
    try:
        return unmarked_bytes(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
