"""Step 3: the protected endpoints (protocol.md, step 3; RFC 6750)."""

from __future__ import annotations

from msgspec.structs import asdict

from airisk_tui.sandbox.answer import Answer, Json, json_answer
from airisk_tui.sandbox.call import Call
from airisk_tui.sandbox.grants import Access
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


def conversations(call: Call, sandbox: Sandbox) -> Answer:
    """The user's conversations; a generic token has none."""
    access = access_for_users(call, sandbox)
    if isinstance(access, Answer):
        return access
    listed = sandbox.conversations.of(access.user)
    owner = access.user.id if access.user else None
    return json_answer(200, [{"id": one.id, "title": one.title, "userId": owner} for one in listed])


def access_for_users(call: Call, sandbox: Sandbox) -> Access | Answer:
    """What a user's bearer token stands for, or the refusal: of a generic token, too."""
    access = _access(call, sandbox)
    if isinstance(access, Access) and access.user is None and not sandbox.policy.generic_reaches_all:
        return sandbox.refuse(403)
    return access


def _access(call: Call, sandbox: Sandbox) -> Access | Answer:
    """What the bearer token stands for, or the refusal (RFC 6750 §3.1)."""
    if (answer := sandbox.fault_answer("access", call)) is not None:
        return answer
    if call.bearer is None:
        return sandbox.refuse(401, ("WWW-Authenticate", "Bearer"))
    access = sandbox.tokens.find(call.bearer, sandbox.now())
    return access or sandbox.refuse(401, ("WWW-Authenticate", 'Bearer error="invalid_token"'))
