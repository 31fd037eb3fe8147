"""What the readers make of many inputs stays as it is, word for word."""

from __future__ import annotations

from itertools import zip_longest

from tests.oauth.readings import KEPT, said


def test_the_readers_say_what_is_kept() -> None:
    lines = zip_longest(KEPT.read_text("utf-8").splitlines(), said().splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where this is better, run `make docs`"
