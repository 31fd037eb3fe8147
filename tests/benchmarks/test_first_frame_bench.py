"""The first frame with the form and the cursor in it, and the whole screen, from exec to bytes at a pseudo-terminal.

The yardstick is the first frame of a bare Textual app, on which too the cursor has to be seen. The whole screen: the form with
all its rows, the launch bar, the preview, and all columns with what their views say before any run. When the sandbox, which no
frame waits for, has filled in the values, is told beside it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pyte import Screen

from tests.benchmarks.first_frame import BARE, Seen, cursor_behind, cursor_seen, seen_at, words
from tests.benchmarks.ratio import hold

ROUNDS = 7
MAX_FIRST = 1.15
MAX_WHOLE = 1.6

OURS = ["-m", "airisk_tui"]
FORM = ("Client ID", "Client secret", "Redirect URI", "User id")
COLUMNS = ("Extra", "Enter   Run", "Ready", "Authorization request", "Flow", "Heard by the listener", "Inspector")
VIEWS = ("5 Token", "6 Access", "Nothing heard", "Meaning", "Timing", "No run has started")


def both(*seen: Seen) -> Seen:
    """All of it is on the screen."""

    def all_there(screen: Screen) -> bool:
        return all(see(screen) for see in seen)

    return all_there


@pytest.mark.bench
def test_first_frame_and_whole_screen(tmp_path: Path) -> None:
    cursor = cursor_behind("Client ID")
    stages = both(words(*FORM), cursor), both(words(*COLUMNS, *VIEWS), cursor), words("= demo-app")
    bare: list[float] = []
    ours: list[list[float]] = []
    for _ in range(ROUNDS):
        bare += seen_at(["-c", BARE], tmp_path, cursor_seen)
        ours.append(seen_at(OURS, tmp_path, *stages))
    first, whole, filled = map(min, zip(*ours, strict=True))
    yardstick = "first frame of a bare Textual app, the cursor in its input"
    print(f"\nafter that: the sandbox's values {filled * 1000:.0f} ms", end="")
    hold("first frame, the cursor in the form", first, yardstick, min(bare), MAX_FIRST, __file__)
    hold("whole screen, every column and view", whole, yardstick, min(bare), MAX_WHOLE, __file__)
