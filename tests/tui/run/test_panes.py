"""The panes of the run screen at every promised size: how they are reached, and that they fit."""

from __future__ import annotations

import pytest

from airisk_tui.flow.phases import Phase
from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.run.guide import Guide
from airisk_tui.tui.shared.keybar import KeyBar
from tests.tui.conftest import StageMaker
from tests.tui.run.running import callback, waiting


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (140, 45)])
async def test_the_footer_fits(staged: StageMaker, size: tuple[int, int]) -> None:
    async with staged(size=size) as stage:
        for step in ("idle", "waiting"):
            if step == "waiting":
                await waiting(stage)
            first = next(iter(stage.screen.hints()))
            footer = stage.screen.query_one(KeyBar).render().plain
            assert footer.startswith(f"{first.key} {first.label}  ")
            assert footer.endswith("F1 Help  ^P Commands")
            assert len(footer) <= size[0]


async def test_narrow_the_panes_are_reached_by_keys_and_by_mouse(staged: StageMaker) -> None:
    async with staged(size=(80, 24)) as stage:
        for key, pane in (("f3", "flow"), ("f4", "result"), ("f2", "request")):
            await stage.press(key)
            assert stage.screen.query_one(f"#{pane}").display
            assert [p for p in ("request", "flow", "result") if stage.screen.query_one(f"#{p}").display] == [pane]
        stage.screen.set_focus(None)
        await stage.press("4")
        assert stage.screen.pane == "result"
        assert stage.screen.inspector.step == "token-request"
        stage.screen.pane = "flow"
        await stage.pilot.click("#title", offset=(78, 0))
        assert stage.screen.pane == "result"


async def test_wide_all_three_columns_are_there_and_the_strip_is_not(staged: StageMaker) -> None:
    async with staged(size=(140, 45)) as stage:
        panes = [stage.screen.query_one(f"#{pane}") for pane in ("request", "flow", "result")]
        await stage.until(lambda: all(pane.region.width > 35 for pane in panes))
        assert not stage.screen.query_one("#strip").display
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: stage.screen.query_one("#strip").display)


async def test_every_phase_is_drawn_at_the_smallest_size(staged: StageMaker) -> None:
    async with staged(size=(80, 24)) as stage:
        await waiting(stage)
        await stage.post(callback(stage))
        assert stage.screen.phase == Phase.EXCHANGING.value
        assert "Exchanging the code" in stage.text
        assert stage.screen.query_one(Guide).display


@pytest.mark.parametrize("size", [(140, 45), (80, 24)])
async def test_f4_goes_to_what_is_seen_and_the_inspectors_keys_work_everywhere(
    staged: StageMaker, size: tuple[int, int]
) -> None:
    async with staged(size=size) as stage:
        await waiting(stage)
        await stage.press("escape")
        await stage.until(lambda: stage.screen.phase == "done")
        await stage.press("f4")
        await stage.until(lambda: stage.screen.focused is not None and stage.screen.focused.id != "rail")
        focused = stage.screen.focused
        assert focused is not None
        assert "result" in [node.id for node in focused.ancestors]
        assert focused.id not in ("guide-continue", "paste-back")
        stage.screen.set_focus(stage.screen.query_one("#rail" if size[0] > 80 else "#strip"))
        await stage.press("r")
        assert stage.screen.query_one(Inspector).revealed


async def test_narrow_an_opened_step_is_brought_into_sight(staged: StageMaker) -> None:
    async with staged(size=(80, 24)) as stage:
        await stage.press("f3")
        await stage.until(lambda: stage.screen.focused is not None and stage.screen.focused.id == "rail")
        await stage.press("right")
        assert stage.screen.pane == "flow"
        await stage.press("enter")
        assert stage.screen.pane == "result"


async def test_edges_move_by_key_and_by_mouse_and_stay_where_they_were_put(staged: StageMaker) -> None:
    async with staged(size=(140, 45)) as stage:
        request, flow = stage.screen.query_one("#request"), stage.screen.query_one("#flow")
        before = request.region.width, flow.region.width
        await stage.press("escape", "shift+left")
        assert (request.region.width, flow.region.width) == (before[0], before[1] - 4)
        stage.screen.query_one("#preview").focus()
        await stage.press("shift+left", "H")
        assert request.region.width == before[0] - 8
        await stage.pilot.mouse_down(offset=(request.region.right - 1, 20))
        await stage.pilot.hover(offset=(59, 20))
        await stage.pilot.mouse_up(offset=(59, 20))
        assert request.region.width == 60
        stage.app.exit()
    async with staged(size=(140, 45)) as stage:
        request = stage.screen.query_one("#request")
        await stage.until(lambda: request.region.width == 60)
        await stage.pilot.resize_terminal(121, 30)
        await stage.until(lambda: request.region.width == 60 and stage.screen.query_one("#result").region.width >= 28)
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: request.region.width == 80)


@pytest.mark.parametrize("size", [(140, 45), (60, 20)])
async def test_one_part_fills_the_screen_and_esc_shows_all_again(staged: StageMaker, size: tuple[int, int]) -> None:
    async with staged(size=size) as stage:
        await stage.press("ctrl+r", "escape")
        await stage.until(lambda: stage.screen.phase == "done")
        inspector = stage.screen.inspector
        await stage.press("f4")
        inspector.query_one("InspectorTabs").focus()
        await stage.press("Z")
        await stage.pilot.pause(0.3)
        assert inspector.region.size == (size[0], size[1] - 2)
        await stage.press("escape")
        assert not stage.screen.zoomed and inspector.region.height < size[1] - 2
        await stage.press("Z", "Z")
        assert not stage.screen.zoomed
