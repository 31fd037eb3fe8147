"""Authorization codes: short-lived and single-use (protocol.md, outcomes; RFC 6749 §4.1.2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import replace

from airisk_tui.sandbox.grant import Grant

CODE_BYTES = 16  # 22 characters, as long as the documented example
KEPT = 10_000  # grants remembered; older ones fall out, so that a server left alone does not grow without end


class CodeBook:
    """Every code that was given out, with its grant."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def issue(self, grant: Grant) -> str:
        """A new code for this grant."""
        if len(self._grants) >= KEPT:
            self._grants.pop(next(iter(self._grants)))
        code = secrets.token_urlsafe(CODE_BYTES)
        self._grants[code] = grant
        return code

    def find(self, code: str, now: float) -> Grant | None:
        """The grant of a code that may still be redeemed."""
        grant = self._grants.get(code)
        return grant if grant and not grant.used and now < grant.expires else None

    def spend(self, code: str) -> None:
        """Mark a code as used."""
        self._grants[code] = replace(self._grants[code], used=True)


def verifies(challenge: str, verifier: str) -> bool:
    """Whether the verifier is the one behind an S256 challenge (RFC 7636 §4.6)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode("utf-8", "replace"))
