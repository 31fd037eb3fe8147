"""A list of rows whose columns fit the room that there is."""

from __future__ import annotations

import pytest

from airisk_tui.tui.shared.rowlist import GAP, Row, RowList

WHEN, OUTCOME, FINDING = "11-28 08:12:47", "authorization-refused", "The server does not know the client."


@pytest.mark.parametrize(("width", "whole"), [(200, 3), (60, 1), (34, 1), (20, 0)])
def test_a_date_stays_whole_until_the_longer_columns_are_narrow(width: int, whole: int) -> None:
    rows = RowList(("when", "outcome", "first finding"), "rows", grow=2)
    rows._measure([Row("a", (WHEN, OUTCOME, FINDING))])
    widths = rows._fitted(width)
    assert sum(widths) + GAP * 2 < width
    assert [room >= len(text) for room, text in zip(widths, (WHEN, OUTCOME, FINDING), strict=True)].count(True) == whole
