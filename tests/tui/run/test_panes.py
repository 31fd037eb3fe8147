"""The panes of the run screen at every promised size: how they are reached, and that they fit."""

from __future__ import annotations

from airisk_tui.insight.browser_question import BrowserShows
from airisk_tui.tui.inspector.panel import Inspector
from tests.insight.plays import refused, report
from tests.runs import text
from tests.tui.conftest import TuiOpener, at_sizes
from tests.tui.run.running import waiting


async def test_wide_all_three_columns_are_there_and_the_strip_is_not(open_tui: TuiOpener) -> None:
    async with open_tui(size=(140, 45)) as tui:
        panes = [tui.screen.query_one(f"#{pane}") for pane in ("request", "flow", "result")]
        await tui.until(lambda: all(pane.region.width > 35 for pane in panes))
        assert not tui.screen.query_one("#strip").display
        tui.screen.pane = "flow"
        tui.screen.query_one("#rail").focus()
        for size, steps in (((80, 24), "strip"), ((200, 60), "picture"), ((140, 45), "rail")):
            await tui.pilot.resize_terminal(*size)
            await tui.pilot.pause()
            assert tui.screen.steps_view.id == steps and tui.screen.steps_view.display
            assert tui.screen.focused is tui.screen.steps_view, "the focus stays with the steps"


@at_sizes((60, 20), (80, 24))
async def test_low_every_answer_is_seen_and_then_the_finding_and_the_inspector_share_the_lines(
    open_tui: TuiOpener, size: tuple[int, int]
) -> None:
    async with open_tui(size=size) as tui:
        await waiting(tui)
        for keys in (("w",), ("enter",), ("escape", "w")):
            await tui.press(*keys)
            assert [str(answer) for answer in BrowserShows if str(answer) not in tui.text] == [], keys
        await tui.press("escape", "escape")
        await tui.until(lambda: tui.screen.phase == "done")
        tui.screen.report, tui.screen.state = report(refused(text("Invalid Code"))), refused(text("Invalid Code"))
        await tui.press("f4")
        await tui.pilot.pause()
        heights = [tui.screen.query_one(f"#{part}").content_size.height for part in ("findings", "inspector")]
        assert min(heights) > 6, heights


@at_sizes((80, 24), (140, 45))
async def test_f4_goes_to_what_is_seen_and_the_inspectors_keys_work_everywhere(
    open_tui: TuiOpener, size: tuple[int, int]
) -> None:
    async with open_tui(size=size) as tui:
        await waiting(tui)
        await tui.press("escape")
        await tui.until(lambda: tui.screen.phase == "done")
        await tui.press("f4")
        await tui.until(lambda: tui.screen.focused is not None and tui.screen.focused.id != "rail")
        focused = tui.screen.focused
        assert focused is not None
        assert "result" in [node.id for node in focused.ancestors]
        assert focused.id not in ("guide-continue", "paste-back")
        tui.screen.set_focus(tui.screen.query_one("#rail" if size[0] > 80 else "#strip"))
        await tui.press("r")
        assert tui.screen.query_one(Inspector).revealed


async def test_narrow_an_opened_step_is_brought_into_sight(open_tui: TuiOpener) -> None:
    async with open_tui(size=(80, 24)) as tui:
        await tui.press("f3")
        await tui.until(lambda: tui.screen.focused is not None and tui.screen.focused.id == "rail")
        await tui.press("right")
        assert tui.screen.pane == "flow"
        await tui.press("enter")
        assert tui.screen.pane == "result"


async def test_edges_move_by_key_and_by_mouse_and_stay_where_they_were_put(open_tui: TuiOpener) -> None:
    async with open_tui(size=(140, 45)) as tui:
        request, flow = tui.screen.query_one("#request"), tui.screen.query_one("#flow")
        before = request.region.width, flow.region.width
        await tui.press("escape", "shift+left")
        assert (request.region.width, flow.region.width) == (before[0], before[1] - 4)
        tui.screen.query_one("#preview").focus()
        await tui.press("shift+left", "H")
        assert request.region.width == before[0] - 8
        await tui.pilot.mouse_down(offset=(request.region.right - 1, 20))
        await tui.pilot.hover(offset=(59, 20))
        await tui.pilot.mouse_up(offset=(59, 20))
        assert request.region.width == 60
        tui.app.exit()
    async with open_tui(size=(140, 45)) as tui:
        request = tui.screen.query_one("#request")
        await tui.until(lambda: request.region.width == 60)
        await tui.pilot.resize_terminal(121, 30)
        await tui.until(lambda: request.region.width == 60 and tui.screen.query_one("#result").region.width >= 28)
        await tui.pilot.resize_terminal(80, 24)
        await tui.until(lambda: request.region.width == 80)


@at_sizes((140, 45), (80, 24))
async def test_after_a_step_was_opened_the_arrows_choose_the_inspectors_tab(
    open_tui: TuiOpener, size: tuple[int, int]
) -> None:
    async with open_tui(size=size) as tui:
        await waiting(tui)
        await tui.press("escape", "3", "right")
        assert (tui.screen.inspector.step, tui.screen.inspector.tab) == ("redirect", "Request")
        await tui.press("down")
        assert tui.screen.focused is not None and tui.screen.focused.id == "inspector-scroll"
