"""What is read of other programs' files and commands, and made of logs (see `tests.kept`), in `kept.txt`."""

from __future__ import annotations

from pathlib import Path

from tests.kept import kept_text
from tests.recording.readings.imported import imported
from tests.recording.readings.made import made
from tests.recording.readings.written import written

KEPT = Path(__file__).with_name("kept.txt")


def said() -> str:
    """All of it."""
    return kept_text((*written(), *imported(), *made()))


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")
