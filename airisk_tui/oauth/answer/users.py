"""Reading ListUsers (protocol.md, step 3). Total over any body.

The documentation only says "ids and names", so every usual name of a member is tried, and all members are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from msgspec import Struct

from airisk_tui.oauth.answer.subject import as_id
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.text.lenient_json import MAX_JSON, is_number, read_json

ID_NAMES = ("id", "userid", "user_id", "uid", "sub", "uuid", "guid", "userguid", "identifier", "oid", "key")
NAME_NAMES = (
    *("name", "displayname", "display_name", "fullname", "full_name", "username", "user_name"),
    *("login", "email", "mail"),
)
LIST_NAMES = ("users", "items", "value", "data", "results", "records", "content", "list")
MORE_NAMES = (
    *("next", "nextlink", "@odata.nextlink", "nextpage", "next_page", "nextcursor", "next_cursor"),
    *("hasmore", "has_more"),
)
TOTAL_NAMES = ("total", "totalcount", "total_count", "@odata.count", "count")

MAX_USERS_JSON = 16 * MAX_JSON
"""Bytes: enough for 10,000 users with forty fields each."""


Candidates = tuple[tuple[str, ...], tuple[str, ...]]
"""The names of the members that may hold the id, and of those that may hold the name."""


class ListedUser(NamedTuple):
    """A user of the list. id: as text, whatever its JSON type is; name: "" if there is none; members: the whole JSON object, in
    order."""

    id: str
    name: str
    members: Mapping[str, Any]

    @property
    def fields(self) -> dict[str, str]:
        """Every member as text. Computed on demand, because a person sees forty of ten thousand users."""
        return {name: _as_text(value) for name, value in self.members.items()}


class UserList(Struct, frozen=True):
    """The users in an answer of ListUsers. users: those with an id; more: a sentence on how the server announces further users, or
    None; problem: a sentence on why there is no list, or None."""

    users: tuple[ListedUser, ...] = ()
    more: str | None = None
    problem: str | None = None


def read_users(response: HttpResponse) -> UserList:
    """The users in a response of ListUsers; `problem` says why there is no list."""
    if not response.succeeded:
        return UserList(problem=f"ListUsers answered with status {response.status}, not with a list of users.")
    reading = read_json(response.body.data, limit=MAX_USERS_JSON)
    if reading.error:
        return UserList(problem=f"ListUsers did not answer with JSON: {reading.error}")
    entries = _entries(reading.value)
    if entries is None:
        return UserList(problem="ListUsers answered with JSON that holds no list of users.")
    candidates = cache(_candidates)
    read = (_user(entry, candidates) for entry in entries)
    return UserList(tuple(user for user in read if user is not None), _more(reading.value, len(entries), response))


def _entries(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    by_name = {key.lower(): member for key, member in value.items()}
    named = [by_name[name] for name in LIST_NAMES if name in by_name]
    for member in (*named, *value.values()):
        if isinstance(member, list):
            return member
        inner = member.values() if isinstance(member, dict) else ()
        if (found := next((one for one in inner if isinstance(one, list)), None)) is not None:
            return found
    return None


def _user(entry: Any, candidates: Callable[[tuple[str, ...]], Candidates]) -> ListedUser | None:
    if own := as_id(entry):
        return ListedUser(own, "", {"id": own})
    if not isinstance(entry, dict):
        return None
    identities, names = candidates(tuple(entry))
    identity = _first(entry, identities)
    if identity is None:
        return None
    return ListedUser(identity, _first(entry, names) or "", entry)


def _candidates(keys: tuple[str, ...]) -> Candidates:
    """The members that may hold the id and those that may hold the name, the likeliest first.

    Cached by the keys, because most entries of a list have the same.
    """
    # Reversed, so that the first of `id` and `ID` is kept.
    by_name = {key.lower(): key for key in reversed(keys)}
    identities = tuple(by_name[name] for name in ID_NAMES if name in by_name)
    return identities, tuple(by_name[name] for name in NAME_NAMES if name in by_name)


def _first(entry: dict[str, Any], members: tuple[str, ...]) -> str | None:
    for member in members:
        value = entry[member]
        if type(value) is str and value:
            return value
        if (isinstance(value, str) or is_number(value)) and value != "":
            return str(value)
    return None


def _as_text(value: Any) -> str:
    """A JSON value as text: strings as they are, everything else as compact JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _more(value: Any, listed: int, response: HttpResponse) -> str | None:
    link = header(response.headers, "link")
    if link and 'rel="next"' in link.replace("'", '"'):
        return "the response has a Link header to a next page"
    if not isinstance(value, dict):
        return None
    by_name = {key.lower(): (key, member) for key, member in value.items()}
    for name in MORE_NAMES:
        key, member = by_name.get(name, ("", None))
        if member not in (None, False, "", 0):
            return f"`{key}` in the response says that there is a next page"
    for name in TOTAL_NAMES:
        key, member = by_name.get(name, ("", None))
        if isinstance(member, int) and not isinstance(member, bool) and member > listed:
            return f"`{key}` in the response says that there are {member:,}"
    return None
