"""Reading lines from standard input in the event loop: what a person pastes or types there (threats.md L12).

A thread in `readline` would not do: no signal ends it, and at its end the event loop would wait for a line to come.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import none_among

MAX_LINE = 64 * 1024
"""Bytes of a line: eight times as many as the longest request line that common servers take."""

Line = Callable[[], Awaitable[str | None]]
"""Waits for the next line; None when there are no more."""


@contextmanager
def lines_of_stdin(offer: Callable[[str], None], ended: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """While entered, call `offer` with each line of standard input, and `ended` at its end. Yields whether standard input can be read: it
    is a terminal, a pipe or a socket.

    The descriptor stays blocking: a non-blocking one would make the terminal's output non-blocking, too.
    """
    descriptor = _readable()
    if descriptor is None:
        yield False
        return
    loop, held = asyncio.get_running_loop(), bytearray()

    def read() -> None:
        try:
            data = os.read(descriptor, 4096)
        except OSError:
            data = b""  # EIO: the terminal went away, and epoll reports it as readable for ever
        if not data:
            loop.remove_reader(descriptor)
        held.extend(data)
        *lines, rest = bytes(held).split(b"\n")
        held[:] = rest[:MAX_LINE]
        for line in lines if data or not rest else [*lines, rest]:
            offer(line.decode("utf-8", "replace"))
        if not data:
            ended()

    try:
        loop.add_reader(descriptor, read)
    except (OSError, NotImplementedError):
        # epoll refuses what is always ready (epoll_ctl(2), EPERM); the event loop of Windows has no readers at all.
        yield False
        return
    try:
        yield True
    finally:
        loop.remove_reader(descriptor)


@contextmanager
def stdin_line_by_line() -> Iterator[Line]:
    """While entered, the function that this yields waits for the next line; that wait can be cancelled."""
    came: asyncio.Queue[str | None] = asyncio.Queue()
    with lines_of_stdin(came.put_nowait, lambda: came.put_nowait(None)) as read:

        async def line() -> str | None:
            if not read:
                return (sys.stdin.readline() or None) if sys.stdin is not None else None
            text = await came.get()
            if text is None:
                came.put_nowait(None)
            return text

        yield line


async def agrees(question: str) -> bool:
    """Ask at the terminal, and return whether a person types yes; False without a terminal."""
    if none_among("stdin", "stderr"):
        return False
    output.say(f"{question} Type yes to do so.")
    with stdin_line_by_line() as line:
        return (await line() or "").strip().lower() == "yes"


def _readable() -> int | None:
    try:
        descriptor = sys.stdin.fileno()
        mode = os.fstat(descriptor).st_mode
    except (OSError, ValueError, AttributeError):
        return None
    return descriptor if os.isatty(descriptor) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
