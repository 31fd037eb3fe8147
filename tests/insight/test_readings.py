"""What the rules make of every answer in the public reports, and of every scenario with one more fact, is what is kept."""

from __future__ import annotations

import pytest

from tests.everyday import with_the_rest_in_ci
from tests.insight.readings import CASES, kept

EVERYDAY = [*CASES][::30]


def test_every_case_and_no_other_is_kept() -> None:
    assert list(CASES) == list(kept()), "run `make docs`"


@pytest.mark.parametrize("name", with_the_rest_in_ci(CASES, EVERYDAY))
def test_what_is_said_is_what_is_kept(name: str) -> None:
    assert CASES[name]() == kept().get(name), "where this is better, run `make docs`"
