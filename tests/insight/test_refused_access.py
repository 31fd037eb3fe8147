"""What the words of a refused call tell: the same readers for every status, and no more than the words say."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.insight.finding import Finding
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.text.lenient_json import compact_json
from tests.insight.plays import report, with_probes
from tests.runs import TOKEN, UTC, at_date, response


def found(status: int, body: Any = "", date: float | None = None, **token: Any) -> Finding:
    """The first finding of a run whose endpoint answered so. date: seconds by which the server that refuses is behind; token: what
    is known of the run's token."""
    data = (body if isinstance(body, str) else compact_json(body)).encode()
    answer = response(status, data, "text/plain" if isinstance(body, str) else "application/json")
    if date is not None:
        answer = replace(answer, headers=(*(one for one in answer.headers if one[0] != "Date"), at_date(-date)))
    return report(with_probes((LIST_USERS, answer), token=replace(TOKEN, **token))).findings[0]


SCOPE, KIND, KEY, HEADER = "scope is not enough", "this kind of token", "a key of its own", "something in a header"
OFF, PLACE, RIGHT, SSO, THERE = (
    "switched off",
    "another server, region or environment",
    "lacks a permission",
    "sign-on",
    "is there",
)
UNSEEN, OTHERS = "Authorization header did not arrive", "another issuer, audience or key"


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        (401, "Unauthorized; scope does not match", SCOPE),
        (403, {"message": "You do not have the required scope: users.read"}, SCOPE),
        (200, {"ok": False, "error": "missing_scope"}, SCOPE),
        (403, "This API requires a user token, but an application token was given", KIND),
        (401, {"error": "Access to this endpoint is not authorized for bots"}, KIND),
        (400, {"error": {"message": "/me request is only valid with delegated authentication flow."}}, KIND),
        (401, {"message": "Missing X-API-Key header"}, KEY),
        (403, {"error": "Tenant id header is missing"}, HEADER),
        (400, {"message": "Missing required header: X-Tenant-Id"}, HEADER),
        (403, {"error": {"message": "The service is not enabled for this tenant"}}, OFF),
        (403, {"message": "The token belongs to a different data center"}, PLACE),
        (401, {"message": "Sandbox token used against the production environment"}, PLACE),
        (421, "Misdirected Request", PLACE),
        (403, {"message": "You need the role Chat.Admin"}, RIGHT),
        (403, {"message": "Organization requires SSO login"}, SSO),
        (404, {"error": {"code": "ResourceNotFound", "message": "The specified mailbox does not exist"}}, THERE),
        (404, "Cannot GET /api/Users/ListUsers", "does not have this endpoint"),
        (401, {"message": "No token provided"}, UNSEEN),
        (401, {"detail": "Authentication credentials were not provided."}, UNSEEN),
        (401, {"Message": "Authorization has been denied for this request."}, OTHERS),
        (401, {"message": "invalid oauth token"}, OTHERS),
        (401, {"message": "The moon is full"}, "words are all that tells"),
        (403, {"message": "Your token has the scope, but the conversation is private"}, "words give the reason"),
        (431, "", "no header so large"),
    ],
)
def test_the_words_of_a_refused_call_decide(status: int, words: Any, told: str) -> None:
    first = found(status, words)
    assert told in f"{first.title} {first.cause}"


JWT = {"shape": "jwt", "header": "{}"}


@pytest.mark.parametrize(
    ("words", "token", "told"),
    [
        ("Invalid Compact JWS", {"shape": "jwe", "header": "{}", "payload": None}, "encrypted (JWE)"),
        ("jwt malformed", {"shape": "opaque", "header": None, "payload": None}, "opaque, and this API wants a signed JWT"),
        ("Invalid signature", JWT | {"header": '{"nonce":"x"}', "payload": '{"aud":"https://graph.example"}'}, "“https://graph.example”"),
        ("Token verification failed", JWT | {"payload": '{"iss":"http://keycloak:8080/realms/demo"}'}, "“http://keycloak:8080/realms/demo”"),
        ("Invalid signature", JWT | {"payload": "{}"}, "another key than the token endpoint signs with"),
        ("The audience is invalid", JWT | {"payload": '{"iss":"http://keycloak:8080/"}'}, "another audience"),
    ],
)  # fmt: skip
def test_what_the_token_shows_explains_a_refusal(words: str, token: dict[str, Any], told: str) -> None:
    assert told in found(401, {"message": words}, **token).cause


@pytest.mark.parametrize(("behind", "told"), [(90.0, "1 minute 30 seconds behind"), (1.0, OTHERS)])
def test_a_slow_clock_of_whoever_refuses_is_seen(behind: float, told: str) -> None:
    assert told in found(401, {"message": "Unauthorized"}, behind, **JWT, payload=f'{{"nbf":{int(UTC)}}}').cause


def test_a_key_is_sent_by_an_edit() -> None:
    assert "probe.header" in on_command_line(found(401, {"message": "Missing subscription key"}).fix)
