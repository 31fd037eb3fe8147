"""Step 2, row by row of protocol.md."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI
from tests.sandbox.client import START, SandboxClient, is_plain, is_problem

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


@pytest.mark.parametrize("encoding", ["form", "json"])
async def test_success_is_the_documented_document(encoding: str) -> None:
    async with SandboxClient() as client:
        answer = await client.token(await client.code(), encoding)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
        body = answer.json()
        assert list(body) == ["access_token", "expiration"]
        assert body["expiration"] == "2025-06-15T16:06:40Z"
        assert body["access_token"].startswith("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.")
        assert "content-length" not in answer.headers
        assert "cache-control" not in answer.headers


async def test_values_of_a_repeated_field_are_joined_also_where_one_is_empty() -> None:
    async with SandboxClient() as client:
        code = await client.code()
        twice = await client.token(code, redirect_uri=["", DEMO_REDIRECT_URI])
        assert is_plain(twice, "Invalid redirect_uri")
        assert (await client.token(code)).status_code == 200


async def test_claims_of_a_generic_and_of_a_user_specific_token() -> None:
    async with SandboxClient() as client:
        generic = claims(await client.access_token())
        user = claims(await client.access_token(userid="user_42"))
        assert (generic["sub"], generic["kind"], "name" in generic) == ("app:demo-app", "generic", False)
        assert (user["sub"], user["kind"], user["name"]) == ("user_42", "user-specific", "Ada Lovelace")
        assert generic["jti"] != user["jti"]
        assert (user["iat"], user["exp"], user["aud"]) == (int(START), int(START) + 3600, "demo-app")


async def test_the_second_application_issues_opaque_tokens() -> None:
    async with SandboxClient() as client:
        token = await client.access_token(client_id="opaque-app", userid="user_7")
        assert "." not in token
        assert (await client.get("/api/GetConversations", token)).status_code == 200


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("client_id", "Invalid client_id"),
        ("client_secret", "Invalid client_secret"),
        ("redirect_uri", "Invalid redirect_uri"),
        ("code", "Invalid Code"),
    ],
)
@pytest.mark.parametrize("value", [None, ""])
async def test_a_missing_field(name: str, text: str, value: str | None) -> None:
    async with SandboxClient() as client:
        fields = {"client_id": "demo-app", "client_secret": "s", "redirect_uri": "u", "code": "c", name: value}
        sent = {key: field for key, field in fields.items() if field is not None}
        assert is_plain(await client.http.post("/api/oauth2/Token", data=sent), text)


async def test_a_wrong_code() -> None:
    async with SandboxClient() as client:
        assert is_plain(await client.token("SplxlOBeZQQYbYS6WxSbIA"), "Invalid Code")


async def test_a_code_is_good_once() -> None:
    async with SandboxClient() as client:
        code = await client.code()
        assert (await client.token(code)).status_code == 200
        assert is_plain(await client.token(code), "Invalid Code")


async def test_a_code_is_good_for_sixty_seconds() -> None:
    async with SandboxClient() as client:
        first, second = await client.code(), await client.code()
        client.clock.now += 59.9
        assert (await client.token(first)).status_code == 200
        client.clock.now += 0.1
        assert is_plain(await client.token(second), "Invalid Code")


async def test_a_code_belongs_to_its_application() -> None:
    async with SandboxClient() as client:
        assert is_plain(await client.token(await client.code(), client_id="opaque-app"), "Invalid Code")


async def test_unknown_client_and_wrong_secret() -> None:
    async with SandboxClient() as client:
        code = await client.code()
        assert is_problem(await client.token(code, client_id="nobody"), 401)
        assert is_problem(await client.token(code, client_secret="wrong"), 401)
        assert (await client.token(code)).status_code == 200


async def test_what_differs_from_step_one_is_named() -> None:
    async with SandboxClient() as client:
        code = await client.code(userid="user_42")
        assert is_plain(await client.token(code, redirect_uri="http://localhost:8765/callback"), "Invalid redirect_uri")
        assert is_plain(await client.token(code), "Invalid userid")
        assert is_plain(await client.token(code, userid="user_7"), "Invalid userid")
        assert is_plain(await client.token(await client.code(), userid="user_42"), "Invalid userid")
        assert (await client.token(code, userid="user_42")).status_code == 200


async def test_grant_type_may_be_left_out_but_not_be_another() -> None:
    async with SandboxClient() as client:
        code = await client.code()
        assert is_plain(await client.token(code, grant_type="client_credentials"), "Invalid grant_type")
        assert (await client.token(code, grant_type="authorization_code")).status_code == 200


async def test_pkce_is_verified_where_it_was_asked_for() -> None:
    assert base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=") == CHALLENGE
    async with SandboxClient() as client:
        code = await client.code(code_challenge=CHALLENGE, code_challenge_method="S256")
        assert is_plain(await client.token(code), "Invalid code_verifier")
        assert is_plain(await client.token(code, code_verifier=VERIFIER[::-1]), "Invalid code_verifier")
        assert (await client.token(code, code_verifier=VERIFIER)).status_code == 200


async def test_the_second_run_may_carry_the_generic_token() -> None:
    async with SandboxClient() as client:
        generic = await client.access_token()
        code = await client.code(userid="user_42")
        broken = await client.token(code, userid="user_42", headers={"Authorization": "Bearer broken"})
        assert is_problem(broken, 401)
        answer = await client.token(code, userid="user_42", headers={"Authorization": f"Bearer {generic}"})
        assert claims(answer.json()["access_token"])["sub"] == "user_42"


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "application/json"])
async def test_a_body_that_cannot_be_read_has_no_fields(content_type: str) -> None:
    async with SandboxClient() as client:
        headers = {"Content-Type": content_type} if content_type else {}
        answer = await client.http.post("/api/oauth2/Token", content=b"client_id=demo-app", headers=headers)
        assert is_plain(answer, "Invalid client_id")


async def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    async with SandboxClient() as client:
        answer = await client.http.post("/api/oauth2/Token", content=b"x" * 70_000)
        assert answer.status_code == 413
