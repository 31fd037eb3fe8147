"""The clock and the source of randomness, each behind a small interface that tests replace. Their values enter the log as data of
events, so that a replay needs neither."""

from __future__ import annotations

import secrets
import time
from typing import Protocol

RUN_ID_BYTES = 6
"""Random bytes in the id of a run."""


class Clock(Protocol):
    """A clock. monotonic: seconds that never jump; wall: epoch seconds."""

    def monotonic(self) -> float: ...

    def wall(self) -> float: ...


class Entropy(Protocol):
    """A source of randomness. token: `size` random bytes as URL-safe text (RFC 6749 §10.10 asks for at least 128 bits); key: as bytes."""

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
