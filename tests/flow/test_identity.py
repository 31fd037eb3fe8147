"""Whose token it is, by what came; never by what was asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airisk_tui.flow.reading.identity import acting, contradicting, identity_sentence, token_kind
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS, Endpoint
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import issued, with_probes
from tests.runs import jwt, response, token_response

OPAQUE = SecretView("70ce000000000000", 40)
JSON = "application/json"


@pytest.mark.parametrize(
    ("claims", "userid", "kind", "sentence"),
    [
        ({"sub": "app:demo-app"}, "user_42", "generic", "acts for the application"),
        ({"sub": "demo-app"}, "user_42", "generic", "acts for the application"),
        ({"sub": "4711", "idtyp": "app"}, None, "generic", "acts for the application"),
        ({"sub": "user_42"}, "user_42", "user-specific", "acts for user_42"),
        ({"sub": "USER_42"}, "user_42", "user-specific", "acts for user_42"),
        ({"sub": "demo-app", "uid": "user_42"}, "user_42", "user-specific", "acts for user_42"),
        ({"sub": "4711"}, "user_42", "user-specific", "acts for 4711"),
        ({}, "user_42", None, "not told whose"),
        ({"sub": 7}, None, None, "acts for 7"),
    ],
)
def test_what_a_token_says_of_itself(
    claims: dict[str, Any], userid: str | None, kind: str | None, sentence: str
) -> None:
    state = issued(token=jwt(claims), userid=userid)
    assert (token_kind(state), identity_sentence(state)) == (kind, sentence)


@pytest.mark.parametrize(
    ("beside", "value", "path"),
    [
        ({"user_id": "user_7"}, "user_7", "user_id"),
        ({"userID": 7}, "7", "userID"),
        ({"data": {"owner": {"name": "Grace", "id": "user_7"}}}, "user_7", "data.owner.id"),
        ({"user": "user_7"}, "user_7", "user"),
        ({"userName": "Grace", "id": "4711"}, None, None),
        ({"user_id": "demo-app"}, None, None),
    ],
)
def test_a_member_beside_an_opaque_token_tells(beside: dict[str, Any], value: str | None, path: str | None) -> None:
    found = acting(issued(token_response(beside, token=OPAQUE), token=OPAQUE, userid="user_42"))
    assert ((found.value, found.path) if found else (None, None)) == (value, path)


@pytest.mark.parametrize(
    ("endpoint", "body", "value"),
    [
        (GET_CONVERSATIONS, [{"id": "c1", "userId": "user_7"}, {"id": "c2", "userId": "user_7"}], "user_7"),
        (GET_CONVERSATIONS, [{"id": "c1", "userId": "user_7"}, {"id": "c2", "userId": "user_9"}], None),
        (GET_CONVERSATIONS, [{"id": "c1", "userId": "user_42"}], None),
        (GET_CONVERSATIONS, [], None),
        (LIST_USERS, [{"userId": "user_7"}], None),
        (Endpoint("GET", "/api/me"), {"id": "user_7"}, "user_7"),
        (Endpoint("GET", "/api/Orders"), [{"userId": "user_7"}], None),
    ],
)
def test_the_answer_of_an_endpoint_for_users_tells(endpoint: Endpoint, body: Any, value: str | None) -> None:
    answer = response(200, json.dumps(body).encode(), JSON)
    found = contradicting(with_probes((endpoint, answer), token=OPAQUE, userid="user_42"))
    assert (found.value if found else None) == value
