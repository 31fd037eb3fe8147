"""Reading dates as servers write them, strictly: a date with two possible meanings is not read (threats.md C6).

Python's lenient readers ignore what they do not know: `email.utils` drops PM and unknown zones.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal

from msgspec import Struct

from airisk_tui.later import pattern

MAX_EPOCH = 253_402_300_799.0
"""9999-12-31T23:59:59Z: the last second that a date can name."""

MIN_EPOCH = -62_135_596_800.0
"""0001-01-01T00:00:00Z: .NET's DateTime.MinValue, which a server sends if it set no date."""

Form = Literal["iso", "http", "milliseconds", "words", "digits"]
"""iso: RFC 3339 and ISO 8601; http: RFC 9110 §5.6.7; milliseconds: .NET's `/Date(…)/`; words, digits: as people and programs write."""


class Moment(Struct, frozen=True):
    """A point in time in a text. at: seconds since the epoch; form: its format; zone: whether the text names a zone (otherwise it is
    read as UTC)."""

    at: float
    form: Form
    zone: bool


def in_calendar(at: float) -> bool:
    """Whether these epoch seconds lie in the calendar; NaN and the infinities do not."""
    return MIN_EPOCH <= at <= MAX_EPOCH


def utc_text(at: float) -> str:
    """Epoch seconds as `2025-03-31T13:12:17Z`. Total over any number."""
    try:
        return datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except (OverflowError, ValueError, OSError):
        return "a date beyond the calendar"


def read_date(text: str) -> Moment | None:
    """Read a date in one of the formats of this file; None for other text. Total."""
    plain = " ".join(text.split())
    for form, written in _PATTERNS:
        found = written.fullmatch(plain)
        if found is not None:
            try:
                return _moment(found.groupdict(), form)
            except (ValueError, OverflowError):
                return None
    return None


_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?(?: ?(?P<half>[AP])\.?M\.?)?"
)
_ZONE = r"(?: ?(?P<zone>Z|(?:UTC|GMT)?[+-]\d\d:?(?:\d\d)?|UTC|GMT)(?: ?(?:\[[\w/+-]{1,40}\]|\([^()]{1,60}\)))?)?"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,? ?)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_ISO_TIME = rf"(?:[T ](?=\d\d:){_CLOCK})?{_ZONE}"


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern for ASCII digits only: Python also reads other digits as numbers, and most clients do not."""
    return pattern(text, re.ASCII | re.IGNORECASE)


_PATTERNS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("iso", _pattern(rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d){_ISO_TIME}")),
    ("iso", _pattern(rf"{_YEAR}-?W(?P<week>\d\d)-?(?P<weekday>\d){_ISO_TIME}")),
    ("iso", _pattern(rf"{_YEAR}-(?P<ordinal>\d{{3}}){_ISO_TIME}")),
    (
        "digits",
        _pattern(
            rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?:\.(?P<part>\d{{1,9}}))?{_ZONE}"
        ),
    ),
    ("digits", _pattern(rf"{_YEAR}/(?P<month>\d\d?)/(?P<day>\d\d?),?[ T]{_CLOCK}{_ZONE}")),
    ("digits", _pattern(rf"(?P<one>\d\d?)(?P<mark>[/.-])(?P<two>\d\d?)(?P=mark){_YEAR},? {_CLOCK}{_ZONE}")),
    ("http", _pattern(rf"{_WEEKDAY}{_DAY} {_MONTH} {_YEAR} (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d){_ZONE}")),
    ("http", _pattern(rf"{_WEEKDAY}{_DAY}-{_MONTH}-(?P<short>\d\d) {_CLOCK} (?P<zone>GMT)")),
    ("words", _pattern(rf"{_WEEKDAY}{_DAY}[ -]{_MONTH}[ -]{_YEAR},?(?: at)? {_CLOCK}{_ZONE}")),
    ("words", _pattern(rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR},?(?: at)? {_CLOCK}{_ZONE}")),
    ("words", _pattern(rf"{_WEEKDAY}{_MONTH} {_DAY} {_CLOCK}(?: (?P<zone>UTC|GMT|[+-]\d\d:?\d\d))? {_YEAR}")),
    ("milliseconds", _pattern(r"/?Date\((?P<since>-?\d{1,15})(?:[+-]\d{4})?\)/?")),
)
"""One pattern for each format. The weekday is ignored, even if it is wrong."""


def _moment(parts: dict[str, str | None], form: Form) -> Moment | None:
    """Raises ValueError or OverflowError if there is no such date."""
    if since := parts.get("since"):
        at = int(since) / 1000
        return Moment(at, form, True) if in_calendar(at) else None
    day = _day(parts)
    zone = _zone(parts["zone"])
    clock = timedelta(hours=_hour(parts), minutes=_sixty(parts.get("minute")), seconds=_sixty(parts.get("second")))
    part = float(f"0.{(parts.get('part') or '0')[:6]}")
    shift = zone.utcoffset(None) or timedelta() if zone is not None else timedelta()
    midnight = (day - datetime(1970, 1, 1)) / timedelta(seconds=1)
    at = midnight + clock.total_seconds() + part - shift.total_seconds()
    return Moment(min(max(at, MIN_EPOCH), MAX_EPOCH), form, zone is not None)


def _day(parts: dict[str, str | None]) -> datetime:
    """Midnight of the day. Raises ValueError for an ambiguous date: 1/2/2030 is 1 February or 2 January, depending on the country."""
    number = {name: int(text) for name, text in parts.items() if text is not None and text.isdecimal()}
    if "week" in number:
        return datetime.fromisocalendar(number["year"], number["week"], number["weekday"])
    if "ordinal" in number:
        start = datetime(number["year"], 1, 1) + timedelta(days=number["ordinal"] - 1)
        if start.year != number["year"]:
            raise ValueError("There is no such day.")
        return start
    year = number["year"] if "year" in number else number["short"] + (1900 if number["short"] >= CENTURY else 2000)
    if "one" in number:
        return _either_order(year, number["one"], number["two"])
    month = number["month"] if "month" in number else _MONTHS.index((parts["name"] or "")[:3].lower()) + 1
    return datetime(year, month, number["day"])


CENTURY = 69
"""The first two-digit year that means the 20th century, as in POSIX (strptime, %y)."""


def _either_order(year: int, one: int, two: int) -> datetime:
    month, day = (two, one) if one > DAY_FROM else (one, two)
    if one != two and max(one, two) <= DAY_FROM:
        raise ValueError("Either number can be the month.")
    return datetime(year, month, day)


DAY_FROM = 12
"""The last month, and the last hour of half a day; a greater number can only be a day."""


def _hour(parts: dict[str, str | None]) -> int:
    hour, half = int(parts.get("hour") or 0), parts.get("half")
    if hour > (DAY_FROM if half else 23) or (half and not hour):
        raise ValueError("There is no such hour.")
    return hour % 12 + (12 if half.upper() == "P" else 0) if half else hour


def _sixty(text: str | None) -> int:
    number = int(text or 0)
    if number > 59:
        raise ValueError("There is no such minute or second.")
    return number


def _zone(text: str | None) -> tzinfo | None:
    digits = re.sub(r"^(?:UTC|GMT)|:", "", (text or "").upper())
    if not text or digits in ("", "Z"):
        return UTC if text else None
    hours, minutes = int(digits[1:3]), int(digits[3:] or 0)
    if hours > 18 or minutes > 59:
        raise ValueError("There is no such zone.")
    return timezone(timedelta(minutes=(hours * 60 + minutes) * (-1 if digits[0] == "-" else 1)))
