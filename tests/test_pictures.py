"""The README's pictures show what it says they show: the drawn ones, and the program as it is now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pictures import CELL, FOLDER, SCENES, local, picture, text_of

LIVE = ("form", "error", *(pytest.param(name, marks=pytest.mark.ci) for name in ("code", "narrow")))
"""Played by tests; `make screenshots` plays them all."""


@pytest.mark.parametrize("name", SCENES)
def test_the_drawn_picture_shows_what_it_claims(name: str) -> None:
    drawn = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    shown = text_of(drawn)
    assert [claim for claim in SCENES[name].claims if claim not in shown] == [], "run `make screenshots`"
    assert "@font-face" not in drawn


@pytest.mark.parametrize("name", LIVE)
async def test_the_program_still_looks_like_that(name: str, tmp_path: Path) -> None:
    """You should see what the picture of the same name shows."""
    shown = text_of(await picture(name, tmp_path))
    assert [claim for claim in SCENES[name].claims if claim not in shown] == []


def test_what_stands_behind_a_wide_name_stays_in_its_column() -> None:
    line = '<text class="r" x="0" y="20" textLength="61" clip-path="url(#a)">&#160;山田&#160;b</text>'
    assert f'x="{5 * CELL:g}" y="20" textLength="{2 * CELL:g}" clip-path="url(#a)">&#160;b<' in local(line)
    assert local(line.replace("山田", "ab")) == line.replace("山田", "ab")


def test_there_is_no_picture_that_nothing_draws() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(SCENES)
