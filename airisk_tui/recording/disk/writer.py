"""Writing a recording while the run happens (threats.md F2, F3).

When `append` returns, the operating system has the whole line, so it survives `kill -9` of this program. A power failure may lose the
lines since the last `sync`: waiting for the disk at every event would be too slow, so only `close` waits for it. If a write fails,
the written part of the line is removed if possible, `RecordingFailed` is raised once, and later calls do nothing.
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
"""Bytes at the end of a file that are searched for the last line: this program writes no longer line."""

MAX_HEADER = 64 * 1024
"""The most bytes of the first line, which has some 250."""


class RecordingWriter:
    """A recording that is being written, made by `create` or `reopen`. dead: whether a write failed, after which nothing more is
    written."""

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
        """Create a recording with its header. Never overwrites a file."""
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
        """Open a recording to append to it. An incomplete last line is cut off, so that the next one does not join it."""
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
        """Record an event. raw: raw values by fingerprint, only for a recording that includes secrets."""
        if self.dead:
            return
        if raw and not self._included:
            raise ValueError("raw secrets are written only where the header says so")
        for fingerprint, value in (raw or {}).items():
            # Before the event that refers to it, so that a recording that ends between the two lines has no reference without a value.
            if fingerprint not in self._written_secrets:
                self._written_secrets.add(fingerprint)
                self._line(dumps({"secret": {"fingerprint": fingerprint, "value": value}}))
        self._line(encode_event(event))

    def conclude(self, closing: Closing) -> None:
        """Write a closing line."""
        self._line(encode_closing(closing))

    def sync(self) -> None:
        """Wait until everything is on disk, some milliseconds. Can be called in another thread."""
        if self.dead:
            return
        try:
            self._files.fsync(self._descriptor)
        except OSError as error:
            self._fail(error)

    def close(self) -> None:
        """`sync`, and close the file; a second call does nothing."""
        if self._descriptor < 0:  # closed: the number may belong to another file now
            return
        try:
            self.sync()
        finally:
            # First, because the number may belong to another file as soon as this one is closed.
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
        """Write nothing more, and cut off the incomplete line. Its position is known, so the file is not read, which may fail now."""
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
    """The header. Raises RecordingRefused for an older format, because a file has one format."""
    first, end, _ = os.pread(descriptor, MAX_HEADER, 0).partition(b"\n")
    if not end:
        raise RecordingRefused("This file does not hold even a whole first line, so nothing can be appended to it.")
    header, number = decode_header(first)
    if number != FORMAT:
        raise RecordingRefused(f"This recording has the older format {number}, so nothing can be appended to it.")
    return header


def _mend(files: Files, descriptor: int) -> int:
    """End the last line, or cut it off if it is incomplete, and return the new size.

    A line that `append` wrote completely has its line feed. A line that only lacks the line feed was changed by an editor, and is
    kept.
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
