"""Help tells every key: of the thing with the focus, of the screen, and of its parts; in 80x24 it is scrolled."""

from __future__ import annotations

import pytest
from textual.binding import Binding
from textual.containers import VerticalScroll

from airisk_tui.reference import TOPICS, overview
from airisk_tui.tui.findings.panel import FindingsPanel
from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.run.inbox import Inbox
from airisk_tui.tui.run.rail import Rail
from airisk_tui.tui.shared.help import HelpScreen
from tests.tui.conftest import Stage, StageMaker


async def scrolled(stage: Stage) -> str:
    """Everything that help says, as it passes by while one scrolls down by hand."""
    screen = stage.app.screen
    assert isinstance(screen, HelpScreen)
    box = screen.query_one(VerticalScroll)
    seen = [stage.text]
    while box.scroll_y < box.max_scroll_y:
        await stage.press("pagedown")
        await stage.until(lambda: not stage.app.animator.is_being_animated(box, "scroll_y"))
        seen.append(stage.text)
    return "\n".join(seen)


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_every_key_of_every_part_is_told(staged: StageMaker, size: tuple[int, int]) -> None:
    async with staged(size=size) as stage:
        await stage.press("escape", "f1")
        told = await scrolled(stage)
        for part in (Inspector, Rail, Inbox, FindingsPanel):
            for entry in part.BINDINGS:
                assert isinstance(entry, Binding)
                assert entry.description in told
        for title in ("The inspector", "The steps", "What it means", "What the listener heard"):
            assert f"{title}, while the focus is there" in told
        assert "Copy …" in told


async def test_the_part_with_the_focus_comes_first(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one("#inspector-tabs").focus()
        await stage.press("f1")
        text = stage.text
        assert text.index("Here") < text.index("Previous tab") < text.index("Keys")
        assert text.count("Previous tab") == 1


async def test_a_field_says_what_it_is_for_and_leaves_out_how_one_types(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("f1")
        assert "The identifier that AIRisk gave the application" in stage.text
        assert "Move cursor" not in stage.text


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_the_documents_are_read_from_help_and_left_for_it(staged: StageMaker, size: tuple[int, int]) -> None:
    async with staged(size=size) as stage:
        await stage.press("escape", "f1")
        assert "protocol: the AIRisk OAuth 2.0 dialect" in " ".join((await scrolled(stage)).split())
        for number, topic in enumerate(TOPICS, 1):
            await stage.press(str(number))
            assert overview(topic).partition("\n")[0] in stage.text
            await stage.press("escape")
            assert isinstance(stage.app.screen, HelpScreen)
        await stage.press("escape")
        assert not isinstance(stage.app.screen, HelpScreen)
