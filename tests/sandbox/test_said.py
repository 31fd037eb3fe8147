"""What the sandbox answers stays as it is, word for word."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import pytest

from tests.sandbox import said as airisk
from tests.sandbox.standard import said as standard


def assert_kept(file: Path, came: str) -> None:
    lines = zip_longest(file.read_text("utf-8").splitlines(), came.splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where this is better, run `make docs`"


async def test_airisk_answers_what_is_kept() -> None:
    assert_kept(airisk.SAID, await airisk.said())


@pytest.mark.ci
async def test_the_issuer_answers_what_is_kept() -> None:
    assert_kept(standard.SAID, await standard.said())
