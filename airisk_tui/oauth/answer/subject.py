"""The user that a token or an answer names: the claims and members in which servers do so (RFC 7519 §4.1.2).

This is the only list of these names; AIRisk's clients use `userID` and `userId` (protocol.md, step 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from airisk_tui.later import pattern
from airisk_tui.oauth.text.members import plain_name

CLAIMS = (
    *("userid", "sub", "uid", "nameid", "oid", "id", "user", "preferredusername", "uniquename", "upn", "email", "act"),
    "httpschemasxmlsoaporgws200505identityclaimsnameidentifier",
)
"""Claims that name the user for whom a token acts, the likeliest first, in the form of `plain_name`."""

MEMBERS = frozenset({"userid", "ownerid", "sub", "uid", "userguid"})
"""Members of an answer that name the user to whom it belongs, in the form of `plain_name`."""

PEOPLE = frozenset({"user", "owner"})
"""Members whose value is a user, as an object or as an id."""

IDS = ("id", "userid", "uid", "sub", "guid", "uuid")
"""Members of such an object that hold the id, the likeliest first."""

MAX_NAMED = 200
"""The most members of an answer that are searched."""


class Named(NamedTuple):
    """A user id in a token or an answer. path: the claim or member that holds it, such as `user.id`; value: the id as text."""

    path: str
    value: str


def subject_of(claims: dict[str, Any]) -> Named | None:
    """The likeliest claim that names the user for whom a token acts, or None."""
    by_name = {plain_name(name): name for name in reversed(claims)}
    named = (by_name[name] for name in CLAIMS if name in by_name)
    return next((Named(name, text) for name in named if (text := as_id(claims[name]))), None)


def users_named(value: Any, *, whole: bool = False) -> tuple[Named, ...]:
    """The users to whom an answer belongs, by its members. whole: whether the answer as a whole describes one user."""
    named = list(_ids("", value)) if whole and isinstance(value, dict) else []
    for found, _ in zip(_named("", value), range(MAX_NAMED), strict=False):
        named.append(found)
    return tuple(named)


def contains_user(value: Any, userid: str) -> bool:
    """Whether a value is this user's id, or contains it at any depth."""
    if isinstance(value, dict):
        return any(contains_user(member, userid) for member in value.values())
    if isinstance(value, list):
        return any(contains_user(member, userid) for member in value)
    return bool(text := as_id(value)) and same_user(text, userid)


def as_id(value: Any) -> str:
    """A text or a whole number as an id, "" for anything else."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def same_user(one: str, other: str) -> bool:
    """Whether two ids are equal, ignoring case, the braces of a GUID and surrounding spaces."""
    return one.strip(" {}").casefold() == other.strip(" {}").casefold()


def same_id_format(one: str, other: str) -> bool:
    """Whether two ids have the same format (`user_7` and `user_42`, two GUIDs, two numbers), so that neither is an internal id of the
    server."""
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
            if plain_name(name) in MEMBERS | PEOPLE and (text := as_id(member)):
                yield Named(here, text)
            elif plain_name(name) in PEOPLE and isinstance(member, dict):
                yield from _ids(here, member)
            else:
                yield from _named(here, member)


def _ids(path: str, value: dict[str, Any]) -> Iterator[Named]:
    by_name = {plain_name(name): name for name in reversed(value)}
    for name in (by_name[name] for name in IDS if name in by_name):
        if text := as_id(value[name]):
            yield Named(f"{path}.{name}" if path else name, text)
            return
