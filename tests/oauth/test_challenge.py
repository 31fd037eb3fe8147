"""WWW-Authenticate as servers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.challenge import bearer, bearer_error, challenges
from airisk_tui.oauth.http import Body, HttpResponse


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Bearer", [("Bearer", {})]),
        ('bearer realm="a, b", error="invalid_token"', [("bearer", {"realm": "a, b", "error": "invalid_token"})]),
        (
            'Bearer error = insufficient_scope,scope="a b"',
            [("Bearer", {"error": "insufficient_scope", "scope": "a b"})],
        ),
        ("Negotiate, NTLM", [("Negotiate", {}), ("NTLM", {})]),
        ("Negotiate YII+abc==, Basic realm=x", [("Negotiate", {}), ("Basic", {"realm": "x"})]),
        (r'Bearer error_description="say \"no\""', [("Bearer", {"error_description": 'say "no"'})]),
        ('Bearer error_description="never closed', [("Bearer", {"error_description": "never closed"})]),
        ("", []),
        ("=,=", []),
    ],
)
def test_challenges_are_read_as_they_are_written(value: str, read: list[tuple[str, dict[str, str]]]) -> None:
    found = challenges((("WWW-Authenticate", value),))
    assert [(one.scheme, dict(one.parameters)) for one in found] == read


def test_several_headers_are_several_challenges_and_the_bearer_one_is_found() -> None:
    found = challenges((("www-authenticate", "NTLM"), ("WWW-Authenticate", 'BEARER scope="x"')))
    asked = bearer(found)
    assert asked is not None
    assert (asked.get("scope"), asked.get("error")) == ("x", "")


@given(st.text(max_size=200))
def test_anything_is_read_without_an_exception(value: str) -> None:
    challenges((("WWW-Authenticate", value),))


TOKEN_REFUSED = '{"error": "invalid_token"}'


@pytest.mark.parametrize(
    ("status", "headers", "body", "code"),
    [
        (401, (("WWW-Authenticate", 'Bearer error="invalid_token"'),), "", "invalid_token"),
        (302, (("WWW-Authenticate", 'Bearer error="insufficient_scope"'),), "", "insufficient_scope"),
        (401, (("WWW-Authenticate", 'Bearer error="invalid_request"'),), TOKEN_REFUSED, "invalid_token"),
        (401, (), '{"a": {"b": "insufficient_scope"}}', "insufficient_scope"),
        (401, (), '{"a": {"b": {"c": "insufficient_scope"}}}', "insufficient_scope"),
        (401, (), '{"a": {"b": {"c": {"d": "insufficient_scope"}}}}', ""),
        (200, (), TOKEN_REFUSED, "invalid_token"),
        (200, (), TOKEN_REFUSED + " " * 4_096, ""),
        (299, (), TOKEN_REFUSED + " " * 4_096, ""),
        (401, (), TOKEN_REFUSED + " " * 4_096, "invalid_token"),
        (300, (), TOKEN_REFUSED, ""),
        (399, (), TOKEN_REFUSED, ""),
        (400, (), TOKEN_REFUSED, "invalid_token"),
        (401, (), "nothing", ""),
    ],
)
def test_what_a_refusal_says_of_the_token_is_found_in_its_challenge_or_its_json(
    status: int, headers: tuple[tuple[str, str], ...], body: str, code: str
) -> None:
    assert (bearer_error(HttpResponse(status, headers, Body.of(body.encode()))) or "") == code
