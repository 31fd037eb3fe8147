"""Chips: what is drawn in the place of a secret, such as `‹code · 22 characters · 3fa9…›`.

A chip shows what may be known of a secret outside of memory: its name, its length and the beginning of its fingerprint
(architecture.md, trust boundary).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field
from textual.content import Content

from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import shortened, visible

Unseal = Callable[[str], str]
"""Returns a text with raw values in the place of the references that it knows."""

CHIP = "$foreground on $accent-muted"
REVEALED = "bold $text-warning"

MAX_CHIPS = 500
"""Chips in one text: a hostile body of 64 KiB could hold 1,900."""

MAX_REVEALED = 8 * 1024
"""Characters of a raw secret that are shown: servers accept no longer token in a header (nginx, Kestrel: 8 KiB)."""


class Secrets(Struct, frozen=True):
    """How secrets are drawn.

    names: by fingerprint; unseal: None where no raw value can be in memory; revealed: whether a person asked for raw values.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    unseal: Unseal | None = None
    revealed: bool = False

    def raw(self, reference: str) -> str | None:
        """The raw value of a secret if a person asked for raw values and it is in memory, else None."""
        if not self.revealed or self.unseal is None:
            return None
        value = self.unseal(reference)
        return None if value == reference else value


def with_chips(text: str, secrets: Secrets, style: str = "", *, limit: int) -> Content:
    """Foreign text as content, with a chip for each secret. limit: in characters, without those of chips."""
    parts: list[Content] = []
    position = 0
    for found in list(REFERENCE.finditer(text))[:MAX_CHIPS]:
        if found.start() > limit:
            break
        parts.append(_plain(text[position : found.start()], style))
        parts.append(chip(found[0], secrets))
        position = found.end()
    rest = shortened(text[position:], max(0, limit - position)) if len(text) > limit else text[position:]
    parts.append(_plain(rest, style))
    return Content.assemble(*parts)


def chip(reference: str, secrets: Secrets) -> Content:
    """The chip of one secret, or its raw value where that was asked for and is known."""
    if REFERENCE.fullmatch(reference) is None:
        return _plain(reference, "")
    raw = secrets.raw(reference)
    if raw is not None:
        return Content.styled(visible(shortened(raw, MAX_REVEALED)), REVEALED)
    text = secrets_named(reference, secrets.names)
    return Content.styled(f"{text[:-1]} · not kept›" if secrets.revealed else text, CHIP)


def _plain(text: str, style: str) -> Content:
    return Content.styled(visible(text), style)
