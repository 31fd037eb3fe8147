"""The person's editor and pager, which get the terminal for a while (`$VISUAL`, `$EDITOR`, `$PAGER`; environ(7))."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

EDITORS = ("editor", "nano", "vi")
PAGERS = ("less", "more")
"""Programs that most systems have, for use without a variable."""


class NoProgram(Exception):
    """There is no program to start; the text is a sentence that says why."""


def editor(environ: Mapping[str, str]) -> list[str]:
    """The editor with its arguments. Raises NoProgram."""
    return _named(("VISUAL", "EDITOR"), EDITORS, environ)


def pager(environ: Mapping[str, str]) -> list[str]:
    """The pager with its arguments. Raises NoProgram."""
    return _named(("PAGER",), PAGERS, environ)


def _named(variables: tuple[str, ...], usual: tuple[str, ...], environ: Mapping[str, str]) -> list[str]:
    named = next((name for name in variables if environ.get(name, "").strip()), "")
    try:
        words = shlex.split(environ[named]) if named else next(([name] for name in usual if shutil.which(name)), [])
    except ValueError as error:
        raise NoProgram(f"{named} cannot be read as a command: {error}.") from error
    if not words or shutil.which(words[0]) is None:
        what = f"{named} names {words[0]}, and there is no such program" if words else "No such program was found"
        raise NoProgram(f"{what}; set {variables[-1]} to one that is there.")
    return words


async def read_in(command: list[str], text: str) -> None:
    """Show a text in a pager, and wait until it ends. The text is not written to a disk."""
    with _interrupts_ignored():
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
        with suppress(BrokenPipeError, ConnectionResetError):  # the person left it before it had read everything
            await process.communicate(text.encode("utf-8", "replace"))


async def changed_in(command: list[str], text: str) -> str | None:
    """Edit a text in an editor. Returns the new text, or None if the editor failed.

    The text is in a file that only this user can read, in memory if the system has such a folder (XDG_RUNTIME_DIR). The folder is deleted
    with all files that the editor left there, such as backups.
    """
    folder = _private_folder()
    try:
        file = folder / "value.txt"
        file.touch(mode=0o600)
        file.write_text(text + "\n", encoding="utf-8", errors="replace")
        with _interrupts_ignored():
            process = await asyncio.create_subprocess_exec(*command, str(file))
            if await process.wait():
                return None
        with suppress(OSError):
            return file.read_text(encoding="utf-8", errors="replace")
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private_folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(tempfile.mkdtemp(prefix="airisk-tui-", dir=runtime if runtime and Path(runtime).is_dir() else None))


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """While entered, Ctrl+C ends only the other program. The terminal sends it to both."""
    # Not an empty Python handler, because the loop is notified of each signal that has one (signal.set_wakeup_fd).
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
