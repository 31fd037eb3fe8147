"""A terminal for tests: the program in a pseudo-terminal, the bytes that it wrote, and the screen that they draw."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pexpect
import ptyprocess
import pyte

from tests.forking import start

ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}


class Forked(pexpect.spawn):
    """A program at a terminal that is forked in place of started; see tests/forking.py. leader_of: as there."""

    def __init__(self, argv: list[str], *, leader_of: Path | None = None, **options: Any) -> None:
        self._leader_of = leader_of
        super().__init__(sys.executable, argv, **options)

    def _spawnpty(self, args: list[str], **options: Any) -> ptyprocess.PtyProcess:
        ours, theirs = os.openpty()
        termios.tcsetwinsize(ours, options["dimensions"])
        self.modes_before: list[Any] = termios.tcgetattr(ours)
        streams, cwd = dict.fromkeys(range(3), theirs), options.get("cwd") or Path.cwd()
        pid = start(args[1:], options["env"], cwd, streams, terminal=True, leader_of=self._leader_of)
        os.close(theirs)
        return ptyprocess.PtyProcess(pid, ours)


def last_of(child: pexpect.spawn) -> bytes:
    """What an ended program wrote and nobody has read. pexpect takes a terminal that is quiet for one at its end, while a worker of
    the kernel may not have handed over yet what was written to it (Linux, tty_buffer.c): read until the kernel says that it is."""
    data = b""
    with suppress(OSError, ValueError):  # EIO at the end; there is no descriptor when the terminal was taken away
        while select.select([child.child_fd], [], [], 5)[0] and (more := os.read(child.child_fd, 65536)):
            data += more
    return data


class Picture:
    """The screen that bytes draw."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._lines: list[str] | None = None

    def feed(self, data: bytes) -> None:
        """Draw them."""
        self._stream.feed(data)
        self._lines = None

    def resize(self, columns: int, lines: int) -> None:
        """As a person does with the window."""
        self._screen.resize(lines, columns)
        self._lines = None

    @property
    def lines(self) -> list[str]:
        """What stands there; read once for all that is looked for. The second cell of a wide character is empty."""
        if self._lines is None:
            cells, columns = self._screen.buffer, range(self._screen.columns)
            self._lines = [
                "".join(cells[line][column].data for column in columns) for line in range(self._screen.lines)
            ]
        return self._lines

    @property
    def text(self) -> str:
        """The lines."""
        return "\n".join(self.lines)


class Terminal:
    """argv: after the interpreter, which is a new one where there is another environment, else see tests/forking.py. home: where
    the program keeps its files."""

    def __init__(
        self,
        argv: list[str],
        home: Path,
        *,
        columns: int = 100,
        lines: int = 30,
        environ: Mapping[str, str] = ENVIRONMENT,
    ) -> None:
        env = {**ENVIRONMENT, **environ, "AIRISK_TUI_HOME": str(home), "HOME": str(home), "PYTHONPATH": str(Path.cwd())}
        options: dict[str, Any] = {"env": env, "dimensions": (lines, columns), "timeout": 10}
        self.child = (
            Forked(argv, **options) if environ is ENVIRONMENT else pexpect.spawn(sys.executable, argv, **options)
        )
        self.written = b""
        self._picture = Picture(columns, lines)

    def read(self, seconds: float = 0.1) -> None:
        """Take in what comes within this time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                data = self.child.read_nonblocking(65536, timeout=0.05)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
            self._take(data)

    def _take(self, data: bytes) -> None:
        self.written += data
        self._picture.feed(data)

    @property
    def text(self) -> str:
        """The screen."""
        return self._picture.text

    def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until it holds."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"It did not come to hold. The screen:\n{self.text}")
            self.read(0.05)

    def sees(self, words: str, seconds: float = 10.0) -> None:
        """Wait for words on the screen."""
        self.until(lambda: words in self.text, seconds)

    def send(self, keys: str) -> None:
        """Type."""
        self.child.send(keys)

    def paste(self, text: str) -> None:
        """As a terminal with bracketed paste does."""
        self.child.send(f"\x1b[200~{text}\x1b[201~")

    def ended(self, seconds: float = 5.0) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + seconds
        while self.child.isalive() and time.monotonic() < end:
            self.read(0.05)
        if self.child.isalive():
            raise AssertionError(f"The program did not end. The screen:\n{self.text}")
        self._take(last_of(self.child))
        return self.child.exitstatus if self.child.exitstatus is not None else -1

    def close(self) -> None:
        """Kill what is still there."""
        self.child.close(force=True)
