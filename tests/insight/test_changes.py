"""What a fix can fill in by itself: exactly what its sentence says, and nothing that leads a secret elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.flow.known import Known
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.changes import MAX_CHANGED, base_to, change, redirect_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Change, quoted, to_json
from airisk_tui.oauth.text import visible
from tests.insight.plays import BASE, direct, inputs, refused, report, run
from tests.insight.scenarios import SCENARIOS
from tests.runs import STATE, URI, problem, redirect, response, text

CHANGES = {
    "redirect-uri-unregistered": "redirect_uri",
    "redirect-uri-not-accepted": "redirect_uri",
    "redirect-elsewhere": "redirect_uri",
    "callback-other-path": "redirect_uri",
    "callback-other-host": "redirect_uri",
    "http-on-https": "redirect_uri",
    "port-busy": "redirect_uri",
    "client-changed": "client_id",
    "encoding-unsupported": "encoding",
    "encoding-not-read": "encoding",
    "base-url-redirects": "base_url",
    "base-url-doubled": "base_url",
    "authorize-not-found": "base_url",
    "http-to-https-port": "base_url",
    "token-redirected": "base_url",
    "token-url-doubled": "base_url",
    "token-http-to-https-port": "base_url",
}
"""By code, the field that its fix fills in, in at least one of its scenarios."""


def test_the_fixes_that_can_be_carried_out_are_these() -> None:
    found = {s.code: f.change.field for s in SCENARIOS if (f := report(s.state(), **s.facts).first) and f.change}
    assert found == CHANGES


def test_a_change_is_what_the_sentence_says_and_changes_something() -> None:
    for scenario in SCENARIOS:
        state = scenario.state()
        first = report(state, **scenario.facts).first
        if first is None or first.change is None or state.inputs is None:
            continue
        field, value = first.change.field, first.change.value
        assert (f"--body {value}" if field == "encoding" else f" to {quoted(value)}") in first.fix
        assert getattr(state.inputs, field) != value
        assert "change" not in to_json(first)


def known(state: FlowState, **facts: tuple[str, ...]) -> FlowState:
    return replace(state, known=Known(**facts))


def test_what_the_deployment_is_known_to_have_is_offered() -> None:
    state = known(direct(problem(), client_id="demo-ap"), clients=("demo-app", "other"))
    assert report(state).findings[0].change == Change("client_id", "demo-app")
    state = known(direct(problem(), userid="user_4"), users=("user_42", "ada"))
    assert report(state).findings[0].change == Change("userid", "user_42")
    state = known(direct(problem(), userid="user_4"), users=())
    assert report(state).findings[0].change is None


@pytest.mark.parametrize(
    "location",
    [
        f"https://evil.example.com/callback?code=x&state={STATE}",
        f"http://127.0.0.1@evil.example.com/callback?code=x&state={STATE}",
        f"http://127.0.0.1\\@evil.example.com/callback?code=x&state={STATE}",
    ],
)
def test_F5_a_redirect_uri_on_another_machine_is_never_filled_in(location: str) -> None:
    assert all(found.change is None for found in report(direct(redirect(location))).findings)


@pytest.mark.parametrize(
    "base",
    [
        "https://evil.example.com",
        "https://airisk.example.com@evil.example.com",
        "https://evil.example.com\\@airisk.example.com",
        "http://airisk.example.com",
        "https://[::1",
        "",
    ],
)
def test_F5_a_base_url_that_leads_the_secret_elsewhere_is_never_filled_in(base: str) -> None:
    assert base_to(Context(state=run(inputs())), base) is None


def test_F5_a_token_endpoint_that_sends_to_another_host_is_not_followed_by_a_key() -> None:
    moved = refused(redirect("https://evil.example.com/api/oauth2/Token", 307))
    first = report(moved).first
    assert first is not None and first.code == "token-redirected" and first.change is None
    moved = refused(redirect(f"{BASE}:444/api/oauth2/Token", 307))
    first = report(moved).first
    assert first is not None and first.change == Change("base_url", f"{BASE}:444")


@given(st.text())
def test_S3_what_hides_something_is_never_filled_in(value: str) -> None:
    made = change("client_id", value)
    assert made is None or (made.value == value == visible(value) and value.strip())


def test_what_is_not_worth_a_key_has_none() -> None:
    assert change("userid", "") is None and change("userid", " x") is None
    assert change("userid", "x" * (MAX_CHANGED + 1)) is None
    assert redirect_to(URI) == Change("redirect_uri", URI) and redirect_to("http://[::1") is None
    assert report(refused(text("Nope"))).findings[0].change is None
    assert report(refused(response(415), encoding="json")).findings[0].change == Change("encoding", "form")
