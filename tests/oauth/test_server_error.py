"""Refusals in every form that servers write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.server_error import ServerError, form_error, read_error, refuses, visible_words
from airisk_tui.oauth.http import Body, HttpResponse


def read(body: Any, media: str = "application/json") -> ServerError:
    data = body if isinstance(body, str) else json.dumps(body)
    return read_error(HttpResponse(400, (("Content-Type", media),), Body.of(data.encode())))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"error": "invalid_client", "error_description": "no"}, ServerError("oauth", "invalid_client", "no")),
        ({"error": "x", "message": "words"}, ServerError("oauth", "x", "words")),
        ({"error": True, "message": "words"}, ServerError("oauth", "", "words")),
        ({"error": {"code": 400, "status": "BAD", "message": "words"}}, ServerError("oauth", "BAD", "words")),
        ({"status": "error", "msg": "client_secret is invalid"}, ServerError("json", "", "client_secret is invalid")),
        ({"errcode": 40029, "errmsg": "invalid code"}, ServerError("json", "40029", "invalid code")),
        ({"code": 401, "message": "no"}, ServerError("json", "", "no")),
        ({"errors": [{"detail": "gone"}]}, ServerError("json", "", "gone")),
        (
            {"detail": [{"loc": ["query", "scope"], "msg": "field required"}]},
            ServerError("json", "", "scope: field required"),
        ),
        (
            {"title": "Bad", "status": 400, "errors": {"code": ["The code field is required."]}},
            ServerError("problem", "Bad", "The code field is required."),
        ),
        ('"Invalid client"', ServerError("text", "Invalid client")),
        ("error=x&error_description=in+words", ServerError("oauth", "x", "in words")),
        ("access_token=x&expires=3", ServerError("text", "access_token=x&expires=3")),
    ],
)
def test_code_and_words_are_found(body: Any, error: ServerError) -> None:
    assert read(body) == error


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ({"error": "x"}, True),
        ({"success": False, "message": "no"}, True),
        ({"status": "error", "msg": "no"}, True),
        ({"statusCode": 401, "message": "no"}, True),
        ({"errcode": 40029}, True),
        ({"errors": [{}]}, True),
        ({"error": None, "access_token": "x"}, False),
        ({"errcode": 0, "errmsg": "ok", "access_token": "x"}, False),
        ({"status": "ok", "message": "welcome", "access_token": "x"}, False),
        ({"code": 200, "message": "success", "data": {}}, False),
    ],
)
def test_members_tell_whether_an_answer_is_a_refusal(members: dict[str, Any], refusal: bool) -> None:
    assert refuses(members) is refusal


def test_a_page_shows_neither_its_scripts_nor_its_tags() -> None:
    page = "<html><head><title>t</title></head><body><!-- c --><style>s</style><h1>An&amp;b</h1>\n<p>words</p></body>"
    assert visible_words(page) == "An&b words"


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert form_error(text) is None or "error" in text
    visible_words(text)


@pytest.mark.parametrize("nothing", [None, "", 0, "0", False])
def test_a_code_of_no_error_beside_a_token_refuses_nothing(nothing: Any) -> None:
    for name in ("errcode", "error_code", "errorDescription"):
        assert not refuses({name: nothing, "access_token": "x"})
        assert not refuses({"data": {name: nothing}})
        assert refuses({name: 40_029}) and refuses({"data": {name: "no"}})
