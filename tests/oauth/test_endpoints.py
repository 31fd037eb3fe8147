"""What each kind of token may do, as documented, and headers by name (protocol.md, step 3; RFC 9110 §5.1, §9.2.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.endpoints import (
    DOCUMENTED,
    GET_CONVERSATIONS,
    LIST_USERS,
    Endpoint,
    Expectation,
    TokenKind,
    as_documented,
    documented_at,
    read_endpoint_answer,
)
from airisk_tui.oauth.http import Body, HttpResponse, header, headers_named


@pytest.mark.parametrize(
    ("endpoint", "name", "generic", "user_specific"),
    [
        (LIST_USERS, "GET /api/Users/ListUsers", "allowed", "allowed"),
        (GET_CONVERSATIONS, "GET /api/GetConversations", "refused", "allowed"),
        (Endpoint("DELETE", "/api/x"), "DELETE /api/x", "unknown", "unknown"),
    ],
)
def test_protocol_md_step_3(endpoint: Endpoint, name: str, generic: Expectation, user_specific: Expectation) -> None:
    kinds: tuple[TokenKind, TokenKind] = ("generic", "user-specific")
    assert (endpoint.name, *map(endpoint.expected, kinds)) == (name, generic, user_specific)
    assert DOCUMENTED == (LIST_USERS, GET_CONVERSATIONS)


@pytest.mark.parametrize(
    ("method", "safe"),
    [("GET", True), ("HEAD", True), ("OPTIONS", True), ("POST", False), ("DELETE", False), ("get", False)],
)
def test_only_methods_that_change_nothing_are_safe(method: str, safe: bool) -> None:
    assert Endpoint(method, "/").safe is safe


@pytest.mark.parametrize(
    ("status", "allowed", "refused"),
    [
        (200, True, False),
        (204, True, False),
        (302, None, None),
        (400, None, None),
        (401, False, True),
        (403, False, True),
        (404, None, None),
        (405, None, None),
        (429, None, None),
        (500, None, None),
    ],
)
def test_a_status_meets_an_expectation_or_tells_nothing(
    status: int, allowed: bool | None, refused: bool | None
) -> None:
    answer = read_endpoint_answer(HttpResponse(status))
    assert as_documented("allowed", answer) is allowed
    assert as_documented("refused", answer) is refused
    assert as_documented("unknown", answer) is None


@pytest.mark.parametrize(
    ("status", "words", "answer"),
    [
        (400, "Token has expired", "refused"),
        (422, "jwt expired", "refused"),
        (200, "Your token is invalid", "refused"),
        (200, "Tokens are listed here", "accepted"),
        (400, "Invalid CSRF token", "other"),
    ],
)
def test_words_that_call_the_token_bad_refuse_it_with_any_status(status: int, words: str, answer: str) -> None:
    body = Body.of(f'{{"message": "{words}"}}'.encode())
    assert read_endpoint_answer(HttpResponse(status, (("Content-Type", "application/json"),), body)) == answer


def test_a_web_page_is_no_data_and_accepts_nobody() -> None:
    page = HttpResponse(200, (("Content-Type", "text/html"),), Body.of(b"<!DOCTYPE html><html></html>"))
    assert as_documented("refused", read_endpoint_answer(page)) is None


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/api/Chat/GetConversations", "GET /api/Chat/GetConversations?results=50"),
        ("/base/api/getconversations/", "GET /api/GetConversations"),
        ("/api/ListUsers", "GET /api/ListUsers"),
        ("/api/users/listusers", "GET /api/Users/ListUsers"),
        ("/api/Users/Create", None),
    ],
)
def test_a_documented_endpoint_is_known_under_any_of_its_paths(path: str, known: str | None) -> None:
    found = documented_at("GET", path)
    assert (found.name if found else None) == known


@given(st.lists(st.tuples(st.sampled_from(["Set-Cookie", "set-cookie", "SET-COOKIE", "Date"]), st.text()), max_size=6))
def test_headers_are_found_in_any_case_and_in_order(pairs: list[tuple[str, str]]) -> None:
    values = tuple(value for name, value in pairs if name.lower() == "set-cookie")
    assert headers_named(tuple(pairs), "Set-Cookie") == values
    assert header(tuple(pairs), "sEt-cOokie") == (values[0] if values else None)


def test_a_whole_body_is_as_large_as_it_was_on_the_wire() -> None:
    assert Body.of(b"abc") == Body(b"abc", 3, 3, None)
