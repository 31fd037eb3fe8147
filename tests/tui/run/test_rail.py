"""The rail of steps on a screen."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from airisk_tui.flow.events import BrowserOpened, Cancelled
from airisk_tui.flow.state import FlowState
from airisk_tui.tui.run.rail import Rail
from airisk_tui.tui.shared.drawing.styles import SYMBOLS
from airisk_tui.tui.shared.drawing.times import countdown, duration
from tests.insight.plays import browser, direct, inputs, issued, refused, run
from tests.runs import bound, text
from tests.tui import bare_app
from tests.tui.bare_app import HOSTILE, ViewApp, lines, until


def app_with(state: FlowState | None, at: float = 8.2, compact: bool = False) -> ViewApp:
    view = Rail(lambda: at, compact=compact)
    view.state = state
    return ViewApp(view)


async def test_each_step_has_a_symbol_a_title_a_time_and_a_summary() -> None:
    app = app_with(refused(text("Invalid Code")))
    async with app.run_test(size=(38, 14)):
        assert lines(app)[:12] == [
            " ✓ 1 Authorization request      0.1 s",
            "     listening on 127.0.0.1:8765",
            " ✓ 2 Browser opened             0.1 s",
            "     xdg-open",
            " ✓ 3 Redirect                   0.8 s",
            "     a code came",
            " ✗ 4 Token request              0.5 s",
            "     400",
            " – 5 Token",
            "     not reached",
            " – 6 Access",
            "     not reached",
        ]


async def test_the_wait_counts_down_from_the_timeout_and_other_steps_count_up() -> None:
    app = app_with(browser())
    async with app.run_test(size=(38, 14)):
        assert lines(app)[4].split() == ["●", "3", "Redirect", "4:52", "left"]
    app = app_with(run(inputs()), at=1.23)
    async with app.run_test(size=(38, 14)):
        assert lines(app)[0].split()[-2:] == ["1.2", "s"]


async def test_the_clock_moves_on_by_itself() -> None:
    moments = iter([100.0] * 1 + [200.0] * 1000)
    view = Rail(lambda: next(moments))
    view.state = browser()
    app = ViewApp(view)
    async with app.run_test(size=(38, 14)) as pilot:
        assert "3:21 left" in lines(app)[4]
        await until(pilot, lambda: "1:41 left" in lines(app)[4])


@pytest.mark.parametrize("width", [24, 38, 60, 100])
async def test_compact_all_six_steps_stand_in_one_line(width: int) -> None:
    for state in (browser(), refused(text("Invalid Code")), issued()):
        app = app_with(state, compact=True)
        async with app.run_test(size=(width, 5)):
            first, second, *_ = lines(app)
            assert sum(character in SYMBOLS.values() for character in first) == 6, first
            assert "…" not in first
            assert second == ""


async def test_compact_the_six_names_fit_a_screen_of_60_columns() -> None:
    app = app_with(issued(), compact=True)
    async with app.run_test(size=(60, 5)):
        assert all(name in lines(app)[0] for name in ("Request", "Browser", "Redirect", "Exchange", "Token", "Access"))


async def test_before_the_first_run_every_step_is_pending() -> None:
    app = app_with(None)
    async with app.run_test(size=(38, 8)):
        assert [line.split()[0] for line in lines(app)[:6]] == ["·"] * 6


async def test_arrow_keys_and_the_mouse_choose_a_step() -> None:
    app = app_with(issued())
    async with app.run_test(size=(38, 14)) as pilot:
        app.view.focus()
        await pilot.press("down", "down", "up", "end")
        await pilot.click(offset=(6, 8))
        await pilot.click(offset=(6, 5))
        await pilot.pause()
        chosen = [event.step for event in app.heard if isinstance(event, Rail.Chosen)]
        assert chosen == ["authorization-request", "browser", "authorization-request", "token", "redirect"]


@pytest.mark.parametrize("compact", [False, True])
async def test_the_arrow_keys_stop_at_both_ends(compact: bool) -> None:
    app = app_with(issued(), compact=compact)
    async with app.run_test(size=(60, 14)) as pilot:
        app.view.focus()
        await pilot.press(*["down"] * 9)
        assert app.view.chosen == "access"
        await pilot.press(*["up"] * 9, "enter")
        assert app.view.chosen == "authorization-request"


@pytest.mark.parametrize("width", [60, 100])
async def test_a_click_on_the_line_chooses_the_step_below_the_mouse(width: int) -> None:
    app = app_with(issued(), compact=True)
    async with app.run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(lines(app)[0].index("Exchange") + 1, 0))
        assert app.view.chosen == "token-request"


async def test_following_a_run_the_rail_grows_with_it() -> None:
    app = app_with(run(inputs()))
    async with app.run_test(size=(38, 14)) as pilot:
        before = app.view.size.height
        app.view.state = issued()
        await pilot.pause()
        assert app.view.size.height > before


@pytest.mark.parametrize(("value", "shown"), HOSTILE.values(), ids=list(HOSTILE))
async def test_S1_S2_S3_a_hostile_summary_is_shown_as_it_is(value: str, shown: str) -> None:
    opened = BrowserOpened(at=0.2, ok=True, program=value)
    app = app_with(run(inputs(), bound(), opened))
    async with app.run_test(size=(100, 14)):
        assert shown in bare_app.text(app)


async def test_a_summary_that_is_too_long_ends_in_an_ellipsis() -> None:
    answer = replace(text("x"), reason="R" * 100_000)
    app = app_with(direct(answer))
    async with app.run_test(size=(38, 14)):
        assert lines(app)[1].endswith("R…")


async def test_a_step_that_took_no_time_of_its_own_shows_none() -> None:
    app = app_with(issued())
    async with app.run_test(size=(38, 14)):
        assert lines(app)[8].split() == ["✓", "5", "Token"]


async def test_a_cancelled_run_stands_still() -> None:
    app = app_with(browser(Cancelled(at=3.0)), at=50)
    async with app.run_test(size=(38, 14)):
        assert lines(app)[4].split() == ["✗", "3", "Redirect", "2.8", "s"]


@pytest.mark.parametrize(
    ("span", "words"), [(0.0123, "12 ms"), (0.0999, "0.1 s"), (2.34, "2.3 s"), (59.96, "60.0 s"), (61, "1:01")]
)
def test_times_are_told_for_people(span: float, words: str) -> None:
    assert duration(span) == words


@pytest.mark.parametrize(("span", "words"), [(-3, "0:00"), (0.1, "0:01"), (292, "4:52"), (3_661, "1:01:01")])
def test_countdowns_are_rounded_up(span: float, words: str) -> None:
    assert countdown(span) == words
