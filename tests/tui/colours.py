"""What pairs of colours become so that they can be read, on terminals of every kind."""

from __future__ import annotations

from itertools import product

from rich.style import Style

from airisk_tui.tui.shared.drawing.contrast import MARK, TEXT, Terminal, readable

FRONTS = ("default", "#000000", "#303030", "#8a2be2", "#a6a6a6", "#ffff00", "color(1)", "color(12)")
BACKS = ("default", "#000000", "#1e1e1e", "#0178d4", "#ffffff", "color(7)")


def colours() -> str:
    """A paragraph for each pair, with a line for each terminal: for a mark, and for text."""
    return "\n".join(_of(Style(color=front, bgcolor=back, dim=True)) for front, back in product(FRONTS, BACKS))


def _of(style: Style) -> str:
    lines = [f"{style.color.name if style.color else ''} on {style.bgcolor.name if style.bgcolor else ''}"]
    for number, dark in product((16, 256, 2**24), (True, False)):
        mark, words = (str(readable(style, need, Terminal(number, dark))) for need in (MARK, TEXT))
        lines.append(f"  {number} colours, {'dark' if dark else 'light'}: {mark}; {words}")
    return "\n".join(lines) + "\n"
