"""A pseudo-terminal with a stopwatch: when which bytes of a program came, counted from just before exec."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
from pathlib import Path
from time import perf_counter

COLUMNS, LINES = 140, 42
GIVE_UP = 15.0
"""Seconds after which the program is taken to hang."""

ESCAPE = re.compile(rb"\x1b\[[0-9;?>$]*[a-zA-Z]|\r|\n")
CURSOR = re.compile(rb"\x1b\[38;2;18;18;18;48;2;224;224;224m[^\x1b]\x1b")
"""How Textual's dark theme draws the cursor of a focused input: one cell, the colours of the text exchanged."""


def seconds_until(argv: list[str], home: Path, *marks: bytes, cursor: bool = False) -> float:
    """Seconds until each mark, and the cursor where it is asked for, stands in what the program wrote."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(home)}
    env = {**env, "AIRISK_TUI_HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    began = perf_counter()
    child = subprocess.Popen(argv, stdin=follower, stdout=follower, stderr=follower, start_new_session=True, env=env)
    os.close(follower)
    written = b""
    try:
        while perf_counter() - began < GIVE_UP:
            if select.select([leader], [], [], 0.05)[0]:
                written += os.read(leader, 1 << 20)
                came = perf_counter() - began
                plain = ESCAPE.sub(b"", written)
                if all(mark in plain for mark in marks) and (not cursor or CURSOR.search(written)):
                    return came
    finally:
        child.kill()
        child.wait()
        os.close(leader)
    raise AssertionError(
        f"It did not show {marks!r} in time. The end of what it wrote: {ESCAPE.sub(b'', written)[-900:]!r}"
    )
