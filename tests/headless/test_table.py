"""Tables of the command line: aligned for wide characters, never longer than the terminal."""

from __future__ import annotations

import pytest

from airisk_tui.headless.shared.table import cells, fitted, table

ROWS = [("a", "東京 दिल्ली", "x" * 30), ("name-of-a-recording", "é", "y")]


def test_columns_align_also_for_wide_and_joining_characters() -> None:
    head, *lines = table(("NAME", "WHO", "WHY"), ROWS, None)
    at = head.index("WHY")
    assert [cells(line[: line.index(mark)]) for line, mark in zip(lines, "xy", strict=True)] == [at, at]


def test_no_line_is_longer_than_the_terminal_and_what_is_cut_has_a_mark() -> None:
    for columns in (8, 20, 30, 40):
        lines = list(table(("NAME", "WHO", "WHY"), ROWS, columns))
        assert all(cells(line) <= columns for line in lines)
        assert columns in (20, 30) or any("…" in line for line in lines)


def test_a_text_is_filled_up_or_cut_to_its_room() -> None:
    assert [fitted(text, 3) for text in ("", "ab", "abc", "abcd", "東京", "a東京", "é́x")] == [
        "   ",
        "ab ",
        "abc",
        "ab…",
        "東…",
        "a… ",
        "é́x ",
    ]
    assert (fitted("a", 1), fitted("ab", 1), fitted("ab", 0)) == ("a", "…", "")


def test_what_matters_keeps_its_room() -> None:
    rows = [("a-long-name-of-a-recording", "token-refused", "12.5", "the code was refused")]
    titles = ("NAME", "OUTCOME", "SECONDS", "FINDING")
    shown = {columns: next(table(titles, rows, columns, (1, 0, 3, 2))).split() for columns in (24, 44, 60, 80)}
    assert shown == {
        24: ["NAME", "OUTCOME"],
        44: ["NAME", "OUTCOME"],
        60: ["NAME", "OUTCOME", "FINDING"],
        80: [*titles],
    }
    counts = {columns: len(next(table(titles, rows, columns, (1, 0, 3, 2))).split()) for columns in range(10, 90)}
    assert [columns for columns in range(11, 90) if counts[columns] != counts[columns - 1]] == [19, 47, 69]


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (None, ["NAME       OUTCOME  S    FINDING", "long-name  refused  1.5  東京", "b          token"]),
        (30, ["NAME       OUTCOME  S    FIND…", "long-name  refused  1.5  東京", "b          token"]),
        (28, ["NAME       OUTCOME  S", "long-name  refused  1.5", "b          token"]),
        (23, ["NAME       OUTCOME  S", "long-name  refused  1.5", "b          token"]),
        (22, ["NAME       OUTCOME", "long-name  refused", "b          token"]),
        (17, ["NAME      OUTCOME", "long-na…  refused", "b         token"]),
        (13, ["NAME  OUTCOME", "lon…  refused", "b     token"]),
        (12, ["OUTCOME  S", "refused  1.5", "token"]),
        (7, ["OUTCOME", "refused", "token"]),
        (6, ["OUTCO…", "refus…", "token"]),
        (1, ["…", "…", "…"]),
    ],
)
def test_what_has_no_room_is_cut_or_left_out(columns: int | None, lines: list[str]) -> None:
    rows = [("long-name", "refused", "1.5", "東京"), ("b", "token", "", "")]
    assert list(table(("NAME", "OUTCOME", "S", "FINDING"), rows, columns, (1, 0, 2, 3))) == lines


def test_marks_that_keep_hebrew_in_its_column_go_to_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    mark, rows = "\N{LEFT-TO-RIGHT MARK}", [("ליאת", "דן", "3")]
    assert mark not in "".join(table(("A", "B", "C"), rows, None))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = list(table(("A", "B", "C"), rows, None))[1]
    assert shown.count(mark) == 2 and shown.replace(mark, "") == "ליאת  דן  3"
