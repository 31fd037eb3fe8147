"""Reading when a token expires: AIRisk's absolute `expiration`, the relative `expires_in` of RFC 6749 §5.1, or anything else.

No date and no lifetime raises, whatever its shape (threats.md C6).
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
"""0001-01-01T00:00:00Z: .NET's DateTime.MinValue, which a server sends when it set no date."""

MAX_RAW = 200
"""Characters of the value that are kept as the server wrote it; the body has the rest."""

EPOCH_FROM = 100_000_000.0
"""Seconds. A greater number is taken for a point in time (after 1973), a smaller one for a lifetime (under three years)."""

ExpiryOddity = Literal["no-zone", "number", "relative", "unreadable", "milliseconds", "http-date"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a token expires. at: seconds since the epoch, or None when it cannot be known; raw: as the server wrote it;
    oddity: how it departs from the documented `2025-03-31T13:12:17Z` (protocol.md, step 2), or None."""

    at: float | None
    raw: str
    oddity: ExpiryOddity | None = None


def read_expiration(value: Any, received: float) -> Expiry:
    """Read an absolute `expiration`. received: when it came, in epoch seconds; a value that is a lifetime after all counts
    from there."""
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
    """Read a relative `expires_in` in seconds (RFC 6749 §5.1), counted from `received`; a number in quotes is read, too."""
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
    """A moment beyond the calendar is unreadable; so are NaN and the infinities."""
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
        from email.utils import parsedate_to_datetime  # here, because it loads socket, and the pure rooms start without

        try:
            moment, oddity = parsedate_to_datetime(text), "http-date"
        except (ValueError, TypeError, IndexError, OverflowError):
            return Expiry(None, raw, "unreadable")
    if moment.tzinfo is None:
        moment, oddity = moment.replace(tzinfo=UTC), "no-zone"
    return _expiry(min(max(moment.timestamp(), MIN_EPOCH), MAX_EPOCH), raw, oddity)


def utc_text(at: float) -> str:
    """Epoch seconds as `2025-03-31T13:12:17Z`. Total over any number."""
    try:
        return datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except (OverflowError, ValueError, OSError):
        return "a date beyond the calendar"
