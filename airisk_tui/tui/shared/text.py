"""Foreign text for the screen (threats.md S1 to S3): it becomes `Content` here, and markup is never parsed."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text import shortened, visible

MAX_SHOWN = 4_000
"""Characters of one value: two thirds of a screen of 140x45 cells. The inspector shows the rest in pieces (threats.md S4)."""

MAX_URL = 1_200
"""Characters of an address that are shown (threats.md S4); a key copies the whole of it."""


def shown(text: str, style: str = "", *, lines: bool = False, limit: int = MAX_SHOWN) -> Content:
    """Foreign text as content: every control character visible, secrets as chips, at most `limit` characters.

    lines: whether line breaks are kept.
    """
    return Content.styled(visible(shortened(secrets_named(text), limit), lines=lines), style)


def update_changed(static: Static, words: Content) -> None:
    """Let a widget show these words; `Static.update` lays the whole screen out again, also for the same ones."""
    before = static.content
    if not (isinstance(before, Content) and before.is_same(words)):
        static.update(words)


def linked(address: str) -> Content:
    """An address, which the terminal opens as one however it wraps (OSC 8), where no character of it could end the link."""
    text = shown(address, "$text-accent", limit=MAX_URL)
    plain = address.isascii() and address.isprintable() and address.startswith(("http://", "https://"))
    return text.stylize(Style(link=address)) if plain and len(address) <= MAX_URL else text
