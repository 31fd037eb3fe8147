"""The first answer to a dialog counts: a second key or click that is already on its way does nothing to the screen below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from airisk_tui.flow.state import FlowState
from airisk_tui.tui.comparison.screen import ComparisonScreen
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen, ConfirmScreen, CopyScreen
from airisk_tui.tui.shared.help import HelpScreen
from airisk_tui.tui.shared.screen import AppScreen, Copyable

THINGS = (Copyable("u", "the URL", lambda: "url"), Copyable("r", "the redirect URI", lambda: "uri"))
MAKERS: dict[str, Callable[[], Screen[Any]]] = {
    "copy": lambda: CopyScreen(THINGS),
    "ask": lambda: AskScreen("Rename", "What name?"),
    "choose": lambda: ChooseScreen("Export", ["har", "curl"], "Enter writes it."),
    "confirm": lambda: ConfirmScreen("Shall it be done?"),
    "help": lambda: HelpScreen(AppScreen(), None),
    "comparison": lambda: ComparisonScreen(FlowState(), FlowState(), ("a", "b")),
}
ANSWERS = [
    ("copy", "u"),
    ("copy", "enter"),
    ("ask", "enter"),
    ("choose", "enter"),
    ("confirm", "y"),
    ("help", "escape"),
]
ANSWERS += [(name, "escape") for name in MAKERS]


async def quick(pilot: Pilot[Any], *keys: str) -> None:
    """Keys that lie in the queue together, as a person's fast fingers put them there."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    for _ in range(5):
        await pilot.pause()


@pytest.mark.parametrize(("name", "key"), ANSWERS)
async def test_the_second_of_two_quick_answers_does_nothing(name: str, key: str) -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        below: Screen[None] = Screen()
        await app.push_screen(below)
        heard: list[Any] = []
        await app.push_screen(MAKERS[name](), heard.append)
        await pilot.pause()
        await quick(pilot, key, key)
        assert app.screen is below
        assert len(heard) == 1


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "comparison"])
async def test_the_screen_below_a_dialog_stays_visible(name: str) -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        below: Screen[None] = Screen()
        await app.push_screen(below)
        await below.mount(Static("This stands below."))
        await pilot.pause()
        await app.push_screen(MAKERS[name]())
        await pilot.pause()
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "This stands below." in shown


@pytest.mark.parametrize("name", ["copy", "choose"])
async def test_a_double_click_chooses_once(name: str) -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(MAKERS[name]())
        await pilot.pause()
        await pilot.click("OptionList", offset=(3, 0), times=2)
        await pilot.pause()
        assert len(app.screen_stack) == 1
