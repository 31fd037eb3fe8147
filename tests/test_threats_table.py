"""The promises of threats.md have tests that are named after them, and tests/README.md names where those stand."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from airisk_tui.reference import section, text

TESTS = Path(__file__).parent
PROMISE = re.compile(r"^\| ([LCSF]\d+) \| (.+?) \|(?: (`.+`) \|)?$", re.MULTILINE)
LATER = PROMISE.findall(section("threats", "not yet"))
KEPT = [row for row, _, sign in PROMISE.findall(text("threats")) if not sign]
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
    assert len(KEPT) > 30
    assert set(rooms_of_rows()) == set(KEPT)


def test_the_table_names_the_rows_in_order_and_exactly_the_rooms_of_their_tests() -> None:
    lines = LINE.findall((TESTS / "README.md").read_text(encoding="utf-8"))
    assert [row for row, *_ in lines] == KEPT
    named = {row: set(re.findall(r"`([^`]+)`", where)) for row, _, _, where in lines}
    assert named == dict(rooms_of_rows()), "put the rooms into the last column of tests/README.md, in any order"


@pytest.mark.parametrize(("row", "sign"), [(row, sign.strip("`")) for row, _, sign in LATER])
def test_a_promise_that_is_kept_leaves_the_list_of_those_that_are_not(row: str, sign: str) -> None:
    places = TESTS if sign.startswith("test_") else TESTS.parent / "airisk_tui"
    kept = [path for path in places.rglob("*.py") if sign.lower() in path.read_text(encoding="utf-8").lower()]
    assert sign
    assert not kept, f"{row} seems kept now: move it out of “Not yet” in airisk_tui/reference/threats.md"
