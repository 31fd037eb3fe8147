"""Two tokens, guided, against the real sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from airisk_tui.engine.config.environments import Environment
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, Endpoint
from airisk_tui.session.session import Session
from airisk_tui.tui.comparison.view import ComparisonView
from airisk_tui.tui.shared.dialogs import ConfirmScreen
from airisk_tui.tui.shared.row_list import RowList
from airisk_tui.tui.two_tokens.runs import TwoTokenRuns
from airisk_tui.tui.two_tokens.screen import TwoTokensScreen
from tests.tui.bare_app import ScreenApp, until

ADDED = Endpoint("DELETE", "/api/GetConversations", "refused", "refused")


@asynccontextmanager
async def opened(
    *faults: str, size: tuple[int, int] = (140, 45), endpoints: tuple[Endpoint, ...] = DOCUMENTED
) -> AsyncIterator[tuple[Pilot[Any], TwoTokensScreen]]:
    session = Session(environ={}, sandbox_faults=faults)
    environment = await session.ready("sandbox")
    session.environments["sandbox"] = Environment(
        **{
            name: getattr(environment, name) for name in ("name", "base_url", "client_id", "redirect_uri", "registered")
        },
        endpoints=endpoints,
    )
    screen = TwoTokensScreen(TwoTokenRuns(session, session.draft("sandbox").to(mode="direct")))
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen)
        await until(pilot, lambda: screen.runs.live_run is None and not status(screen).startswith("●"))
        yield pilot, screen
    await session.aclose()


def status(screen: TwoTokensScreen) -> str:
    return str(screen.query_one("#two-status", Static).content)


def table(screen: TwoTokensScreen) -> str:
    view = screen.query_one(ComparisonView)
    return f"{view.query_one('#verdict', Static).content}\n{view.query_one('#lines', Static).content}"


async def chosen(pilot: Pilot[Any], screen: TwoTokensScreen, *keys: str) -> None:
    await pilot.press(*keys, "enter")
    await until(
        pilot, lambda: bool(screen.runs.tokens) and screen.runs.live_run is None and not status(screen).startswith("●")
    )


async def test_one_key_lists_the_users_and_enter_gets_the_chosen_ones_token() -> None:
    async with opened() as (pilot, screen):
        assert "8 users" in status(screen)
        await chosen(pilot, screen, *"ada")
        assert "acts for user_42; what the two may do is not known" in table(screen)
        assert screen.query_one("#users", RowList).rows[0].cells[:3] == ("user_42", "Ada Lovelace", "✓")


async def test_the_search_finds_any_field_in_any_script() -> None:
    async with opened() as (pilot, screen):
        rows = screen.query_one("#users", RowList)
        screen.query_one("#users-search").value = "花子"  # type: ignore[attr-defined] # an Input
        await pilot.pause()
        assert [row.key for row in rows.rows] == ["user_12"]
        screen.query_one("#users-search").value = "GRACE@"  # type: ignore[attr-defined] # an Input
        await pilot.pause()
        assert [row.key for row in rows.rows] == ["user_7"]


async def test_what_is_equal_can_be_shown_and_hidden() -> None:
    async with opened() as (pilot, screen):
        await pilot.press("escape", "d")
        assert [one.message for one in pilot.app._notifications] == [
            "There is no comparison yet: it needs both tokens."
        ]
        assert table(screen).strip() == ""
        await chosen(pilot, screen)
        assert "client_id" not in table(screen)
        await pilot.press("d")
        assert "client_id" in table(screen)


async def test_probing_asks_without_and_with_a_broken_token_only_on_request() -> None:
    async with opened() as (pilot, screen):
        await chosen(pilot, screen)
        assert "GetConversations" not in table(screen)
        await pilot.press("p")
        await until(pilot, lambda: "with a broken token" in table(screen) and "without a token" in table(screen))
        assert "acts for user_42 and reaches 1 endpoint" in table(screen)
        assert table(screen).count("401, as documented") == 8


@pytest.mark.parametrize(("key", "asked"), [("y", True), ("n", False)])
async def test_a_method_that_may_change_something_is_asked_about_first(key: str, asked: bool) -> None:
    async with opened(endpoints=(*DOCUMENTED, ADDED)) as (pilot, screen):
        await chosen(pilot, screen)
        assert ADDED.name not in table(screen)
        await pilot.press("P")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await pilot.press(key)
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.pause(0.2)
        assert (ADDED.name in table(screen)) is asked


async def test_a_remembered_token_is_shown_again_without_a_run() -> None:
    async with opened() as (pilot, screen):
        await chosen(pilot, screen, *"ada")
        await pilot.press("f2")
        screen.query_one("#users-search").value = "grace"  # type: ignore[attr-defined] # an Input
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: len(screen.runs.tokens) == 2 and screen.runs.live_run is None)
        runs = len(screen.runs.session.history)
        screen.choose("user_42")
        await pilot.pause()
        assert "acts for user_42" in table(screen)
        assert len(screen.runs.session.history) == runs


@pytest.mark.parametrize("fault", ["userid-ignored", "other-user"])
async def test_the_verdict_says_what_is_wrong(fault: str) -> None:
    async with opened(fault) as (pilot, screen):
        await chosen(pilot, screen)
        assert table(screen).startswith("✗ ")


async def test_a_refused_generic_run_says_why_and_what_to_change() -> None:
    async with opened("denied") as (_, screen):
        assert status(screen).startswith("✗ No generic token.")
        assert "Fix" in status(screen)


async def test_an_empty_list_lets_an_id_be_typed() -> None:
    async with opened("list-users-empty") as (pilot, screen):
        assert "empty list" in status(screen)
        await chosen(pilot, screen, *"user_7")
        assert "acts for user_7" in table(screen)


async def test_ten_thousand_users_are_listed_and_searched() -> None:
    async with opened("list-users-many") as (pilot, screen):
        rows = screen.query_one("#users", RowList)
        assert len(rows.rows) == 10_000
        await pilot.press("pagedown", "pagedown", "end")
        screen.query_one("#users-search").value = rows.rows[9_000].key  # type: ignore[attr-defined] # an Input
        await pilot.pause()
        assert rows.rows[0].key


async def test_fields_under_other_names_are_found() -> None:
    async with opened("list-users-renamed") as (pilot, screen):
        await chosen(pilot, screen, *"ada")
        assert "acts for user_42" in table(screen)


async def test_the_export_is_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened() as (pilot, screen):
        await chosen(pilot, screen)
        await pilot.press("e")
        await pilot.pause()
        (file,) = await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text().startswith("# generic against user-specific")


async def test_everything_fits_80_columns() -> None:
    async with opened(size=(80, 24)) as (pilot, screen):
        await chosen(pilot, screen)
        assert screen.has_class("-narrow", "-pane-compare")
        await pilot.press("escape")
        assert screen.pane == "users"


async def test_esc_leads_out_of_the_search_to_the_list_and_then_back() -> None:
    async with opened() as (pilot, screen):
        await pilot.press(*"ada")
        await pilot.press("escape")
        assert pilot.app.screen is screen
        assert isinstance(screen.focused, RowList) and len(screen.focused.rows) == 1
        await pilot.press("escape")
        assert len(screen.focused.rows) > 1, "the search is left first"
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)
