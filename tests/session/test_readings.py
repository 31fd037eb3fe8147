"""What the session makes of many inputs stays as it is, word for word."""

from __future__ import annotations

from tests.kept import changed_lines
from tests.session import exports
from tests.session.readings import KEPT, said


def test_the_session_says_what_is_kept() -> None:
    assert changed_lines(KEPT, said()) == [], "where this is better, run `make docs`"


def test_what_is_exported_of_each_log_is_kept_in_every_form() -> None:
    assert changed_lines(exports.KEPT, exports.said()) == [], "where this is better, run `make docs`"
