"""Textual's driver, adapted to real terminals: those that stop reading, are suspended by Ctrl+Z, send bytes that are no UTF-8, or go away.

Textual 8.2 writes through a queue of 30 texts. Its `put` blocks the event loop when the terminal stops reading (Ctrl+S, a stalled
SSH connection), and at the end Textual waits for its writer. Then no callback is answered and no signal ends the program, so
this module replaces the writer (threats.md S6).
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import sys
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from string import ascii_lowercase
from threading import Condition, Thread
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from airisk_tui.later import pattern
from airisk_tui.tui import type_ahead

if TYPE_CHECKING:
    from textual.driver import Driver

MAX_BACKLOG = 256 * 1024
"""Bytes that wait for the terminal before frames are dropped: some ten whole screens of 200 columns."""

LAST_WRITE = 0.3
"""Seconds that the last bytes are given when the program ends; a terminal that reads takes them in a few milliseconds."""


_OF_UNSURE_WIDTH = pattern(r"(?:[\u0900-\u109f\u1780-\u17ff\u1a00-\u1cff\ua800-\uabff]+ *)+")


def kept_in_place(text: str) -> str:
    """The text with escape sequences that put what follows a run of Indic, Hebrew or Arabic letters where Textual expects it.

    Terminals disagree over the width of spacing vowel signs (Unicode category Mc): in some they take a cell, in others, and in
    Textual, none. So the cells are blanked, the run is drawn from its first cell (DECSC, DECRC), and the cursor moves past it.
    """
    if text.isascii():
        return text
    from rich.cells import cell_len

    from airisk_tui.oauth.text.visible import with_direction_marks

    def placed(found: re.Match[str]) -> str:
        width = cell_len(found[0])
        # Saved twice, because some emulators forget a place when they have gone back to it.
        return f"\x1b7{' ' * width}\x1b8\x1b7{found[0].rstrip(' ')}\x1b8\x1b[{width}C" if width else found[0]

    # The escape sequence (DECSC) changes nothing; it is there for emulators that stop at a character without a width.
    return with_direction_marks(_OF_UNSURE_WIDTH.sub(placed, text)).replace("\u200e", "\u200e\x1b7")


_LINK = pattern(r"\x1b\]8;id=[^;]*;([^\x1b\x07]+)")


def joined_links(text: str) -> str:
    """The text with one id for all pieces of a link, by which a terminal knows that a link on several lines is one (OSC 8). Rich 14 gives
    each piece an id of its own."""
    if "\x1b]8;id=" not in text:
        return text
    return _LINK.sub(lambda found: f"\x1b]8;id={hash(found[1]) & 0xFFFFFF:x};{found[1]}", text)


class TerminalWriter(Thread):
    """Writes to a terminal in a thread of its own, in the place of Textual's `WriterThread`; `write` never blocks.

    caught_up: called in that thread when everything is written after a frame was left out.
    """

    def __init__(self, caught_up: Callable[[], None], file: IO[str]) -> None:
        # A daemon: a write that the terminal never takes must not keep the process from ending.
        super().__init__(daemon=True, name="terminal-output")
        self._file = file
        self._caught_up = caught_up
        self._waiting: deque[bytes] = deque()
        self._changed = Condition()
        self._backlog = 0
        self._stopped = False
        self._left_out = False

    def write(self, text: str) -> None:
        """Queue a text for the terminal."""
        data = joined_links(kept_in_place(text)).encode("utf-8", "replace")
        with self._changed:
            self._waiting.append(data)
            self._backlog += len(data)
            self._changed.notify()

    def flush(self) -> None:
        """Nothing: the thread writes as soon as it can."""

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """True: Textual asks its file."""
        return True

    def leaves_out_frame(self) -> bool:
        """Whether to leave out the frame that is due now, because too much is queued; `caught_up` says when to draw again."""
        with self._changed:
            self._left_out |= self._backlog > MAX_BACKLOG
            return self._left_out

    def stop(self) -> None:
        """Write what is queued, for `LAST_WRITE` seconds at most."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self.join(LAST_WRITE)

    def run(self) -> None:
        """Write until stopped; a terminal that is gone swallows everything."""
        while (data := self._next()) is not None:
            # `os.write`, not the stream: a buffered stream keeps its lock while it blocks, and Python ends with a fatal
            # error when it flushes a stream whose lock a daemon thread holds.
            with suppress(OSError):
                while data:
                    data = data[os.write(self._file.fileno(), data) :]

    def _next(self) -> bytes | None:
        with self._changed:
            self._backlog = 0
            while not self._waiting:
                if self._left_out:
                    self._left_out = False
                    self._caught_up()
                if self._stopped:
                    return None
                self._changed.wait()
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._backlog = len(data)
            return data


