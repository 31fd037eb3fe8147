"""Reading a server's JSON: a value and its departures from RFC 8259, never an exception (threats.md C6)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Literal, TypeGuard

from msgspec import Struct, field

from airisk_tui.later import pattern
from airisk_tui.oauth.text.visible import QUOTED

MAX_JSON = 1024 * 1024
"""Bytes. A token response has a few hundred."""

MAX_DEPTH = 64
"""The default of System.Text.Json, which the vendor's server uses."""

MAX_ODDITIES = 100
"""The most oddities that are kept; a hostile body could have a hundred thousand."""

MAX_DIGITS = 308
"""The most digits of an integer that is read as a number. It then fits a double (IEEE 754: up to 1.8e308), so no computation fails,
and stays below Python's limit for reading integers (4,300 digits)."""

Oddity = Literal[
    "duplicate-member",
    "not-a-number",
    "huge-number",
    "too-deep",
    "too-large",
    "byte-order-mark",
    "lone-surrogate",
]


class UnreadNumber(str):
    """A JSON number that does not fit a double, as it was written. It counts as a number and not as text."""

    __slots__ = ()


class JsonReading(Struct):
    """The result of reading JSON. value: None if `error` is set; error: a sentence on why it could not be read, or None; oddities:
    departures from RFC 8259, each with the member's name."""

    value: Any = None
    error: str | None = None
    oddities: list[tuple[Oddity, str]] = field(default_factory=list)

    def note(self, oddity: Oddity, name: str = "") -> None:
        """Remember an oddity, up to MAX_ODDITIES."""
        if len(self.oddities) < MAX_ODDITIES:
            self.oddities.append((oddity, name))


def read_json(data: bytes, limit: int = MAX_JSON) -> JsonReading:
    """Read JSON in UTF-8, UTF-16 or UTF-32, of at most `limit` bytes. If a member occurs twice, the first value is kept."""
    reading = JsonReading()
    if len(data) > limit:
        reading.note("too-large", f"{len(data)} bytes")
        reading.error = f"The JSON is larger than {limit:,} bytes and was not read."
        return reading
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeError:
        reading.error = "The body is not text in UTF-8, UTF-16 or UTF-32."
        return reading
    if encoding in ("utf-8-sig", "utf-16", "utf-32"):
        reading.note("byte-order-mark")
    if _depth(text) > MAX_DEPTH:
        reading.note("too-deep")
        reading.error = f"The JSON is nested deeper than {MAX_DEPTH} levels and was not read."
        return reading
    _load(without_escaped_marks(text), reading)
    return reading


_MARK_DIGITS = pattern(r"\\u[fF][dD][dD][01]")
_ESCAPED_MARK = pattern(r"\\(?:(u[fF][dD][dD][01])|.)", re.DOTALL)


def without_escaped_marks(text: str) -> str:
    """The JSON text with every escape of a reference's mark replaced by that of U+FFFD (redaction.md)."""
    if not _MARK_DIGITS.search(text):
        return text
    return _ESCAPED_MARK.sub(lambda found: "\\ufffd" if found[1] else found[0], text)


def read_json_object(text: str | None) -> JsonReading:
    """Read an object that an event keeps as text, such as a JWT's claims. The value is a dict, or None with an error.

    Total, because a recording from somebody else may contain anything (threats.md C6). A number that does not fit a double becomes
    text, such as "NaN" or "1e999". None is read as {}.
    """
    reading = read_json((text or "{}").encode("utf-8", "backslashreplace"))
    if not isinstance(reading.value, dict):
        reading.value, reading.error = None, reading.error or "It is not a JSON object."
    return reading


def json_object(text: str | None) -> dict[str, Any]:
    """The value of `read_json_object`, or {} if it cannot be read."""
    value: dict[str, Any] = read_json_object(text).value or {}
    return value


def read_members(data: bytes) -> dict[str, Any]:
    """The members of a server's JSON object; {} if the bytes are not one. Total."""
    value = read_json(data).value
    return value if isinstance(value, dict) else {}


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a JSON value is a number; a bool, which is an int in Python, is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def text_in(value: object) -> str:
    """A JSON string; "" for any other value."""
    return value if isinstance(value, str) else ""


def text_or_json(value: object) -> str | None:
    """A JSON string as it is, any other value as JSON; None for null or a missing member."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number_in(value: Any) -> float | None:
    """A JSON number up to 2**53, the largest that every parser reads exactly (RFC 8259 §6); None for any other value."""
    return float(value) if is_number(value) and abs(value) < 2**53 else None


def compact_json(value: Any) -> str:
    """JSON in ASCII without spaces, as events keep claims."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _load(text: str, reading: JsonReading) -> None:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        first = dict(pairs)
        if len(first) == len(pairs):
            return first
        first = {}
        for name, value in pairs:
            if name in first:
                reading.note("duplicate-member", name)
            first.setdefault(name, value)
        return first

    def integer(digits: str) -> int | str:
        if len(digits) <= MAX_DIGITS:
            return int(digits)
        reading.note("huge-number", f"{len(digits)} digits")
        return UnreadNumber(digits)

    def real(digits: str) -> float | str:
        number = float(digits)
        if math.isfinite(number):
            return number
        reading.note("huge-number", digits[:QUOTED])
        return UnreadNumber(digits)

    def constant(name: str) -> str:
        reading.note("not-a-number", name)
        return UnreadNumber(name)

    try:
        reading.value = json.loads(
            text, object_pairs_hook=members, parse_int=integer, parse_float=real, parse_constant=constant
        )
    except (ValueError, RecursionError) as error:
        reading.error = f"The body is not JSON: {error}."
        return
    if _ESCAPED_SURROGATE.search(text) and _has_lone_surrogate(reading.value):
        reading.note("lone-surrogate")


_ESCAPED_SURROGATE = pattern(r"\\u[dD][89a-fA-F]")


def _has_lone_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


_MARKS = b'[]{}"'
_NO_MARKS = bytes(byte for byte in range(256) if byte not in _MARKS)
_SQUARE = bytes.maketrans(b"{}", b"[]")


def _depth(text: str) -> int:
    """The nesting depth outside strings, found before the text is parsed, because Python's parser recurses for each level.

    The innermost pairs are removed level by level, so the time depends on the depth and not on the number of objects. After an
    unclosed string the depth may be wrong, but the parser fails there anyway.
    """
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    marks = text.encode("utf-8", "surrogatepass").translate(_SQUARE, _NO_MARKS)
    brackets = marks.replace(b'""', b"")
    if b'"' in brackets:  # a string holds a bracket
        brackets = b"".join(marks.split(b'"')[::2])
    level = 0
    while brackets and level <= MAX_DEPTH:
        outer = brackets.replace(b"[]", b"")
        if len(outer) == len(brackets):
            break
        brackets, level = outer, level + 1
    return level + _counted(brackets)


def _counted(brackets: bytes) -> int:
    """The depth of the remaining brackets, which are nested too deep or unbalanced."""
    depth = deepest = 0
    for bracket in brackets.decode():
        depth += 1 if bracket == "[" else -1
        deepest = max(deepest, depth)
    return deepest
