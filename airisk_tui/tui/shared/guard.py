"""The second guard before the terminal (threats.md S1): no character leaves that a terminal would obey.

Textual 8.2 passes control characters through unchanged. `shared.text` is the first guard; this one catches what the first one missed.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"


def pictured(text: str) -> str:
    """The text with a visible character for each that is not printable. The length stays, so that a cursor fits it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _picture(c) for c in text)


def _picture(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    return "\N{SYMBOL FOR DELETE}" if point == 0x7F else SUBSTITUTE


class HostileFilter(LineFilter):
    """Replaces the characters that are not printable in everything that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line; the same ones where all is printable, which is nearly always."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(pictured(text), style, control) for text, style, control in segments]
