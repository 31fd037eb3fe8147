"""Measuring a program at a pseudo-terminal: from exec to what is seen, and from a key to its echo."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyte

COLUMNS, LINES = 140, 45
BARE = """
from textual.app import App
from textual.widgets import Footer, Header, Input, Static
class Bare(App):
    def compose(self):
        yield Header()
        yield Input("demo-app", select_on_focus=False)
        yield Static("all there")
        yield Footer()
Bare().run()
"""

Seen = Callable[[pyte.Screen], bool]

SIDE_BY_SIDE = (2.5, 6.0, 20.0)
"""Seconds that two programs are watched: four times what the slower one needs, and longer when that was not enough."""


class NotSeen(AssertionError):
    """What was looked for has not come to the screen."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes, and how many seconds after exec they came."""

    at: float
    data: bytes


class Program:
    """A program in a terminal of its own. cores: those that it may run on; None for all."""

    def __init__(self, argv: Sequence[str], home: Path, cores: set[int] | None = None) -> None:
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if cores is not None:
                os.sched_setaffinity(0, cores)
            env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "AIRISK_TUI_HOME": str(home)}
            os.execve(sys.executable, [sys.executable, *argv], env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def read(self, seconds: float) -> list[Chunk]:
        """What comes within so many seconds from now."""
        chunks = []
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            ready, _, _ = select.select([self.fd], [], [], left)
            if ready:
                try:
                    data = os.read(self.fd, 65536)
                except OSError:
                    break
                chunks.append(Chunk(time.perf_counter() - self.began, data))
        return chunks

    def until(self, holds: Callable[[bytes], bool], seconds: float = 2.0) -> float:
        """Seconds until what was written since now fulfils this."""
        began, written = time.perf_counter(), b""
        while not holds(written):
            left = began + seconds - time.perf_counter()
            ready, _, _ = select.select([self.fd], [], [], max(left, 0))
            if not ready:
                raise AssertionError(f"It was not written: {written[-500:]!r}")
            written += os.read(self.fd, 65536)
        return time.perf_counter() - began

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.fd, text.encode())

    def kill(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def seen_at(argv: Sequence[str], home: Path, *wanted: Seen, seconds: float = 3.0) -> list[float]:
    """When each of these was on the screen first, in seconds after exec. The reading is not slowed by the drawing."""
    program = Program(argv, home)
    try:
        chunks = program.read(seconds)
    finally:
        program.kill()
    return first_seen(chunks, wanted)


def seen_side_by_side(
    ours: Sequence[str], theirs: Sequence[str], home: Path, wanted: Sequence[Seen], yardstick: Seen, swapped: bool
) -> list[float]:
    """How many times longer ours takes to each wanted sight than the yardstick to its own, both started at once.

    A machine whose speed changes from one second to the next is as slow for the one as for the other. Each has a core of its
    own where there are two; swapped: the other way round.
    """
    for seconds in SIDE_BY_SIDE:
        try:
            return _seen_within(seconds, ours, theirs, home, wanted, yardstick, swapped)
        except NotSeen:
            if seconds == SIDE_BY_SIDE[-1]:
                raise
    raise AssertionError("the last try returns or raises")


def _seen_within(
    seconds: float,
    ours: Sequence[str],
    theirs: Sequence[str],
    home: Path,
    wanted: Sequence[Seen],
    yardstick: Seen,
    swapped: bool,
) -> list[float]:
    cores = sorted(os.sched_getaffinity(0))[:2]
    sides = [{core} for core in cores] if len(cores) == 2 else [None, None]
    one, other = sides[::-1] if swapped else sides
    programs = Program(ours, home, one), Program(theirs, home, other)
    with ThreadPoolExecutor(2) as pool:
        read = list(pool.map(lambda program: program.read(seconds), programs))
    for program in programs:
        program.kill()
    mine, (base,) = first_seen(read[0], wanted), first_seen(read[1], [yardstick])
    return [at / base for at in mine]


def first_seen(chunks: Sequence[Chunk], wanted: Sequence[Seen]) -> list[float]:
    """When each of these was on the screen first, in seconds after exec."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    times: list[float | None] = [None] * len(wanted)
    for chunk in chunks:
        stream.feed(chunk.data)
        times = [
            at if at is not None else chunk.at if see(screen) else None for at, see in zip(times, wanted, strict=True)
        ]
    found = [at for at in times if at is not None]
    if len(found) != len(wanted):
        raise NotSeen("It was never seen:\n" + "\n".join(screen.display))
    return found


def words(*expected: str) -> Seen:
    """All of these words are on the screen."""
    return lambda screen: all(any(word in line for line in screen.display) for word in expected)


TEXT = "e0e0e0"
"""The colour of text in Textual's dark theme; as a background it is the cursor of a focused input and nothing else."""


def cursor_seen(screen: pyte.Screen) -> bool:
    """An input's cursor is on the screen."""
    return any(cell.bg == TEXT for line in screen.buffer.values() for cell in line.values())


def cursor_behind(label: str) -> Seen:
    """The cursor stands in the line of this label."""

    def stands(screen: pyte.Screen) -> bool:
        lines = [number for number, line in enumerate(screen.display) if label in line]
        return any(cell.bg == TEXT for number in lines for cell in screen.buffer[number].values())

    return stands
