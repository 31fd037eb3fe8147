"""Foreign text for the screen (threats.md S1 to S3): it becomes `Content` here, without parsing markup."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text import shortened, visible

MAX_SHOWN = 4_000
"""Characters of one value: two thirds of a screen of 140x45 cells (threats.md S4). The inspector shows the rest page by page."""

MAX_URL = 1_200
"""Characters of a URL that are shown (threats.md S4); a key copies all of it."""


def shown(text: str, style: str = "", *, lines: bool = False, limit: int = MAX_SHOWN) -> Content:
    """Foreign text as content: every control character visible, secrets as chips, at most `limit` characters.

    lines: whether line breaks are kept.
    """
    return Content.styled(visible(shortened(secrets_named(text), limit), lines=lines), style)


def update_changed(static: Static, words: Content) -> None:
    """Update a widget if its words have changed: `Static.update` lays out the whole screen, even for the same words."""
    before = static.content
    if not (isinstance(before, Content) and before.is_same(words)):
        static.update(words)


def linked(address: str) -> Content:
    """A URL as one link for the terminal, on however many lines it is drawn (OSC 8); as plain text where a character could end the link."""
    text = shown(address, "$text-accent", limit=MAX_URL)
    plain = address.isascii() and address.isprintable() and address.startswith(("http://", "https://"))
    return text.stylize(Style(link=address)) if plain and len(address) <= MAX_URL else text
