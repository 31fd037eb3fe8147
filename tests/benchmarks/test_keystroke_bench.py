"""A keystroke in the form to the updated preview, against the echo of a bare Input, at a pseudo-terminal.

Textual draws at most sixty times a second, so that up to 16.7 ms of either figure are waiting for the next frame; what the
form and the preview cost beyond a bare echo is the difference.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.benchmarks.first_frame import Program
from tests.benchmarks.ratio import hold

KEYS = 200
ROUNDS = 2
WARM = 20
"""Keys that are not counted: the first ones run code for the first time."""

FRAME = 0.016
"""Seconds."""

PAUSE = 0.02
"""Seconds between two keys: a fast typist's are 0.05 apart."""

BARE = """
from textual.app import App
from textual.widgets import Footer, Header, Input, Static
class Bare(App):
    def compose(self):
        yield Header(); yield Input("demo-app", select_on_focus=False); yield Static("x"); yield Footer()
Bare().run()
"""


@pytest.mark.bench
def test_a_keystroke_to_the_updated_preview(tmp_path: Path) -> None:
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(latencies(Program(["-c", BARE], tmp_path), places=1))
        ours.append(latencies(Program(["-m", "airisk_tui"], tmp_path), places=2))
    middle = [min(map(median, took)) * 1000 for took in (ours, bare)]
    print(
        f"\na key at a terminal, median: to the preview {middle[0]:.1f} ms, to a bare echo {middle[1]:.1f} ms", end=""
    )
    echo = min(map(p99, bare))
    hold(
        "key to preview, p99", min(map(p99, ours)), "bare echo, p99, and a frame of 16 ms", echo + FRAME, 1.0, __file__
    )


def p99(took: list[float]) -> float:
    """The hundredth part that is slowest begins here."""
    return quantiles(took, n=100)[98]


def latencies(program: Program, places: int) -> list[float]:
    """Seconds from each key to its value standing in so many places."""
    try:
        program.read(2.5)
        program.type("\x1b[F")
        program.read(0.2)
        took = []
        for number in range(-WARM, KEYS):
            letter = "abcdefghij"[number % 10] if number % 20 < 10 else "\x7f"
            length = number % 20 + 1 if number % 20 < 10 else 19 - number % 20
            value = b"demo-app" + b"abcdefghij"[:length]
            program.type(letter)
            took.append(program.until(partial(shows, value, places)))
            program.read(PAUSE)
        return took[WARM:]
    finally:
        program.kill()


def shows(value: bytes, places: int, written: bytes) -> bool:
    """Whether the value has been written so many times, followed by no other letter of it."""
    return sum(not part[:1].isalpha() for part in written.split(value)[1:]) >= places
