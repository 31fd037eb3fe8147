"""Ten thousand users: the list's first frame and each keystroke of its search, against the echo of a bare Input.

At a pseudo-terminal. The first frame is counted from the moment at which the answer of ListUsers is there to be read.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.first_frame import BARE, Program
from tests.benchmarks.ratio import hold
from tests.pace import slowness

MAX_SECONDS = 0.1
"""The promise; the ratios are told beside it, because the echo holds what Textual itself waits for its next frame."""
ROUNDS = 5
SEARCH = "9876"

OURS = r"""
import os, sys
from pathlib import Path
from airisk_tui.engine.config.home import Home
from airisk_tui.session.session import Session
from airisk_tui.tui.app import run_app
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.two_tokens import runs as two_tokens_runs

users_of = two_tokens_runs.users_of
def marked(state):
    os.write(1, b"\x1b]777;answer\x07")
    return users_of(state)
two_tokens_runs.users_of = marked

home = Path(sys.argv[1])
session = Session(home=Home(home / "c", home / "r"), environ={}, sandbox_faults=("list-users-many",))
run_app(AppOptions(environment="sandbox", overrides={"mode": "direct"}, session=session))
"""
TWO_TOKENS = "\x1b[19~"
"""Ctrl+T."""

pytestmark = pytest.mark.bench


def test_ten_thousand_users(tmp_path: Path) -> None:
    echo = median(_echo(tmp_path) for _ in range(3))
    firsts, keys = zip(*(_users(tmp_path) for _ in range(ROUNDS)), strict=True)
    first, slowest = median(firsts), max(median(times) for times in zip(*keys, strict=True))
    allowed = MAX_SECONDS * max(1.0, slowness())
    print(f"\na bare Input's echo: {echo * 1000:.1f} ms", end="")
    hold("first frame of 10,000 users", first, f"{MAX_SECONDS:g} s on this machine now", allowed, 1.0, __file__)
    hold("slowest key in 10,000 users", slowest, f"{MAX_SECONDS:g} s on this machine now", allowed, 1.0, __file__)


def _echo(home: Path) -> float:
    program = Program(["-c", BARE], home)
    try:
        program.until(lambda written: b"all there" in written)
        program.read(1.0)
        program.type("\x1b[F")
        return median([_typed(program, letter, f"demo-app{SEARCH[: at + 1]}") for at, letter in enumerate(SEARCH)])
    finally:
        program.kill()


def _users(home: Path) -> tuple[float, list[float]]:
    program = Program(["-c", OURS, str(home)], home)
    try:
        program.until(lambda written: b"= " in written and b"demo-app" in written, seconds=10)
        program.read(1.0)
        program.type(TWO_TOKENS)
        program.until(lambda written: b"777;answer" in written, seconds=10)
        first = program.until(lambda written: b"user_3" in written)
        program.read(0.6)
        return first, [_typed(program, letter, f"user_{SEARCH[: at + 1]} ") for at, letter in enumerate(SEARCH)]
    finally:
        program.kill()


def _typed(program: Program, letter: str, shown: str) -> float:
    program.type(letter)
    return program.until(lambda written: shown.encode() in written)
