"""Values that look like a code or a token though no name says so: a server of its own dialect may call them anything.

Only looked for where a code or a token is due, in the redirect and in a successful token response (threats.md F1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.jsontext import read_json
from airisk_tui.oauth.params import Params

OPEN_NAMES = frozenset(
    (
        *("state", "iss", "client_id", "redirect_uri", "userid", "user_id", "session_state", "scope", "token_type"),
        *("expiration", "expires_in", "expires_at", "issued_at", "traceid", "trace_id", "requestid", "correlationid"),
        *("sub", "aud", "id", "type", "title", "status", "detail", "instance", "message"),
    )
)
"""Lower case; what stands under them is known not to open anything, or is needed to find a request again."""

_RANDOM = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w~+/=.-]{16,}")
"""Sixteen characters and more with letters and digits among them, and nothing that a sentence, a date or a URL has."""


def in_query(text: str) -> Iterator[str]:
    """Of a redirect's query or fragment, or of a form_post body."""
    for part in re.split(r"[?#]", text):
        yield from (value for name, value in Params.parse(part) if _suspect(name, value))


def in_token_response(response: HttpResponse) -> Iterator[str]:
    """Of the members of a successful token response, however deep, and of a body that is one bare value."""
    if not 200 <= response.status < 300:
        return
    yield from _members("", read_json(response.body.data).value)


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
    return lowered not in OPEN_NAMES and not lowered.startswith("error") and bool(_RANDOM.fullmatch(value))
