"""Step 3: the protected endpoints (protocol.md, step 3; RFC 6750)."""

from __future__ import annotations

from airisk_tui.sandbox.answer import Answer, Json, json_answer
from airisk_tui.sandbox.call import Call
from airisk_tui.sandbox.tokens import Access
from airisk_tui.sandbox.world import World


def list_users(call: Call, world: World) -> Answer:
    """The users, for any valid token."""
    access = _access(call, world)
    if isinstance(access, Answer):
        return access
    document: Json = [{"id": user.id, "name": user.name, "email": user.email} for user in world.data.users]
    for fault in world.faults:
        document = fault.users(document, call)
    return json_answer(200, document)


def conversations(call: Call, world: World) -> Answer:
    """The user's conversations; a generic token has none."""
    access = _access(call, world)
    if isinstance(access, Answer):
        return access
    if access.user is None and not world.policy.generic_reaches_all:
        return world.refuse(403)
    owner = access.user.id if access.user else None
    titles = ("Quarterly risk review", "Supplier questionnaire")
    return json_answer(200, [{"id": f"conversation_{n}", "title": t, "userId": owner} for n, t in enumerate(titles, 1)])


def _access(call: Call, world: World) -> Access | Answer:
    """What the bearer token stands for, or 401 (RFC 6750 §3.1)."""
    if (answer := world.faulty("access", call)) is not None:
        return answer
    if call.bearer is None:
        return world.refuse(401, ("WWW-Authenticate", "Bearer"))
    access = world.tokens.find(call.bearer, world.now())
    return access or world.refuse(401, ("WWW-Authenticate", 'Bearer error="invalid_token"'))
