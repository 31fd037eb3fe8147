"""Every screen can be read in every theme and with every number of colours (WCAG 2.2 §1.4.3, §1.4.11)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich._palettes import STANDARD_PALETTE
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from airisk_tui.recording.disk.library import Library
from airisk_tui.tui.shared.drawing.contrast import MARK, TEXT, VGA, XTERM, Terminal, Triplet, contrast, readable, wanted
from tests.tui.conftest import TuiOpener
from tests.tui.every_screen import open_all

EVERYDAY = {"textual-dark", "textual-light", "ansi-dark"}
"""A dark theme, a light one, and one that leaves the colours to the terminal."""

BLACK, WHITE = (0, 0, 0), (255, 255, 255)

rgb = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: Color.from_rgb(*parts))
colors = st.one_of(st.just(Color.default()), st.integers(0, 15).map(Color.from_ansi), rgb)


def shown(color: Color | None, default: Triplet, palette: tuple[Triplet, ...]) -> Triplet:
    if color is None or color.is_default:
        return default
    if color.number is not None and color.number < 16:
        return palette[color.number]
    red, green, blue = color.get_truecolor()
    return red, green, blue


@lru_cache(maxsize=4096)
def weakest(style: Style, dark: bool) -> float:
    ends = (WHITE, BLACK) if dark else (BLACK, WHITE)
    return min(contrast(shown(style.color, ends[0], p), shown(style.bgcolor, ends[1], p)) for p in (VGA, XTERM))


XTERM_COL = (
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
)
"""The colours of xterm's resource file XTerm-col.ad."""


def test_the_palettes_are_those_of_the_terminals() -> None:
    assert [*VGA] == [tuple(STANDARD_PALETTE[number]) for number in range(16)]
    assert ["".join(f"{part:02x}" for part in color) for color in XTERM] == XTERM_COL.split()


@pytest.mark.parametrize(
    ("color", "ratio"),
    [("000000", 21.0), ("767676", 4.542), ("ff0000", 3.998), ("00ff00", 1.372), ("0000ff", 8.592), ("0a0a0a", 19.798)],
)
def test_the_contrast_to_white_is_that_of_wcag(color: str, ratio: float) -> None:
    red, green, blue = bytes.fromhex(color)
    assert (
        contrast((red, green, blue), WHITE)
        == pytest.approx(contrast(WHITE, (red, green, blue)))
        == pytest.approx(ratio, abs=1e-3)
    )


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("", 0.0),
        (" \t", 0.0),
        ("a", TEXT),
        ("─ 1", TEXT),
        ("✓", MARK),
        ("─", MARK),
        ("▀ ▟", 0.0),
        ("■", MARK),
        ("▀─", MARK),
    ],
)
def test_words_need_more_contrast_than_marks_and_surfaces_none(words: str, need: float) -> None:
    assert wanted(words) == need


@given(front=colors, back=colors, need=st.sampled_from((MARK, TEXT)), dark=st.booleans())
def test_any_two_colours_are_readable_in_sixteen_colours(front: Color, back: Color, need: float, dark: bool) -> None:
    style = readable(Style(color=front, bgcolor=back, dim=True), need, Terminal(16, dark))
    reduced = [color.downgrade(ColorSystem.STANDARD) if color else None for color in (style.color, style.bgcolor)]
    assert weakest(Style(color=reduced[0], bgcolor=reduced[1]), dark) >= need and not style.dim


@given(front=rgb, back=rgb, need=st.sampled_from((MARK, TEXT)), many=st.sampled_from((256, 2**24)))
def test_any_two_colours_are_readable_in_more(front: Color, back: Color, need: float, many: int) -> None:
    style = readable(Style(color=front, bgcolor=back), need, Terminal(many, True))
    assert style.color is not None and style.bgcolor is not None
    reduced = [c.downgrade(ColorSystem.EIGHT_BIT) if many == 256 else c for c in (style.color, style.bgcolor)]
    assert contrast(*(tuple(color.get_truecolor()) for color in reduced)) >= need  # type: ignore[arg-type] # triplets


def unreadable(stack: Sequence[Screen[Any]], dark: bool) -> list[tuple[str, str, Style]]:
    return [
        (type(screen).__name__, words, style)
        for screen in stack
        for line in screen._compositor.render_strips()
        for words, style, _ in line
        if style is not None and weakest(style, dark) < wanted(words) - 0.01
    ]


@pytest.mark.parametrize(
    "share", [EVERYDAY, pytest.param({*BUILTIN_THEMES} - EVERYDAY, marks=pytest.mark.ci)], ids=["few", "rest"]
)
async def test_every_screen_is_readable_in_every_theme(open_tui: TuiOpener, shelf: Library, share: set[str]) -> None:
    async with open_tui(size=(120, 30)) as tui:
        assert set(tui.app.available_themes) == set(BUILTIN_THEMES)
        stack = await open_all(tui, shelf)
        ours = [screen for screen in stack if type(screen).__module__.startswith("airisk_tui.")]
        parsed = [widget for screen in ours for widget in screen.query(Static) if widget._render_markup]
        assert parsed == [], "what a server says may look like markup"
        for theme in share:
            tui.app.theme = theme
            await tui.pilot.pause()
            assert unreadable(stack, tui.app.current_theme.dark) == [], theme
