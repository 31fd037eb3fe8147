"""What is read of other programs' files and commands, and made of logs (see `tests.kept`), in `kept.txt`."""

from __future__ import annotations

from pathlib import Path

from tests.kept import each_line_once, kept_text
from tests.recording.readings.imported import imported, imported_logs
from tests.recording.readings.made import made
from tests.recording.readings.written import written

KEPT = Path(__file__).with_name("kept.txt")


def said() -> str:
    """All of it."""
    return "\n".join((kept_text((*written(), *imported(), *made())), each_line_once(imported_logs())))


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")
