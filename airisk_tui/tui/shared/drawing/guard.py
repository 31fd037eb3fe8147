"""A filter that keeps control characters from the terminal (threats.md S1).

Textual 8.2 passes them through unchanged. `drawing.text` makes foreign text safe; this filter catches what did not go through there.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"


def without_controls(text: str) -> str:
    """The text with a visible character in the place of each that is not printable. Its length stays the same, as a cursor needs it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _stand_in(c) for c in text)


def _stand_in(character: str) -> str:
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
        return [Segment(without_controls(text), style, control) for text, style, control in segments]
