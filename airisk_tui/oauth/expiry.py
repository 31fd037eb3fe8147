"""Reading when a token ends: AIRisk's absolute `expiration`, RFC 6749 §5.1's relative `expires_in`, or anything else.

Dates and lifetimes of any shape never raise (threats.md C6).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

MAX_EPOCH = 253_402_300_799.0
"""9999-12-31T23:59:59Z: the last second that a date can name."""

MIN_EPOCH = -62_135_596_800.0
"""0001-01-01T00:00:00Z: .NET's DateTime.MinValue, which a server sends when it set none."""

MAX_RAW = 200
"""Characters of the server's own writing that are kept; the body has the rest."""

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
    raw = _raw(value)
    if isinstance(value, str):
        text = value.strip()
        if len(text) > MAX_RAW:
            return Expiry(None, raw, "unreadable")
        return _number(float(text), raw, received) if _NUMBER.fullmatch(text) else _date(text, raw)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return _number(float(value), raw, received)
        except OverflowError:
            pass
    return Expiry(None, raw, "unreadable")


def read_lifetime(value: Any, received: float) -> Expiry:
    """Read a relative `expires_in` in seconds (RFC 6749 §5.1); a number in quotes is read too."""
    raw = _raw(value)
    try:
        seconds = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError, OverflowError):
        return Expiry(None, raw, "unreadable")
    return _expiry(received + seconds, raw)


_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")


def _raw(value: Any) -> str:
    """As the server wrote it: strings without quotes, all else as JSON."""
    try:
        return (value if isinstance(value, str) else json.dumps(value))[:MAX_RAW]
    except (TypeError, ValueError, RecursionError):
        return f"({type(value).__name__})"


def _expiry(at: float, raw: str, oddity: ExpiryOddity | None = None) -> Expiry:
    """What lies beyond the calendar, NaN and the infinities included, is no moment."""
    return Expiry(at, raw, oddity) if MIN_EPOCH <= at <= MAX_EPOCH else Expiry(None, raw, "unreadable")


def _number(number: float, raw: str, received: float) -> Expiry:
    if abs(number) < EPOCH_FROM:
        return _expiry(received + number, raw, "relative")
    if number > EPOCH_FROM * 1000:
        return _expiry(number / 1000, raw, "milliseconds")
    return _expiry(number, raw, "number")


def _date(text: str, raw: str) -> Expiry:
    oddity: ExpiryOddity | None = None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime  # loads socket, which the pure rooms do without until then

        try:
            moment, oddity = parsedate_to_datetime(text), "http-date"
        except (ValueError, TypeError, IndexError, OverflowError):
            return Expiry(None, raw, "unreadable")
    if moment.tzinfo is None:
        moment, oddity = moment.replace(tzinfo=UTC), "no-zone"
    return _expiry(min(max(moment.timestamp(), MIN_EPOCH), MAX_EPOCH), raw, oddity)


def utc_text(at: float) -> str:
    """Epoch seconds as `2025-03-31T13:12:17Z`; total."""
    try:
        return datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except (OverflowError, ValueError, OSError):
        return "a date beyond all calendars"
