"""A refusal is told by whose fault it is: the server's own, another place's, or an input's that this program sets."""

from __future__ import annotations

import pytest

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.http import HttpResponse
from tests.insight.plays import direct, issued, refused, report
from tests.insight.scenarios.base import JSON
from tests.runs import CODE, STATE, callback, redirect, response, text, token_response

DATABASE = "SqlException: Cannot open server 'x'. Client with IP address '1.2.3.4' is not allowed to access the server."
INTERNAL = b'{"success":false,"error":{"code":0,"message":"An internal error occurred!"}}'
TOO_SOON = b'{"error":"Same arguments in less than 10 seconds","body":{"wait_seconds":188}}'
TWO = b'{"error":"invalid_grant","error_description":"Passed in livemode API key, but the code supports test keys"}'


def told(state: FlowState, code: str) -> str:
    found = next(one for one in report(state).findings if one.severity != "note" and one.group is None)
    assert found.code == code
    return f"{found.title} {found.cause} {on_command_line(found.fix)}"


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (text(DATABASE, 500), "token-server-error", "what failed inside it"),
        (response(200, INTERNAL, JSON), "error-inside-200", "the time of this run"),
        (response(200, TOO_SOON, JSON), "token-rate-limited", "Wait 188 seconds"),
        (response(400, TWO, JSON), "token-user-refused", "secret of the environment"),
        (redirect("http://127.0.0.1:8765/callback#access_token=x"), "token-redirected", "--field token_path="),
    ],
)
def test_the_token_endpoint_is_told_by_whose_fault_it_is(answer: HttpResponse, code: str, says: str) -> None:
    assert says in told(refused(answer), code)


@pytest.mark.parametrize("answer", [b'{"error":"invalid_code"}', b'{"error":"invalid_client"}'])
def test_a_region_that_the_redirect_names_is_a_cause(answer: bytes) -> None:
    came = callback(f"code={CODE.reference}&state={STATE}&location=eu")
    code = "code-refused" if b"code" in answer else "client-refused"
    assert "“eu” as “location”" in told(refused(response(400, answer, JSON), came=came), code)


def test_an_input_is_named_for_a_parameter_that_it_sets() -> None:
    assert "--userid" in told(direct(text("Invalid userid")), "parameter-wanted")


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"expiration": None}, "does not say when the token ends"),
        ({"expiration": ..., "expires_in": 3_600_000_000_000}, "60 minutes in nanoseconds"),
        ({"expiration": ..., "expires_in": 3_600_000}, "in milliseconds where seconds belong"),
    ],
)
def test_an_end_that_is_none_or_in_another_unit_is_named(members: dict[str, object], says: str) -> None:
    warnings = [one for one in report(issued(token_response(members))).findings if one.group is None]
    assert any(says in f"{one.title} {one.cause}" for one in warnings)
