"""The door to the screen (threats.md S1 to S3): foreign text becomes `Content` here, and a filter guards the way out.

`shown` is for text that may hold anything; markup is never parsed. `HostileFilter` is the second guard: Textual passes
control characters through to the terminal unchanged, and whatever slipped by the first guard is taken out by it.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from airisk_tui.oauth.text import shortened, visible

MAX_SHOWN = 4_000
"""Characters of one value on a screen of 140x45 cells, which has 6,300; the inspector shows the rest in pieces (S4)."""

SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"


def shown(text: str, style: str = "", *, lines: bool = False, limit: int = MAX_SHOWN) -> Content:
    """Foreign text as content: exact, harmless, at most `limit` characters, never parsed as markup."""
    return Content.styled(visible(shortened(text, limit), lines=lines), style)


def pictured(text: str) -> str:
    """The text with one visible character for each of its own, so that a cursor stays in step with it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _picture(c) for c in text)


def _picture(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    return "\N{SYMBOL FOR DELETE}" if point == 0x7F else SUBSTITUTE


class HostileFilter(LineFilter):
    """Replaces every character that is not printable in what reaches the driver (threats.md S1)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments when they are clean, which is nearly always."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(pictured(text), style, control) for text, style, control in segments]
