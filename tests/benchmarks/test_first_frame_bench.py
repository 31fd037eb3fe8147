"""From exec to bytes at a pseudo-terminal: the first frame with the cursor in the form, the form that can be used, the whole screen.

The yardstick is the first frame of a bare Textual app, on which too the cursor has to be seen; both run at the same time, so
that a machine that is slow for a moment is slow for both. Ready: the values stand in the form and the whole request in the
preview; Enter runs it. What is slower than it may be is measured again before it fails.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median

import pytest
from pyte import Screen

from tests.benchmarks.first_frame import BARE, Program, Seen, cursor_behind, cursor_seen, seen_side_by_side, words
from tests.benchmarks.ratio import hold

ROUNDS = 12
TRIES = 3
"""How often everything is measured before it fails: a busy machine only ever adds."""

MAX_FIRST, MAX_READY, MAX_WHOLE = 1.15, 1.6, 2.4
MAX_MEMORY = 1.5

OURS = ["-m", "airisk_tui"]
FORM = ("Client ID", "Client secret", "Redirect URI", "User id")
VALUES = ("demo-app", "GET http://127.0.0.1:", "redirect_uri", "state", "Enter")
COLUMNS = ("Extra", "Flow", "Heard by the listener", "Inspector", "5 Token", "Meaning", "Timing")
PEERS = {
    "posting": ("Enter a URL",),
    "harlequin": ("Query",),
    "mitmproxy": ("Flows",),
}
"""Programs of the kind, by the words that stand on their screens once they can be used."""


def both(*seen: Seen) -> Seen:
    """All of it is on the screen."""

    def all_there(screen: Screen) -> bool:
        return all(see(screen) for see in seen)

    return all_there


STAGES = both(words(*FORM), cursor_behind("Client ID")), words(*FORM, *VALUES), words(*COLUMNS, *VALUES)


@pytest.mark.bench
def test_first_frame_ready_and_whole_screen(tmp_path: Path) -> None:
    first, ready, whole = (float("inf"),) * 3
    for _ in range(TRIES):
        ratios = [
            seen_side_by_side(OURS, ["-c", BARE], tmp_path, STAGES, cursor_seen, swapped=bool(number % 2))
            for number in range(ROUNDS)
        ]
        medians = [median(times) for times in zip(*ratios, strict=True)]
        first, ready, whole = map(min, (first, ready, whole), medians)
        if first <= MAX_FIRST and ready <= MAX_READY and whole <= MAX_WHOLE:
            break
    yardstick = "first frame of a bare Textual app, the cursor in its input"
    print(f"\n{ROUNDS} rounds side by side, the median of each", end="")
    hold("first frame, the cursor in the form", first, yardstick, 1.0, MAX_FIRST, __file__, unit="times")
    hold("ready: values, request, Enter", ready, yardstick, 1.0, MAX_READY, __file__, unit="times")
    hold("whole screen, every column", whole, yardstick, 1.0, MAX_WHOLE, __file__, unit="times")


@pytest.mark.bench
def test_the_memory_of_the_idle_screen(tmp_path: Path) -> None:
    ours, bare = (resident(argv, tmp_path) for argv in (OURS, ["-c", BARE]))
    hold("memory of the idle screen", ours, "a bare Textual app", bare, MAX_MEMORY, __file__, unit="MiB")


def resident(argv: list[str], home: Path) -> float:
    """MiB that the program holds when nothing happens any more."""
    program = Program(argv, home)
    try:
        program.read(5.0)
        status = Path(f"/proc/{program.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024
    finally:
        program.kill()


@pytest.mark.bench
@pytest.mark.skipif(not os.environ.get("PEERS"), reason="asked for by PEERS=1")
@pytest.mark.parametrize("peer", PEERS)
def test_ready_beside_other_programs(peer: str, tmp_path: Path) -> None:
    if (found := shutil.which(peer)) is None:
        pytest.skip(f"{peer} is not installed")
    started = [found, "--no-server"] if peer == "mitmproxy" else [found]
    run = ["-c", f"import os; os.execv({found!r}, {started!r})"]
    ratios = [
        seen_side_by_side(OURS, run, tmp_path, [STAGES[1]], words(*PEERS[peer]), swapped=bool(number % 2))[0]
        for number in range(ROUNDS // 2)
    ]
    print(f"\nready, in times of {peer}: {median(ratios):.2f}")
