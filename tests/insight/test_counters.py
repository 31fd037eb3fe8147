"""Every claim has its counter-observation: where that is made, the cause is not claimed any more."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from airisk_tui.insight.catalogue import catalogue
from airisk_tui.insight.finding import Finding
from tests.insight.counters import COUNTERS
from tests.insight.counters.base import Counter
from tests.insight.said import REFUTED, kept, refuted


def test_every_refutable_cause_is_refuted() -> None:
    refutable = {entry.code for entries in catalogue().values() for entry in entries if entry.unless}
    assert refutable - {counter.code for counter in COUNTERS} == set()


@pytest.mark.ci
def test_no_cause_is_claimed_where_its_counter_observation_is_made() -> None:
    still = [counter.code for counter in COUNTERS if causes(counter, counter.claimed()) & causes(counter, counter.told)]
    assert still == []
    assert refuted() == kept()[REFUTED], "where this is better, run `make docs`"


@pytest.mark.ci
def test_the_cause_is_claimed_without_it() -> None:
    """Else a counter-observation would refute nothing."""
    assert {counter.code for counter in COUNTERS if not causes(counter, counter.claimed())} == set()


def causes(counter: Counter, findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """What is claimed under the code, and how surely."""
    return {(found.cause, found.certainty) for found in findings if found.code == counter.code}
