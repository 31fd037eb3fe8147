"""Where a date, an hour or a zone ends: the last that there is, and the first that there is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from airisk_tui.oauth.text.dates import read_date

AT = datetime(2030, 2, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2030-02-01T23:59:59Z", 86_399),
        ("2030-02-01T24:00:00Z", None),
        ("2030-02-01T00:60:00Z", None),
        ("2030-02-01T00:00:60Z", None),
        ("2030-02-01T18:00:00+18:00", 0),
        ("2030-02-01T19:00:00+19:00", None),
        ("2030-02-01T00:59:00+00:59", 0),
        ("2030-02-01T01:00:00+00:60", None),
        ("2/1/2030 12:00:00 AM", None),
        ("2/12/2030 12:00:00 AM", None),
        ("2/2/2030 12:00:00 AM", 86_400),
        ("2/13/2030 12:00:00 AM", 12 * 86_400),
        ("13/2/2030 1:00:00 PM", 12 * 86_400 + 13 * 3600),
        ("2/2/2030 12:59:59 PM", 86_400 + 12 * 3600 + 3599),
        ("2/2/2030 13:00:00 PM", None),
        ("2/2/2030 0:00:00 AM", None),
    ],
)
def test_the_last_moment_is_one_and_the_next_is_none(text: str, seconds: float | None) -> None:
    found = read_date(text)
    assert (None if found is None else found.at - AT) == seconds
