"""When a token expires: finding the member of a token response that says so, and reading it, be it AIRisk's absolute `expiration`,
the relative `expires_in` of RFC 6749 §5.1, or another form.

No value raises, whatever its shape (threats.md C6).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.text.dates import MAX_EPOCH, Moment, in_calendar, read_date
from airisk_tui.oauth.text.lenient_json import is_number
from airisk_tui.oauth.text.members import Member, at_path, every_member, plain_name

MAX_RAW = 200
"""Characters of the raw value that are kept; the recorded body has the rest."""

EPOCH_FROM = 100_000_000.0
"""Seconds. A greater number is read as a point in time (after 1973), a smaller one as a lifetime (under three years)."""

EPOCH_TO = 4_102_444_800.0
"""2100-01-01. A number between this and MILLISECONDS_FROM is ambiguous."""

MILLISECONDS_FROM = 1_000_000_000_000.0
"""2001-09-09 in milliseconds since 1970; in seconds it lies beyond the calendar."""

YEAR = 365 * 86_400.0

ExpiryOddity = Literal[
    "no-zone", "number", "relative", "unreadable", "milliseconds", "http-date", "date", "written", "no-lifetime"
]
"""no-zone: a date-time that names no zone; number, milliseconds: since 1970; relative: a lifetime in place of a date; http-date,
written: a date-time as HTTP or as people write it; date: a date-time in place of a lifetime; no-lifetime: 0, -1 or null in place of
an end, with which servers mean that the token does not expire."""


class Expiry(Struct, frozen=True):
    """When a token expires. at: seconds since the epoch, or None if it is not known; raw: the value as the server wrote it; oddity:
    how its format differs from the one that its name requires (protocol.md, step 2; RFC 6749 §5.1), or None."""

    at: float | None
    raw: str
    oddity: ExpiryOddity | None = None


def read_expiration(value: Any, received: float) -> Expiry:
    """Read an absolute `expiration`. received: the time of the answer in epoch seconds, to which a lifetime in its place is added."""
    raw, number = _raw(value), _number(value)
    if number is not None:
        return _moment_or_lifetime(number, raw, received)
    return _dated(value, raw)


def read_lifetime(value: Any, received: float, unit: float = 1.0) -> Expiry:
    """Read a relative `expires_in` (RFC 6749 §5.1), counted from `received`. A number in quotes is read too, and so is a point in
    time in its place. unit: the lifetime's unit in seconds."""
    raw, number = _raw(value), _number(value)
    if number is None:
        dated = _dated(value, raw)
        return dated if dated.at is None or dated.oddity == "no-zone" else Expiry(dated.at, raw, "date")
    if _near(number, received):
        return _expiry(number, raw, "number")
    if _near(number / 1000, received):
        return _expiry(number / 1000, raw, "milliseconds")
    return _lifetime(number * unit, raw, received)


def _lifetime(seconds: float, raw: str, received: float, oddity: ExpiryOddity | None = None) -> Expiry:
    if -1 <= seconds <= 0:
        return Expiry(None, raw, "no-lifetime")
    return _expiry(received + seconds, raw, oddity)


def _near(moment: float, received: float) -> bool:
    """Whether a number can only be a point in time: it lies between one year before and five years after the answer, and no lifetime
    in seconds is that large."""
    return moment > EPOCH_FROM and received - YEAR <= moment <= received + 5 * YEAR


