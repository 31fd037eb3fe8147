"""The comparison on a screen: its columns stay columns."""

from __future__ import annotations

from airisk_tui.insight.verdict import Verdict
from airisk_tui.tui.widgets.comparison import ComparisonView
from tests.insight.plays import issued
from tests.tui.staging import Stage, lines, settled


async def test_the_columns_hold_when_showing_all_brings_a_scrollbar() -> None:
    left, right = issued(), issued(userid="user_42")
    view = ComparisonView()
    app = Stage(view)
    async with app.run_test(size=(70, 14)) as pilot:
        view.show(left, right, ("generic", "user-specific (user_42, Ada Lovelace)"), Verdict("They differ.", good=True))
        view.hide_equal = False
        await settled(pilot)
        assert view.max_scroll_y > 0
        titles = next(line for line in lines(app) if "generic" in line)
        assert "user-specific" in titles
        assert "…" in titles
