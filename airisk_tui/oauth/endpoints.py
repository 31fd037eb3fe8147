"""The protected endpoints and what each kind of token may do there, as documented (protocol.md, step 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from airisk_tui.oauth.dialect import Dialect

Expectation = Literal["allowed", "refused", "unknown"]
TokenKind = Literal["generic", "user-specific"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110 §9.2.1. Any other method is probed only after a person said so for that very endpoint."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A protected endpoint: method, path below the base URL, and the documented expectation for each kind of token."""

    method: str
    path: str
    generic: Expectation = "unknown"
    user_specific: Expectation = "unknown"

    @property
    def name(self) -> str:
        """As `GET /api/GetConversations`, the form used in JSON, tables and configuration."""
        return f"{self.method} {self.path}"

    @property
    def safe(self) -> bool:
        """Whether a probe of it changes nothing on the server."""
        return self.method in SAFE_METHODS

    def expected(self, kind: TokenKind) -> Expectation:
        """What the documentation says of this kind of token."""
        return self.generic if kind == "generic" else self.user_specific


LIST_USERS = Endpoint("GET", "/api/Users/ListUsers", "allowed", "allowed")
GET_CONVERSATIONS = Endpoint("GET", "/api/GetConversations", "refused", "allowed")
DOCUMENTED = (LIST_USERS, GET_CONVERSATIONS)


def list_users(dialect: Dialect) -> Endpoint:
    """ListUsers at the path of this dialect: the vendor's documents name two (protocol.md, step 3)."""
    return replace(LIST_USERS, path=dialect.list_users_path)


def as_documented(expected: Expectation, status: int) -> bool | None:
    """Whether a status is as expected: 2xx means allowed, 401 and 403 refused; None when the status decides nothing."""
    if expected == "unknown":
        return None
    if 200 <= status < 300:
        return expected == "allowed"
    if status in (401, 403):
        return expected == "refused"
    return False if expected == "allowed" and status in (404, 405) else None
