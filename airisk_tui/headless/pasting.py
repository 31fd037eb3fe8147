"""Lines from stdin while a run waits: what a person pastes there is offered to the run (threats.md L12)."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MAX_LINE = 64 * 1024
"""Bytes: eight times the longest request line that common servers take."""


@contextmanager
def lines_of_stdin(offer: Callable[[str], None]) -> Iterator[None]:
    """While entered, each line of a terminal's or a pipe's stdin is offered; other kinds of stdin are left alone.

    The descriptor stays as it is: making it non-blocking would make the terminal's output so too.
    """
    descriptor = _readable()
    if descriptor is None:
        yield
        return
    loop, held = asyncio.get_running_loop(), bytearray()

    def read() -> None:
        try:
            data = os.read(descriptor, 4096)
        except OSError:
            data = b""  # EIO: the terminal went away, and would be called readable for ever
        if not data:
            loop.remove_reader(descriptor)
        held.extend(data)
        *lines, rest = bytes(held).split(b"\n")
        held[:] = rest[:MAX_LINE]
        for line in lines if data else [*lines, rest]:
            if line.strip():
                offer(line.decode("utf-8", "replace"))

    try:
        loop.add_reader(descriptor, read)
    except OSError:
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(descriptor)


def _readable() -> int | None:
    try:
        descriptor = sys.stdin.fileno()
        mode = os.fstat(descriptor).st_mode
    except (OSError, ValueError, AttributeError):
        return None
    return descriptor if os.isatty(descriptor) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
