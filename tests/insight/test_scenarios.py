"""Each failure: is the first finding the true cause, and does its fix name what to change?"""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from msgspec.structs import replace

from airisk_tui.flow.reading.rail import rail
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Finding, to_json
from airisk_tui.insight.rendering import on_command_line, on_screen
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.visible import visible
from tests.everyday import with_the_rest_in_ci
from tests.insight.plays import browser, refused, report
from tests.insight.said import heading, kept, told
from tests.insight.scenarios import SCENARIOS, Scenario
from tests.runs import CODE, STATE, TOKEN, callback, response

LABELS = [f"{scenario.code}: {scenario.name}" for scenario in SCENARIOS]


@pytest.mark.parametrize("scenario", with_the_rest_in_ci(SCENARIOS, SCENARIOS[::3]), ids=LABELS)
def test_F1_the_first_finding_is_the_cause_and_every_sentence_is_whole(scenario: Scenario) -> None:
    state = scenario.state()
    explained = scenario.report
    assert explained.first is not None, "nothing was said"
    assert explained.first.code == scenario.code
    assert scenario.fix in on_command_line(explained.first.fix), "the fix does not name what to change"
    others = [found.code for found in explained.findings if found.severity != "note" and found.code != scenario.code]
    assert others == list(scenario.also), "something else of weight is said"
    assert told(scenario) == kept().get(heading(scenario)), "where this is better, run `make docs`"
    for found in explained.findings:
        assert to_json(found)["code"] == found.code
        assert_whole_sentences(found)
        assert_short_names(found)
    summaries = [step.summary for step in rail(state)]
    assert "sealed." not in json.dumps([[to_json(found) for found in explained.findings], summaries])
    assert_airisk_is_not_named(state, scenario)


def assert_airisk_is_not_named(state: FlowState, scenario: Scenario) -> None:
    """A server of the standard dialect is none of AIRisk's: no finding speaks of AIRisk, its documents or its ways."""
    assert state.inputs is not None
    state = replace(state, inputs=replace(state.inputs, dialect=STANDARD, issuer=state.inputs.base_url))
    for found in report(state, **scenario.facts).findings:
        texts = (
            found.title,
            found.cause,
            found.runner_up,
            found.reference,
            on_command_line(found.fix),
            on_screen(found.fix),
        )
        for word in ("AIRisk", "older API", "vendor", "explain protocol", "client_auth=", "pkce="):
            assert not any(word in (text or "") for text in texts), (found.code, word)


def assert_whole_sentences(found: Finding) -> None:
    fixes = on_command_line(found.fix), on_screen(found.fix)
    for text in (found.title, found.cause, *fixes, found.runner_up or "That."):
        assert text and text == visible(text)
        own = re.sub(
            "“[^”]*”", "", text
        )  # a body that is quoted may have braces; a place that was not filled in has them, too
        assert "{" not in own and "}" not in own, text
        assert text[0] in "“(" or not text[0].islower(), text
        assert text.rstrip("”").endswith((".", "?", ")")) or text in fixes, text
        assert ".." not in text.replace("…", "") and "  " not in text, text


def assert_short_names(found: Finding) -> None:
    """Two values side by side have names that tell them apart."""
    for evidence in found.evidence:
        assert len(set(evidence.names)) == 2
        assert all(0 < len(name) <= 7 for name in evidence.names)


def test_F1_a_secret_in_a_sentence_reads_as_the_screens_chips_do() -> None:
    explained = report(
        browser(callback(f"code={CODE.reference}&code={SecretView('00000000000000aa', 9).reference}&state={STATE}"))
    ).first
    assert explained is not None
    assert explained.evidence[0].text == "“‹code · 22 characters · c0de…›” and “‹sealed · 9 characters · 0000…›”"
    refusal = refused(response(400, f"{'x' * 110} {TOKEN.reference} refused", "text/plain"))
    assert "~" not in (report(refusal).first or explained).title


def test_every_failure_is_named_once() -> None:
    assert not [label for label, times in Counter(LABELS).items() if times > 1]
