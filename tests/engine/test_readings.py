"""What the engine makes of many inputs stays as it is, word for word."""

from __future__ import annotations

import sys

import pytest

from tests.engine.readings import KEPT, said
from tests.kept import changed_lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows separates the entries of a variable by another sign")
def test_the_engine_says_what_is_kept() -> None:
    assert changed_lines(KEPT, said()) == [], "where this is better, run `make docs`"
