"""Dates and lifetimes of every shape: the exact moment, and what is odd about it; none raises (threats.md C6)."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.expiry import MAX_RAW, Expiry, expiry_of, read_expiration, read_lifetime
from airisk_tui.oauth.text.dates import MAX_EPOCH, MIN_EPOCH, utc_text

NOW = 1_743_400_000.0
MOMENT = 1_743_426_737.0
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
DATE_LIKE = st.text("0123456789-+:.TZ WGMAugMonFri,/", max_size=40)


@pytest.mark.parametrize(
    ("value", "at", "oddity"),
    [
        ("2025-03-31T13:12:17Z", MOMENT, None),
        (" 2025-03-31T13:12:17Z\n", MOMENT, None),
        ("2025-03-31T13:12:17+00:00", MOMENT, None),
        ("2025-03-31T15:12:17+02:00", MOMENT, None),
        ("2025-03-31T15:12:17+0200", MOMENT, None),
        ("2025-03-31T05:42:17-07:30", MOMENT, None),
        ("2025-03-31T13:12:17.5Z", MOMENT + 0.5, None),
        ("2025-03-31T13:12:17.1234567Z", MOMENT + 0.123456, None),
        ("2025-03-31T15:12:17.1234567+02:00", MOMENT + 0.123456, None),
        ("2025-03-31T13:12:17.1234567", MOMENT + 0.123456, "no-zone"),
        ("2025-03-31T13:12:17", MOMENT, "no-zone"),
        ("2025-03-31 13:12:17", MOMENT, "no-zone"),
        ("2025-03-31", 1_743_379_200.0, "no-zone"),
        ("Mon, 31 Mar 2025 13:12:17 GMT", MOMENT, "http-date"),
        ("Mon, 31 Mar 2025 15:12:17 +0200", MOMENT, "http-date"),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0, "http-date"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777.0, "http-date"),
        ("Sun Nov  6 08:49:37 1994", 784_111_777.0, "no-zone"),
        ("0001-01-01T00:00:00Z", MIN_EPOCH, None),
        ("0001-01-01T00:00:00", MIN_EPOCH, "no-zone"),
        ("0001-01-01T00:00:00+14:00", MIN_EPOCH, None),
        ("9999-12-31T23:59:59Z", MAX_EPOCH, None),
        ("9999-12-31T23:59:59.9999999Z", MAX_EPOCH, None),
        ("9999-12-31T23:59:59-14:00", MAX_EPOCH, None),
        ("31.03.2025 13:12:17", MOMENT, "no-zone"),
        ("3/31/2025 1:12:17 PM", MOMENT, "no-zone"),
        ("3/31/2025 1:12:17\u202fPM +00:00", MOMENT, "written"),
        ("2025/03/31 13:12:17", MOMENT, "no-zone"),
        ("2025-03-31 13:12:17 UTC", MOMENT, None),
        ("2025-03-31T15:12:17+02:00[Europe/Berlin]", MOMENT, None),
        ("2025-03-31 12:00 AM", 1_743_379_200.0, "no-zone"),
        ("2025-W14-1", 1_743_379_200.0, "no-zone"),
        ("2025-090", 1_743_379_200.0, "no-zone"),
        ("March 31, 2025 1:12:17 PM", MOMENT, "no-zone"),
        ("Monday, March 31, 2025 at 1:12:17 p.m. UTC", MOMENT, "written"),
        ("31-Mar-2025 13:12:17 GMT", MOMENT, "written"),
        ("Mon Mar 31 2025 15:12:17 GMT+0200 (Central European Summer Time)", MOMENT, "written"),
        ("Mon Mar 31 13:12:17 UTC 2025", MOMENT, "written"),
        ("20250331131217", MOMENT, "no-zone"),
        (20_250_331_131_217, MOMENT, "no-zone"),
        ("20250331131217Z", MOMENT, "written"),
        ("20250331T131217Z", MOMENT, "written"),
        ("/Date(1743426737250)/", MOMENT + 0.25, "milliseconds"),
        ("/Date(1743426737250+0200)/", MOMENT + 0.25, "milliseconds"),
        (1_743_426_737, MOMENT, "number"),
        (1_743_426_737.5, MOMENT + 0.5, "number"),
        ("1743426737", MOMENT, "number"),
        (1_743_426_737_250, MOMENT + 0.25, "milliseconds"),
        ("1743426737250", MOMENT + 0.25, "milliseconds"),
        (253_402_300_799_000, MAX_EPOCH, "milliseconds"),
        (3600, NOW + 3600, "relative"),
        ("3600", NOW + 3600, "relative"),
        (-200_000_000, -200_000_000.0, "number"),
    ],
)
def test_an_expiration_is_the_moment_that_it_names(value: Any, at: float, oddity: str | None) -> None:
    read = read_expiration(value, NOW)
    assert (read.at, read.oddity) == (pytest.approx(at, abs=1e-6), oddity)


@pytest.mark.parametrize("value", [0, -1, "-1", 0.0])
def test_nothing_and_one_less_is_no_lifetime(value: Any) -> None:
    for read in (read_expiration(value, NOW), read_lifetime(value, NOW)):
        assert (read.at, read.oddity) == (None, "no-lifetime")


UNREADABLE = [
    *(True, False, [], {}, [1_743_426_737], {"at": 1}, "soon", "tomorrow", "NaN", "1e9"),
    *("2025-02-30T00:00:00Z", "2025-13-01T00:00:00Z", "2025-03-31T25:00:00Z", "0000-01-01T00:00:00Z"),
    *("10000-01-01T00:00:00Z", "03.04.2025 13:12:17", "3/4/2025 1:12:17 PM", "13/31/2025 13:12"),
    *(
        10**17,
        10**399,
        10**5000,
        -(10**13),
        math.nan,
        math.inf,
        -math.inf,
        1e308,
        "9" * 18,
        "9" * 400,
        "5" + " " * 300 + "x",
    ),
    *(
        20_250_331,
        "20250331",
        20_271_301_000_000_000,
        203_011_271_900,
        "7:00 PM",
        "2025-03-31 13:12 PM",
        "2025-03-31 0:12 AM",
    ),
    *(
        "Mon, 31 Mar 2025 13:12:17 PST",
        "2025-366",
        "2025-W54-1",
        "/Date(soon)/",
        "\u0661" * 10,
    ),
    *(["Sun, 06 Nov 1994 08:49:37 GMT"], b"2025-03-31", object()),
]


@pytest.mark.parametrize("value", UNREADABLE, ids=lambda value: type(value).__name__)
def test_what_names_no_moment_is_unreadable(value: Any) -> None:
    read = read_expiration(value, NOW)
    assert (read.at, read.oddity) == (None, "unreadable")


@pytest.mark.parametrize(
    ("value", "at"),
    [(3600, 3600.0), ("3600", 3600.0), (3600.5, 3600.5), (" 60 ", 60.0), (10**9, 1e9)],
)
def test_a_lifetime_counts_from_its_arrival(value: Any, at: float) -> None:
    assert read_lifetime(value, NOW) == Expiry(NOW + at, str(value))


@pytest.mark.parametrize(
    ("value", "at", "oddity"),
    [
        (NOW + 3600, NOW + 3600, "number"),
        (str(int(NOW) - 3600), NOW - 3600, "number"),
        (int(NOW + 3600) * 1000, NOW + 3600, "milliseconds"),
        ("2025-03-31T13:12:17Z", MOMENT, "date"),
        ("Mon, 31 Mar 2025 13:12:17 GMT", MOMENT, "date"),
        ("2025-03-31 13:12:17", MOMENT, "no-zone"),
        (1_576_800_000 * 2, NOW + 3_153_600_000, None),
        (315_360_000, NOW + 315_360_000, None),
    ],
)
def test_a_moment_in_the_place_of_a_lifetime_is_read_as_one(value: Any, at: float, oddity: str | None) -> None:
    read = read_lifetime(value, NOW)
    assert (read.at, read.oddity) == (at, oddity)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        [],
        {},
        "soon",
        "nan",
        math.nan,
        math.inf,
        "-inf",
        10**12,
        -(10**12),
        10**400,
        10**5000,
        [60],
        "3_600",
        "1e3",
        "\u0663\u0666\u0660\u0660",
        "3600s",
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_lifetime_that_is_none_is_unreadable(value: Any) -> None:
    read = read_lifetime(value, NOW)
    assert (read.at, read.oddity) == (None, "unreadable")


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("2025-03-31", "2025-03-31"),
        (" x ", " x "),
        (12, "12"),
        (True, "true"),
        (None, "null"),
        ([1, "a"], '[1, "a"]'),
        (10**5000, "(int)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_raw_is_as_the_server_wrote_it(value: Any, raw: str) -> None:
    assert read_expiration(value, NOW).raw == read_lifetime(value, NOW).raw == raw


@given(JSON_VALUES | DATE_LIKE | st.integers(min_value=-(10**420), max_value=10**420), st.floats())
@example("Mon, 31 Mar 99999 13:12:17 +9999", 0.0)
@example("x" * 10_000, math.nan)
@example(253_402_300_800.0, 253_244_620_800.0)
def test_c6_no_value_raises(value: Any, received: float) -> None:
    for read in (read_expiration(value, received), read_lifetime(value, received)):
        assert len(read.raw) <= MAX_RAW
        if read.at is None:
            assert read.oddity in ("unreadable", "no-lifetime")
        else:
            assert MIN_EPOCH <= read.at <= MAX_EPOCH
            assert len(utc_text(read.at)) == len("2025-03-31T13:12:17Z")


@given(st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "Z"))
def test_the_documented_form_is_read_and_written_back(text: str) -> None:
    read = read_expiration(json.loads(json.dumps(text)), NOW)
    assert read.oddity is None
    assert read.at is not None
    assert utc_text(read.at) == text


@given(st.floats())
def test_any_moment_has_a_text(at: float) -> None:
    text = utc_text(at)
    assert text.endswith("Z") or text == "a date beyond the calendar"


def test_the_texts_of_moments() -> None:
    assert utc_text(MOMENT + 0.999) == "2025-03-31T13:12:17Z"
    assert utc_text(MIN_EPOCH) == "0001-01-01T00:00:00Z"
    assert utc_text(MAX_EPOCH) == "9999-12-31T23:59:59Z"
    assert utc_text(math.nan) == utc_text(math.inf) == utc_text(1e300) == "a date beyond the calendar"


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("expires_in", 3600),
        ("expiresInSeconds", 3600),
        *((name, 3.6) for name in ("expires_in_ms", "ttl_msec", "lifetimeMillis", "expires_in_milliseconds")),
        ("validity_minutes", 60 * 3600),
        ("ttl-hours", 3600 * 3600),
        ("lifetime_days", 86_400 * 3600),
    ],
)
def test_the_name_of_a_lifetime_says_its_unit(name: str, seconds: float) -> None:
    found, path = expiry_of({name: 3600}, {name: 3600}, "expiration", NOW)
    assert found is not None and path == name
    assert found.at == pytest.approx(NOW + seconds)


@pytest.mark.parametrize("value", [None, "", " ", "never", "null", "None"])
def test_a_value_that_says_of_no_end_is_none(value: Any) -> None:
    for read in (read_expiration(value, NOW), read_lifetime(value, NOW)):
        assert (read.at, read.oddity) == (None, "no-lifetime")