def fit_driver(driver: type[Driver], caught_up: Callable[[], None]) -> type[Driver]:
    """Textual's driver class with our `TerminalWriter`, a decoder that takes any bytes, and signal handlers that the loop calls."""
    module = sys.modules[driver.__module__]
    fitting: dict[str, Any] = {
        # By itself Textual ends the program at a byte that is no UTF-8; such bytes come with a paste or from a Latin-1 terminal.
        "getincrementaldecoder": lambda name: partial(getincrementaldecoder(name), "replace"),
        "WriterThread": partial(TerminalWriter, caught_up),
    }
    for name, value in fitting.items():
        if hasattr(module, name):
            setattr(module, name, value)
    if hasattr(driver, "start_application_mode"):
        driver.start_application_mode = _restoring(driver.start_application_mode)  # type: ignore[method-assign] # on purpose
    _name_alt_keys()
    for name in ("_sigtstp_application", "_sigcont_application"):
        if hasattr(driver, name):
            setattr(driver, name, _called_by_the_loop(getattr(driver, name)))
    return driver


def _name_alt_keys() -> None:
    """Have Textual know Alt and a letter, which a terminal sends as Esc and that letter.

    Textual 8.2 knows Alt+B and Alt+F alone. Of the others, where two come in one read, the first is typed as "^d"; and it
    takes Alt+Backspace for ^W.
    """
    from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

    known = cast("dict[str, object]", ANSI_SEQUENCES_KEYS)
    for letter in ascii_lowercase:
        known.setdefault(f"\x1b{letter}", (_AltKey(f"alt+{letter}"),))
    known["\x1b\x7f"] = (_AltKey("alt+backspace"),)


class _AltKey(NamedTuple):
    value: str


def _restoring(start: Callable[..., None]) -> Callable[..., None]:
    """`start_application_mode`, after which Textual gives the terminal back as it was before `type_ahead.keys_kept`."""

    @wraps(start)
    def started(self: Any) -> None:
        start(self)
        if type_ahead.before is not None and hasattr(self, "attrs_before"):
            self.attrs_before = type_ahead.before

    return start if hasattr(start, "__wrapped__") else started


def _called_by_the_loop(handle: Callable[..., None]) -> Callable[..., None]:
    """A signal handler that runs between two callbacks of the loop: it writes, and the code that it interrupts may hold the lock of
    that."""

    @wraps(handle)
    def later(self: Any, *_: object) -> None:
        asyncio.get_running_loop().call_soon_threadsafe(handle, self)

    return handle if hasattr(handle, "__wrapped__") else later


def when_hung_up(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Call back when the terminal goes away, on Linux only.

    Linux sends SIGHUP to the session's leader alone. A leader that waits for its child, as make does, does not pass it on, and
    Textual would read the end of its input for ever.
    """
    stdin = sys.__stdin__
    if stdin is None or not hasattr(select, "epoll"):
        return
    watch = select.epoll()

    def gone() -> None:
        loop.remove_reader(watch)
        watch.close()
        call()

    with suppress(OSError, ValueError):  # a stdin that is closed, or that cannot be watched
        watch.register(stdin, 0)  # no event but the hang-up, which always counts
        loop.add_reader(watch, gone)
