"""Lines of stdin while a run waits (threats.md L12)."""

from __future__ import annotations

import asyncio
import errno
import io
import os
from typing import Any

import pytest

from airisk_tui.headless.pasting import lines_of_stdin


async def test_L12_a_terminal_that_went_away_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that lost its terminal, and is not in the foreground, gets EIO at each read, and is told to read for ever."""
    reads: list[int] = []
    wrong: list[dict[str, Any]] = []
    theirs, ours = os.pipe()
    system = os.read

    def read(descriptor: int, length: int) -> bytes:
        if descriptor != theirs:
            return system(descriptor, length)
        reads.append(descriptor)
        if len(reads) > 1:
            raise OSError(errno.EIO, "Input/output error")
        return system(descriptor, 6)

    lines: list[str] = []
    monkeypatch.setattr(os, "read", read)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: wrong.append(context))
    with io.TextIOWrapper(io.FileIO(theirs, "r")) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with lines_of_stdin(lines.append):
            os.write(ours, b"first\nand more")
            await asyncio.sleep(0.05)
    os.close(ours)
    assert (lines, len(reads), wrong) == (["first"], 2, [])
