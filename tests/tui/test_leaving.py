"""Leaving the program while it starts: at any moment, without an error of its own."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import termios
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.css.query import NoMatches
from textual.message import Message
from textual.message_pump import MessagePump

from airisk_tui.tui.app import AiriskApp
from tests.benchmarks.first_frame import Program
from tests.everyday import with_the_rest_in_ci

MESSAGES = 450
"""A start handles somewhat more, until the form can be used and the other columns stand beside it."""

STEP = 0.02
UNTIL = 1.2
"""Seconds: the steps in which the program is left at a terminal, and the whole start on a machine that is not busy."""

Way = Callable[[Program], object]
WAYS: dict[str, tuple[int, Way]] = {
    "ctrl-q": (0, lambda program: program.type("\x11")),
    "ctrl-c": (0, lambda program: program.type("\x03")),
    "SIGINT": (130, lambda program: os.kill(program.pid, signal.SIGINT)),
    "SIGTERM": (130, lambda program: os.kill(program.pid, signal.SIGTERM)),
    "SIGHUP": (130, lambda program: os.kill(program.pid, signal.SIGHUP)),
    "the terminal goes away": (130, lambda program: os.dup2(os.open(os.devnull, os.O_RDWR), program.fd)),
}
"""By what is done: the exit code, and the doing."""


@pytest.mark.parametrize("moment", with_the_rest_in_ci(range(1, MESSAGES, 30), range(1, MESSAGES, 90)))
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


@pytest.mark.parametrize(("leaving", "error"), [(True, RuntimeError()), (False, NoMatches()), (True, NoMatches())])
def test_only_a_handler_whose_widgets_are_gone_may_fail_and_only_while_the_program_ends(
    leaving: bool, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Exception] = []
    monkeypatch.setattr(App, "_handle_exception", lambda app, error: told.append(error))
    app = AiriskApp()
    app._exit = leaving
    app._handle_exception(error)
    assert (told == []) is (leaving and isinstance(error, NoMatches))


@pytest.mark.pty
@pytest.mark.parametrize("way", with_the_rest_in_ci(WAYS, ["ctrl-c", "SIGTERM"]))
def test_left_in_its_first_moments_the_program_ends_cleanly(way: str, tmp_path: Path) -> None:
    """At once, and while it imports: before the app has handlers of its own."""
    odd = {at: told for at in (0.0, 0.1) if (told := left(at, way, tmp_path))}
    assert not odd, odd


@pytest.mark.long
@pytest.mark.pty
@pytest.mark.parametrize("way", WAYS)
def test_left_at_every_20_ms_of_the_start_it_ends_cleanly(way: str, tmp_path: Path) -> None:
    moments = (STEP * number for number in range(round(UNTIL / STEP)))
    odd = {at: told for at in moments if (told := left(at, way, tmp_path))}
    assert not odd, odd


def left(at: float, way: str, home: Path) -> str:
    """What is odd about a program that is left so many seconds after it has its terminal; "" when nothing is."""
    right, leave = WAYS[way]
    program = Program(["-m", "airisk_tui"], home)
    before = termios.tcgetattr(program.fd)
    while termios.tcgetattr(program.fd)[3] & termios.ECHO:  # until then the keys are not the program's
        time.sleep(0.002)
    written = b"".join(chunk.data for chunk in program.read(at))
    leave(program)
    ended, status, limit = 0, 0, time.monotonic() + 20
    while not ended and time.monotonic() < limit:
        if select.select([program.fd], [], [], 0.02)[0]:
            written += read(program.fd)
        ended, status = os.waitpid(program.pid, os.WNOHANG)
    if not ended:
        program.kill()
        return "it did not end"
    gone = not os.isatty(program.fd)
    restored = gone or termios.tcgetattr(program.fd) == before
    os.close(program.fd)
    code: Any = os.waitstatus_to_exitcode(status)
    if gone and code == -signal.SIGHUP:  # so early that the program has no handler yet
        return ""
    return "" if code == right and restored and b"error" not in written else f"{code}, {restored}: {written[-2000:]!r}"


def read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end is closed
        return b""
