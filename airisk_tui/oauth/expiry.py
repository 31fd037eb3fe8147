"""Reading when a token ends: AIRisk's absolute `expiration`, RFC 6749 §5.1's relative `expires_in`, or anything else.

Dates and lifetimes of any shape never raise (threats.md C6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

MAX_EPOCH = 253_402_300_799.0
"""9999-12-31T23:59:59Z: the last second that a date can name."""

EPOCH_FROM = 100_000_000.0
"""Numbers above it are taken for a point in time (after 1973), below it for a lifetime (under three years)."""

ExpiryOddity = Literal["no-zone", "number", "relative", "unreadable", "milliseconds", "http-date"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """at: seconds since the epoch, UTC, or None when it cannot be known; raw: as the server wrote it; oddity: how it
    departs from protocol.md's `2025-03-31T13:12:17Z`, or None."""

    at: float | None
    raw: str
    oddity: ExpiryOddity | None = None


def read_expiration(value: Any, received: float) -> Expiry:
    """Read an absolute `expiration`; `received` (epoch seconds) is the base for a value that is relative after all."""
    raw = str(value)[:200]
    if isinstance(value, bool) or value is None:
        return Expiry(None, raw, "unreadable")
    if isinstance(value, (int, float)) or re.fullmatch(r"\s*-?\d{1,18}(\.\d{1,9})?\s*", raw):
        return _number(float(value), raw, received)
    return _date(raw.strip(), raw)


def read_lifetime(value: Any, received: float) -> Expiry:
    """Read a relative `expires_in` in seconds (RFC 6749 §5.1)."""
    raw = str(value)[:200]
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return Expiry(None, raw, "unreadable")
    at = received + seconds
    return (
        Expiry(at, raw)
        if -MAX_EPOCH < at <= MAX_EPOCH and not isinstance(value, bool)
        else Expiry(None, raw, "unreadable")
    )


def _number(number: float, raw: str, received: float) -> Expiry:
    if number > MAX_EPOCH:
        return (
            Expiry(number / 1000, raw, "milliseconds")
            if number / 1000 <= MAX_EPOCH
            else Expiry(None, raw, "unreadable")
        )
    if abs(number) < EPOCH_FROM:
        return Expiry(received + number, raw, "relative")
    if number > EPOCH_FROM * 1000:
        return Expiry(number / 1000, raw, "milliseconds")
    return Expiry(number, raw, "number")


def _date(text: str, raw: str) -> Expiry:
    oddity: ExpiryOddity | None = None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment, oddity = parsedate_to_datetime(text), "http-date"
        except (ValueError, TypeError, IndexError, OverflowError):
            return Expiry(None, raw, "unreadable")
    if moment.tzinfo is None:
        moment, oddity = moment.replace(tzinfo=UTC), "no-zone"
    try:
        return Expiry(moment.timestamp(), raw, oddity)
    except (OverflowError, ValueError):
        return Expiry(None, raw, "unreadable")


def utc_text(at: float) -> str:
    """Epoch seconds as `2025-03-31T13:12:17Z`; total."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return "a date beyond all calendars"
