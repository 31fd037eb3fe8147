"""The second guard on the way to the terminal (threats.md S1): nothing leaves that a terminal would obey.

Textual passes control characters through unchanged; `tui.text` is the first guard, this one takes out what slipped by it.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"


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
    """Replaces every character that is not printable in what reaches the driver."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments when they are clean, which is nearly always."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(pictured(text), style, control) for text, style, control in segments]
