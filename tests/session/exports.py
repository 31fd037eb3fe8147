"""What is exported of each log, in every form (see `tests.kept`), in `exports.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from airisk_tui.recording.disk.reader import Recording
from airisk_tui.recording.replay import Replay
from airisk_tui.session.recordings.exporting import SUFFIXES, exported
from airisk_tui.session.recordings.opening import OpenRecording
from tests.kept import each_line_once
from tests.recording.disk import HEADER
from tests.recording.logs import LOGS

KEPT = Path(__file__).with_name("exports.txt")


def _exports() -> Iterator[tuple[str, str]]:
    for form in SUFFIXES:
        for name, log in {**LOGS, "the beginning lost": LOGS["browser-token"][1:]}.items():
            text = exported(OpenRecording(Path(f"{name}.jsonl"), Recording(HEADER, log), Replay(log)), form)
            yield f"{form}: {name}", text.partition("</style>")[2] if form == "html" else text


def said() -> str:
    """All of it."""
    return each_line_once(_exports())
