"""Step 3: the protected endpoints (protocol.md, step 3; RFC 6750). The answers of the chat endpoints are the sandbox's own choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import asdict

from airisk_tui.sandbox.answer import Answer, Json, event_stream, json_answer, plain
from airisk_tui.sandbox.body import fields_of, files_of
from airisk_tui.sandbox.call import Call
from airisk_tui.sandbox.data.conversations import AGENTS, COMPANY, Conversation
from airisk_tui.sandbox.data.grants import Access
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.state import Sandbox


def list_users(call: Call, sandbox: Sandbox) -> Answer:
    """The users, for any valid token."""
    access = _access(call, sandbox)
    if isinstance(access, Answer):
        return access
    document: Json = [asdict(user) for user in sandbox.data.users]
    for fault in sandbox.faults:
        document = fault.users(document, call)
    return json_answer(200, document)


def _access(call: Call, sandbox: Sandbox) -> Access | Answer:
    """The access that the bearer token gives, or a refusal (RFC 6750 §3.1)."""
    if (answer := sandbox.fault_answer("access", call)) is not None:
        return answer
    if call.bearer is None:
        return sandbox.refuse(401, ("WWW-Authenticate", "Bearer"))
    access = sandbox.tokens.find(call.bearer, sandbox.now())
    return access or sandbox.refuse(401, ("WWW-Authenticate", 'Bearer error="invalid_token"'))


WORDS_OF_AN_EVENT = 3
"""Words in each event of an agent's answer."""

Handler = Callable[[Call, Sandbox], Answer]


def _for_users(handler: Callable[[Call, Sandbox, Access], Answer]) -> Handler:
    """The handler behind a check that refuses generic tokens."""

    def checked(call: Call, sandbox: Sandbox) -> Answer:
        access = _access(call, sandbox)
        if isinstance(access, Answer):
            return access
        if access.user is None and not sandbox.policy.generic_reaches_all:
            return sandbox.refuse(403)
        return handler(call, sandbox, access)

    return checked


@_for_users
def conversations(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """The user's conversations; a generic token has none."""
    owner = access.user.id if access.user else None
    listed = sandbox.conversations.of(access.user)
    return json_answer(200, [{"id": one.id, "title": one.title, "userId": owner} for one in listed])


@_for_users
def list_agents(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """The agents that the user may ask."""
    return json_answer(200, [{"id": agent.id, "name": agent.name, "companyId": COMPANY} for agent in AGENTS])


@_for_users
def get_conversations(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """The user's conversations, the newest first, as many as `results` asks for."""
    asked = call.query.get("results", "")
    listed = sandbox.conversations.of(access.user)[::-1]
    if asked.isascii() and asked.isdigit():
        listed = listed[: int(asked[:9])]
    return json_answer(200, [_document(one, access.user) for one in listed])


@_for_users
def get_conversation(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """One conversation with its messages; 404 if the user has none with this id."""
    found = sandbox.conversations.find(access.user, call.id)
    if found is None:
        return Answer(404)
    messages: list[Json] = [{"author": author, "text": text} for author, text in found.messages]
    files: list[Json] = [*found.files]
    return json_answer(200, {**_document(found, access.user), "messages": messages, "files": files})


@_for_users
def create_conversation(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """Begin a conversation with `title` and `agentId`; `metadata` is accepted and not kept."""
    fields = fields_of(call)
    if not fields.get("title"):
        return plain(400, "Invalid title")
    agent = next((agent for agent in AGENTS if agent.id == fields.get("agentId", AGENTS[0].id).lower()), None)
    if agent is None:
        return plain(400, "Invalid agentId")
    return json_answer(200, _document(sandbox.conversations.create(access.user, fields["title"], agent), access.user))


@_for_users
def ask_agent(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """Stream an agent's answer to `text` as server-sent events; the sandbox's agents repeat the question."""
    fields = fields_of(call)
    conversation = sandbox.conversations.find(access.user, fields.get("conversationID", ""))
    if conversation is None:
        return plain(400, "Invalid conversationID")
    if not (text := fields.get("text", "")):
        return plain(400, "Invalid text")
    answer = f"This sandbox has no model, so it repeats the question: {text}"
    conversation.add("user", text)
    conversation.add("agent", answer)
    return event_stream(_events(conversation, answer))


def _events(conversation: Conversation, answer: str) -> Iterator[Json]:
    words = answer.split(" ")
    for at in range(0, len(words), WORDS_OF_AN_EVENT):
        piece = " ".join(words[at : at + WORDS_OF_AN_EVENT])
        yield {"conversationID": conversation.id, "text": f"{piece} " if at + WORDS_OF_AN_EVENT < len(words) else piece}
    yield {"conversationID": conversation.id, "done": True}


@_for_users
def add_file(call: Call, sandbox: Sandbox, access: Access) -> Answer:
    """Add the files of a `multipart/form-data` body to a conversation."""
    conversation = sandbox.conversations.find(access.user, call.id)
    if conversation is None:
        return Answer(404)
    files = files_of(call)
    if not files:
        return plain(400, "Invalid file")
    conversation.add_files([name for name, _ in files])
    return json_answer(200, [{"fileName": name, "size": size} for name, size in files])


def _document(conversation: Conversation, user: User | None) -> dict[str, Json]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "userID": user.id if user is not None else None,
        "botID": conversation.agent.id,
        "companyId": COMPANY,
    }
