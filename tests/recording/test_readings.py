"""What is read of other programs' files and made of logs stays as it is, word for word."""

from __future__ import annotations

from tests.kept import changed_lines
from tests.recording.readings import KEPT, said


def test_the_recordings_say_what_is_kept() -> None:
    assert changed_lines(KEPT, said()) == [], "where this is better, run `make docs`"
