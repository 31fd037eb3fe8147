"""The listener's inbox on a screen."""

from __future__ import annotations

import time

import pytest

from airisk_tui.flow.events import CallbackReceived, StrayRequest
from airisk_tui.flow.fold import step
from airisk_tui.flow.state import MAX_INBOX
from airisk_tui.insight.words.inbox import REASONS, verdict
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.tui.run.inbox import Inbox
from airisk_tui.tui.shared.drawing.times import timestamp
from tests.insight.plays import browser, direct, issued
from tests.pace import within
from tests.runs import STATE, callback, good, problem, stray
from tests.tui.bare_app import HOSTILE, ViewApp, lines


def app_with(state: object) -> ViewApp:
    view = Inbox()
    view.state = state  # type: ignore[assignment] # a state or None
    return ViewApp(view)


def many(count: int) -> list[StrayRequest]:
    return [StrayRequest(at=1 + i / 10, request=HttpRequest("GET", f"/{i}"), reason="other-path") for i in range(count)]


async def test_an_empty_box_says_so() -> None:
    for state in (None, browser()):
        app = app_with(state)
        async with app.run_test(size=(38, 8)):
            assert lines(app)[0].strip() == "Nothing heard so far."


async def test_a_direct_run_has_no_listener_and_says_so() -> None:
    app = app_with(direct(problem(401)))
    async with app.run_test(size=(38, 8)):
        assert lines(app)[0].strip() == "Asked directly: nothing to hear."


async def test_each_letter_says_when_what_and_what_became_of_it() -> None:
    app = app_with(browser(stray("favicon"), callback("code=x&state=forged"), good(at=2.34)))
    async with app.run_test(size=(60, 8)):
        shown = lines(app)[:6]
    assert shown[0].startswith(" 00:00.9 GET /favicon.ico")
    assert shown[0].endswith("✕")
    assert shown[1].strip() == "ignored: asks for the site's icon"
    assert shown[3].strip() == "not believed: wrong state"
    assert shown[4].startswith(" 00:02.3 GET /callback?code=‹code · 22 characters · c0de… ✓")
    assert shown[5].strip() == "settled the run"


def test_every_reason_of_the_listener_and_of_the_flow_has_words() -> None:
    from airisk_tui.engine.listener.pages import PAGES

    assert set(PAGES) <= set(REASONS)
    for forged in ("code=x&state=forged", "code=x", f"code=x&state={STATE}&state=y", "x=y&state=forged"):
        reason = browser(callback(forged)).inbox[0].reason
        assert reason in REASONS
    assert max(map(len, REASONS.values())) <= 38 - 4
    unknown = browser(stray("a-new-reason")).inbox[0]
    assert verdict(unknown) == "ignored: a new reason"


async def test_the_newest_is_in_sight_and_stays_so_as_more_comes() -> None:
    state = browser(*many(40))
    app = app_with(state)
    async with app.run_test(size=(38, 8)) as pilot:
        await pilot.pause()
        assert "/39" in lines(app)[6]
        app.view.state = step(state, many(41)[-1])
        await pilot.pause()
        await pilot.pause()
        assert "/40" in lines(app)[6]


async def test_who_looks_at_an_older_letter_is_left_there() -> None:
    state = browser(*many(40))
    app = app_with(state)
    async with app.run_test(size=(38, 8)) as pilot:
        app.view.focus()
        await pilot.press("up", "home", "down")
        assert app.view.cursor == 1
        app.view.state = step(state, many(41)[-1])
        await pilot.pause()
        assert app.view.cursor == 1
        assert "/1" in lines(app)[2]


async def test_another_run_starts_over() -> None:
    app = app_with(browser(*many(5)))
    async with app.run_test(size=(38, 8)) as pilot:
        app.view.focus()
        await pilot.press("up")
        app.view.state = browser(run_id="r2")
        await pilot.pause()
        assert (app.view.cursor, lines(app)[0].strip()) == (-1, "Nothing heard so far.")


async def test_keys_and_mouse_choose_a_letter() -> None:
    app = app_with(browser(*many(40)))
    async with app.run_test(size=(38, 8)) as pilot:
        app.view.focus()
        await pilot.press("enter", "up", "up", "enter")
        await pilot.click(offset=(5, 1))
        await pilot.pause()
        chosen = [event.item.request.url for event in app.heard if isinstance(event, Inbox.Chosen)]
        assert chosen[:2] == ["/39", "/37"]
        assert len(chosen) == 3
        assert chosen[2] in lines(app)[0]


async def test_S4_a_flood_is_drawn_without_a_stutter_and_what_is_not_kept_is_counted() -> None:
    state = browser(*many(MAX_INBOX + 70))
    app = app_with(browser())
    async with app.run_test(size=(38, 30)) as pilot:
        with within(0.1, time.process_time):
            app.view.state = state
            await pilot.pause()
        await pilot.pause()
        assert lines(app)[29].strip() == "… and 70 more that are not kept"


@pytest.mark.parametrize(("value", "shown"), HOSTILE.values(), ids=list(HOSTILE))
async def test_S1_S2_S3_a_hostile_request_is_shown_as_it_is(value: str, shown: str) -> None:
    event = StrayRequest(at=1, request=HttpRequest("GET", f"/{value}"), reason="other-path")
    app = app_with(browser(event))
    async with app.run_test(size=(100, 8)) as pilot:
        assert shown in lines(app)[0]
        await pilot.click(offset=(16, 0))
        await pilot.click(offset=(17, 0))
        assert app.is_running
        assert app.return_code is None


async def test_S4_a_target_of_a_mebibyte_has_an_ellipsis() -> None:
    app = app_with(browser(StrayRequest(at=1, request=HttpRequest("G" * 2**20, "/" * 2**20), reason="other-path")))
    async with app.run_test(size=(38, 8)):
        assert lines(app)[0].endswith("… ✕")


async def test_a_paste_is_a_letter_too() -> None:
    event = CallbackReceived(at=1, request=HttpRequest("PASTE", "?x=y"), via="paste")
    app = app_with(browser(event))
    async with app.run_test(size=(60, 8)):
        assert "PASTE ?x=y" in lines(app)[0]


async def test_after_the_run_the_box_keeps_what_was_heard() -> None:
    app = app_with(issued())
    async with app.run_test(size=(60, 8)):
        assert lines(app)[1].strip() == "settled the run"


@pytest.mark.parametrize(("at", "words"), [(0, "00:00.0"), (2.19, "00:02.1"), (125.0, "02:05.0"), (-1, "00:00.0")])
def test_stamps(at: float, words: str) -> None:
    assert timestamp(at) == words
