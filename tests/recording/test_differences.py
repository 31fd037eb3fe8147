"""Running again: what is needed, and what counts as a difference (threats.md F5)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, TokenExchanged
from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.http import Body, Headers, HttpResponse, Timing
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording import exchanges
from airisk_tui.recording.differences import Difference, body_fields, differences, weightiest
from tests.recording.logs import LOGS
from tests.runs import CODE, LOCATION, UTC, authorized, exchanged, jwt, probed, problem, redirect, started

LATER = 86_400.0
GOT_IN = authorized(redirect(LOCATION))
JSON = (("Content-Type", "application/json"),)
TOKEN = jwt({"sub": "user_42"})
OTHER_TOKEN = SecretView(
    "70ce000000000002", 240, "jwt", '{"alg":"HS256"}', '{"sub":"user_42","jti":"2","iat":1795601702}'
)


def answer(body: bytes, status: int = 200, seconds: float = 0.1, headers: Headers = JSON) -> TokenExchanged:
    event = exchanged(HttpResponse(status, headers, Body.of(body)), token=TOKEN)
    return replace(event, exchange=replace(event.exchange, timing=Timing(seconds)), secrets=(TOKEN, OTHER_TOKEN))


def run(body: bytes, utc: float = UTC, **more: Any) -> FlowState:
    return fold([started(mode="direct", utc=utc), GOT_IN, answer(body, **more)])


def token(view: SecretView = TOKEN, expiration: str = "2026-11-24T12:15:03Z", **more: Any) -> bytes:
    extra = "".join(f',"{name}":"{value}"' for name, value in more.items())
    return f'{{"access_token":"{view.reference}","expiration":"{expiration}"{extra}}}'.encode()


def test_what_a_person_called_after_the_run_is_called_again_with_the_token_and_is_no_difference() -> None:
    plain: list[AnyEvent] = [started(mode="direct"), GOT_IN, exchanged(), probed(LIST_USERS, HttpResponse(200))]
    asked: list[AnyEvent] = [*plain, probed(LIST_USERS, HttpResponse(401), credential="none", at=3.0)]
    again = exchanges.started(asked)
    assert again is not None and again.inputs.probes == (LIST_USERS,)
    assert differences(fold(asked), fold(plain)) == []
    assert [change.field for change in differences(fold(plain), fold(plain[:-1]))] == ["answer"]


@pytest.mark.parametrize("name", LOGS)
def test_a_run_does_not_differ_from_itself(name: str) -> None:
    state = fold(LOGS[name])
    assert differences(state, state, ["a"], ["a"]) == []


def test_values_that_have_to_change_are_no_differences() -> None:
    before = run(token(traceId="00-0123456789abcdef0123456789abcdef-0123456789abcdef-00", jti="1"))
    body = token(
        OTHER_TOKEN, "2026-11-25T12:15:33Z", traceId="00-f123456789abcdef0123456789abcdef-0123456789abcdef-00", jti="2"
    )
    after = run(body, utc=UTC + LATER)
    found = differences(before, after)
    assert [one.field for one in found if one.kind != "claim"] == []
    assert {one.field for one in found} == {"$.jti", "$.iat"}, "claims that only one of the tokens has"


def test_claims_that_move_with_the_clock_are_no_differences() -> None:
    def with_claims(claims: str, utc: float) -> FlowState:
        view = replace(TOKEN, payload=claims)
        log: list[AnyEvent] = [started(mode="direct", utc=utc), GOT_IN]
        return fold([*log, replace(answer(token(view)), secrets=(view,))])

    before = with_claims('{"sub":"a","exp":1795515400,"iat":1795511800}', UTC)
    assert differences(before, with_claims('{"iat":1795598200,"exp":1795601830,"sub":"a"}', UTC + LATER)) == []
    (found,) = differences(before, with_claims('{"sub":"b","exp":1795601800,"iat":1795598200}', UTC + LATER))
    assert found == Difference("token-request", "claim", "$.sub", "a", "b")
    (found,) = differences(before, with_claims('{"sub":"a","exp":1795605400,"iat":1795598200}', UTC + LATER))
    assert found.field == "$.exp"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (
            run(b"Invalid Code", status=400),
            {("run", "outcome"), ("token-request", "status"), ("token-request", "body"), ("token-request", "claim")},
        ),
        (run(token(token_type="Bearer")), {("token-request", "body")}),
        (run(token(), seconds=0.9), {("token-request", "timing")}),
        (run(token(), seconds=0.3), set()),
        (run(token(), seconds=0.0), set()),
        (
            run(token(), headers=(*JSON, ("Cache-Control", "no-store"), ("Request-Id", "7"))),
            {("token-request", "header")},
        ),
        (run(b'{"expiration":"2026-11-24T12:15:03Z","access_token":"%s"}' % TOKEN.reference.encode()), set()),
    ],
)
def test_what_is_a_difference(after: FlowState, expected: set[tuple[str, str]]) -> None:
    assert {(one.exchange, one.kind) for one in differences(run(token()), after)} == expected


def test_a_probe_that_is_refused_now_and_an_exchange_that_is_gone() -> None:
    before = fold(LOGS["user-specific-with-probes"])
    log = list(LOGS["user-specific-with-probes"])
    refused = fold([*log[:-1], probed(GET_CONVERSATIONS, problem(403), at=2.5)])
    assert {(one.exchange, one.kind) for one in differences(before, refused)} >= {
        ("GET /api/GetConversations", "status"),
        ("run", "outcome"),
    }
    gone = differences(before, fold(log[:-1]))
    assert Difference("GET /api/GetConversations", "exchange", "answer", "an answer with status 200", None) in gone


def test_no_connection_now() -> None:
    found = differences(fold(LOGS["unauthorized"]), fold(LOGS["no-connection"]))
    assert (
        Difference("authorization-request", "exchange", "answer", "an answer with status 401", "no answer: refused")
        in found
    )


def test_findings_gained_and_lost() -> None:
    state = fold(LOGS["browser-token"])
    assert differences(state, state, ["no-state", "same"], ["same", "clock-skew"]) == [
        Difference("run", "finding", "no-state", "no-state", None),
        Difference("run", "finding", "clock-skew", None, "clock-skew"),
    ]


def test_another_error_in_the_redirect() -> None:
    def refused(error: str) -> FlowState:
        location = LOCATION.replace(f"code={CODE.reference}", f"error={error}")
        return fold([started(mode="direct"), authorized(redirect(location))])

    found = differences(refused("access_denied"), refused("server_error"))
    assert ("redirect", "error", "access_denied", "server_error") in {
        (d.exchange, d.field, d.before, d.after) for d in found
    }


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bodies_compare(before: bytes, after: bytes) -> None:
    body_fields(before)
    assert differences(run(before), run(before)) == []
    differences(run(before), run(after))


def test_a_body_of_very_many_fields_is_compared_as_a_whole() -> None:
    many = b'{"list":[' + b",".join(b"1" for _ in range(5000)) + b"]}"
    assert list(body_fields(many)) == ["$"]


def test_a_departure_and_a_time_that_any_answer_of_its_kind_has_are_no_difference() -> None:
    codes = ["code-refused", "departure-token-error"], ["departure-token-type", "departure-cache"]
    body = b'{"exp":1795601702,"access":{"iat":1795601702,"jti":"x"},"sub":"user_42"}'
    found = differences(run(b"Invalid Code", status=400), run(body), *codes)
    assert [one.field for one in found if one.kind == "finding"] == ["code-refused"]
    assert [one.field for one in found if one.kind == "body"] == ["$", "$.sub"]
    assert [one.kind for one in weightiest([*found, *found])] == ["status", "status", "finding"]
    assert not weightiest(found[:6])
