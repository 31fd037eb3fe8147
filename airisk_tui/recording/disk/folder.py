"""The recordings folder: its key, and the names of the files in it (threats.md F1, F2)."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path

from airisk_tui.later import pattern
from airisk_tui.oauth.text.dates import read_date, utc_text
from airisk_tui.recording.disk.errors import RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, Files, reason, written_beside
from airisk_tui.recording.disk.format import Header

KEY_NAME = ".fingerprint-key"
KEY_BYTES = 32
"""HMAC-SHA-256's own length (RFC 2104 §3)."""

SUFFIX = ".jsonl"
WITH_SECRETS = "-with-secrets"

MAX_NAME = 120
"""Bytes of the part of a name that a person or a header chooses; common file systems allow 255 for the whole name."""

_UNSAFE = pattern(r"[^\w.+() -]+")
_AUTOMATIC = pattern(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-.+")


def fingerprint_key(folder: Path, entropy: Callable[[int], bytes], files: Files = SYSTEM) -> bytes:
    """The folder's key, created if it is missing. Two programs that create it at once both get the first one's."""
    path = folder / KEY_NAME
    try:
        if not path.exists():
            _make_key(path, entropy(KEY_BYTES), files)
        # Read again after it was made: another program may have been faster.
        key = _read_key(path, files)
    except (OSError, RecordingRefused) as error:
        why = reason(error) if isinstance(error, OSError) else str(error).rstrip(".")
        raise RecordingFailed(f"The key of the recordings folder could not be read or made: {why}.") from error
    if len(key) != KEY_BYTES:
        raise RecordingFailed(
            f"The key {path} should have {KEY_BYTES} bytes and has {len(key)}. Delete it to get a new one; secrets are then "
            "no longer recognised as the same as in older recordings."
        )
    return key


def _make_key(path: Path, key: bytes, files: Files) -> None:
    files.make_folder(path.parent)
    # A rename would replace the key of a faster program; a link fails instead, so both use the first.
    with written_beside(files, path, key) as temporary, contextlib.suppress(FileExistsError):
        files.link(temporary, path)


def _read_key(path: Path, files: Files) -> bytes:
    descriptor = files.open_to_read(path)
    try:
        return os.read(descriptor, KEY_BYTES + 1)
    finally:
        files.close(descriptor)


def file_name(header: Header) -> str:
    """A name such as `2026-11-24T10-15-02Z-sandbox-generic-a1b2c3.jsonl`; the newest sorts last. Safe for any header."""
    environment = _part(header.environment) or "unnamed"
    run_id = _part(header.run_id)
    # On Windows a colon in a name would name a stream of the file (NTFS alternate data streams).
    stamp = utc_text(epoch(header.utc)).replace(":", "-")
    name = f"{stamp}-{environment}-{header.kind}-{run_id}".rstrip("-")
    return name + (WITH_SECRETS if header.secrets == "included" else "") + SUFFIX


def with_secrets(path: Path) -> Path:
    """The path with a name that says that the recording holds raw secrets."""
    return path if path.stem.endswith(WITH_SECRETS) else path.with_stem(path.stem + WITH_SECRETS)


def _part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "_", text)[:40].strip("._")


def epoch(utc: str) -> float:
    """A header's time in epoch seconds; 0 if it cannot be read."""
    moment = read_date(utc)
    return moment.at if moment is not None else 0.0


def utc_stamp(at: float) -> str:
    """Epoch seconds in the form of a header: `2026-11-24T10:15:02.250Z`."""
    whole = utc_text(at)
    return f"{whole[:-1]}.{int(at % 1 * 1000):03d}Z" if whole.endswith("Z") else utc_text(0)


def sanitised(text: str) -> str:
    """A text made safe as part of a file name: no separators, no leading dot or dash, no control characters."""
    # Cut as bytes, because file systems count bytes; a character that is cut in half is dropped below.
    safe = _UNSAFE.sub("_", text).strip(" .-_").encode()[:MAX_NAME]
    return safe.decode(errors="ignore").rstrip(" .-_")


def name_of_title(title: str, secrets: bool) -> str:
    """A file name from a title that a person typed. The mark for raw secrets stays in the name."""
    stem = sanitised(title.removesuffix(SUFFIX).removesuffix(WITH_SECRETS))
    return stem + (WITH_SECRETS if secrets else "") + SUFFIX if stem else ""


def title_of(name: str) -> str:
    """The title that a person gave the recording, or "" if its name is automatic."""
    stem = name.removesuffix(SUFFIX).removesuffix(WITH_SECRETS)
    return "" if _AUTOMATIC.fullmatch(stem) else stem


def free_path(folder: Path, name: str) -> Path:
    """A path of that name that is free, with a number added where needed."""
    stem = name.removesuffix(SUFFIX).removesuffix(WITH_SECRETS)
    tail = name[len(stem) :]
    names = chain((name,), (f"{stem}-{number}{tail}" for number in count(2)))
    # `exists` follows links, so a link to nothing would look like a free name.
    return next(path for path in map(folder.joinpath, names) if not os.path.lexists(path))
