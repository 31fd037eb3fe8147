"""Step 2: the token endpoint (protocol.md, step 2)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer, Json, json_answer, plain
from airisk_tui.sandbox.body import JSON_TYPE, fields_of, media_type
from airisk_tui.sandbox.call import MOVED_TOKEN_PATH, TOKEN_PATH, Call
from airisk_tui.sandbox.data.grants import Access, Grant, Life, utc, verifies
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.fault import Policy
from airisk_tui.sandbox.state import Sandbox

REQUIRED: Final = {
    "client_id": "Invalid client_id",
    "client_secret": "Invalid client_secret",
    "redirect_uri": "Invalid redirect_uri",
    "code": "Invalid Code",
}
"""The required fields in the order in which they are checked, with the response's text if one is missing."""


def token(call: Call, sandbox: Sandbox) -> Answer:
    """Redeem a code, or refuse."""
    policy = sandbox.policy
    if (answer := sandbox.fault_answer("token", call) or _elsewhere(call, policy)) is not None:
        return answer
    fields = _fields(call, policy)
    optional = {"redirect_uri"} if sandbox.lenient else set()
    missing = next((name for name in REQUIRED if name not in optional and not fields.get(name)), None)
    if missing:
        return plain(400, REQUIRED[missing])
    if fields.get("grant_type", "authorization_code") != "authorization_code":
        return plain(400, "Invalid grant_type")
    if not _authenticated(fields, sandbox) or not _bearer_is_valid(call, sandbox):
        return sandbox.refuse(401)
    lost = sandbox.misses_affinity(call.headers.get("cookie", ""))
    grant = None if lost else sandbox.codes.find(fields["code"], sandbox.now())
    if grant is None or grant.client_id != fields["client_id"]:
        return plain(400, "Invalid Code")
    if (mistake := _mismatch(grant, fields, sandbox)) is not None:
        return plain(400, mistake)
    sandbox.codes.spend(fields["code"])
    return _issue(call, sandbox, grant, _user(grant, fields, sandbox))


def _elsewhere(call: Call, policy: Policy) -> Answer | None:
    """The answer at the token path that the endpoint is not at, or None."""
    if policy.token_moved and call.path == TOKEN_PATH:
        return Answer(307, headers=(("Location", call.origin + MOVED_TOKEN_PATH),))
    return Answer(404) if call.path == MOVED_TOKEN_PATH and not policy.token_moved else None


def _fields(call: Call, policy: Policy) -> Mapping[str, str]:
    """The body's fields; none if it cannot be read."""
    reads = policy.reads_json if media_type(call) == JSON_TYPE else policy.reads_form
    return fields_of(call) if reads else {}


def _authenticated(fields: Mapping[str, str], sandbox: Sandbox) -> bool:
    application = sandbox.data.client(fields["client_id"])
    secret = fields["client_secret"].encode("utf-8", "replace")
    return application is not None and hmac.compare_digest(application.client_secret.encode(), secret)


def _bearer_is_valid(call: Call, sandbox: Sandbox) -> bool:
    """Whether the request has no bearer token or a valid one: a user-specific run may send the generic token."""
    return "authorization" not in call.headers or sandbox.tokens.find(call.bearer, sandbox.now()) is not None


def _mismatch(grant: Grant, fields: Mapping[str, str], sandbox: Sandbox) -> str | None:
    """The error if a field differs from step 1, or None. A lenient server accepts a field that is left out."""
    redirect_uri, userid = fields.get("redirect_uri") or None, fields.get("userid") or None
    if redirect_uri != grant.redirect_uri and not (sandbox.lenient and redirect_uri is None):
        return "Invalid redirect_uri"
    if grant.challenge is not None and not verifies(grant.challenge, fields.get("code_verifier", "")):
        return "Invalid code_verifier"
    if sandbox.policy.userid_from_token_request:
        return None if userid and sandbox.data.user(userid) else "Invalid userid"
    return None if userid == grant.userid or (sandbox.lenient and userid is None) else "Invalid userid"


def _user(grant: Grant, fields: Mapping[str, str], sandbox: Sandbox) -> User | None:
    subject = fields["userid"] if sandbox.policy.userid_from_token_request else grant.subject
    return sandbox.data.user(subject) if subject else None


def _issue(call: Call, sandbox: Sandbox, grant: Grant, user: User | None) -> Answer:
    now = sandbox.now()
    application = sandbox.data.client(grant.client_id)
    if application is None:
        return sandbox.refuse(401)
    life = Life(now, now + sandbox.data.token_lifetime)
    access = Access(application, user, life.end)
    body: dict[str, Json] = {
        "access_token": sandbox.tokens.issue(access, call.origin, now),
        "expiration": utc(life.end),
    }
    written: Json = body
    for fault in sandbox.faults:
        written = fault.token(written, life) if isinstance(written, dict) else written
    answer = json_answer(200, written)
    return replace(answer, body=b"".join([*(fault.around for fault in sandbox.faults), answer.body]))
