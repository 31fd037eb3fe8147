"""What is said beside the findings stays as it is, word for word."""

from __future__ import annotations

from itertools import zip_longest

import pytest

from tests.insight.beside import BESIDE
from tests.insight.said import kept


@pytest.mark.parametrize("head", BESIDE)
def test_what_is_said_beside_the_findings_is_what_is_kept(head: str) -> None:
    lines = zip_longest(kept()[head].splitlines(), "\n".join(BESIDE[head]()).strip("\n").splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where this is better, run `make docs`"
