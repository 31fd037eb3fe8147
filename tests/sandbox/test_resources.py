"""Step 3, row by row of protocol.md."""

from __future__ import annotations

import pytest

from tests.sandbox.client import SandboxClient, is_problem

LIST_USERS = "/api/Users/ListUsers"
CONVERSATIONS = "/api/GetConversations"


async def test_any_token_lists_the_users() -> None:
    async with SandboxClient() as client:
        for token in (await client.access_token(), await client.access_token(userid="user_42")):
            answer = await client.get(LIST_USERS, token)
            assert answer.status_code == 200
            assert answer.json()[0] == {"id": "user_42", "name": "Ada Lovelace", "email": "ada@example.com"}
            assert len(answer.json()) == len(client.sandbox.data.users)


async def test_conversations_are_for_users_only() -> None:
    async with SandboxClient() as client:
        assert is_problem(await client.get(CONVERSATIONS, await client.access_token()), 403)
        answer = await client.get(CONVERSATIONS, await client.access_token(userid="user_7"))
        assert {item["userId"] for item in answer.json()} == {"user_7"}


@pytest.mark.parametrize("path", [LIST_USERS, CONVERSATIONS])
async def test_no_token_a_broken_one_and_an_expired_one(path: str) -> None:
    async with SandboxClient() as client:
        none = await client.get(path)
        assert is_problem(none, 401)
        assert none.headers["www-authenticate"] == "Bearer"
        token = await client.access_token(userid="user_42")
        broken = await client.get(path, token[:-2])
        assert is_problem(broken, 401)
        assert broken.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        client.clock.now += 3600
        assert is_problem(await client.get(path, token), 401)


async def test_another_scheme_than_bearer_is_no_token() -> None:
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        answer = await client.http.get(LIST_USERS, headers={"Authorization": f"Basic {token}"})
        assert is_problem(answer, 401)
