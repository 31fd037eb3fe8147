"""Limits and defaults are what they were."""

from __future__ import annotations

from tests.kept import changed_lines
from tests.limits import KEPT, said


def test_every_limit_and_default_is_what_is_kept() -> None:
    assert changed_lines(KEPT, said()) == [], "where another is meant, run `make docs`"
