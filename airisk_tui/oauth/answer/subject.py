"""Who is named: the claims of a token and the members of an answer under which servers name a user (RFC 7519 §4.1.2).

The one list of these names; AIRisk's clients know `userID` and `userId` (protocol.md, step 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from airisk_tui.later import pattern

CLAIMS = (
    *("userid", "sub", "uid", "nameid", "oid", "id", "user", "preferredusername", "uniquename", "upn", "email", "act"),
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
)
"""Claims that name whom a token acts for, the likeliest first, as `plain` writes them."""

MEMBERS = frozenset({"userid", "ownerid", "sub", "uid", "userguid"})
"""Members of an answer that name the user whom it belongs to, as `plain` writes them."""

PEOPLE = frozenset({"user", "owner"})
"""Members that hold a user as an object, or as an id."""

IDS = ("id", "userid", "uid", "sub", "guid", "uuid")
"""Members of such an object that are the id, the likeliest first."""

MAX_NAMED = 200
"""Members of an answer that are looked at."""


class Named(NamedTuple):
    """A user as a token or an answer names them. path: of the claim or member, as `user.id`; value: the id as text."""

    path: str
    value: str


def plain(name: str) -> str:
    """A name without regard to case and to the marks between its words: `user_id` and `userID` are one."""
    return name.lower() if ":" in name else re.sub(r"[_.-]", "", name.lower())


def subject_of(claims: dict[str, Any]) -> Named | None:
    """The first claim that names whom a token acts for."""
    by_name = {plain(name): name for name in reversed(claims)}
    named = (by_name[name] for name in CLAIMS if name in by_name)
    return next((Named(name, text) for name in named if (text := as_id(claims[name]))), None)


def users_named(value: Any, *, whole: bool = False) -> tuple[Named, ...]:
    """The users that an answer names as those whom it belongs to. whole: the answer itself is one user's."""
    named = list(_ids("", value)) if whole and isinstance(value, dict) else []
    for found, _ in zip(_named("", value), range(MAX_NAMED), strict=False):
        named.append(found)
    return tuple(named)


def names(value: Any, userid: str) -> bool:
    """Whether a value is this user's id, or holds it at any depth."""
    if isinstance(value, dict):
        return any(names(member, userid) for member in value.values())
    if isinstance(value, list):
        return any(names(member, userid) for member in value)
    return bool(text := as_id(value)) and same_user(text, userid)


def as_id(value: Any) -> str:
    """A text or a whole number as an id, "" for anything else."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def same_user(one: str, other: str) -> bool:
    """Whether two ids are one user's, without regard to case, to the braces of a GUID and to spaces around it."""
    return one.strip(" {}").casefold() == other.strip(" {}").casefold()


def same_form(one: str, other: str) -> bool:
    """Whether two ids are written in one way (`user_7` and `user_42`, two GUIDs, two numbers): then neither is an inner id."""
    return _form(one) == _form(other)


_GUID = pattern(r"\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?", re.IGNORECASE)


def _form(value: str) -> str:
    if _GUID.fullmatch(value):
        return "guid"
    if "@" in value:
        return "mail"
    return re.sub(r"[0-9]+", "0", value).casefold()


def _named(path: str, value: Any) -> Iterator[Named]:
    if isinstance(value, list):
        for member in value:
            yield from _named(path, member)
    elif isinstance(value, dict):
        for name, member in value.items():
            here = f"{path}.{name}" if path else name
            if plain(name) in MEMBERS | PEOPLE and (text := as_id(member)):
                yield Named(here, text)
            elif plain(name) in PEOPLE and isinstance(member, dict):
                yield from _ids(here, member)
            else:
                yield from _named(here, member)


def _ids(path: str, value: dict[str, Any]) -> Iterator[Named]:
    by_name = {plain(name): name for name in reversed(value)}
    for name in (by_name[name] for name in IDS if name in by_name):
        if text := as_id(value[name]):
            yield Named(f"{path}.{name}" if path else name, text)
            return
