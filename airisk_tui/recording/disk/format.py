"""The format of a recording, as a contract (threats.md F4). `migrations` converts older formats.

A recording is a text file in ASCII with one JSON object on each line (JSON Lines). Each line ends with one line feed.

The first line is the header, such as `{"format": 5, "tool": "airisk-tui", "version": "0.1.0", "environment": "sandbox", "kind":
"generic", "utc": "2026-11-24T10:15:02.250Z", "monotonic": 81.5, "run_id": "a1b2…", "secrets": "sealed"}`:

- `kind` is `generic` or `user-specific`, or `standard` for a server without user ids.
- `utc` and `monotonic` are the two clocks at the start of the run, from which every event's `at` counts, in seconds.
- `secrets` is `sealed` or `included`.
- `origin` is `run`, which is left out, or `har` for a recording that was made from another program's file.

Every other line is an event, such as `{"event": "TokenExchanged", "at": 1.5, …}`, in the order in which they happened (see
`recording.disk.codec`), or one of these:

- `{"closing": {"outcome": "token", "duration": 1.9, …}}` is the data of the run for a list. The last one counts. If there is none, the
  program was killed; the recording is as good as any other.
- `{"secret": {"fingerprint": "…", "value": "…"}}` is a raw secret, only if the header says `included`.

A reference, `\\ufdd0<fingerprint>.<length>.<shape>\\ufdd1`, replaces each secret in events, and the event's `secrets` describe it. The
key of the fingerprints belongs to the folder, so equal secrets in it have equal fingerprints, which nobody can compute without the key.

Every change of the written form, even an optional field, gets a new number and a step in `migrations`. So a program reads all of a file
or says that it is newer. Members that begin with an underscore belong to other programs and are ignored.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from airisk_tui.oauth.answer.endpoints import TokenKind
from airisk_tui.recording.disk.codec import decode, dumps, encode, loads
from airisk_tui.recording.disk.errors import RecordError, RecordingRefused
from airisk_tui.recording.disk.migrations import MIGRATIONS, Record

FORMAT = 5


class Header(Struct, frozen=True, kw_only=True):
    """The first line of a recording; see the module."""

    format: int = FORMAT
    tool: str = "airisk-tui"
    version: str
    environment: str
    kind: Literal[TokenKind, "standard"]
    utc: str
    monotonic: float = 0.0
    run_id: str
    secrets: Literal["sealed", "included"] = "sealed"
    origin: Literal["run", "har"] = "run"


class Closing(Struct, frozen=True, kw_only=True):
    """The data of a run for a list: written when the run is done, and again when something follows, such as a probe.

    first_finding: the title of the first finding when it was recorded; duration: seconds.
    """

    outcome: str | None
    duration: float
    first_finding: str | None = None
    userid: str | None = None


def encode_header(header: Header) -> str:
    """The first line without its line end; it always begins with format and tool."""
    return dumps({"format": header.format, "tool": header.tool, **encode(header)})


def encode_closing(closing: Closing) -> str:
    """A closing line without its line end."""
    return dumps({"closing": encode(closing)})


def decode_header(line: bytes) -> tuple[Header, int]:
    """The header, and the format of the file. Raises RecordingRefused for another kind of file, and for a newer format."""
    try:
        record = loads(line)
    except RecordError:
        record = None
    number = record.get("format") if isinstance(record, dict) else None
    if not isinstance(record, dict) or type(number) is not int or number < 1 or "tool" not in record:
        raise RecordingRefused("This is not a recording: its first line should be the header that airisk-tui writes.")
    if number > FORMAT:
        raise RecordingRefused(
            f"This recording is newer than this program: it has format {number}, and {FORMAT} is the newest known here. "
            "Open it with a newer airisk-tui."
        )
    try:
        return decode(Header, migrated(record, number)), number
    except RecordError as error:
        raise RecordingRefused(f"The header of this recording is not as it should be: {error}.") from None


def decode_closing(record: Any, number: int) -> Closing:
    """A closing line that `loads` has read from a file of format `number`; raises RecordError."""
    if not isinstance(record, dict):
        raise RecordError("The closing line should be a JSON object.")
    try:
        return decode(Closing, migrated(record, number).get("closing"))
    except RecordError as error:
        raise RecordError(f"The closing line is not as it should be: {error}.") from None


def migrated(record: Record, number: int) -> Record:
    """A record of format `number` as one of the present format."""
    for step in range(number, FORMAT):
        record = MIGRATIONS[step](record)
    return record
