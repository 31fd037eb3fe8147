"""Which member of a token response says when the token ends: the dialect's, `expires_in`, or one that is named as such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from airisk_tui.later import pattern
from airisk_tui.oauth.expiry import Expiry, read_expiration, read_lifetime
from airisk_tui.oauth.members import Member, at_path, every_member


def expiry_of(document: Any, around: dict[str, Any], name: str, received: float) -> tuple[Expiry | None, str | None]:
    """When the token ends, and the name or path that says so; (None, None) where nothing does.

    around: the object that holds the token; name: as the dialect has it, looked for there and then from the document's root;
    received: when the answer came, in epoch seconds. Of several the first that can be read counts.
    """
    first: tuple[Expiry | None, str | None] = (None, None)
    for path, value in _candidates(document, around, name):
        expiry = _read(path, value, received)
        if expiry.at is not None:
            return expiry, path
        first = first if first[0] is not None else (expiry, path)
    return first


def _candidates(document: Any, around: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    if name in around:
        yield name, around[name]
    elif (value := at_path(document, name)) is not None:
        yield name, value
    if name != "expires_in" and "expires_in" in around:
        yield "expires_in", around["expires_in"]
    for member in (Member((own,), value) for own, value in around.items()):
        if _names_an_end(member):
            yield member.name, member.value
    for member in every_member(document):
        if member.within is None and member.depth > 1 and _names_an_end(member) and not _OTHERS.search(member.path):
            yield member.path, member.value


def _names_an_end(member: Member) -> bool:
    """Whether a member is named as the end of the token, and holds what can be one."""
    value = member.value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return _END.fullmatch(_plain(member.name)) is not None


_UNITS = {
    "ms": 0.001,
    "msec": 0.001,
    "millis": 0.001,
    "milliseconds": 0.001,
    "minutes": 60.0,
    "hours": 3600.0,
    "days": 86_400.0,
}
_END = pattern(
    r"(?:access)?(?:token)?(?:jwt)?"
    r"(?:exp|expires?|expired|expiry|expiration|expirationdate|validity|valid(?=to|until|till|for)|notafter|ttl|lifetime|lifespan)"
    rf"(?:in|on|at|to|for|until|till|utc|date|time|datetime|timestamp|epoch|unix|secs?|seconds|s|{'|'.join(_UNITS)})*"
)
_LIFETIME = pattern(rf".*(?:in|for|ttl|lifetime|lifespan|validity)(?:secs?|seconds|s|time|{'|'.join(_UNITS)})*")
_OTHERS = pattern(r"refresh|id_?token|session|cookie|code|user|secret|password|client", re.IGNORECASE)
"""In a path: what else than the access token may end."""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _read(path: str, value: Any, received: float) -> Expiry:
    name = _plain(path if path.startswith(".") else path.rpartition(".")[2])
    if not _LIFETIME.fullmatch(name):
        return read_expiration(value, received)
    unit = next((size for word, size in _UNITS.items() if name.endswith(word)), 1.0)
    return read_lifetime(value, received, unit)
