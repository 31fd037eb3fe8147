"""A filter that keeps every line readable: text has a contrast of at least 4.5 to its background, marks one of 3, in every theme and
with every number of colours (WCAG 2.2 §1.4.3, §1.4.11).

Widgets mix the ten colours of a theme, and no theme keeps every mixture readable; a terminal with fewer colours shows different
ones as the same. So this filter moves a colour that is too weak towards black or white, or in 16 colours to the nearest readable one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.color import ColorSystem, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

TEXT = 4.5
MARK = 3.0

STEPS = 24
"""Shades between a colour and black or white that are tried; more cannot be told apart."""

Triplet = tuple[int, int, int]

VGA: tuple[Triplet, ...] = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255)),
    (255, 255, 255),
)
"""The 16 colours of the Linux console."""

XTERM: tuple[Triplet, ...] = (
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)),
    *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255)),
    (255, 255, 255),
)
"""The 16 colours of xterm. The palettes of other terminals lie between these two, so what is readable in both is readable there."""


class Terminal(NamedTuple):
    """colors: how many the terminal shows: 16, 256, or 2**24; dark: whether its background is."""

    colors: int
    dark: bool


def luminance(color: Triplet) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Triplet, other: Triplet) -> float:
    """From 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def wanted(text: str) -> float:
    """The contrast that a segment needs: 0 for blanks and for block characters, which are surfaces."""
    if not text or text.isspace():
        return 0.0
    if any(character.isalnum() for character in text):
        return TEXT
    return 0.0 if all(character == " " or "\u2580" <= character <= "\u259f" for character in text) else MARK


class ReadableFilter(LineFilter):
    """terminal: says what the terminal shows; called for each line, because a person may choose another theme."""

    def __init__(self, terminal: Callable[[], Terminal]) -> None:
        super().__init__()
        self._terminal = terminal

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line, with colours that can be read."""
        terminal = self._terminal()
        return [
            Segment(text, readable(style, need, terminal), control)
            if style is not None and (need := wanted(text))
            else Segment(text, style, control)
            for text, style, control in segments
        ]


@lru_cache(maxsize=4096)
def readable(style: Style, need: float, terminal: Terminal) -> Style:
    """The style with its foreground changed as little as the needed contrast allows."""
    fronts, backs = _shown(style.color, terminal, ground=False), _shown(style.bgcolor, terminal, ground=True)
    named = terminal.colors == 16 or len({*fronts, *backs}) > 2 or _unknown(style.color) or _unknown(style.bgcolor)
    if named:
        return _of_sixteen(style, backs, need, terminal)
    if contrast(fronts[0], backs[0]) >= need:
        return style
    return style + Style(color=_shade(fronts[0], backs[0], need, terminal))


def _unknown(color: RichColor | None) -> bool:
    return color is None or color.is_default


def _shown(color: RichColor | None, terminal: Terminal, *, ground: bool) -> tuple[Triplet, Triplet]:
    """A colour as the two most different terminals show it. ground: whether it is a background."""
    if color is None or color.is_default:
        light = terminal.dark is not ground
        return ((255, 255, 255),) * 2 if light else ((0, 0, 0),) * 2
    if terminal.colors == 16 or color.type is ColorType.STANDARD:
        number = color.downgrade(ColorSystem.STANDARD).number or 0
        return VGA[number], XTERM[number]
    red, green, blue = (color.downgrade(ColorSystem.EIGHT_BIT) if terminal.colors == 256 else color).get_truecolor()
    return ((red, green, blue),) * 2


def _shade(front: Triplet, back: Triplet, need: float, terminal: Terminal) -> RichColor:
    """The front colour mixed with as little black or white as is needed: the one of the two that differs more from the background."""
    end = 255 if contrast((255, 255, 255), back) >= contrast((0, 0, 0), back) else 0
    for step in range(1, STEPS + 1):
        red, green, blue = (round(part + (end - part) * step / STEPS) for part in front)
        shade = RichColor.from_rgb(red, green, blue)
        if contrast(_shown(shade, terminal, ground=False)[0], back) >= need:
            return shade
    return RichColor.from_rgb(end, end, end)


def _of_sixteen(style: Style, backs: tuple[Triplet, Triplet], need: float, terminal: Terminal) -> Style:
    """The readable one of the terminal's own colours that is nearest to the style's; the default colours where none is readable."""
    plain = style + Style(dim=False) if style.dim else style
    fronts = _shown(style.color, terminal, ground=False)
    if _worst(fronts, backs) >= need:
        return plain
    for number in sorted(range(16), key=lambda each: _distance(VGA[each], fronts[0])):
        if _worst((VGA[number], XTERM[number]), backs) >= need:
            return plain + Style(color=RichColor.from_ansi(number))
    return plain + Style(color=RichColor.default(), bgcolor=RichColor.default())


def _worst(fronts: tuple[Triplet, Triplet], backs: tuple[Triplet, Triplet]) -> float:
    return min(map(contrast, fronts, backs))


def _distance(one: Triplet, other: Triplet) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
