"""Fixes that a program can carry out: one field of the form and its new value. A person still looks at it, and runs.

A value may come from a server. So it is offered only as long as it hides nothing and leads the client secret and the code
to no host where they do not go anyway (threats.md S3, F5).
"""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import Change, ChangeField
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.text import visible

MAX_CHANGED = 2_000
"""Characters of a value that is filled in; a longer one is looked at first, and copied by hand."""


def change(field: ChangeField, value: str) -> Change | None:
    """The change to a value, or None when it is empty or holds what cannot be seen."""
    plain = value and len(value) <= MAX_CHANGED and value == visible(value) == value.strip()
    return Change(field, value) if plain else None


def redirect_to(uri: str) -> Change | None:
    """The change to a redirect URI that a server or a browser named: only one that leads to this machine."""
    return change("redirect_uri", uri) if is_loopback(_host(uri)) else None


def base_to(context: Context, base: str) -> Change | None:
    """The change to a base URL: only on the host that the secret goes to anyway, and not from https to http."""
    ours = context.inputs.base_url
    weaker = ours.startswith("https:") and not base.startswith("https:")
    return change("base_url", base) if _host(base) and _host(base) == _host(ours) and not weaker else None


def _host(url: str) -> str:
    """The host of a URL, or "" where it is in doubt: readers differ over "https://a\\@b" (WHATWG URL §4.4)."""
    parts = split_url(url)
    return "" if parts is None or "@" in parts.netloc or "\\" in url else (parts.hostname or "")
