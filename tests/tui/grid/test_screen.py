"""The grid of many users, from the marks in the list to what differs from a saved one, against the real sandbox."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Static

from airisk_tui.flow.phases import Outcome
from airisk_tui.session.grid import GridRow
from airisk_tui.tui.grid import screen as grid_screen
from airisk_tui.tui.grid.screen import GridScreen, short_names, summary
from airisk_tui.tui.shared.row_list import RowList
from tests.tui.bare_app import until
from tests.tui.two_tokens.test_screen import opened


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_screen, "RATE", 1000.0)


def title(screen: GridScreen) -> str:
    return str(screen.query_one("#grid-title", Static).content)


async def test_marked_users_are_laid_side_by_side_and_compared_with_a_saved_grid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened() as (pilot, two):
        await pilot.press("escape", "space", "down", "down", "space", "equals_sign")
        await until(pilot, lambda: isinstance(pilot.app.screen, GridScreen))
        screen = pilot.app.screen
        assert isinstance(screen, GridScreen)
        await until(pilot, lambda: title(screen).startswith("3 tokens"))
        assert title(screen) == "3 tokens: 2 reach what generic does not"
        rows = screen.query_one(RowList)
        assert [row.cells[1:4] for row in rows.rows[:2]] == [
            ("generic", "token", "the application"),
            ("user_42", "token", "user_42"),
        ]
        await pilot.press("e")
        saved = json.loads((tmp_path / "users.json").read_text())
        saved["rows"][2]["reached"]["GET /api/GetConversations"] = 403
        (tmp_path / "users.json").write_text(json.dumps(saved))
        await pilot.press("i", "enter")
        await until(pilot, lambda: "1 differs from the baseline" in title(screen))
        await pilot.press("d", "end")
        await until(pilot, lambda: len(rows.rows) == 2)
        assert rows.rows[1].cells[0] == "≠" and "200 ≠" in rows.rows[1].cells
        about = str(screen.query_one("#grid-about", Static).content)
        assert about == "≠ GET /api/GetConversations: 403 in the baseline, 200 now"
        assert two.runs.session.history and len(two.runs.session.history) == 1, "only the run of the list is kept"
        await pilot.press("enter")
        await until(pilot, lambda: two.runs.pair is not None)
        assert two.runs.chosen == "user_11"


async def test_a_grid_can_be_cancelled_and_what_is_no_baseline_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grid_screen, "RATE", 0.001)
    async with opened() as (pilot, two):
        users = ("", "user_42", "user_7")
        screen = GridScreen(two.runs.session, two.runs.draft, users)
        await pilot.app.push_screen(screen)
        await until(pilot, lambda: title(screen).startswith("1 of 3 tokens"))
        await pilot.press("escape")
        await until(pilot, lambda: title(screen).startswith("1 tokens"))
        await pilot.press("i", "ctrl+u", "n", "o", "enter")
        await until(pilot, lambda: any("cannot be read" in one.message for one in pilot.app._notifications))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, GridScreen))


def test_the_sentence_counts_who_reaches_more_who_failed_and_who_is_somebody_else() -> None:
    rows = [
        GridRow("", Outcome.TOKEN, "the application", True, {"GET /a": 403}),
        GridRow("u", Outcome.TOKEN, "u", True, {"GET /a": 200}),
        GridRow("v", Outcome.TOKEN, "u", False, {"GET /a": 200}),
        GridRow("w", Outcome.TOKEN_REFUSED),
    ]
    assert list(summary(rows)) == [
        "2 reach what generic does not",
        "1 got no token",
        "1 got a token for somebody else",
    ]
    assert short_names(["GET /a/List?x=1", "GET /b/Get"]) == ["List", "Get"]
    assert short_names(["GET /a/List", "GET /b/List"]) == ["GET /a/List", "GET /b/List"]
