"""What of many messages enters the log stays as it is, word for word."""

from __future__ import annotations

from tests.kept import changed_lines
from tests.redaction.readings import KEPT, said


def test_redaction_says_what_is_kept() -> None:
    assert changed_lines(KEPT, said()) == [], "where this is better, run `make docs`"
