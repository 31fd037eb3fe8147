"""Findings as sentences on stderr."""

from __future__ import annotations

from airisk_tui.headless.report import sentences
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Evidence, Finding, pair


def test_what_was_not_checked_is_counted_and_not_called_good() -> None:
    assert sentences(Report(not_checked=(("a", "b"), ("c", "d")))) == [
        "Not checked: 2 rules whose subject was not observed in this run."
    ]
    assert sentences(Report()) == []


def told(*evidence: Evidence) -> list[str]:
    finding = Finding(
        code="x", severity="error", title="T.", cause="C.", fix="F.", reference="RFC 6749", evidence=evidence
    )
    return sentences(Report((finding,)))[1:-2]


def test_two_values_stand_one_below_the_other_with_their_names() -> None:
    assert told(pair("Fish and chips", "a", "b")) == [
        "  Fish and chips: sent a",
        "                  came b",
    ]
    assert told(pair("URI", "a", "b", names=("sent", "closest"))) == [
        "  URI: sent    a",
        "       closest b",
    ]
