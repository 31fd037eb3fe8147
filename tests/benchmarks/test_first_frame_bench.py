"""The first frame with the form and the cursor in it, and the whole screen, from exec to bytes at a pseudo-terminal.

The yardstick is the first frame of a bare Textual app, on which too the cursor has to be seen; both run at the same time, so
that a machine that is slow for a moment is slow for both. The whole screen: the form with all its rows, the launch bar, the
preview, and all columns with what their views say before any run.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest
from pyte import Screen

from tests.benchmarks.first_frame import BARE, Seen, cursor_behind, cursor_seen, seen_side_by_side, words
from tests.benchmarks.ratio import hold

ROUNDS = 24
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
    stages = both(words(*FORM), cursor), both(words(*COLUMNS, *VIEWS), cursor)
    ratios = [
        seen_side_by_side(OURS, ["-c", BARE], tmp_path, stages, cursor_seen, swapped=bool(number % 2))
        for number in range(ROUNDS)
    ]
    first, whole = (median(times) for times in zip(*ratios, strict=True))
    yardstick = "first frame of a bare Textual app, the cursor in its input"
    print(f"\n{ROUNDS} rounds side by side, the median of each", end="")
    hold("first frame, the cursor in the form", first, yardstick, 1.0, MAX_FIRST, __file__, unit="times")
    hold("whole screen, every column and view", whole, yardstick, 1.0, MAX_WHOLE, __file__, unit="times")
