"""HAR files that were packed to be passed on: gzip, zip (Playwright's with bodies beside the HAR), zlib (mitmproxy's `.zhar`).

What a small file unpacks to is bounded, because a few kilobytes can hold gigabytes of zeros (threats.md F4).
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from airisk_tui.oauth.text import shortened, visible
from airisk_tui.recording.errors import RecordingRefused

MAX_PACKED = 10 * 1024 * 1024
"""Bytes of a packed file: HARs shrink to a tenth."""

MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes that a packed file may hold, bodies beside the HAR included."""

MAX_MEMBERS = 20_000
"""Files in a zip: Playwright writes one for each body."""


BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
)
"""What zipfile lets through of the libraries below it, for a file that is damaged or packed in a way that it does not know."""


class Unpacked(Struct, frozen=True):
    """data: the HAR; attached: the other files of a zip, by name; cut: the packed data end too early."""

    data: bytes
    attached: Mapping[str, bytes] = field(default_factory=dict)
    cut: bool = False


def unpacked(data: bytes) -> Unpacked:
    """The HAR in a file, which may be packed."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_zip(_bounded(data))
    if data.startswith(b"\x1f\x8b"):
        return _inflated(_bounded(data), zlib.MAX_WBITS | 16)
    # RFC 1950 §2.2: the first two bytes, as one number, are a multiple of 31. Text that begins with x seldom is.
    if data[:1] == b"x" and len(data) > 1 and int.from_bytes(data[:2], "big") % 31 == 0:
        return _inflated(_bounded(data), zlib.MAX_WBITS)
    return Unpacked(data)


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_PACKED:
        raise RecordingRefused(
            f"This packed file has {len(data):,} bytes; the most that is unpacked is {MAX_PACKED:,}. Unpack it first."
        )
    return data


def _inflated(data: bytes, window: int) -> Unpacked:
    """gzip (RFC 1952), perhaps of several members, or zlib (RFC 1950)."""
    found = b""
    while data:
        stream = zlib.decompressobj(window)
        try:
            found += stream.decompress(data, MAX_UNPACKED + 1 - len(found))
        except zlib.error as error:
            if not found:
                raise RecordingRefused(f"This packed file is damaged ({visible(str(error))}).") from None
            return Unpacked(found, cut=True)
        if len(found) > MAX_UNPACKED:
            raise _too_much()
        if not stream.eof:
            return Unpacked(found, cut=True)
        # A gzip file may be several, one behind the other (RFC 1952 §2.2).
        data = stream.unused_data
    return Unpacked(found)


def _too_much() -> RecordingRefused:
    return RecordingRefused(f"This packed file holds more than {MAX_UNPACKED:,} bytes, so it was not unpacked.")


def _from_zip(data: bytes) -> Unpacked:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist()[:MAX_MEMBERS] if not one.is_dir()]
            har = _the_har(members)
            others = [one for one in members if one is not har and not _is_noise(one.filename)]
            contents = dict(_contents(archive, [har, *others]))
    except BROKEN_ZIP as error:
        raise RecordingRefused(f"This zip file is damaged ({visible(shortened(str(error), 120))}).") from None
    return Unpacked(contents.pop(har.filename), contents)


def _is_noise(name: str) -> bool:
    """Whether a file is one that macOS adds."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def _the_har(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The HAR among the files of a zip: by its name, or the only file that there is."""
    plain = [one for one in members if not _is_noise(one.filename)]
    named = [one for one in plain if one.filename.lower().endswith(".har")] or [
        one for one in plain if one.filename.lower().endswith(".json") and len(plain) == 1
    ]
    found = named or (plain if len(plain) == 1 else [])
    if len(found) == 1:
        return found[0]
    if not found:
        raise RecordingRefused("There is no HAR in this zip file: none of its files is named .har.")
    names = ", ".join(visible(shortened(one.filename, 60)) for one in found[:5])
    raise RecordingRefused(
        f"There are {len(found)} HARs in this zip file ({names}); unpack it, and import one of them."
    )


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The files, as many bytes of each as there really are, whatever the zip says of their sizes."""
    left = MAX_UNPACKED
    for member in members:
        if member.flag_bits & 1:
            raise RecordingRefused("This zip file is protected by a password; unpack it first.")
        with archive.open(member) as file:
            # The size in the directory of a zip is what its maker wrote there; only reading shows it (zip bombs).
            content = file.read(left + 1)
        if len(content) > left:
            raise _too_much()
        left -= len(content)
        yield member.filename, content
