"""Every law of `tests.threats.laws`: some examples every day, and as many as there is time for in `make fuzz` (C4, C6, F4)."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import given, seed, settings

from tests.threats.laws import LAWS

FUZZ_SECONDS = float(os.environ.get("AIRISK_FUZZ_SECONDS", "0"))
EXAMPLES = 30
ROUND = 500
"""Examples between two looks at the clock."""


@pytest.mark.parametrize("name", LAWS)
def test_C4_C6_F4_whatever_is_read_is_a_result_or_a_refusal(name: str) -> None:
    settings(max_examples=EXAMPLES)(given(LAWS[name].inputs)(LAWS[name].holds))()


@pytest.mark.fuzz
@pytest.mark.parametrize("name", LAWS)
def test_C4_C6_F4_whatever_is_read_for_a_long_time(name: str) -> None:
    law, cases, end = LAWS[name], 0, time.monotonic() + FUZZ_SECONDS / (2 * len(LAWS))

    def counted(value: object) -> None:
        nonlocal cases
        cases += 1
        law.holds(value)

    while time.monotonic() < end:
        settings(max_examples=ROUND, database=None)(seed(random.getrandbits(64))(given(law.inputs)(counted)))()
    print(f"\n{name}: {cases:,} cases")
