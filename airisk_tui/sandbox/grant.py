"""What was granted: what a code stands for, and how long a token lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for. `userid` is what was asked for, `subject` the user that it was granted for."""

    client_id: str
    redirect_uri: str
    userid: str | None
    subject: str | None
    expires: float
    challenge: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """When a token was issued and when it ends, in seconds since 1970."""

    start: float
    end: float


def utc(moment: float) -> str:
    """As `2025-03-31T13:12:17Z`, the documented form of `expiration`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
