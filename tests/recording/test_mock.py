"""A recording as a server: the recorded answers, with fresh secrets and the state of whoever asks (threats.md F6)."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import read_redirect
from airisk_tui.oauth.urls import differing_parts
from airisk_tui.recording.mock import NOT_RECORDED, MockScript
from tests.recording.logs import LOGS
from tests.runs import CODE, INPUTS, LOCATION, TOKEN, authorized, exchanged, redirect, started, text


def fresh(length: int, shape: str) -> str:
    return f"fresh+{shape}/" + "x" * (length % 50)


def authorize(**changes: str) -> HttpRequest:
    params = {"client_id": "demo-app", "redirect_uri": INPUTS.redirect_uri, "state": "a-new-state", **changes}
    return HttpRequest("GET", "/api/oauth2?" + Params(tuple(params.items())).encode())


TOKEN_REQUEST = HttpRequest("POST", "/api/oauth2/Token", (), Body.of(b"code=x"))


@pytest.mark.parametrize("name", ["direct-token-and-a-later-probe", "browser-token"])
def test_a_whole_run_is_answered_as_recorded(name: str) -> None:
    script = MockScript.from_events(LOGS[name], fresh)
    sent = script.answer(authorize())
    location = header(sent.headers, "location") or ""
    came = read_redirect(location, AIRISK)
    assert (sent.status, came.state, differing_parts(location, INPUTS.redirect_uri)) == (302, "a-new-state", ())
    assert came.code == fresh(CODE.length, CODE.shape)
    answer = script.answer(TOKEN_REQUEST)
    assert answer.status == 200
    assert json.loads(answer.body.data)["access_token"] == fresh(TOKEN.length, "jwt")


def test_the_same_secret_is_the_same_fresh_value_everywhere() -> None:
    values = iter(range(100))
    script = MockScript.from_events(
        LOGS["direct-token-and-a-later-probe"], lambda length, shape: f"value-{next(values)}"
    )
    assert script.answer(authorize()).headers == script.answer(authorize()).headers


def test_failures_are_answered_as_they_were() -> None:
    refused = MockScript.from_events(LOGS["invalid-code"], fresh).answer(TOKEN_REQUEST)
    assert (refused.status, refused.body.data) == (400, b"Invalid Code")
    assert MockScript.from_events(LOGS["unauthorized"], fresh).answer(authorize()).status == 401


def test_answers_follow_each_other_and_the_last_stays() -> None:
    log: list[AnyEvent] = [
        started(mode="direct"),
        authorized(redirect(LOCATION)),
        exchanged(text("busy", 503)),
        exchanged(text("Invalid Code")),
    ]
    script = MockScript.from_events(log, fresh)
    assert [script.answer(TOKEN_REQUEST).status for _ in range(3)] == [503, 400, 400]


def test_what_was_not_recorded_says_so() -> None:
    script = MockScript.from_events(LOGS["invalid-code"], fresh)
    assert script.answer(HttpRequest("GET", "/elsewhere")) == NOT_RECORDED
    assert script.answer(HttpRequest("GET", "/api/oauth2/Token")) == NOT_RECORDED
    assert script.endpoints == ("GET /api/oauth2", "POST /api/oauth2/Token")


def test_a_request_without_a_state_gets_none() -> None:
    script = MockScript.from_events(LOGS["browser-token"], fresh)
    request = HttpRequest("GET", "/api/oauth2?client_id=demo-app")
    assert "state" not in (header(script.answer(request).headers, "location") or "")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/cb",
        "//evil.example",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example",
        "javascript:x",
        "http://[",
    ],
)
def test_F6_no_open_redirect(elsewhere: str) -> None:
    script = MockScript.from_events(LOGS["browser-token"], fresh)
    location = header(script.answer(authorize(redirect_uri=elsewhere)).headers, "location") or ""
    assert differing_parts(location, INPUTS.redirect_uri) == ()


def test_another_port_on_this_machine_is_followed() -> None:
    script = MockScript.from_events(LOGS["browser-token"], fresh)
    location = header(script.answer(authorize(redirect_uri="http://localhost:1234/cb")).headers, "location") or ""
    assert location.startswith("http://localhost:1234/cb?code=")


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.integers(-5, 2000))
def test_whatever_is_recorded_the_answer_is_a_sound_message(name: str, value: str, url: str, status: int) -> None:
    headers = ((name, value), ("Location", value), ("Transfer-Encoding", "x"))
    odd = exchanged(HttpResponse(status, headers, Body.of(b"b")))
    script = MockScript.from_events([started(), odd], fresh)
    script.answer(HttpRequest(name, url))
    answer = script.answer(HttpRequest("POST", f"/api/oauth2/Token?redirect_uri={url}&state={value}"))
    assert 100 <= answer.status <= 599
    for key, words in answer.headers:
        assert re.fullmatch(r"[!-~]+", key)
        assert key.lower() != "transfer-encoding"
        assert words.encode("latin-1").translate(None, b"\r\n\0") == words.encode("latin-1")
