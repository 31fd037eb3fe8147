"""The door to the screen (threats.md S1 to S3): foreign text becomes `Content` here, and markup is never parsed."""

from __future__ import annotations

from textual.content import Content

from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text import shortened, visible

MAX_SHOWN = 4_000
"""Characters of one value on a screen of 140x45 cells, which has 6,300; the inspector shows the rest in pieces (S4)."""


def shown(text: str, style: str = "", *, lines: bool = False, limit: int = MAX_SHOWN) -> Content:
    """Foreign text as content: exact, harmless, at most `limit` characters; a secret's placeholder as a person reads it."""
    return Content.styled(visible(shortened(secrets_named(text), limit), lines=lines), style)
