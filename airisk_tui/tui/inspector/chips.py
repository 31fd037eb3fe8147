"""Text from outside with its secrets drawn as chips: `‹code · 22 characters · 3fa9…›` in place of a placeholder.

A chip shows what may be known of a secret outside of memory (oauth.secret): what it is, its length, its fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from textual.content import Content

from airisk_tui.oauth.secret import REFERENCE, secrets_named
from airisk_tui.oauth.text import shortened, visible

Unseal = Callable[[str], str]

CHIP = "$foreground on $accent-muted"
BARE = "bold $text-warning"
MAX_CHIPS = 500
"""Chips in one text: a hostile body of 64 KiB could hold 1,900."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """names: what each known fingerprint is; unseal: the session's, or None; revealed: a person asked for raw values."""

    names: Mapping[str, str] = field(default_factory=dict)
    unseal: Unseal | None = None
    revealed: bool = False

    def raw(self, placeholder: str) -> str | None:
        """The raw value behind a placeholder when it was asked for and is in memory, else None."""
        if not self.revealed or self.unseal is None:
            return None
        value = self.unseal(placeholder)
        return None if value == placeholder else value


def chipped(text: str, secrets: Secrets, style: str = "", *, limit: int, lines: bool = False) -> Content:
    """Foreign text as content, placeholders as chips; the limit counts characters of what is not a chip."""
    parts: list[Content] = []
    position = 0
    for found in list(REFERENCE.finditer(text))[:MAX_CHIPS]:
        if found.start() > limit:
            break
        parts.append(_plain(text[position : found.start()], style, lines))
        parts.append(chip(found[0], secrets))
        position = found.end()
    rest = shortened(text[position:], max(0, limit - position)) if len(text) > limit else text[position:]
    parts.append(_plain(rest, style, lines))
    return Content.assemble(*parts)


def chip(placeholder: str, secrets: Secrets) -> Content:
    """One secret: its chip, or its raw value when that was asked for and is known."""
    if REFERENCE.fullmatch(placeholder) is None:
        return _plain(placeholder, "", False)
    raw = secrets.raw(placeholder)
    if raw is not None:
        return Content.styled(visible(shortened(raw, MAX_RAW)), BARE)
    words = secrets_named(placeholder, secrets.names)
    return Content.styled(f"{words[:-1]} · not kept›" if secrets.revealed else words, CHIP)


MAX_RAW = 8 * 1024
"""Characters of a raw secret that are shown: tokens that servers accept in a header end here (nginx, Kestrel: 8 KiB)."""


def _plain(text: str, style: str, lines: bool) -> Content:
    return Content.styled(visible(text, lines=lines), style)
