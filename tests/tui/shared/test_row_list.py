"""A list of rows whose columns fit the room that there is, and which reads the rows in sight."""

from __future__ import annotations

from typing import Any

import pytest

from airisk_tui.oauth.answer.users import ListedUser
from airisk_tui.tui.shared.row_list import GAP, MAX_SAMPLE, Row, RowList
from airisk_tui.tui.two_tokens.users import UserRows
from tests.tui.bare_app import ViewApp, playing, settled

WHEN, OUTCOME, FINDING = "11-28 08:12:47", "authorization-refused", "The server does not know the client."


@pytest.mark.parametrize(("width", "whole"), [(200, 3), (60, 1), (34, 1), (20, 0)])
def test_a_date_stays_whole_until_the_longer_columns_are_narrow(width: int, whole: int) -> None:
    rows = RowList(("when", "outcome", "first finding"), "rows", grow=2)
    rows._measure([Row("a", (WHEN, OUTCOME, FINDING))])
    widths = rows._fitted(width)
    assert sum(widths) + GAP * 2 < width
    assert [room >= len(text) for room, text in zip(widths, (WHEN, OUTCOME, FINDING), strict=True)].count(True) == whole


class CountedRows(UserRows):
    """read: how often a row was asked for."""

    read = 0

    def __getitem__(self, at: Any) -> Any:
        self.read += isinstance(at, int)
        return super().__getitem__(at)


async def test_S4_ten_thousand_rows_are_read_where_they_are_in_sight() -> None:
    rows = CountedRows([ListedUser(f"user_{at}", "", {}) for at in range(10_000)], (), {}, frozenset())
    app = ViewApp(RowList(("id", "name", "token"), "rows"))
    async with playing(app, 60, 20) as pilot:
        app.view.show_rows(rows)
        await settled(pilot)
        assert app.view.count == "10,000"
        assert rows.read < MAX_SAMPLE + 10 * 20
