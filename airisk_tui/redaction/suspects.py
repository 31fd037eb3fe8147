"""Values that look like a code or a token though no name says so: a server of its own dialect may call them anything.

Only looked for where a code or a token is due: in an authorization answer, in the redirect and in a successful token
response (threats.md F1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.jsontext import read_json
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE

OPEN_NAMES = frozenset(
    (
        *("state", "iss", "client_id", "redirect_uri", "userid", "user_id", "session_state", "scope", "token_type"),
        *("expiration", "expires_in", "expires_at", "issued_at", "traceid", "trace_id", "requestid", "correlationid"),
        *("sub", "aud", "id", "type", "title", "status", "detail", "instance", "message"),
    )
)
"""Names in lower case whose values open nothing, or are needed to find a request again."""

_RANDOM = pattern(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w~+/=.-]{16,}")
"""Sixteen characters and more with letters and digits among them, and nothing that a sentence, a date or a URL has."""

_BARE = pattern(r"[A-Za-z0-9._~+/=-]{4,4096}")
"""Of a body that is nothing else: shorter than `_RANDOM`, because a body is no place for chance."""

_WORD = pattern(r"(?:(?<=%[0-9A-Fa-f]{2})|(?<![%A-Za-z0-9+_~-]))[A-Za-z0-9+_~-]{16,}={0,2}")
"""In a text: without the signs that join the parts of an address, so that each part is looked at by itself."""

_W3C = pattern(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""A trace-context value (protocol.md, "Outcomes"), by which a request is found again."""

_DIGIT = pattern(r"[0-9]")
_SYLLABLE = pattern(r"[A-Za-z]?[a-z]*[0-9]{0,2}|[A-Z]+[0-9]{0,2}|[0-9]{1,4}")

_TRACE = pattern(
    r"\b(?:trace|request|correlation|activity)[ _-]?id\b[^A-Za-z0-9]{0,20}(?:[|0-9a-fA-F.-]{8,80}|0H[A-Z0-9]{11})",
    re.IGNORECASE,
)
"""By what a request is found again, and in which form ASP.NET writes it."""

_PASSED_OVER = pattern(f"{REFERENCE.pattern}|{_TRACE.pattern}", re.IGNORECASE)

_ORIGIN = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/]*)?|//[^/]*")


def in_query(text: str, ours: str = "") -> Iterator[str]:
    """Of a redirect's query or fragment, or of a form_post body. ours: every text of our own that may stand in it."""
    for part in re.split(r"[?#]", text):
        yield from (value for name, value in Params.parse(part) if value not in ours and _suspect(name, value))


def in_token_response(response: HttpResponse) -> Iterator[str]:
    """Of the members of a successful token response, however deep, and of a body that is one bare value."""
    if not 200 <= response.status < 300:
        return
    yield from _members("", read_json(response.body.data).value)


def bare_code(text: str, ours: str) -> str | None:
    """The one word that a body is, where it looks like a code and is none of ours; else None."""
    word = text.strip().strip("\"'")
    odd = bool(re.search(r"[0-9]|[a-z][A-Z]", word)) or len(word) >= 16
    return word if odd and _BARE.fullmatch(word) and word not in ours and not _readable(word) else None


def in_members(value: Any, ours: str) -> Iterator[str]:
    """Of the members of an authorization answer in JSON, and of the sentences in them."""
    yield from _members("", value)
    for text in _texts("", value):
        yield from in_words(text, ours)


def in_words(text: str, ours: str) -> Iterator[str]:
    """Of a page or a sentence: the words that look random and that we did not send."""
    for found in _WORD.finditer(_TRACE.sub(" ", REFERENCE.sub(" ", text))):
        if found[0] not in ours and _DIGIT.search(found[0]) and not _readable(found[0]):
            yield found[0]


def words_replaced(text: str, words: frozenset[str], by: Callable[[str], str]) -> str:
    """The text with `by` of each of the words that `in_words` gave, read as there."""
    parts, done = [], 0
    for start, end in (*(found.span() for found in _PASSED_OVER.finditer(text)), (len(text), len(text))):
        parts += [_WORD.sub(lambda m: by(m[0]) if m[0] in words else m[0], text[done:start]), text[start:end]]
        done = end
    return "".join(parts)


def in_path(address: str, ours: str) -> Iterator[str]:
    """Of an address's path: what looks random there, and what stands behind the whole of one of our own addresses."""
    place = re.split(r"[?#]", address, maxsplit=1)[0]
    owns = [one for own in ours.split() if "://" in own for one in (own, own.partition("://")[2].partition("/")[2])]
    behind = next(
        (place[len(own) :] for own in owns if own and place.lstrip("/").startswith(own.rstrip("/") + "/")), ""
    )
    for segment in filter(None, _ORIGIN.sub("", place).split("/")):
        word = unquote(segment)
        if word not in ours and (f"/{segment}" in behind or _RANDOM.fullmatch(word)) and not _readable(word):
            yield word


def _readable(word: str) -> bool:
    """Whether what looks random is not: a trace-context value, words and small numbers that are joined, or what is sealed."""
    return bool(_W3C.fullmatch(word) or REFERENCE.search(word)) or all(
        map(_SYLLABLE.fullmatch, re.split(r"[._=+~-]+", word))
    )


def _texts(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(key, member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(name, member)
    elif isinstance(value, str) and not _identifies(name):
        yield value


def _identifies(name: str) -> bool:
    """Whether a name says that a request is found again by what stands there."""
    return re.sub(r"[_-]", "", name.lower()) in ("traceid", "requestid", "correlationid", "activityid", "state")


def _members(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _members(key, member)
    elif isinstance(value, list):
        for member in value:
            yield from _members(name, member)
    elif isinstance(value, str) and _suspect(name, value):
        yield value


def _suspect(name: str, value: str) -> bool:
    lowered = name.lower()
    open_name = lowered in OPEN_NAMES or lowered.startswith("error")
    return not open_name and bool(_RANDOM.fullmatch(value)) and not REFERENCE.fullmatch(value)
