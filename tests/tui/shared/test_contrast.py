"""Every screen can be read in every theme and with every number of colours (WCAG 2.2 §1.4.3, §1.4.11)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.style import Style

from airisk_tui.recording.library import Library
from airisk_tui.tui.shared.contrast import MARK, TEXT, VGA, XTERM, Terminal, Triplet, contrast, readable, wanted
from tests.insight.plays import refused, report
from tests.runs import text
from tests.tui.conftest import OpenTui, TuiOpener
from tests.tui.run.running import BOUND, OPENED

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


@given(front=colors, back=colors, need=st.sampled_from((MARK, TEXT)), native=st.booleans(), dark=st.booleans())
def test_any_two_colours_are_readable_in_sixteen_colours(
    front: Color, back: Color, need: float, native: bool, dark: bool
) -> None:
    style = readable(Style(color=front, bgcolor=back, dim=True), need, Terminal(16, native, dark))
    reduced = [color.downgrade(ColorSystem.STANDARD) if color else None for color in (style.color, style.bgcolor)]
    assert weakest(Style(color=reduced[0], bgcolor=reduced[1]), dark) >= need and not style.dim


@given(front=rgb, back=rgb, need=st.sampled_from((MARK, TEXT)), many=st.sampled_from((256, 2**24)))
def test_any_two_colours_are_readable_in_more(front: Color, back: Color, need: float, many: int) -> None:
    style = readable(Style(color=front, bgcolor=back), need, Terminal(many, False, True))
    assert style.color is not None and style.bgcolor is not None
    reduced = [c.downgrade(ColorSystem.EIGHT_BIT) if many == 256 else c for c in (style.color, style.bgcolor)]
    assert contrast(*(tuple(color.get_truecolor()) for color in reduced)) >= need  # type: ignore[arg-type] # triplets


async def unreadable(tui: OpenTui, themes: Sequence[str]) -> list[tuple[str, str, Style]]:
    found = []
    for theme in themes:
        tui.app.theme = theme
        await tui.pilot.pause()
        dark = tui.app.current_theme.dark
        for words, style, _ in (segment for line in tui.lines() for segment in line):
            if style is not None and weakest(style, dark) < wanted(words) - 0.01:
                found.append((theme, words, style))
    return found


async def test_every_screen_is_readable_in_themes_of_every_kind_and_every_theme_on_some(
    open_tui: TuiOpener, shelf: Library
) -> None:
    seen: list[type] = []
    async with open_tui() as tui:
        every = [*tui.app.available_themes]

        async def look(*keys: str) -> None:
            """Open what the keys lead to; it is readable in the next two of all themes."""
            await tui.press(*keys)
            seen.append(type(tui.app.screen))
            assert await unreadable(tui, [every[(2 * len(seen) + at) % len(every)] for at in range(2)]) == [], keys

        async def back() -> None:
            while tui.app.screen is not tui.screen:
                await tui.press("escape")

        await look("end", "#")
        await tui.press("ctrl+r")
        await tui.post(BOUND, OPENED)
        await look("w")
        await look("escape", "Q")
        await tui.press("escape", "escape")
        tui.screen.report = report(refused(text("Invalid Code")))
        tui.screen.state = refused(text("Invalid Code"))
        await look("f4")
        for keys in (("f5",), ("f1",), ("ctrl+p",), ("ctrl+j",), ("f8",)):
            await look(*keys)
            await back()
        await look("ctrl+o")
        await look("e")
        await look("escape", "M")
        await look("escape", "enter")
        await tui.until(lambda: tui.app.screen.query("#findings"))
        await look("down")
    assert len(seen) * 2 >= len(every) and len(set(seen)) >= 9
