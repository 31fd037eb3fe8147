"""How answers are read at the bounds of what they say: an echo, a pause, the scope of a token."""

from __future__ import annotations

import pytest

from airisk_tui.insight.comparison.verdict import _allowed
from airisk_tui.insight.reading.reasons import pause_asked
from airisk_tui.insight.reading.run import without_echo
from airisk_tui.oauth.params import Params
from tests.insight.plays import issued
from tests.runs import response, token_response

SENT = Params((("client_id", "a"), ("code", "b"), ("state", "c")))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no client_id=a&code=b&state=c", "no &&"),
        ('no {"client_id": "a", "code": "b", "state": "c"}', 'no {"", "", ""}'),
        ("no client_id=a&code=b", "no client_id=a&code=b"),
        ("no client_id=a&client_id=a&client_id=a", "no client_id=a&client_id=a&client_id=a"),
    ],
)
def test_three_fields_of_the_request_are_an_echo(text: str, left: str) -> None:
    assert without_echo(text, SENT) == left
    assert without_echo(text, Params()) == text


@pytest.mark.parametrize(
    ("status", "asks"), [(200, False), (404, False), (405, False), (400, True), (429, True), (503, True)]
)
def test_a_pause_is_asked_for_by_a_refusal_of_something_that_is_there(status: int, asks: bool) -> None:
    assert pause_asked(response(status, b"", "text/plain", ("Retry-After", "5"))) is asks
    assert pause_asked(response(status, b"")) is (status == 429)


def test_a_token_allows_what_its_answer_names_and_else_what_was_asked_for() -> None:
    named, unnamed = (issued(token_response(more), scope="write") for more in ({"scope": "read"}, {}))
    assert _allowed(named, named) == "; both allow the same" == _allowed(unnamed, unnamed)
    assert _allowed(named, unnamed) == "; the second allows “write” as well and does not allow “read”"
