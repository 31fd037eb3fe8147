"""What the sandbox answers stays as it is, word for word."""

from __future__ import annotations

from itertools import zip_longest

from tests.sandbox.said import SAID, said


async def test_the_sandbox_answers_what_is_kept() -> None:
    lines = zip_longest(SAID.read_text("utf-8").splitlines(), (await said()).splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where this is better, run `make docs`"
