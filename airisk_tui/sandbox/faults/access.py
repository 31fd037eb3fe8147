"""Faults of step 3: what a token reaches, and the list of users."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer, Json, json_answer, plain
from airisk_tui.sandbox.call import CONVERSATIONS_PATH, LIST_USERS_PATH, Call
from airisk_tui.sandbox.faults.fault import Answering, Fault, always

MANY: Final = 10_000
PAGE_SIZE: Final = 2  # so small that the demo users fill several pages
RETRY_AFTER: Final = "30"
NAMES: Final = (
    ("Ada", "Lovelace"),
    ("Łukasz", "Żółć"),
    ("花子", "山田"),
    ("ليلى", "حداد"),
    ("Анна", "Ковальова"),
    ("नेहा", "शर्मा"),
    ("Ελένη", "Παπαδοπούλου"),
    ("지우", "김"),
    ("שרה", "כהן"),
    ("สมชาย", "ใจดี"),
    ("ሰላም", "ተስፋዬ"),
    ("ნინო", "ბერიძე"),
)
RENAMED: Final = {"id": "UserID", "name": "DisplayName", "email": "EmailAddress"}


START_PAGE: Final = b"<!DOCTYPE html><html><head><title>AIRisk</title></head><body><div id=root></div></body></html>"


def _challenged(status: int, challenge: str) -> Answer:
    """A refusal as RFC 6750 §3 has it."""
    return Answer(status, headers=(("WWW-Authenticate", challenge),))


def _for_conversations(answer: Answer) -> Answering:
    """Gives this answer to GetConversations at its documented path, and none of its own to others."""
    return lambda call: answer if call.path == CONVERSATIONS_PATH else None


def _login(call: Call) -> Answer:
    return Answer(302, headers=(("Location", f"/Account/Login?ReturnUrl={quote(call.path, safe='')}"),))


def _numbered(number: int) -> Json:
    given, family = NAMES[number % len(NAMES)]
    return {"id": f"user_{number}", "name": f"{given} {family} {number}", "email": f"user_{number}@example.com"}


def _paged(document: Json, call: Call) -> Json:
    """One page of the list, and where the next one is."""
    items = document if isinstance(document, list) else []
    asked = call.query.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    end = page * PAGE_SIZE
    following = f"{LIST_USERS_PATH}?page={page + 1}" if end < len(items) else None
    return {"items": items[max(end - PAGE_SIZE, 0) : end], "page": page, "total": len(items), "next": following}


def _renamed(document: Json, _call: Call) -> Json:
    items = document if isinstance(document, list) else []
    return [{RENAMED.get(k, k): v for k, v in item.items()} if isinstance(item, dict) else item for item in items]


ACCESS_FAULTS = (
    Fault(
        name="generic-accepted-everywhere",
        where="access",
        sentence="A generic token reaches the users-only endpoints too.",
        policy={"generic_reaches_all": True},
    ),
    Fault(
        name="conversations-moved",
        where="access",
        sentence="GetConversations is not where the documentation has it: only /api/Chat/GetConversations is there.",
        answer=_for_conversations(Answer(404)),
    ),
    Fault(
        name="api-audience",
        where="access",
        sentence="The protected endpoints expect another audience, and say so with 401.",
        answer=always(
            _challenged(401, 'Bearer error="invalid_token", error_description="The audience \'airisk\' is invalid"')
        ),
    ),
    Fault(
        name="api-scope",
        where="access",
        sentence="GetConversations requires a scope that no token has, and says so with 403.",
        answer=_for_conversations(_challenged(403, 'Bearer error="insufficient_scope", scope="conversations.read"')),
    ),
    Fault(
        name="authorization-dropped",
        where="access",
        sentence="A proxy drops the Authorization header, so every call is answered as one without a token.",
        answer=always(_challenged(401, "Bearer")),
    ),
    Fault(
        name="api-login",
        where="access",
        sentence="The protected endpoints redirect to a login page.",
        answer=_login,
    ),
    Fault(
        name="start-page",
        where="access",
        sentence="The protected endpoints answer 200 with the start page of the web application.",
        answer=always(Answer(200, "text/html; charset=utf-8", START_PAGE)),
    ),
    Fault(
        name="list-users-empty",
        where="access",
        sentence="ListUsers answers with an empty list.",
        users=lambda _document, _call: [],
    ),
    Fault(
        name="list-users-paged",
        where="access",
        sentence="ListUsers answers with two users at a time and names the next page.",
        users=_paged,
    ),
    Fault(
        name="list-users-many",
        where="access",
        sentence="ListUsers answers with 10,000 users whose names are in many scripts.",
        users=lambda _document, _call: [_numbered(number) for number in range(MANY)],
    ),
    Fault(
        name="list-users-renamed",
        where="access",
        sentence="ListUsers calls its fields UserID, DisplayName and EmailAddress.",
        users=_renamed,
    ),
    Fault(
        name="refusal-in-success",
        where="access",
        sentence="The protected endpoints refuse with status 200 and a JSON document that says so.",
        answer=always(json_answer(200, {"success": False, "message": "Not authorized"})),
    ),
    Fault(
        name="probe-429",
        where="access",
        sentence="The protected endpoints answer 429 with Retry-After.",
        answer=always(replace(plain(429, "Too many requests"), headers=(("Retry-After", RETRY_AFTER),))),
    ),
    Fault(
        name="probe-slow",
        where="access",
        sentence="The protected endpoints take seconds to answer.",
        policy={"slow": frozenset({"access"})},
    ),
)
