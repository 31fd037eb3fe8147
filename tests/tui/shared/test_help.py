"""Help tells every key: of the thing with the focus, of the screen, and of its parts; in 80x24 it is scrolled."""

from __future__ import annotations

from textual.binding import Binding
from textual.containers import VerticalScroll

from airisk_tui.reference import TOPICS, overview
from airisk_tui.tui.findings.panel import FindingsPanel
from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.run.inbox import Inbox
from airisk_tui.tui.run.rail import Rail
from airisk_tui.tui.shared.help import HelpScreen
from tests.tui.conftest import OpenTui, TuiOpener, at_sizes


async def scrolled(tui: OpenTui) -> str:
    """Everything that help says, as it passes by while one scrolls down by hand."""
    screen = tui.app.screen
    assert isinstance(screen, HelpScreen)
    box = screen.query_one(VerticalScroll)
    seen = [tui.text]
    while box.scroll_y < box.max_scroll_y:
        await tui.press("pagedown")
        await tui.until(lambda: not tui.app.animator.is_being_animated(box, "scroll_y"))
        seen.append(tui.text)
    return "\n".join(seen)


@at_sizes((80, 24), (140, 45))
async def test_every_key_of_every_part_is_told(open_tui: TuiOpener, size: tuple[int, int]) -> None:
    async with open_tui(size=size) as tui:
        await tui.press("escape", "f1")
        told = await scrolled(tui)
        for part in (Inspector, Rail, Inbox, FindingsPanel):
            for entry in part.BINDINGS:
                assert isinstance(entry, Binding)
                assert entry.description in told
        for title in ("The inspector", "The steps", "What it means", "What the listener heard"):
            assert f"{title}, while the focus is there" in told
        assert "Copy …" in told


async def test_the_part_with_the_focus_comes_first(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one("#inspector-tabs").focus()
        await tui.press("f1")
        text = tui.text
        assert text.index("Here") < text.index("Previous tab") < text.index("Keys")
        assert text.count("Previous tab") == 1


async def test_a_field_says_what_it_is_for_and_leaves_out_how_one_types(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("f1")
        assert "The identifier that the server gave the application" in tui.text
        assert "Move cursor" not in tui.text


@at_sizes((80, 24), (140, 45))
async def test_the_documents_are_read_from_help_and_left_for_it(open_tui: TuiOpener, size: tuple[int, int]) -> None:
    async with open_tui(size=size) as tui:
        await tui.press("escape", "f1")
        assert "protocol: the AIRisk OAuth 2.0 dialect" in " ".join((await scrolled(tui)).split())
        for number, topic in enumerate(TOPICS, 1):
            await tui.press(str(number))
            assert overview(topic).partition("\n")[0] in tui.text
            await tui.press("escape")
            assert isinstance(tui.app.screen, HelpScreen)
        await tui.press("escape")
        assert not isinstance(tui.app.screen, HelpScreen)
