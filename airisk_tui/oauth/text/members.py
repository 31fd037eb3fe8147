"""Members of a JSON document at any depth: by a path such as `data.tokens.0.access_token`, and by looking through them all."""

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
"""Members that are looked through; a token response has a dozen."""

MAX_TEXTS = 3
"""Documents that may stand in one another, each as a text of the one before."""


class Member(Struct, frozen=True):
    """A member of a JSON document. names: the way from the document, of members and of places in lists; within: the path of the text
    in which the document stands, "" for the whole body, None where it stands in none; depth: how many objects and lists are around it."""

    names: tuple[str, ...]
    value: Any
    within: str | None = None

    @property
    def path(self) -> str:
        """The names joined by dots, as a dialect has them."""
        return ".".join(self.names)

    @property
    def name(self) -> str:
        return self.names[-1]

    @property
    def depth(self) -> int:
        return len(self.names)


def holder(document: Any, path: str) -> tuple[Any, str]:
    """The object that holds the last name of a path, and that name. A member whose own name is the whole path comes first."""
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
    """A name as it is compared where servers spell it each in their own way: without capital letters and signs."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def leaves(value: Any, path: str = "", *, lists: bool = False) -> Iterator[tuple[str, str]]:
    """What stands in no further object, and with `lists` in no further list, each by its path (`realm_access.roles`, `users[0].id`)
    and as text: JSON where it is no text already."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from leaves(member, f"{path}.{name}" if path else name, lists=lists)
    elif lists and isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]", lists=lists)
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def every_member(document: Any) -> Iterator[Member]:
    """Each member of every object, the nearest first; of lists only what stands in their objects. Total, up to MAX_MEMBERS.

    A text that is a JSON document itself is looked through, too.
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
