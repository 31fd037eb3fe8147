"""The row of a recording in a list, read from its first and last line; a file without a closing line is read whole."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.recording.disk.codec import loads
from airisk_tui.recording.disk.errors import RecordError, RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, Files
from airisk_tui.recording.disk.folder import epoch, title_of
from airisk_tui.recording.disk.format import Closing, decode_closing, decode_header
from airisk_tui.recording.disk.reader import Recording, read_recording

END = 4096
"""Bytes that are read at each end; a header and a closing line have about 250 each."""

MAX_SCANNED = 1024 * 1024
"""The most bytes of a file without a closing line that is read whole for its outcome: hundreds of events."""


class Summary(Struct, frozen=True, kw_only=True):
    """One row of the library.

    when: epoch seconds; outcome: None while the run is going on or if it was killed; title: the name that a person gave it, or "";
    problems: the number of broken records, 0 unless the whole file was read; refused: why it cannot be opened, or None.
    """

    name: str
    size: int
    modified: int
    when: float = 0.0
    environment: str = ""
    kind: str = ""
    outcome: str | None = None
    first_finding: str | None = None
    duration: float = 0.0
    userid: str | None = None
    title: str = ""
    origin: str = "run"
    secrets: bool = False
    problems: int = 0
    refused: str | None = None

    def matches(self, words: str) -> bool:
        """Whether every word is somewhere in the row, ignoring case: the library's search."""
        parts = (self.name, self.environment, self.kind, self.outcome, self.first_finding, self.userid, self.title)
        row = "\n".join(part for part in parts if part).casefold()
        return all(word in row for word in words.casefold().split())


def summarised(
    path: Path, size: int, modified: int, files: Files = SYSTEM, *, fold_it: bool = True
) -> tuple[Summary, bool]:
    """The row of a file, and whether the file was read whole. The row of an unreadable file says why. Never raises.

    fold_it: whether the file may be read whole.
    """
    try:
        return _summarised(path, size, modified, files, fold_it)
    except (OSError, ValueError) as error:
        words = f"{path.name} could not be read: {error}."
    except RecordingRefused as refused:
        words = str(refused)
    return Summary(name=path.name, size=size, modified=modified, title=title_of(path.name), refused=words), False


def _summarised(path: Path, size: int, modified: int, files: Files, fold_it: bool) -> tuple[Summary, bool]:
    head, tail = _first_and_last_bytes(path, files)
    header, number = decode_header(head.partition(b"\n")[0])
    closing = _last(tail, number)
    problems = 0
    fold_it = fold_it and closing is None and size <= MAX_SCANNED
    if fold_it:
        closing, problems = _of_events(read_recording(path, files))
    row = Summary(
        name=path.name,
        size=size,
        modified=modified,
        when=epoch(header.utc),
        environment=header.environment,
        kind=header.kind,
        title=title_of(path.name),
        origin=header.origin,
        secrets=header.secrets == "included",
        problems=problems,
        **(asdict(closing) if closing is not None else {}),
    )
    return row, fold_it


def _first_and_last_bytes(path: Path, files: Files) -> tuple[bytes, bytes]:
    descriptor = files.open_to_read(path)
    try:
        head = os.read(descriptor, END)
        # This is then the whole file, including its last line.
        if len(head) < END:
            return head, head
        size = os.fstat(descriptor).st_size
        return head, os.pread(descriptor, END, max(0, size - END))
    finally:
        files.close(descriptor)


def _last(tail: bytes, number: int) -> Closing | None:
    """The closing line, if it is the file's last line."""
    start = tail.rfind(b"\n", 0, len(tail) - 1) + 1
    if not tail.startswith(b'{"closing"', start):
        return None
    try:
        return decode_closing(loads(tail[start:]), number)
    except RecordError:
        return None


def _of_events(recording: Recording) -> tuple[Closing | None, int]:
    closing = recording.closing or closing_for(fold(recording.events))
    return closing, len(recording.problems)


def closing_for(state: FlowState, first_finding: str | None = None) -> Closing:
    """The closing line of a run in this state. first_finding: the title of its first finding, which the caller takes from the rules."""
    return Closing(
        outcome=state.outcome.value if state.outcome else None,
        duration=round(state.at, 3),
        first_finding=first_finding,
        userid=state.inputs.userid if state.inputs else None,
    )
