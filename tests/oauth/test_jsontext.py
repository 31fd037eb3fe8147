"""JSON from strangers: a value and what was odd about it, never an exception (threats.md C4, C6; RFC 8259)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.text.lenient_json import MAX_DEPTH, MAX_DIGITS, MAX_JSON, MAX_ODDITIES, JsonReading, read_json
from tests.pace import within

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
JSONISH = st.text('{}[]",:\\u0d8eE+-.tf1 \x00\ud800', max_size=60).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)


@given(VALUES, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_what_json_writes_is_read_back(value: Any, encoding: str) -> None:
    reading = read_json(json.dumps({"v": value}, ensure_ascii=False).encode(encoding))
    assert (reading.value, reading.error, reading.oddities) == ({"v": value}, None, [])


@given(st.binary() | JSONISH)
@example(b"\xef\xbb\xbf\xef\xbb\xbf{}")
@example(b'"\\ud800')
@example(b'"\\')
@example(b"\xff\xfe\x00\xd8")
def test_c6_any_bytes_are_read(data: bytes) -> None:
    reading = read_json(data)
    assert isinstance(reading, JsonReading)
    assert reading.error is None or (reading.value is None and reading.error.endswith("."))
    json.dumps(reading.value)


@pytest.mark.parametrize(
    ("data", "value", "oddities"),
    [
        (b'{"a": 1, "a": 2, "a": 3}', {"a": 1}, [("duplicate-member", "a"), ("duplicate-member", "a")]),
        (b'{"a": NaN}', {"a": "NaN"}, [("not-a-number", "NaN")]),
        (
            b"[-Infinity, Infinity]",
            ["-Infinity", "Infinity"],
            [("not-a-number", "-Infinity"), ("not-a-number", "Infinity")],
        ),
        (b"1e999", "1e999", [("huge-number", "1e999")]),
        (b"1" * (MAX_DIGITS + 1), "1" * (MAX_DIGITS + 1), [("huge-number", "309 digits")]),
        (b"9" * 100_000, "9" * 100_000, [("huge-number", "100000 digits")]),
        (b"9" * MAX_DIGITS, int("9" * MAX_DIGITS), []),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, [("byte-order-mark", "")]),
        ('{"a": 1}'.encode("utf-16"), {"a": 1}, [("byte-order-mark", "")]),
        ('{"a": 1}'.encode("utf-32"), {"a": 1}, [("byte-order-mark", "")]),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}, [("lone-surrogate", "")]),
        (b'{"\\udfff": 1}', {"\udfff": 1}, [("lone-surrogate", "")]),
        (b'"\\ud83d\\ude00"', "😀", []),
        (b'"\\\\ud800"', "\\ud800", []),
        (b'"\\u0000"', "\x00", []),
        (b"null", None, []),
    ],
    ids=range(16),
)
def test_c6_what_is_odd_is_named(data: bytes, value: Any, oddities: list[tuple[str, str]]) -> None:
    reading = read_json(data)
    assert (reading.value, reading.error, reading.oddities) == (value, None, oddities)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b'{"a"',
        b"{'a': 1}",
        b"[1,]",
        b"01",
        b'"\n"',
        b'"\\x"',
        b"{} {}",
        b"<html>",
        b"\x00",
        b"tru",
        b"//",
    ],
    ids=repr,
)
def test_what_is_no_json_says_so(data: bytes) -> None:
    reading = read_json(data)
    assert reading.value is None
    assert reading.error is not None
    assert reading.error.startswith("The body is not JSON: ")


def test_bytes_of_no_encoding_say_so() -> None:
    assert read_json(b'"\xff\xfe"').error == "The body is not text in UTF-8, UTF-16 or UTF-32."
    assert read_json(b'"\xed\xa0\x80"').error == "The body is not text in UTF-8, UTF-16 or UTF-32."


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_c6_depth_is_bounded(opening: str, closing: str) -> None:
    fits = read_json((opening * MAX_DEPTH + "1" + closing * MAX_DEPTH).encode())
    assert fits.error is None
    for depth in (MAX_DEPTH + 1, 100_000):
        deep = read_json((opening * depth + "1" + closing * depth).encode())
        assert (deep.value, deep.oddities) == (None, [("too-deep", "")])
        assert deep.error == "The JSON is nested deeper than 64 levels and was not read."


def test_brackets_in_strings_are_no_depth() -> None:
    assert read_json(json.dumps({"a": '\\"' + "[" * 1000}).encode()).error is None
    assert read_json(b'"' + b"[" * 100_000).error is not None


def test_c6_size_is_bounded() -> None:
    whole = b'"' + b"x" * (MAX_JSON - 2) + b'"'
    assert read_json(whole).error is None
    large = read_json(whole + b" ")
    assert (large.value, large.oddities) == (None, [("too-large", "1048577 bytes")])
    assert large.error == "The JSON is larger than 1,048,576 bytes and was not read."
    assert read_json(b"[1]", limit=2).oddities == [("too-large", "3 bytes")]


@pytest.mark.parametrize(
    "data",
    [
        b'"' + b'\\"' * 400_000,
        b'"' * 800_000,
        b'\\"' * 400_000,
        b'["' + b"\\" * 800_000,
        b"[{" * 400_000,
        b'{"a":1,' * 100_000,
    ],
    ids=range(6),
)
def test_c6_reading_stays_linear_whatever_the_quotes(data: bytes) -> None:
    with within(2.0, time.process_time):  # a tenth of it is usual, and a quadratic scan takes minutes
        assert read_json(data).error is not None


def test_c6_oddities_are_counted_up_to_a_bound() -> None:
    reading = read_json(b"{" + b",".join([b'"a":1'] * 10_000) + b"}")
    assert reading.value == {"a": 1}
    assert len(reading.oddities) == MAX_ODDITIES
