"""Two tokens with a browser, and coming back to them, with events that the test plays."""

from __future__ import annotations

import json
from pathlib import Path

from airisk_tui.engine.config.home import Home
from airisk_tui.flow.events import BrowserOpened, ListenerBound
from airisk_tui.session.session import Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.shared.dialogs import CopyScreen
from airisk_tui.tui.shared.keyboard.keybar import GAP, KeyBar
from airisk_tui.tui.shared.keyboard.keymap import key_named
from airisk_tui.tui.two_tokens.screen import TwoTokensScreen
from tests.tui.bare_app import until
from tests.tui.conftest import OpenTui, TuiOpener
from tests.tui.two_tokens.test_screen import chosen, opened, status, table

BOUND = ListenerBound(at=0.1, addresses=("127.0.0.1:48765",), scheme="http")
OPENED = BrowserOpened(at=0.2, ok=True, program="firefox")


def screen_of(tui: OpenTui) -> TwoTokensScreen:
    assert isinstance(tui.app.screen, TwoTokensScreen)
    return tui.app.screen


async def entered(tui: OpenTui, way: str = "browser") -> TwoTokensScreen:
    """The two-token screen, its generic run begun this way."""
    tui.screen.query_one(Form).set_mode(way)
    await tui.press("f8")
    await tui.until(lambda: isinstance(tui.app.screen, TwoTokensScreen) and tui.session.runs)
    return screen_of(tui)


async def happens(tui: OpenTui, *events: object) -> None:
    for event in events:
        tui.run.post(event)  # type: ignore[arg-type] # events
    await tui.pilot.pause()


def footer(screen: TwoTokensScreen) -> list[str]:
    return [f"{hint.key} {hint.label}" for hint in screen.query_one(KeyBar).hints]


async def test_the_url_that_is_waited_on_can_be_copied(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        screen = await entered(tui)
        await happens(tui, BOUND, OPENED)
        await tui.press("f5", "u")
        assert tui.app.clipboard == screen.guide.url
        assert tui.app.clipboard.startswith("http://127.0.0.1:41000/api/oauth2?")


async def test_both_tokens_and_the_comparison_can_be_copied() -> None:
    async with opened() as (pilot, screen):
        await chosen(pilot, screen)
        pair = screen.runs.pair
        assert pair is not None
        texts = {}
        for key in "gtmj":
            await pilot.press("f5")
            assert isinstance(pilot.app.screen, CopyScreen)
            await pilot.press(key)
            await pilot.pause()
            texts[key] = pilot.app.clipboard
        for key, run in zip("gt", pair, strict=True):
            assert run.state.token is not None
            assert texts[key] == screen.runs.session.raw_of(run, run.state.token)
        assert texts["m"].startswith("# generic against user-specific")
        document = json.loads(texts["j"])
        assert {"field": "claims.sub", "generic": "app:demo-app", "user-specific": "user_42"} in document["differences"]
        assert texts["g"] not in texts["m"] + texts["j"]
        await pilot.press("f2", "f5")
        assert isinstance(pilot.app.screen, CopyScreen), "F5 while something is typed"


async def test_only_keys_that_work_are_shown_and_a_click_presses_them() -> None:
    async with opened("list-users-empty") as (pilot, screen):
        assert not any(words.startswith("Enter") for words in footer(screen))
        assert not any(words.startswith("F3") for words in footer(screen)), "there is nothing to compare"
        await pilot.press(*"user_7")
        bar = screen.query_one(KeyBar)
        at = 0
        for hint in bar.hints:
            if hint.key == "Enter":
                break
            at += hint.width + GAP
        await pilot.click(KeyBar, offset=(at + 2, 0))
        await until(pilot, lambda: screen.runs.pair is not None and screen.live_run is None)
        assert screen.pane == "compare"
        for words in footer(screen):
            assert not words.startswith("Enter")


async def test_every_key_of_the_footer_is_bound() -> None:
    async with opened() as (pilot, screen):
        for _ in range(2):
            for hint in screen.query_one(KeyBar).hints:
                assert key_named(hint.click) in screen.active_bindings, hint
            await chosen(pilot, screen)


async def test_the_keys_of_the_panes_lead_to_the_users_and_to_the_comparison() -> None:
    async with opened(size=(80, 24)) as (pilot, screen):
        await chosen(pilot, screen)
        await pilot.press("f2")
        assert "F3 Comparison" in footer(screen)
        await pilot.press("f3")
        assert (screen.pane, len(screen.runs.tokens)) == ("compare", 1)


async def test_coming_back_shows_both_tokens_while_the_form_asks_for_the_same(tmp_path: Path) -> None:
    session = Session(home=Home(tmp_path / "config.toml", tmp_path / "recordings"), environ={})
    app = AiriskApp(AppOptions(session=session, overrides={"mode": "direct"}, environment="sandbox"))
    async with app.run_test(size=(140, 45)) as pilot:
        run_screen = app.screen
        assert isinstance(run_screen, RunScreen)
        await until(pilot, lambda: run_screen.request.base is not None)
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, TwoTokensScreen) and app.screen.runs.generic is not None)
        first = app.screen
        assert isinstance(first, TwoTokensScreen)
        await until(pilot, lambda: first.live_run is None)
        await chosen(pilot, first)
        await pilot.press("escape")
        assert app.screen is run_screen
        assert any("F8 shows them again" in note.message for note in app._notifications)
        await pilot.press("ctrl+g", "f8")
        await pilot.pause()
        back = app.screen
        assert isinstance(back, TwoTokensScreen)
        assert len(session.history) == 2, "nothing was run again"
        assert "acts for user_42" in table(back)
        assert "from before" in status(back)
        await pilot.press("escape")
        run_screen.query_one(Form).field("client_id").value = "another-app"
        await pilot.pause()
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, TwoTokensScreen) and status(app.screen).startswith("✗"))
        assert len(session.history) == 3, "another form, another run"
