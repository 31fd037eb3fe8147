"""Type-ahead: keys that a person presses while the program is imported wait for Textual, and are not echoed.

A terminal in its usual mode takes Ctrl+Q and Ctrl+S for itself, turns Enter into a line feed, and echoes each key. It turns Ctrl+C
into a SIGINT, whose KeyboardInterrupt an import may swallow or turn into another exception. This module is imported before
anything else, so it imports nothing that a start does not need anyway.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

INTERRUPTED = 130
"""The exit code of what was cancelled (command-line.md)."""

before: list[Any] | None = None
"""The terminal's attributes before `keys_kept`; Textual, which starts later, finds those that `keys_kept` set."""


@contextmanager
def keys_kept() -> Iterator[None]:
    """Keep the keys until Textual reads them; at the end, give the terminal its attributes back."""
    global before
    try:
        import termios
    except ImportError:  # Windows, whose console keeps them by itself
        yield
        return
    found = -1

    def give_back() -> None:
        global before
        if before is not None:
            with suppress(OSError, termios.error):
                termios.tcsetattr(found, termios.TCSANOW, before)
            before = None

    with suppress(OSError, ValueError, AttributeError, termios.error):
        found = sys.__stdin__.fileno()  # type: ignore[union-attr] # None is an AttributeError
        if os.tcgetpgrp(found) != os.getpgrp():
            found = -1  # in the background, where a program that sets the terminal is stopped
        else:
            before = termios.tcgetattr(found)
            _end_on_signals(give_back)
            inputs, outputs, control, local, *rest = before
            inputs &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
            local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            termios.tcsetattr(found, termios.TCSANOW, [inputs, outputs, control, local, *rest])
    try:
        yield
    finally:
        give_back()


def _end_on_signals(give_back: Callable[[], None]) -> None:
    """Give the terminal back when a signal ends the program before the app has handlers of its own."""
    import signal

    def end(*whatever: object) -> None:
        give_back()
        os._exit(INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup sets it
            with suppress(ValueError):  # not in the main thread
                signal.signal(number, end)
