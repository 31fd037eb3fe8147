"""Findings as sentences on stderr."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.headless.flow.report import sentences
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Evidence, Finding, pair
from airisk_tui.insight.fix import Do

UNCHECKED = ("jwt-expired", "code-reused")
SURE = Finding(code="x", severity="error", title="T.", cause="C.", fix=(Do("do it"),), reference="RFC 6749")


def test_what_was_not_checked_is_not_told_to_a_person() -> None:
    guess = replace(SURE, runner_up="Or.")
    for findings in ((), (SURE,), (guess,)):
        assert not any("code-reused" in line for line in sentences(Report(findings, UNCHECKED)))


def told(*evidence: Evidence) -> list[str]:
    finding = Finding(
        code="x", severity="error", title="T.", cause="C.", fix=(Do("do it"),), reference="RFC 6749", evidence=evidence
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
