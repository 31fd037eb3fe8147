"""A disk that fails: file operations of which the n-th one goes wrong, and recordings made in a line."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from airisk_tui.flow.events import AnyEvent
from airisk_tui.recording.disk.files import SYSTEM, Files
from airisk_tui.recording.disk.format import Closing, Header
from airisk_tui.recording.disk.writer import RecordingWriter

HEADER = Header(
    version="0.1.0",
    environment="sandbox",
    kind="generic",
    utc="2026-11-24T10:15:02.250Z",
    monotonic=81.5,
    run_id="a1b2c3d4e5f6",
)


def record(
    path: Path,
    events: Iterable[AnyEvent],
    header: Header = HEADER,
    closing: Closing | None = None,
    files: Files = SYSTEM,
) -> Path:
    with RecordingWriter.create(path, header, files) as writer:
        for event in events:
            writer.append(event)
        if closing is not None:
            writer.conclude(closing)
    return path


class FailingFiles(Files):
    """The `at`-th of the operations in `names` fails; a write has by then written `written` bytes."""

    def __init__(self, at: int, names: Iterable[str], written: int = 0) -> None:
        self.left = at
        self.names = set(names)
        self.written = written
        self.failed = False

    def _count(self, name: str) -> bool:
        if name in self.names and not self.failed:
            self.failed = self.left == 0
            self.left -= 1
            return self.failed
        return False

    def _maybe(self, name: str) -> None:
        if self._count(name):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def write(self, descriptor: int, data: bytes) -> int:
        if self._count("write"):
            if self.written:
                super().write(descriptor, data[: self.written])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(descriptor, data)

    def create(self, path: Path) -> int:
        self._maybe("create")
        return super().create(path)

    def fsync(self, descriptor: int) -> None:
        self._maybe("fsync")
        super().fsync(descriptor)

    def truncate(self, descriptor: int, length: int) -> None:
        self._maybe("truncate")
        super().truncate(descriptor, length)

    def close(self, descriptor: int) -> None:
        super().close(descriptor)
        self._maybe("close")

    def rename(self, source: Path, target: Path) -> None:
        self._maybe("rename")
        super().rename(source, target)

    def link(self, source: Path, target: Path) -> None:
        self._maybe("link")
        super().link(source, target)

    def make_folder(self, path: Path) -> None:
        self._maybe("make_folder")
        super().make_folder(path)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def members(**more: Any) -> dict[str, Any]:
    return {"format": 1, "tool": "airisk-tui", "version": "0.1.0", **more}
