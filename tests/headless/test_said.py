"""What commands say stays as it is, word for word."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import pytest

from tests.everyday import with_the_rest_in_ci
from tests.headless.said import NAMES, SAID, said
from tests.headless.stories import EVERYDAY, STORIES


@pytest.mark.parametrize("name", with_the_rest_in_ci(NAMES, {*NAMES} - {*STORIES} | {*EVERYDAY}))
def test_the_commands_print_what_is_kept(name: str, tmp_path: Path) -> None:
    lines = zip_longest((SAID / f"{name}.txt").read_text("utf-8").splitlines(), said(name, tmp_path).splitlines())
    assert [pair for pair in lines if pair[0] != pair[1]][:5] == [], "where this is better, run `make docs`"


def test_no_other_file_is_kept() -> None:
    assert {path.stem for path in SAID.iterdir()} == set(NAMES)
