"""Step 2: the token endpoint (protocol.md, step 2)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from airisk_tui.sandbox.answer import Answer, Json, json_answer, plain
from airisk_tui.sandbox.call import MOVED_TOKEN_PATH, TOKEN_PATH, Call, joined
from airisk_tui.sandbox.codes import verifies
from airisk_tui.sandbox.fault import Policy
from airisk_tui.sandbox.grant import Grant, Life, utc
from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.tokens import Access
from airisk_tui.sandbox.world import World

REQUIRED: Final = {
    "client_id": "Invalid client_id",
    "client_secret": "Invalid client_secret",
    "redirect_uri": "Invalid redirect_uri",
    "code": "Invalid Code",
}
"""The fields that must be there, in the order in which they are looked for, and what is said of a missing one."""


def token(call: Call, world: World) -> Answer:
    """Redeem a code, or refuse."""
    policy = world.policy
    if (answer := world.faulty("token", call) or _elsewhere(call, policy)) is not None:
        return answer
    fields = _fields(call, policy)
    missing = next((name for name in REQUIRED if not fields.get(name)), None)
    if missing:
        return plain(400, REQUIRED[missing])
    if fields.get("grant_type", "authorization_code") != "authorization_code":
        return plain(400, "Invalid grant_type")
    if not _authenticated(fields, world) or not _bearer_in_order(call, world):
        return world.refuse(401)
    lost = world.lost(call.headers.get("cookie", ""))
    grant = None if lost else world.codes.find(fields["code"], world.now())
    if grant is None or grant.client_id != fields["client_id"]:
        return plain(400, "Invalid Code")
    if (mistake := _mismatch(grant, fields, world)) is not None:
        return plain(400, mistake)
    world.codes.spend(fields["code"])
    return _issue(call, world, grant, _user(grant, fields, world))


def _elsewhere(call: Call, policy: Policy) -> Answer | None:
    """The answer when the endpoint has moved, or was never at this path."""
    if policy.token_moved and call.path == TOKEN_PATH:
        return Answer(307, headers=(("Location", call.origin + MOVED_TOKEN_PATH),))
    return Answer(404) if call.path == MOVED_TOKEN_PATH and not policy.token_moved else None


def _fields(call: Call, policy: Policy) -> Mapping[str, str]:
    """The body's fields, form or JSON; a body that cannot be read has none."""
    content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    text = call.body.decode("utf-8", "replace")
    if content_type == "application/x-www-form-urlencoded" and policy.reads_form:
        return joined(parse_qsl(text, keep_blank_values=True))
    if content_type == "application/json" and policy.reads_json:
        return _json_fields(text)
    return {}


def _json_fields(text: str) -> Mapping[str, str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    fields = document.items() if isinstance(document, dict) else ()
    return {name: value for name, value in fields if isinstance(value, str)}


def _authenticated(fields: Mapping[str, str], world: World) -> bool:
    application = world.data.application(fields["client_id"])
    secret = fields["client_secret"].encode("utf-8", "replace")
    return application is not None and hmac.compare_digest(application.client_secret.encode(), secret)


def _bearer_in_order(call: Call, world: World) -> bool:
    """A user-specific run may carry the generic token; one that is carried must be valid."""
    return "authorization" not in call.headers or world.tokens.find(call.bearer, world.now()) is not None


def _mismatch(grant: Grant, fields: Mapping[str, str], world: World) -> str | None:
    """What differs from step 1."""
    if fields["redirect_uri"] != grant.redirect_uri:
        return "Invalid redirect_uri"
    if grant.challenge is not None and not verifies(grant.challenge, fields.get("code_verifier", "")):
        return "Invalid code_verifier"
    userid = fields.get("userid") or None
    if world.policy.userid_from_token_request:
        return None if userid and world.data.user(userid) else "Invalid userid"
    return None if userid == grant.userid else "Invalid userid"


def _user(grant: Grant, fields: Mapping[str, str], world: World) -> User | None:
    subject = fields["userid"] if world.policy.userid_from_token_request else grant.subject
    return world.data.user(subject) if subject else None


def _issue(call: Call, world: World, grant: Grant, user: User | None) -> Answer:
    now = world.now()
    application = world.data.application(grant.client_id)
    if application is None:
        return world.refuse(401)
    life = Life(now, now + world.data.token_lifetime)
    access = Access(application, user, life.end)
    body: dict[str, Json] = {
        "access_token": world.tokens.issue(access, call.origin, now),
        "expiration": utc(life.end),
    }
    for fault in world.faults:
        body = fault.token(body, life)
    return json_answer(200, body)
