"""The command line itself: what it loads, and that every command's help can be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("asyncio", "ssl", "socket", "tomllib", "dotenv", "textual", "airisk_tui.engine", "airisk_tui.oauth")
ROOT = Path(__file__).parents[2]


def loaded_by(statements: str) -> list[str]:
    """Which of the heavy modules a fresh interpreter has loaded after these statements."""
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{statements}\n"
    script += f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_command_line_loads_no_more_than_argparse() -> None:
    assert loaded_by("import airisk_tui.cli") == []
