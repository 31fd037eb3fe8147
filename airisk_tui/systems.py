"""What is known to differ between operating systems, in one place, each with the reason."""

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

FOLLOWING = (
    # A child must not inherit the descriptor: O_CLOEXEC of POSIX.1-2008 is O_NOINHERIT in Windows' C library.
    (getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0))
    # Opening a FIFO would otherwise wait for a writer. Windows has none in its file system.
    | getattr(os, "O_NONBLOCK", 0)
    # Windows' C library would write "\r\n" for "\n", and read until a Ctrl+Z.
    | getattr(os, "O_BINARY", 0)
)
"""Flags of `os.open` for a plain file, or for a link to one."""

NOT_FOLLOWING = FOLLOWING | getattr(os, "O_NOFOLLOW", 0)
"""Likewise, and a link is refused, where the system can refuse one."""


def keep_port(listening: socket.socket) -> None:
    """Let nobody else have the port of a socket that is about to be bound, and take one that has just been left."""
    import socket

    if sys.platform == "win32":
        # There SO_REUSEADDR would let another program take a port that is listened on; this keeps it out (Microsoft,
        # "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE").
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # A second run must not wait for TIME_WAIT; a port that somebody listens on stays an error on POSIX.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


@contextmanager
def calling_back(listening: socket.socket, callback: Callable[[], object]) -> Iterator[None]:
    """Call back when somebody connects to a socket that nobody accepts from yet; at once on a loop that cannot watch one, as that
    of Windows."""
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
    """Let the signals that end a program call back in the loop; gives a function that ends this.

    A loop of Windows has no signal handlers, where Ctrl+C raises KeyboardInterrupt, and there is no SIGHUP; only the main thread
    may set one.
    """
    import signal

    before = {number: signal.getsignal(number) for number in _ending_signals()}
    for number in before:
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, callback)

    def stop() -> None:
        for number, handler in before.items():
            with suppress(NotImplementedError, ValueError, RuntimeError):
                if loop.remove_signal_handler(number):  # which sets the system's own, not the one before
                    signal.signal(number, handler)

    return stop


def _ending_signals() -> list[signal.Signals]:
    import signal

    return [signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def interrupted_by_signals() -> None:
    """Let each signal that ends a program do what Ctrl+C does at that moment, where this program has no better use for it.

    That is to cancel what `asyncio.run` runs, and to raise KeyboardInterrupt elsewhere. Raised while a thread imports, it could leave
    Python's import lock held, and the thread, which `asyncio.run` waits for, would never go on.
    """
    import signal

    def as_ctrl_c(_: int, frame: FrameType | None) -> None:
        handler = signal.getsignal(signal.SIGINT)
        (handler if callable(handler) else signal.default_int_handler)(signal.SIGINT, frame)

    for number in _ending_signals():
        if signal.getsignal(number) is signal.SIG_DFL:  # not as nohup sets it
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else as_ctrl_c)


@contextmanager
def on_signals(callback: Callable[[], object]) -> Iterator[None]:
    """While entered, the signals that end a program call back in the running event loop instead."""
    import asyncio

    stop = call_on_signals(asyncio.get_running_loop(), callback)
    try:
        yield
    finally:
        stop()
