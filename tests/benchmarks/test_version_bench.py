"""`airisk-tui --version` against `python -c pass`: at most 3."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from airisk_tui.version import __version__
from tests.benchmarks.ratio import alternating, hold, stopwatch

MAX_RATIO = 3.0


@pytest.mark.bench
def test_the_version_is_told_at_once() -> None:
    script = Path(sys.executable).with_name("airisk-tui")
    assert subprocess.run([script, "--version"], capture_output=True, text=True).stdout == f"airisk-tui {__version__}\n"

    def run(*argv: str | Path) -> None:
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)

    ours, bare = alternating(
        stopwatch(lambda: run(script, "--version")), stopwatch(lambda: run(sys.executable, "-c", "pass")), rounds=15
    )
    hold("airisk-tui --version", ours, "python -c pass", bare, MAX_RATIO, __file__)
