"""What holds for every finding of every scenario, and of what is observed in its place."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from tests.insight.properties import complaints
from tests.insight.scenarios import EACH_DAY


def test_every_finding_of_a_scenario_keeps_its_promises() -> None:
    """A fix changes something, ways do not lead in a circle, AIRisk's paths stay with AIRisk, a silent answer is silent, each place is
    there, and what a proven cause quotes was observed."""
    told = [
        words
        for scenario in EACH_DAY
        for words in complaints(scenario.report.findings, Context(state=scenario.state(), **scenario.facts))
    ]
    assert told == []
