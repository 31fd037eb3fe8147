"""A server of the standard dialect is none of AIRisk's: no finding speaks of AIRisk, its documents or its ways to a person who met it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airisk_tui.insight.rendering import on_command_line, on_screen
from airisk_tui.oauth.dialect import STANDARD
from tests.insight.plays import report
from tests.insight.scenarios import SCENARIOS, Scenario
from tests.insight.test_scenarios import LABELS


@pytest.mark.parametrize("scenario", SCENARIOS, ids=LABELS)
def test_no_finding_speaks_of_airisk_where_the_server_is_another(scenario: Scenario) -> None:
    state = scenario.state()
    assert state.inputs is not None
    state = replace(state, inputs=replace(state.inputs, dialect=STANDARD, issuer=state.inputs.base_url))
    for found in report(state, **scenario.facts).findings:
        texts = (
            found.title,
            found.cause,
            found.runner_up,
            on_command_line(found.fix),
            on_screen(found.fix),
            found.reference,
        )
        for text in texts:
            assert "AIRisk" not in (text or ""), (found.code, text)
            assert "explain protocol" not in (text or ""), (found.code, text)
            assert "client_auth=" not in (text or "") and "pkce=" not in (text or ""), (found.code, text)
