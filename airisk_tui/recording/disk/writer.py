"""Writing a recording while the run happens (threats.md F2, F3).

What is promised: when `append` returns, the whole line is with the operating system, so it survives `kill -9` of this
program. A power failure may cost the lines since the last `sync`: waiting for the disk at every event would cost a run more
than the recording is allowed to, so it is waited for once, by `close`. When a write fails the part of the line that was
written is taken back where that is possible, `RecordingFailed` is raised once, and the writer is quiet from then on.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from airisk_tui.flow.events import AnyEvent
from airisk_tui.recording.disk.codec import dumps, encode_event, loads
from airisk_tui.recording.disk.errors import RecordError, RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, Files, or_failed, reason, write_all
from airisk_tui.recording.disk.format import FORMAT, Closing, Header, decode_header, encode_closing, encode_header

MAX_TAIL = 32 * 1024 * 1024
"""Bytes at the end of a file in which the last line begins: no line that this program writes is longer."""

MAX_HEADER = 64 * 1024
"""Bytes in which the first line has to end; it has some 250."""


class RecordingWriter:
    """A recording that is being written; made by `create` or `reopen`. `dead`: a write failed, and nothing more is written."""

    def __init__(self, path: Path, descriptor: int, size: int, files: Files) -> None:
        self.path = path
        self.dead = False
        self._descriptor = descriptor
        self._size = size
        self._files = files
        self._written_secrets: set[str] = set()
        self._included = False

    @classmethod
    def create(cls, path: Path, header: Header, files: Files = SYSTEM) -> Self:
        """A new recording, its header written; never over another file."""
        with or_failed(f"The recording {path.name} could not be made"):
            files.make_folder(path.parent)
            descriptor = files.create(path)
        writer = cls(path, descriptor, 0, files)
        writer._included = header.secrets == "included"
        try:
            writer._line(encode_header(header))
        except RecordingFailed:
            writer.close()
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        return writer

    @classmethod
    def reopen(cls, path: Path, files: Files = SYSTEM) -> Self:
        """An existing recording, to append to. A last line that is torn is cut off first, so that the next one does not join it."""
        with or_failed(f"The recording {path.name} could not be opened"):
            descriptor = files.open_to_append(path)
        try:
            with or_failed(f"The end of {path.name} could not be mended"):
                header = _header(descriptor)
                writer = cls(path, descriptor, _mend(files, descriptor), files)
        except (RecordingFailed, RecordingRefused):
            _close(files, descriptor)
            raise
        writer._included = header.secrets == "included"
        return writer

    def append(self, event: AnyEvent, raw: Mapping[str, str] | None = None) -> None:
        """Record an event. raw: fingerprint to raw value, only for a recording that was asked to include secrets."""
        if self.dead:
            return
        if raw and not self._included:
            raise ValueError("raw secrets are written only where the header says so")
        for fingerprint, value in (raw or {}).items():
            # Before the event that names it, so that a recording that is torn between the two lines holds no name without its value.
            if fingerprint not in self._written_secrets:
                self._written_secrets.add(fingerprint)
                self._line(dumps({"secret": {"fingerprint": fingerprint, "value": value}}))
        self._line(encode_event(event))

    def conclude(self, closing: Closing) -> None:
        """Record what a list shows of the run."""
        self._line(encode_closing(closing))

    def sync(self) -> None:
        """Wait until the disk has all that was written: milliseconds; may be called in another thread."""
        if self.dead:
            return
        try:
            self._files.fsync(self._descriptor)
        except OSError as error:
            self._fail(error)

    def close(self) -> None:
        """`sync`, and close the file; a second call does nothing."""
        if self._descriptor < 0:  # closed: a second close could hit another file that has got the number meanwhile
            return
        try:
            self.sync()
        finally:
            # First: the descriptor's number may be another file's as soon as it is closed.
            self.dead = True
            _close(self._files, self._descriptor)
            self._descriptor = -1

    def _line(self, text: str) -> None:
        if self.dead:
            return
        data = text.encode("ascii") + b"\n"
        try:
            write_all(self._files, self._descriptor, data)
        except OSError as error:
            self._fail(error)
        self._size += len(data)

    def _fail(self, error: OSError) -> None:
        """Write nothing more, and cut off the torn line. Its place is known without reading, for the file may be unreadable now."""
        self.dead = True
        with contextlib.suppress(OSError):
            self._files.truncate(self._descriptor, self._size)
        why = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else reason(error)
        kept = f"What was recorded before is kept in {self.path.name}" if self._size else "Nothing could be recorded"
        raise RecordingFailed(f"The recording stopped: {why}. {kept}; the run goes on.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()


def _header(descriptor: int) -> Header:
    """The header; raises RecordingRefused for an older format, because one file has one format."""
    first, end, _ = os.pread(descriptor, MAX_HEADER, 0).partition(b"\n")
    if not end:
        raise RecordingRefused("This file does not hold even a whole first line, so nothing can be appended to it.")
    header, number = decode_header(first)
    if number != FORMAT:
        raise RecordingRefused(f"This recording has the older format {number}, so nothing can be appended to it.")
    return header


def _mend(files: Files, descriptor: int) -> int:
    """End the last line, or cut it off when it is not whole; the size after that.

    A line that was acknowledged has its line feed. One that lacks nothing else was ended by an editor, and is kept.
    """
    size = os.fstat(descriptor).st_size
    start = max(0, size - MAX_TAIL)
    tail = os.pread(descriptor, size - start, start)
    kept, end, torn = tail.rpartition(b"\n")
    if not torn:
        return size
    if not end:
        raise RecordingRefused(
            f"The last line of this file is longer than {MAX_TAIL:,} bytes; nothing was appended to it."
        )
    try:
        loads(torn)
    except RecordError:
        size = start + len(kept) + 1
        files.truncate(descriptor, size)
        return size
    write_all(files, descriptor, b"\n")
    return size + 1


def _close(files: Files, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        files.close(descriptor)
