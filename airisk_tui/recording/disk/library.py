"""The library: the folder of recordings, listed as rows, and the operations on them.

An index file, `.index.json`, makes listing ten thousand recordings fast. It is only a cache: a row is valid while the name, size and
time of its file are unchanged, and an unreadable index is rebuilt.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.codec import decode, dumps, encode, loads
from airisk_tui.recording.disk.errors import RecordError, RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, Files, or_failed, replace_whole, write_pieces
from airisk_tui.recording.disk.folder import SUFFIX, file_name, free_path, name_of_title
from airisk_tui.recording.disk.format import Closing, Header
from airisk_tui.recording.disk.reader import opened, read_header, read_recording
from airisk_tui.recording.disk.summary import Summary, summarised
from airisk_tui.recording.disk.writer import RecordingWriter

INDEX = ".index.json"
INDEX_FORMAT = 1
TRASH = ".trash"
CHUNK = 1024 * 1024

MAX_SUGGESTED = 3
"""The most names that are suggested for a wrong one."""

MAX_FOLDED = 500
"""The most recordings without a closing line (killed runs) that one listing reads whole, at half a millisecond each. The others have
no outcome until a later listing reads them."""


class Deleted(Struct, frozen=True):
    """A recording in the trash. was: its former path; now: its path in the trash."""

    was: Path
    now: Path


class Library:
    """The recordings in one folder, which need not exist yet."""

    def __init__(self, folder: Path, files: Files = SYSTEM) -> None:
        self.folder = folder
        self._files = files

    def path(self, summary: Summary) -> Path:
        """The file of a row."""
        return self.folder / summary.name

    def summaries(self) -> list[Summary]:
        """All rows, the newest first; the index is updated if something changed."""
        return sorted(self.scan(), key=lambda row: (row.when, row.name), reverse=True)

    def scan(self) -> Iterator[Summary]:
        """The rows one by one, the newest names first, so that a screen can show the first before the last is read."""
        index = self._read_index()
        found: dict[str, Any] = {}
        left = MAX_FOLDED
        for name, size, modified in sorted(self._listed(), reverse=True):
            row = _row_if_unchanged(index.get(name), name, size, modified)
            if row is not None:
                found[name] = index[name]
                yield row
                continue
            row, folded = summarised(self.folder / name, size, modified, self._files, fold_it=left > 0)
            left -= folded
            if row.outcome is not None or folded or row.refused is not None:
                found[name] = encode(row)
            yield row
        if found != index:
            self._write_index(found)

    def _listed(self) -> Iterator[tuple[str, int, int]]:
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIX) and not entry.name.startswith("."):
                    with suppress(OSError):
                        if entry.is_file(follow_symlinks=False):
                            status = entry.stat()
                            # Microseconds, because nanoseconds exceed a JSON number (`codec.MAX_NUMBER`).
                            yield entry.name, status.st_size, status.st_mtime_ns // 1000

    def _read_index(self) -> dict[str, Any]:
        try:
            with opened(self.folder / INDEX, self._files) as file:
                record = loads(file.read())
        except (RecordingRefused, RecordError, OSError):
            return {}
        if not isinstance(record, dict) or record.get("format") != INDEX_FORMAT:
            return {}
        rows = record.get("rows")
        return rows if isinstance(rows, dict) else {}

    def _write_index(self, rows: dict[str, Any]) -> None:
        """Save the index; a folder that cannot be written is listed without one, which is slower."""
        text = dumps({"format": INDEX_FORMAT, "rows": rows})
        with suppress(OSError):
            replace_whole(self._files, self.folder / INDEX, text.encode("ascii"))

    def find(self, name: str) -> Path:
        """The file of that name, with or without its suffix, in this folder only; raises RecordingRefused when there is none."""
        wanted = name if name.endswith(SUFFIX) else name + SUFFIX
        names = [listed for listed, _, _ in self._listed()]
        if wanted not in names:
            raise RecordingRefused(
                f"There is no recording of the name {visible(name)} in the library.{_suggestion(name, names)} "
                "`airisk-tui recordings list` lists them."
            )
        return self.folder / wanted

    def new_path(self, header: Header) -> Path:
        """The path of a new recording."""
        return free_path(self.folder, file_name(header))

    def add(self, events: Iterable[AnyEvent], header: Header, closing: Closing | None = None) -> Path:
        """Write a recording of events from elsewhere, such as a HAR."""
        path = self.new_path(header)
        with RecordingWriter.create(path, header, self._files) as writer:
            for event in events:
                writer.append(event)
            if closing is not None:
                writer.conclude(closing)
        return path

    def import_file(self, source: Path) -> Path:
        """Copy another person's recording into the library, under a name made from its header; raises RecordingRefused."""
        recording = read_recording(source, self._files)
        target = self.new_path(recording.header)
        with or_failed(f"{source.name} could not be copied into the library"):
            self._files.make_folder(self.folder)
            # Byte for byte, so that members of other programs, which begin with an underscore, are kept.
            with opened(source, self._files) as file:
                write_pieces(self._files, target, iter(lambda: file.read(CHUNK), b""))
        return target

    def rename(self, path: Path, title: str) -> Path:
        """Rename a recording; "" restores the automatic name."""
        header = read_header(path, self._files)
        name = name_of_title(title, header.secrets == "included") if title.strip() else file_name(header)
        if not name:
            raise RecordingFailed("The new name has no letter or digit that a file's name can have; write another one.")
        if name == path.name:
            return path
        target = free_path(path.parent, name)
        self._move(path, target, "renamed")
        return target

    def delete(self, path: Path) -> Deleted:
        """Move a recording to the trash."""
        trash = self.folder / TRASH
        with or_failed(f"{path.name} was not deleted: the trash cannot be made"):
            self._files.make_folder(trash)
        deleted = Deleted(path, free_path(trash, path.name))
        self._move(path, deleted.now, "deleted")
        return deleted

    def undo(self, deleted: Deleted) -> Path:
        """Move a recording back from the trash; if its name is taken, a number is added."""
        target = free_path(deleted.was.parent, deleted.was.name)
        self._move(deleted.now, target, "brought back")
        return target

    def purge(self, before: float | None = None) -> int:
        """Delete the files in the trash, or those moved there before that epoch second, and return how many. Files that cannot be
        deleted stay."""
        try:
            paths = list((self.folder / TRASH).iterdir())
        except OSError:
            return 0
        gone = 0
        for path in paths:
            with suppress(OSError):
                # st_ctime is the time of the move; st_mtime is still the end of the run.
                if before is None or path.lstat().st_ctime < before:
                    path.unlink()
                    gone += 1
        return gone

    def _move(self, source: Path, target: Path, done: str) -> None:
        with or_failed(f"{source.name} was not {done}"):
            self._files.rename(source, target)


def _suggestion(name: str, names: Sequence[str]) -> str:
    """A question that suggests recordings: those whose names contain the text, or else have similar names."""
    from difflib import get_close_matches

    known = ["last", *sorted((one.removesuffix(SUFFIX) for one in names), reverse=True)]
    near = [one for one in known if name in one][:MAX_SUGGESTED] or get_close_matches(name, known, MAX_SUGGESTED)
    return f" Did you mean {' or '.join(map(visible, near))}?" if near else ""


def _row_if_unchanged(record: Any, name: str, size: int, modified: int) -> Summary | None:
    """The row of the index if its file is unchanged, or None."""
    if not isinstance(record, dict) or (record.get("size"), record.get("modified")) != (size, modified):
        return None
    try:
        row = decode(Summary, dict(record))
    except RecordError:
        return None
    return row if row.name == name else None
