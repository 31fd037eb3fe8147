"""A view into a JSON Web Token (RFC 7519): header and claims as JSON, not verified, no keys fetched (threats.md C8)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from airisk_tui.oauth.jsontext import JsonReading, read_json

MAX_JWT = 64 * 1024
"""Characters. Four times the largest header that common servers accept (16 KiB)."""


@dataclass(frozen=True, slots=True)
class JwtView:
    """kind: "jwt", or "jwe" for five parts (RFC 7516), whose claims cannot be seen."""

    kind: str
    header: dict[str, Any]
    claims: dict[str, Any] | None


def read_jwt(token: str) -> JwtView | None:
    """The view, or None when the text is no JWT: then it is opaque, which is as good (RFC 6749 §1.4)."""
    if len(token) > MAX_JWT or not token.startswith("ey"):
        return None
    parts = token.split(".")
    header = _object(parts[0])
    if header is None or "alg" not in header:
        return None
    if len(parts) == 5:
        return JwtView("jwe", header, None)
    claims = _object(parts[1]) if len(parts) == 3 else None
    return JwtView("jwt", header, claims) if claims is not None else None


def _object(part: str) -> dict[str, Any] | None:
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    value = read_json(data).value
    return value if isinstance(value, dict) else None


def read_part(text: str | None) -> dict[str, Any]:
    """Header or claims as an event keeps them, read again; {} where there are none, or no JSON object."""
    found: dict[str, Any] = part_reading(text).value or {}
    return found


def part_reading(text: str | None) -> JsonReading:
    """Likewise, and why it cannot be read; total, because a stranger's recording may hold anything there (threats.md C6).
    Numbers that no double holds are text: "NaN", "1e999"."""
    reading = read_json((text or "{}").encode("utf-8", "backslashreplace"))
    if not isinstance(reading.value, dict):
        reading.value, reading.error = None, reading.error or "It is not a JSON object."
    return reading


def json_text(value: Any) -> str:
    """Compact JSON that any encoding can carry: the form in which claims enter an event."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
