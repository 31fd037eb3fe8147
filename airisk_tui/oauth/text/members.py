"""Members of a JSON document at any depth: by a path such as `data.tokens.0.access_token`, or all of them."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from airisk_tui.oauth.reference import unmarked
from airisk_tui.oauth.text.lenient_json import read_json

MAX_MEMBERS = 2_000
"""The most members that are searched; a token response has a dozen."""

MAX_TEXTS = 3
"""The most JSON documents that may be nested, each as a string in the one before."""


class Member(Struct, frozen=True):
    """A member of a JSON document. names: the path to it, of member names and list indexes; within: the path of the string that
    contains the document, "" if that is the whole body, None if the document is not in a string; depth: how many objects and lists
    contain it."""

    names: tuple[str, ...]
    value: Any
    within: str | None = None

    @property
    def path(self) -> str:
        """The names joined by dots, as in a dialect."""
        return ".".join(self.names)

    @property
    def name(self) -> str:
        return self.names[-1]

    @property
    def depth(self) -> int:
        return len(self.names)


def holder(document: Any, path: str) -> tuple[Any, str]:
    """The object that has the last name of a path as a member, and that name. A member whose own name is the whole path takes
    precedence."""
    if isinstance(document, dict) and path in document:
        return document, path
    *steps, last = path.split(".")
    for step in steps:
        document = _inside(document, step)
    return document, last


def at_path(document: Any, path: str) -> Any:
    """The value at a path, or None."""
    return _inside(*holder(document, path))


def _inside(around: Any, name: str) -> Any:
    if isinstance(around, dict):
        return around.get(name)
    if isinstance(around, list) and name.isascii() and name.isdecimal() and len(name) < 6:
        return around[int(name)] if int(name) < len(around) else None
    return None


def plain_name(name: str) -> str:
    """A name in lower case without punctuation, to compare different spellings: `user_id` and `userID` become `userid`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def leaves(value: Any, path: str = "", *, lists: bool = False) -> Iterator[tuple[str, str]]:
    """Every value that is not an object (with `lists`, nor a list), as its path (`realm_access.roles`, `users[0].id`) and its text,
    which is JSON unless the value is a string."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from leaves(member, f"{path}.{name}" if path else name, lists=lists)
    elif lists and isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]", lists=lists)
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def every_member(document: Any) -> Iterator[Member]:
    """The members of every object, the least deeply nested first, including those of objects in lists. Total, up to MAX_MEMBERS.

    A string that is itself a JSON document is searched too.
    """
    waiting: deque[tuple[Member, int]] = deque([(Member((), document), 0)])
    for _ in range(MAX_MEMBERS):
        if not waiting:
            return
        member, texts = waiting.popleft()
        if member.names and not member.name.isdecimal():
            yield member
        value, within = member.value, member.within
        if isinstance(value, str) and texts < MAX_TEXTS and value.lstrip()[:1] in ("{", "[", '"'):
            inner = read_json(value.encode("utf-8", "replace")).value
            if isinstance(inner, dict | list | str):
                place = member.path if within is None else within
                waiting.append((Member((), inner, place), texts + 1))
        elif isinstance(value, dict | list):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            waiting.extend(
                (Member((*member.names, unmarked(str(name))), inner, within), texts) for name, inner in pairs
            )
