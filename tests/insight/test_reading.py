"""How answers are read at the bounds of what they say: an echo, a pause, the scope of a token."""

from __future__ import annotations

import pytest

from airisk_tui.insight.comparison.verdict import _allowed
from airisk_tui.insight.reading.reasons import pause_asked, pause_named
from airisk_tui.insight.reading.run import without_echo
from airisk_tui.oauth.http import ServerCertificate
from airisk_tui.oauth.params import Params
from tests.insight.plays import codes, issued, refused, report
from tests.insight.scenarios.imported import imported
from tests.runs import UTC, exchanged, redirect, response, token_response

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
    answer = response(status, b"", "text/plain", ("Retry-After", "5"))
    assert (pause_asked(answer) or pause_named(answer)) is asks
    assert pause_asked(response(status, b"")) is (status == 429)


def test_a_token_allows_what_its_answer_names_and_else_what_was_asked_for() -> None:
    named, unnamed = (issued(token_response(more), scope="write") for more in ({"scope": "read"}, {}))
    assert _allowed(named, named) == "; both allow the same" == _allowed(unnamed, unnamed)
    assert _allowed(named, unnamed) == "; the second allows “write” as well and does not allow “read”"


@pytest.mark.parametrize(("days", "said"), [(0.5, "less than a day"), (1.5, "one day"), (2.5, "2 days")])
def test_the_days_that_a_certificate_has_left_are_counted_whole(days: float, said: str) -> None:
    certificate = ServerCertificate("CN=a", "CN=b", UTC - 86_400, UTC + days * 86_400, "aa" * 32)
    found = [one.title for one in report(refused(token_response(), certificate=certificate)).findings]
    assert [title for title in found if f"ends in {said}, on" in title]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<html><h1>Welcome to nginx!</h1></html>", True),
        (404, b"<html><h1>Welcome to nginx!</h1></html>", False),
        (200, b"Welcome to nginx!", False),
    ],
)
def test_the_page_of_a_bare_server_tells_of_no_application_where_it_was_found(
    status: int, body: bytes, told: bool
) -> None:
    page = response(status, body, "text/html" if b"<" in body else "text/plain")
    assert ("token-no-application" in codes(refused(page))) is told


def test_what_was_pushed_is_known_of_our_own_run_and_not_of_another_programs() -> None:
    pushed = Params((("request_uri", "urn:pushed:1"),))
    own, read = issued(params=pushed), imported(exchanged(token_response()), params=pushed)
    told = [
        {one.code for one in report(state).findings} for state in (own, read, imported(exchanged(token_response())))
    ]
    assert ["departure-response-type" in each for each in told] == [True, False, True]


ADDRESS = "https://airisk.example.com/api/oauth2/Token"


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        (ADDRESS, "because it repeats the same request"),
        (f"{ADDRESS}?error=x", "reports errors of its token endpoint in a redirect"),
    ],
)
def test_a_token_endpoint_redirects_to_itself_with_an_error_or_in_a_circle(location: str, cause: str) -> None:
    assert cause in report(refused(redirect(location, 302))).findings[0].cause


def test_a_client_id_is_to_blame_where_both_encodings_got_the_same_words() -> None:
    words = response(400, b'{"error": "invalid_grant", "error_description": "The client_id abc is unknown"}')
    now = refused(words, encoding="json")
    for earlier, unknown in (
        (refused(words, encoding="form", run_id="r0"), True),
        (refused(words, encoding="json", run_id="r0"), False),
        (refused(words, encoding="form", run_id="r0", base_url="https://else.example"), False),
    ):
        first = report(now, history=(earlier,)).findings[0]
        assert ("does not know the client ID" in first.cause) is unknown
