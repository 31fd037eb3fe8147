"""What the rules make of every answer in the public reports is what is kept."""

from __future__ import annotations

import pytest

from tests.everyday import with_the_rest_in_ci
from tests.insight.readings import STATES, kept, read

PARTS = 20
"""Of which each day one is read."""


def test_every_answer_and_no_other_is_kept() -> None:
    assert list(STATES) == list(kept()), "run `make docs`"


@pytest.mark.parametrize("part", with_the_rest_in_ci(range(PARTS), (0,)))
def test_an_answer_is_read_as_is_kept(part: int) -> None:
    changed = [(name, now, kept()[name]) for name in list(STATES)[part::PARTS] if (now := read(name)) != kept()[name]]
    assert changed[:5] == [], "where this is better, run `make docs`"
