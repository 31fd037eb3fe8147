"""The comparison on a screen: its columns stay columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from airisk_tui.insight.comparison.verdict import Verdict
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.tui.comparison.screen import ComparisonScreen
from airisk_tui.tui.comparison.view import ComparisonView
from airisk_tui.tui.shared.drawing.text import fitted
from tests.insight.plays import issued, refused, with_probes
from tests.runs import text
from tests.tui.bare_app import ScreenApp, ViewApp, lines, settled


async def test_the_columns_hold_when_showing_all_brings_a_scrollbar() -> None:
    left, right = issued(), issued(userid="user_42")
    view = ComparisonView()
    app = ViewApp(view)
    async with app.run_test(size=(70, 14)) as pilot:
        view.show(left, right, ("generic", "user-specific (user_42, Ada Lovelace)"), Verdict("They differ.", good=True))
        view.hide_equal = False
        await settled(pilot)
        assert view.max_scroll_y > 0
        shown = lines(app)
        at = next(index for index, line in enumerate(shown) if "generic" in line and "user-specific" in line)
        column = shown[at].index("user-specific")
        title = " ".join(line[column:].rstrip("▅▂▁█▊ ") for line in shown[at : at + 3])
        assert title == "user-specific (user_42, Ada Lovelace)", "wrapped, and in its column"


def test_the_columns_are_as_wide_as_their_content() -> None:
    assert fitted([20, 7, 30], 134, 8) == [20, 7, 30]
    assert fitted([20, 7, 30], 44, 8) == [18, 7, 19]
    assert fitted([43, 18, 18], 54, 8) == [18, 18, 18]
    assert sum(fitted([400, 400, 400], 34, 8)) == 34


async def test_what_was_not_asked_is_no_difference() -> None:
    left, right = with_probes((LIST_USERS, HttpResponse(200, (), Body()))), issued(userid="user_42")
    view = ComparisonView()
    app = ViewApp(view)
    async with app.run_test(size=(100, 40)) as pilot:
        view.show(left, right, ("generic", "user-specific"), Verdict("They differ.", good=True))
        await settled(pilot)
        assert not any(line.strip().startswith("≠ Access") for line in lines(app))
        view.hide_equal = False
        await settled(pilot)
        access = next(line for line in lines(app) if line.strip().startswith("Access "))
        assert "not asked" in access
        endpoint = next(line for line in lines(app) if LIST_USERS.name in line)
        assert ("≠" in endpoint, "not asked" in endpoint) == (False, True)


async def test_a_text_is_found_in_the_table_which_can_be_written_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    screen = ComparisonScreen(issued(), issued(userid="user_42"), ("generic", "user-specific"))
    app = ScreenApp()
    async with app.run_test(size=(80, 14)) as pilot:
        await app.push_screen(screen)
        await pilot.press("d", "slash", *"redirect")
        assert "Esc Leave the search" in lines(app)[-1]
        await pilot.press("enter")
        view = screen.query_one(ComparisonView)
        assert len(view.hits) > 1
        before = view.hit_line
        await pilot.press("n")
        assert view.hit_line != before
        assert any("2 of" in line and "n N" in line for line in lines(app))
        assert any(re.search(r"\d of \d+ rows", line) for line in lines(app)), "how many rows have it"
        assert not any("client_id" in line for line in lines(app)), "the others are left out"
        await pilot.press("escape")
        assert screen.is_active, "Esc leaves the search alone"
        assert not any("n N" in line for line in lines(app))
        await pilot.press("s")
        names = [line.split()[1] for line in lines(app) if line.startswith("│") and len(line.split()) > 3]
        assert names.index("base") < names.index("client_id") < names.index("environment")
        await pilot.press("e")
        assert "user-specific" in (tmp_path / "comparison.md").read_text()
        await pilot.press("escape")
        assert not screen.is_active


async def test_a_token_that_one_run_alone_has_is_one_difference_and_not_one_for_each_claim() -> None:
    screen = ComparisonScreen(issued(), refused(text("Invalid Code")), ("worked", "refused"))
    app = ScreenApp()
    async with app.run_test(size=(80, 40)) as pilot:
        await app.push_screen(screen)
        await settled(pilot)
        shown = "\n".join(lines(app))
        assert "≠ Token request" in shown and "fingerprint" not in shown
        await pilot.press("d")
        assert "< fingerprint" in "\n".join(lines(app)), "all of it is a key away"
