"""The differences between operating systems, each with its reason."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    import signal
    import socket
    from types import FrameType

OPEN_FLAGS = (
    # A child must not inherit the descriptor: O_CLOEXEC of POSIX.1-2008 is O_NOINHERIT in Windows' C library.
    (getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0))
    # Otherwise opening a FIFO would wait for a writer. Windows has no FIFOs in its file system.
    | getattr(os, "O_NONBLOCK", 0)
    # Otherwise Windows' C library would write "\r\n" for "\n", and read only up to a Ctrl+Z.
    | getattr(os, "O_BINARY", 0)
)
"""Flags of `os.open` for a plain file or a link to one."""

OPEN_FLAGS_NO_LINK = OPEN_FLAGS | getattr(os, "O_NOFOLLOW", 0)
"""Flags of `os.open` for a plain file. A link is refused, if the system supports that."""


def keep_port(listening: socket.socket) -> None:
    """Reserve the port of a socket that is about to be bound, and allow one that was left a moment ago."""
    import socket

    if sys.platform == "win32":
        # Not SO_REUSEADDR, with which another program could take the port while it is listened on (Microsoft, "Using SO_REUSEADDR and
        # SO_EXCLUSIVEADDRUSE").
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # So that a second run need not wait for TIME_WAIT. On POSIX a port on which another program listens is still an error.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


@contextmanager
def calling_back(listening: socket.socket, callback: Callable[[], object]) -> Iterator[None]:
    """While entered, call back when somebody connects to a socket from which nobody accepts yet. A loop that cannot watch a socket, as
    on Windows, calls back at once."""
    import asyncio

    loop = asyncio.get_running_loop()
    try:
        loop.add_reader(listening, callback)
    except NotImplementedError:
        callback()
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(listening)


def call_on_signals(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> Callable[[], None]:
    """Call back in the loop for each signal that ends a program. Returns a function that stops this.

    On Windows a loop has no signal handlers: Ctrl+C raises KeyboardInterrupt, and there is no SIGHUP. Only the main thread can set a
    handler.
    """
    import signal

    before = {number: signal.getsignal(number) for number in _ending_signals()}
    for number in before:
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, callback)

    def stop() -> None:
        for number, handler in before.items():
            with suppress(NotImplementedError, ValueError, RuntimeError):
                if loop.remove_signal_handler(number):  # which sets the default handler, not the one before
                    signal.signal(number, handler)

    return stop


def _ending_signals() -> list[signal.Signals]:
    import signal

    return [signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def interrupted_by_signals() -> None:
    """Let SIGTERM and SIGHUP do what Ctrl+C does at that moment: cancel the task that `asyncio.run` runs, and raise KeyboardInterrupt
    elsewhere.

    Not always KeyboardInterrupt: raised while a thread imports, it could leave Python's import lock held, and `asyncio.run` would wait
    for that thread for ever.
    """
    import signal

    def as_ctrl_c(_: int, frame: FrameType | None) -> None:
        handler = signal.getsignal(signal.SIGINT)
        (handler if callable(handler) else signal.default_int_handler)(signal.SIGINT, frame)

    for number in _ending_signals():
        if signal.getsignal(number) is signal.SIG_DFL:  # not a signal that nohup ignores
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else as_ctrl_c)


@contextmanager
def on_signals(callback: Callable[[], object]) -> Iterator[None]:
    """While entered, signals that end a program call back in the running event loop instead."""
    import asyncio

    stop = call_on_signals(asyncio.get_running_loop(), callback)
    try:
        yield
    finally:
        stop()
