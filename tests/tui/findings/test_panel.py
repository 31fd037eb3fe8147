"""What a run means, on a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Evidence, Finding, Pointer, pair
from airisk_tui.insight.fix import Do
from airisk_tui.tui.findings import panel
from airisk_tui.tui.findings.panel import FindingsPanel, pair_lines
from tests.insight.plays import browser, direct, inputs, issued, refused, report, run
from tests.runs import problem, text
from tests.tui import bare_app
from tests.tui.bare_app import HOSTILE, ViewApp, lines, playing, settled

TYPO = "http://127.0.0.1:8765/calback"
RIGHT = "http://127.0.0.1:8765/callback"


def app_with(state: FlowState | None, shown_report: Report | None) -> ViewApp:
    view = FindingsPanel()
    view.state, view.report = state, shown_report
    return ViewApp(view)


def unregistered() -> ViewApp:
    state = direct(problem(401), redirect_uri=TYPO)
    return app_with(state, report(state, registered=(RIGHT,)))


def finding(title: str = "It failed.", **more: object) -> Finding:
    fix = (Do("a fix"),)
    plain = Finding(code="a-code", severity="error", title=title, cause="A cause.", fix=fix, reference="RFC 6749")
    return replace(plain, **more)


async def test_a_failed_run_begins_with_a_sentence_and_then_the_fix() -> None:
    app = unregistered()
    async with playing(app, 100, 30):
        shown = [line.strip() for line in lines(app)]
    assert shown[0].startswith("✗ The server answered 401")
    assert shown[3].startswith("Fix    Set Redirect URI (F2) to")
    assert any(line.startswith("Cause  ") for line in shown)


async def test_no_line_is_wrapped_for_less_than_the_width_of_the_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    widths: list[int] = []
    monkeypatch.setattr(panel, "_evidence_lines", lambda evidence, width: [Content(str(widths.append(width)))])
    async with playing(unregistered(), 100, 30):
        assert min(widths) == 97  # beside the scrollbar; Textual also measures without one


async def test_what_could_not_be_looked_for_is_no_part_of_the_panel() -> None:
    for state in (run(inputs()), issued(), refused(text("Invalid Code"), at=90)):
        async with playing(app_with(state, report(state)), 100, 60) as pilot:
            assert "looked for" not in bare_app.text(pilot.app)


async def test_without_a_run_or_while_it_waits_there_is_nothing() -> None:
    for state, shown_report in ((None, None), (None, Report()), (run(inputs()), Report()), (run(inputs()), None)):
        app = app_with(state, shown_report)
        async with playing(app, 100, 30):
            assert not app.view.display


async def test_the_panel_comes_back_with_the_findings_and_goes_with_the_next_run() -> None:
    app = app_with(run(inputs()), Report())
    async with playing(app, 100, 30) as pilot:
        app.view.state = state = refused(text("Invalid Code"))
        app.view.report = report(state)
        await settled(pilot)
        assert "Invalid Code" in lines(app)[0]
        app.view.state, app.view.report = browser(run_id="r2"), Report()
        await settled(pilot)
        assert not app.view.display


@pytest.mark.parametrize(("value", "shown"), HOSTILE.values(), ids=list(HOSTILE))
async def test_S1_S2_S3_hostile_words_in_a_finding_are_shown_as_they_are(value: str, shown: str) -> None:
    evidence = (Evidence("label " + value, value, Pointer("token", "body", value)), pair("two", value, value + "x"))
    hostile = finding(value, cause=value, fix=(Do(value),), reference=value, evidence=evidence)
    app = app_with(issued(), Report((hostile, replace(hostile, code="other", group="departures"))))
    async with playing(app, 160, 50) as pilot:
        assert bare_app.text(app).count(shown) >= 7
        for row in (0, 2, 5, 7):
            await pilot.click(offset=(8, row))
        assert app.is_running


async def test_S4_a_mebibyte_in_a_finding_ends_in_an_ellipsis() -> None:
    huge = "a" * 2**20
    evidence = (Evidence(huge, huge), pair("two", huge, huge[:-1]))
    app = app_with(issued(), Report((finding(huge, cause=huge, evidence=evidence),)))
    async with playing(app, 38, 400):
        assert "more characters)" in "\n".join(lines(app))


@given(st.text(max_size=60), st.text(max_size=60), st.integers(20, 120))
def test_the_caret_stands_under_the_difference_at_every_width(left: str, right: str, width: int) -> None:
    evidence = pair("label", left, right)
    shown = pair_lines(evidence, width)
    assert all(line.cell_length <= max(width, 16) for line in shown)
    if evidence.differs_at is None:
        assert len(shown) == 2
        return
    caret = len(shown[2].plain) - 1
    for line, value in zip(shown, (evidence.sent or "", evidence.came or ""), strict=False):
        expected = value[evidence.differs_at : evidence.differs_at + 1]
        if not expected or cell_len(expected):  # a combining mark has no column of its own
            assert _at_column(line.plain, caret) == expected


def test_the_values_have_the_names_that_the_rule_gave_them() -> None:
    for evidence, names in (
        (pair("this and that", "a", "b"), ("sent", "came")),
        (pair("", "a", "b", None, ("x", "y")), ("x", "y")),
    ):
        assert tuple(line.plain.split()[0] for line in pair_lines(evidence, 40)[:2]) == names


def _at_column(text: str, column: int) -> str:
    """The character that stands at a column, its own marks left out."""
    used = 0
    for character in text:
        if used == column and cell_len(character):
            return character
        used += cell_len(character)
    return ""