_NUMBER = pattern(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")


def _number(value: Any) -> float | None:
    """A number, in quotes or not. Only ASCII digits count: Python's float() reads others and underscores, too."""
    if isinstance(value, str):
        text = value.strip() if len(value) <= MAX_RAW else ""
        return float(text) if _NUMBER.fullmatch(text) else None
    if not is_number(value):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _raw(value: Any) -> str:
    """The value as the server wrote it: a string without its quotes, anything else as JSON."""
    try:
        return (value if isinstance(value, str) else json.dumps(value))[:MAX_RAW]
    except (TypeError, ValueError, RecursionError):
        return f"({type(value).__name__})"


def _expiry(at: float, raw: str, oddity: ExpiryOddity | None = None) -> Expiry:
    """A point in time outside the calendar is unreadable, and so are NaN and the infinities."""
    return Expiry(at, raw, oddity) if in_calendar(at) else Expiry(None, raw, "unreadable")


def _moment_or_lifetime(number: float, raw: str, received: float) -> Expiry:
    written = _dated(raw, raw) if raw.strip().isdecimal() else Expiry(None, raw, "unreadable")
    if written.at is not None:
        return written
    if _calendar_day(raw.strip()):
        return Expiry(None, raw, "unreadable")
    if abs(number) < EPOCH_FROM:
        return _lifetime(number, raw, received, "relative")
    if number < EPOCH_TO or number == MAX_EPOCH:
        return _expiry(number, raw, "number")
    if MILLISECONDS_FROM <= number < EPOCH_TO * 1000 or number == MAX_EPOCH * 1000:
        return _expiry(number / 1000, raw, "milliseconds")
    return Expiry(None, raw, "unreadable")


def _calendar_day(digits: str) -> bool:
    """Whether eight digits can be a day such as 20301127: then it is uncertain that they are a lifetime."""
    if not re.fullmatch(r"20[0-9]{6}", digits):
        return False
    try:
        datetime.strptime(digits, "%Y%m%d")
    except ValueError:
        return False
    return True


_ODDITIES: dict[str, ExpiryOddity | None] = {"iso": None, "http": "http-date", "milliseconds": "milliseconds"}


_NONE = ("", "null", "none", "never", "undefined")
"""What servers write where there is no end, as JSON or as a text."""


def _dated(value: Any, raw: str) -> Expiry:
    found: Moment | None = read_date(value) if isinstance(value, str) and len(value) <= MAX_RAW else None
    if found is None:
        return Expiry(None, raw, "no-lifetime" if raw.strip().lower() in _NONE else "unreadable")
    return Expiry(found.at, raw, _ODDITIES.get(found.form, "written") if found.zone else "no-zone")


def expiry_of(document: Any, around: dict[str, Any], name: str, received: float) -> tuple[Expiry | None, str | None]:
    """When the token expires, and the name or path of the member that says so; (None, None) if no member does.

    around: the object that holds the token; name: the dialect's name of the member, which is looked for in that object and then in
    the whole document; received: the time of the answer in epoch seconds. The first value that can be read is taken.
    """
    first: tuple[Expiry | None, str | None] = (None, None)
    for path, value in _candidates(document, around, name):
        expiry = _read(path, value, received)
        if expiry.at is not None:
            return expiry, path
        first = first if first[0] is not None else (expiry, path)
    return first


def _candidates(document: Any, around: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    if name in around:
        yield name, around[name]
    elif (value := at_path(document, name)) is not None:
        yield name, value
    if name != "expires_in" and "expires_in" in around:
        yield "expires_in", around["expires_in"]
    for member in (Member((own,), value) for own, value in around.items()):
        if _names_expiry(member):
            yield member.name, member.value
    for member in every_member(document):
        if member.within is None and _names_expiry(member) and not _OTHERS.search(member.path):
            yield member.path, member.value


def _names_expiry(member: Member) -> bool:
    """Whether a member's name means the token's expiry, and its value can be one."""
    value = member.value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return _END.fullmatch(plain_name(member.name)) is not None


_UNITS = {
    "ms": 0.001,
    "msec": 0.001,
    "millis": 0.001,
    "milliseconds": 0.001,
    "minutes": 60.0,
    "hours": 3600.0,
    "days": 86_400.0,
}
_END = pattern(
    r"(?:access)?(?:token)?(?:jwt)?"
    r"(?:exp|expires?|expired|expiry|expiration|expirationdate|validity|valid(?=to|until|till|for)|notafter|ttl|lifetime|lifespan)"
    rf"(?:in|on|at|to|for|until|till|utc|date|time|datetime|timestamp|epoch|unix|secs?|seconds|s|{'|'.join(_UNITS)})*"
)
_LIFETIME = pattern(rf".*(?:in|for|ttl|lifetime|lifespan|validity)(?:secs?|seconds|s|time|{'|'.join(_UNITS)})*")
_OTHERS = pattern(r"refresh|id_?token|session|cookie|code|user|secret|password|client", re.IGNORECASE)
"""Words in a path that belong to other things that expire than the access token."""


def _read(path: str, value: Any, received: float) -> Expiry:
    name = plain_name(path if path.startswith(".") else path.rpartition(".")[2])
    if not _LIFETIME.fullmatch(name):
        return read_expiration(value, received)
    unit = next((size for word, size in _UNITS.items() if name.endswith(word)), 1.0)
    return read_lifetime(value, received, unit)
