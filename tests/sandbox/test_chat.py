"""The chat endpoints: for users only, and each user sees only what is theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airisk_tui.sandbox.data import conversations
from tests.sandbox.client import SandboxClient, is_plain, is_problem

CHAT = "/api/Chat"
ENDPOINTS = [
    ("GET", "ListAgents"),
    ("GET", "GetConversations?results=50"),
    ("GET", "GetConversation/conversation_1"),
    ("POST", "CreateConversation"),
    ("POST", "AskAgent"),
    ("POST", "AddFileToConversation/conversation_1"),
]


async def created(client: SandboxClient, token: str, title: str = "A title") -> dict[str, Any]:
    answer = await client.post(f"{CHAT}/CreateConversation", token, json={"title": title, "metadata": {"a": 1}})
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_a_generic_token_and_none_are_refused(method: str, path: str) -> None:
    async with SandboxClient() as client:
        send = client.get if method == "GET" else client.post
        assert is_problem(await send(f"{CHAT}/{path}", await client.access_token()), 403)
        assert is_problem(await send(f"{CHAT}/{path}"), 401)


async def test_a_conversation_is_listed_by_its_user_alone() -> None:
    async with SandboxClient() as client:
        ada, grace = await client.access_token(userid="user_42"), await client.access_token(userid="user_7")
        made = await created(client, ada)
        assert made["userID"] == "user_42"
        assert {"botID", "companyId"} <= made.keys()
        for token, there in ((ada, True), (grace, False)):
            listed = (await client.get(f"{CHAT}/GetConversations", token)).json()
            assert (made["id"] in [one["id"] for one in listed]) is there
            assert (await client.get(f"{CHAT}/GetConversation/{made['id']}", token)).is_success is there
            placeholder = (await client.get("/api/GetConversations", token)).json()
            assert (made["id"] in [one["id"] for one in placeholder]) is there


async def test_results_says_how_many_and_the_newest_come_first() -> None:
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        made = await created(client, token)
        listed = (await client.get(f"{CHAT}/GetConversations?results=1", token)).json()
        assert [one["id"] for one in listed] == [made["id"]]
        for strange in ("", "x", "-1", "٣"):
            assert len((await client.get(f"{CHAT}/GetConversations?results={strange}", token)).json()) == 3


@pytest.mark.parametrize("text", ["one", "one two", "one two three"])
async def test_an_answer_is_whole_and_has_no_space_behind_it(text: str) -> None:
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        question = {"conversationID": "conversation_1", "text": text}
        answer = await client.post(f"{CHAT}/AskAgent", token, json=question)
        *events, _ = [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n")[:-1]]
        assert "".join(event["text"] for event in events).endswith(f": {text}")


async def test_an_agent_answers_as_an_event_stream() -> None:
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        made = await created(client, token)
        question = {"conversationID": made["id"], "text": "Is it\n\nsafe? 山田"}
        answer = await client.post(f"{CHAT}/AskAgent", token, json=question)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")
        assert "content-length" not in answer.headers
        *events, last = [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n")[:-1]]
        assert len(events) > 1
        assert "".join(event["text"] for event in events).endswith(question["text"])
        assert last == {"conversationID": made["id"], "done": True}
        kept = (await client.get(f"{CHAT}/GetConversation/{made['id']}", token)).json()["messages"]
        assert kept[0] == {"author": "user", "text": question["text"]}


async def test_what_is_missing_is_named() -> None:
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        for path, body, text in (
            ("CreateConversation", {}, "Invalid title"),
            ("CreateConversation", {"title": "A", "agentId": "nobody"}, "Invalid agentId"),
            ("AskAgent", {"text": "x"}, "Invalid conversationID"),
            ("AskAgent", {"conversationID": "conversation_1"}, "Invalid text"),
        ):
            assert is_plain(await client.post(f"{CHAT}/{path}", token, json=body), text)
        assert is_plain(await client.post(f"{CHAT}/AddFileToConversation/conversation_1", token), "Invalid file")
        for path in ("GetConversation/none", "AddFileToConversation/none"):
            send = client.get if path.startswith("Get") else client.post
            assert (await send(f"{CHAT}/{path}", token)).status_code == 404


async def test_a_file_is_added_by_its_name() -> None:
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        path = f"{CHAT}/AddFileToConversation/conversation_1"
        answer = await client.post(path, token, files={"file": ("risks.csv", b"a,b\n1,2\n")})
        assert answer.json() == [{"fileName": "risks.csv", "size": 8}]
        shown = (await client.get(f"{CHAT}/GetConversation/conversation_1", token)).json()
        assert shown["files"] == ["risks.csv"]


async def test_what_is_kept_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS_KEPT", 3)
    async with SandboxClient() as client:
        token = await client.access_token(userid="user_42")
        made = [await created(client, token, f"number {number}") for number in range(5)]
        listed = (await client.get(f"{CHAT}/GetConversations", token)).json()
        assert [one["id"] for one in listed] == [one["id"] for one in reversed(made[-3:])]
        for _ in range(conversations.MESSAGES_KEPT):
            await client.post(f"{CHAT}/AskAgent", token, json={"conversationID": made[-1]["id"], "text": "x" * 9_000})
        kept = (await client.get(f"{CHAT}/GetConversation/{made[-1]['id']}", token)).json()["messages"]
        assert len(kept) == conversations.MESSAGES_KEPT
        assert max(len(message["text"]) for message in kept) == conversations.TEXT_KEPT
