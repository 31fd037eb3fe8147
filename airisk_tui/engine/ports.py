"""The clock and randomness, each behind a small interface that tests replace. Their values enter the log as event data."""

from __future__ import annotations

import secrets
import time
from typing import Protocol

RUN_ID_BYTES = 6
"""Random bytes in the id of a run."""


class Clock(Protocol):
    """monotonic: seconds that never jump; wall: seconds since the epoch, UTC."""

    def monotonic(self) -> float: ...

    def wall(self) -> float: ...


class Entropy(Protocol):
    """token: so many random bytes as URL-safe text (RFC 6749 §10.10 wants 128 bits at least); key: raw bytes."""

    def token(self, size: int) -> str: ...

    def key(self, size: int) -> bytes: ...


class SystemClock:
    """The machine's clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()


class SystemEntropy:
    """The operating system's randomness."""

    def token(self, size: int) -> str:
        return secrets.token_urlsafe(size)

    def key(self, size: int) -> bytes:
        return secrets.token_bytes(size)
