"""Leaving the program while it starts: at any moment, without an error of its own."""

from __future__ import annotations

import asyncio
import os
import select
import termios
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message
from textual.message_pump import MessagePump

from airisk_tui.tui.app import AiriskApp
from tests.benchmarks.first_frame import Program

MESSAGES = 450
"""A start handles somewhat more, until the form can be used and the other columns stand beside it."""

STEP = 0.02
UNTIL = 1.2
"""Seconds: the steps in which the program is left at a terminal, and the whole start on a machine that is not busy."""


@pytest.mark.parametrize("moment", range(1, MESSAGES, 30))
async def test_left_at_any_message_of_the_start_it_ends_cleanly(
    moment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path))
    app, dispatch, handled = AiriskApp(), MessagePump._dispatch_message, count(1)

    async def counted(self: MessagePump, message: Message) -> None:
        if next(handled) == moment:
            app.exit(0)
        await dispatch(self, message)

    monkeypatch.setattr(MessagePump, "_dispatch_message", counted)
    async with asyncio.timeout(20):
        await app.run_async(headless=True, size=(140, 45))
    assert (app.return_code, app._exception) == (0, None)


def moments() -> Iterator[float]:
    at = 0.0
    while at < UNTIL:
        yield at
        at += STEP


@pytest.mark.fuzz
@pytest.mark.pty
@pytest.mark.parametrize("keys", ["\x11", "\x03"], ids=["ctrl-q", "ctrl-c"])
def test_left_at_every_20_ms_of_the_start_it_ends_cleanly(keys: str, tmp_path: Path) -> None:
    odd = {at: told for at in moments() if (told := left(at, keys, tmp_path))}
    assert not odd, odd


def left(at: float, keys: str, home: Path) -> str:
    """What is odd about a program that is left so many seconds after it has its terminal; "" when nothing is."""
    program = Program(["-m", "airisk_tui"], home)
    while termios.tcgetattr(program.fd)[3] & termios.ECHO:  # until then the keys are not the program's
        time.sleep(0.002)
    written = b"".join(chunk.data for chunk in program.read(at))
    program.type(keys)
    ended, status, limit = 0, 0, time.monotonic() + 20
    while not ended and time.monotonic() < limit:
        if select.select([program.fd], [], [], 0.05)[0]:
            written += read(program.fd)
        ended, status = os.waitpid(program.pid, os.WNOHANG)
    if not ended:
        program.kill()
        return "it did not end"
    os.close(program.fd)
    code: Any = os.waitstatus_to_exitcode(status)
    return "" if code == 0 and b"error" not in written else f"{code}: {written[-2000:]!r}"


def read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end is closed
        return b""
