"""Reading a recording line by line: broken lines are reported, and the rest opens (threats.md F3, F4).

Only `RecordingRefused` is ever raised, whatever the file contains.
"""

from __future__ import annotations

import errno
import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct, field

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.secret import Secret
from airisk_tui.recording.disk.codec import decode_event, loads
from airisk_tui.recording.disk.errors import RecordError, RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, Files, reason
from airisk_tui.recording.disk.format import Closing, Header, decode_closing, decode_header, migrated

MAX_FILE = 256 * 1024 * 1024
"""Bytes of a file: ten times those of 10,000 events with a page of HTML each."""

MAX_LINE = 32 * 1024 * 1024
"""Bytes of a line: a request and a response of 10 MiB each (threats.md C2), as base64."""

MAX_LINES = 1_000_000
"""The most lines that are read, so that a file of line feeds takes seconds and not minutes."""

MAX_PROBLEMS = 100
"""Problems that are described; the rest are counted."""


class Problem(Struct, frozen=True):
    """A problem in a file. line: counted from 1."""

    line: int
    sentence: str


class Recording(Struct, frozen=True):
    """A recording. path: None if it is not a file; closing: the last closing line, None if the run was killed; format: the file's
    own; secrets: the raw secrets by fingerprint, if the file includes them."""

    header: Header
    events: tuple[AnyEvent, ...]
    problems: tuple[Problem, ...] = ()
    closing: Closing | None = None
    path: Path | None = None
    format: int = 1
    secrets: Mapping[str, Secret] = field(default_factory=dict)


def read_recording(path: Path, files: Files = SYSTEM) -> Recording:
    """Read a whole recording. Raises RecordingRefused."""
    with reading(path, files) as file:
        return _read(file, path)


def read_header(path: Path, files: Files = SYSTEM) -> Header:
    """Read only the header. Raises RecordingRefused."""
    with reading(path, files) as file:
        return decode_header(file.readline(MAX_LINE))[0]


class Beginning(Struct, frozen=True):
    """The beginning of a recording, which a screen can show at once. first: the first event, or None; events: the number of lines
    that look like events."""

    header: Header
    first: AnyEvent | None = None
    events: int = 0


def read_beginning(path: Path, files: Files = SYSTEM) -> Beginning:
    """Read the beginning, in a twentieth of the time for the whole file. Raises RecordingRefused."""
    with reading(path, files) as file:
        header, number = decode_header(file.readline(MAX_LINE))
        # Lines are counted by their first characters, without decoding: `codec` writes the event's name first.
        first, rest = _first_event(file, number)
        return Beginning(header, first, rest + sum(line.startswith(b'{"event"') for line in _lines(file)))


def _first_event(file: BinaryIO, number: int) -> tuple[AnyEvent | None, int]:
    gathering = _Gathering(number, included=True)
    for line in _lines(file):
        with suppress(RecordError):
            gathering.take(line)
        if gathering.events:
            return gathering.events[0], 1
    return None, 0


@contextmanager
def opened(path: Path, files: Files = SYSTEM, limit: int = MAX_FILE) -> Iterator[BinaryIO]:
    """While entered, a plain file of at most `limit` bytes, open for reading. Links, folders, FIFOs and devices are refused."""
    try:
        descriptor = files.open_to_read(path)
    except (OSError, ValueError) as error:
        raise RecordingRefused(f"{path.name} could not be opened: {_why(error)}.") from error
    with os.fdopen(descriptor, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise RecordingRefused(
                f"{path.name} has {size:,} bytes; the most that is opened is {limit:,}, so it was refused."
            )
        yield file


@contextmanager
def reading(path: Path, files: Files = SYSTEM, limit: int = MAX_FILE) -> Iterator[BinaryIO]:
    """Like `opened`, but an OSError while reading also raises RecordingRefused."""
    with opened(path, files, limit) as file:
        try:
            yield file
        except OSError as error:
            raise RecordingRefused(f"{path.name} could not be read to its end: {reason(error)}.") from error


def _why(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return "its name cannot be that of a file"
    if error.errno == errno.ELOOP:
        return "it is a symbolic link, and links are not followed; give the file itself"
    return reason(error)


@contextmanager
def _no_collection() -> Iterator[None]:
    """While entered, the garbage collector is off: decoding makes hundreds of thousands of values without cycles, and searching them
    for cycles takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Gathering:
    """The data read so far."""

    def __init__(self, number: int, included: bool) -> None:
        self.events: list[AnyEvent] = []
        self.closing: Closing | None = None
        self.secrets: dict[str, Secret] = {}
        self._number = number
        self._included = included

    def take(self, line: bytes) -> None:
        """Take one line, with or without its line feed. Raises RecordError if it is broken."""
        if len(line) > MAX_LINE:
            raise RecordError("too long")
        record = loads(line)
        # JSON allows a number or a text where an object is expected (RFC 8259 §2).
        if type(record) is not dict:
            raise RecordError("A record should be a JSON object.")
        if "closing" in record:
            self.closing = decode_closing(record, self._number)
            return
        record = migrated(record, self._number)
        if "event" in record:
            self.events.append(decode_event(record))
        elif "secret" in record:
            self._secret(record["secret"])
        else:
            raise RecordError("A record should be an event, a closing line or a secret.")

    def _secret(self, record: Any) -> None:
        if not self._included:
            raise RecordError("A raw secret stands in a recording that is marked as sealed; it was passed over.")
        if not isinstance(record, dict) or {type(record.get("fingerprint")), type(record.get("value"))} != {str}:
            raise RecordError("A secret should have a fingerprint and a value.")
        self.secrets[record["fingerprint"]] = Secret(record["value"])


def _read(file: BinaryIO, path: Path) -> Recording:
    header, number = decode_header(file.readline(MAX_LINE))
    gathering = _Gathering(number, header.secrets == "included")
    problems: list[Problem] = []
    broken, line_number = 0, 1
    with _no_collection():
        for line_number, line in enumerate(_lines(file), start=2):
            if line_number > MAX_LINES:
                problems.append(
                    Problem(line_number, f"The file has more than {MAX_LINES:,} lines; the rest was not read.")
                )
                break
            try:
                gathering.take(line)
            except RecordError as error:
                broken += 1
                if len(problems) < MAX_PROBLEMS:
                    problems.append(Problem(line_number, _sentence(line, error)))
    if broken > MAX_PROBLEMS:
        problems.append(Problem(line_number, f"{broken - MAX_PROBLEMS:,} more records are broken."))
    return Recording(
        header, tuple(gathering.events), tuple(problems), gathering.closing, path, number, gathering.secrets
    )


def _sentence(line: bytes, error: RecordError) -> str:
    if line.endswith(b"\n"):
        return str(error)
    if len(line) > MAX_LINE:
        return f"A record is longer than {MAX_LINE:,} bytes and was passed over."
    return "The last record is incomplete: the program was killed, or the disk was full, while it was written."


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines. Of a line that is too long only the beginning is returned, and its rest is skipped."""
    # With a limit, because `for line in file` reads a file without line feeds as a whole.
    while line := file.readline(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE + 1)
