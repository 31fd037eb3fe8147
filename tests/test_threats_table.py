"""The table of tests/README.md is complete: every promise has tests that are named after it, and it names where they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parent
COUNTS = {"L": 12, "C": 8, "S": 6, "F": 6}
"""Promises of the listener, the HTTP client, the screen, and of secrets and files."""

ROWS = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
NAMED = re.compile(r"def test_((?:[LCSF]\d{1,2}_)+)", re.IGNORECASE)
LINE = re.compile(r"^\| ([A-Z]\d+) \| (.+?\.) \| (.+?\.) \| (.+) \|$", re.MULTILINE)


def rooms_of_rows() -> dict[str, set[str]]:
    """The rooms with tests that are named after a row, by row; a file beside the rooms counts as one."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        for name in NAMED.finditer(path.read_text(encoding="utf-8")):
            for row in name[1].upper().strip("_").split("_"):
                found[row].add(path.relative_to(TESTS).parts[0])
    return found


def test_every_promise_has_tests_and_there_is_no_other() -> None:
    assert set(rooms_of_rows()) == set(ROWS)


def test_the_table_names_the_rows_in_order_and_exactly_the_rooms_of_their_tests() -> None:
    lines = LINE.findall((TESTS / "README.md").read_text(encoding="utf-8"))
    assert [row for row, *_ in lines] == ROWS
    told = {row: set(re.findall(r"`([^`]+)`", where)) for row, _, _, where in lines}
    assert told == dict(rooms_of_rows()), "put the rooms into the last column of tests/README.md, in any order"
