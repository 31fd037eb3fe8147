"""What the screens show of recordings, and after each step of a walk, stays as it is, word for word."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.everyday import with_the_rest_in_ci
from tests.tui.said import OTHERS, PAGES, SAID, SCREENS, pages, screen
from tests.tui.walks import WALKS

KINDS: dict[str, Iterable[str]] = {"pages": PAGES, "screen": SCREENS, "walk": WALKS}


def assert_kept(name: str, came: str) -> None:
    lines = zip_longest((SAID / f"{name}.txt").read_text("utf-8").splitlines(), came.splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where this is better, run `make docs`"


@pytest.mark.parametrize("name", PAGES)
def test_the_inspector_shows_what_is_kept(name: str) -> None:
    assert_kept(f"{name}.pages", pages(name))


@pytest.mark.parametrize("name", SCREENS)
async def test_a_replay_shows_what_is_kept(name: str, tmp_path: Path) -> None:
    assert_kept(f"{name}.screen", await screen(name, tmp_path))


EACH_DAY = ["wide-run", "hold"]
"""A whole screen and a dialog."""


@pytest.mark.parametrize("name", with_the_rest_in_ci(WALKS, EACH_DAY))
async def test_each_step_of_a_walk_changes_what_is_kept(name: str, tmp_path: Path) -> None:
    assert_kept(f"{name}.walk", await WALKS[name](tmp_path))


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_declared_and_computed_is_what_is_kept(name: str) -> None:
    assert_kept(name, OTHERS[name]())


def test_no_other_file_is_kept() -> None:
    kept = {f"{name}.{kind}.txt" for kind, names in KINDS.items() for name in names}
    assert {path.name for path in SAID.iterdir()} == {*kept, *(f"{name}.txt" for name in OTHERS)}
