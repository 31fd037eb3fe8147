"""The real program under a pseudo-terminal: its bytes, its screen, its terminal's modes, its process and its port."""

from __future__ import annotations

import os
import signal
import socket
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect

from tests.tui.terminal import Forked, Picture, last_of

ROOT = Path(__file__).parents[2]

MODES_LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1004l")
"""Alternate screen left, cursor shown, bracketed paste off, mouse off, mouse movement off, focus reports off."""

MODES_SET = (b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?2004h", b"\x1b[?1000h", b"\x1b[?1003h", b"\x1b[?1004h")


def environment(home: Path) -> dict[str, str]:
    """A bare environment in which everything that is written lands below `home`."""
    return {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "AIRISK_TUI_HOME": str(home / "airisk"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


class Program:
    """arguments: of `airisk-tui`; script: Python to run in its place; env: added to a bare environment."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        script: str | None = None,
        env: dict[str, str] | None = None,
        size: tuple[int, int] = (140, 45),
        cwd: Path | None = None,
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        argv = ["-c", script, *arguments] if script is not None else ["-m", "airisk_tui", *arguments]
        if any(name.startswith("TEXTUAL_") for name in env or ()):  # these are read when Textual is imported
            argv = ["-c", f"import os, sys; os.execv(sys.executable, [sys.executable, *{argv!r}])"]
        pid_file = home / "pid"
        pid_file.unlink(missing_ok=True)
        columns, lines = size
        self.child = Forked(
            argv,
            leader_of=pid_file,
            env={**environment(home), **(env or {})},
            dimensions=(lines, columns),
            timeout=10,
            cwd=str(cwd or home),
            echo=True,
        )
        self.child.delaybeforesend = None
        self.modes = self.child.modes_before
        self.written = b""
        self._picture = Picture(columns, lines)
        self.until(pid_file.exists)
        self.pid = int(pid_file.read_text())

    def _modes(self) -> list[Any]:
        return termios.tcgetattr(self.child.child_fd)

    @property
    def modes_are_as_before(self) -> bool:
        """Whether the terminal's line discipline is as the program found it."""
        return self._modes() == self.modes

    def read(self, seconds: float = 0.05) -> None:
        """Take in what comes within this time."""
        end = time.monotonic() + seconds
        while True:
            try:
                data = self.child.read_nonblocking(65536, timeout=max(0.0, min(0.02, end - time.monotonic())))
            except pexpect.TIMEOUT:
                data = b""
            except pexpect.EOF:
                return
            self.written += data
            self._picture.feed(data)
            if not data and time.monotonic() >= end:
                return

    @property
    def text(self) -> str:
        """The screen, line by line."""
        return self._picture.text

    def until(self, holds: Callable[[], object], seconds: float = 15.0) -> None:
        """Read until it holds."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"It did not come to hold. The screen:\n{self.text}\n{self.written[-2000:]!r}")
            self.read(0.02)

    def sees(self, *words: str, seconds: float = 15.0) -> None:
        """Wait until all the words are on the screen."""
        self.until(lambda: all(word in self.text for word in words), seconds)

    def says(self, words: str, seconds: float = 15.0) -> None:
        """Wait until the words have been written."""
        self.until(lambda: words.encode() in self.written, seconds)

    def send(self, keys: str) -> None:
        """Type."""
        self.child.send(keys)

    def click(self, words: str, nth: int = 0) -> bool:
        """Click on words that stand on the screen; False when they do not."""
        places = [
            (line, column)
            for line, text in enumerate(self._picture.lines)
            for column in range(len(text))
            if text.startswith(words, column)
        ]
        if nth >= len(places):
            return False
        line, column = places[nth]
        for end in "Mm":
            self.send(f"\x1b[<0;{column + 2};{line + 1}{end}")
        return True

    def signal(self, number: int) -> None:
        """To the program itself."""
        os.kill(self.pid, number)

    def resize(self, columns: int, lines: int) -> None:
        """As a person does with the window."""
        self.child.setwinsize(lines, columns)
        self._picture.resize(columns, lines)

    @property
    def state(self) -> str:
        """The kernel's letter for what the process does: "T" is stopped, "" gone."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return ""

    def ended(self, seconds: float = 5.0) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + seconds
        while self.child.isalive():
            if time.monotonic() > end:
                raise AssertionError(f"The program did not end. The screen:\n{self.text}\n{self.written[-2000:]!r}")
            self.read(0.01)
        self.written += last_of(self.child)
        return self.child.exitstatus if self.child.exitstatus is not None else -1

    def left_as_it_was(self) -> bool:
        """Whether every mode of the terminal that was set has been taken back since."""
        pairs = zip(MODES_SET, MODES_LEFT, strict=True)
        return self.modes_are_as_before and all(self.written.rfind(on) <= self.written.rfind(off) for on, off in pairs)

    def close(self) -> None:
        """Kill what is still there."""
        if self.state:
            self.signal(signal.SIGKILL)
        self.child.close(force=True)


def is_free(port: int) -> bool:
    """Whether a server could have the port now."""
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            again.bind(("127.0.0.1", port))
            again.listen(1)
        except OSError:
            return False
        return True
