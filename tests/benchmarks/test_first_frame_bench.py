"""The first frame with the form and the cursor in it, and the whole screen, from exec to bytes at a pseudo-terminal.

The yardstick is the first frame of a bare Textual app with its cursor in its only field. The whole screen: the form with
all its rows, the launch bar, the preview and all columns with their views; the sandbox, which no frame waits for, fills
in the values later.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest
from pyte import Screen

from tests.benchmarks.first_frame import BARE, Seen, cursor_behind, seen_at, words

ROUNDS = 7
MAX_FIRST = 1.15
MAX_WHOLE = 1.6

OURS = ["-m", "airisk_tui"]
FORM = ("Client ID", "Client secret", "Redirect URI", "User id")
SCREEN = ("Extra", "Enter   Run", "Ready", "Authorization request", "Flow", "Heard by the listener", "Inspector")
VIEWS = ("5 Token", "Nothing heard", "No run has started")


def both(*seen: Seen) -> Seen:
    """All of it is on the screen."""

    def all_there(screen: Screen) -> bool:
        return all(see(screen) for see in seen)

    return all_there


@pytest.mark.bench
def test_first_frame_and_whole_screen(tmp_path: Path) -> None:
    form = both(words(*FORM), cursor_behind("Client ID"))
    stages = (form, words(*SCREEN), words(*SCREEN, *VIEWS), words("= demo-app"))
    bare: list[float] = []
    ours: list[list[float]] = []
    for _ in range(ROUNDS):
        bare += seen_at(["-c", BARE], tmp_path, words("all there", "demo-app"))
        ours.append(seen_at(OURS, tmp_path, *stages))
    yardstick = median(bare)
    first, whole, views, filled = (median(times) / yardstick for times in zip(*ours, strict=True))
    print(f"\nbare {yardstick * 1000:.0f} ms; form with cursor {first:.2f}, whole screen {whole:.2f}, ", end="")
    print(f"views in it {views:.2f}, values filled in {filled:.2f}")
    assert first < MAX_FIRST
    assert whole < MAX_WHOLE
