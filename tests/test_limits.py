"""Limits and defaults are what they were."""

from __future__ import annotations

from itertools import zip_longest

from tests.limits import KEPT, said


def test_every_limit_and_default_is_what_is_kept() -> None:
    lines = zip_longest(KEPT.read_text("utf-8").splitlines(), said().splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where another is meant, run `make docs`"
