"""Reading HAR files, packed or not: gzip, zip (Playwright's, with bodies beside the HAR), zlib (mitmproxy's `.zhar`).

They are read entry by entry, which is hardly slower than `json.load` and takes less memory. Only entries that may belong to an OAuth
flow are kept. A truncated file is read up to the cut. The unpacked size is limited, because a few kilobytes can unpack to gigabytes
of zeros (threats.md F4).
"""

from __future__ import annotations

import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from airisk_tui.later import pattern
from airisk_tui.oauth.http import header
from airisk_tui.oauth.text.visible import QUOTED, shortened, visible
from airisk_tui.oauth.urls import resolve_location
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, Files
from airisk_tui.recording.disk.reader import reading
from airisk_tui.recording.har.entry import Entry, entry_of, headers_of, object_of, text_of

ENDS = 64 * 1024
"""Characters at either end of a file in which the program that wrote it names itself."""

MAX_HAR = 512 * 1024 * 1024
"""Bytes: ten times the HAR of a long session in a browser."""

_ENTRIES = pattern(r'"entries"\s*:\s*\[')
_CREDENTIALS = frozenset({"authorization", "cookie"})
_SPACE = pattern(r"[ \t\r\n]*")
_INTERESTING = pattern(
    r"client(?:_|%5F)id=|redirect(?:_|%5F)uri=|response(?:_|%5F)type=|SAMLRequest=|code=|error|token|/api/(?:Users/|Chat/)?(?:List|Get|Ask|Create|Add)",
    re.IGNORECASE,
)
_IN_BODY = pattern(r"code|refresh_token", re.IGNORECASE)
_PARAMETERS = frozenset({"client_id", "code", "error"})
_DECODER = json.JSONDecoder()


class HarFile(Struct, frozen=True):
    """The content of a HAR. program: the program that wrote it; entries: those that may belong to an OAuth flow, by time; total: the
    number of entries in the file; no_credentials: whether no entry has an `Authorization` or `Cookie` header, as in Chromium's
    default export, or because none was sent; cut: whether the file is truncated."""

    program: str
    entries: tuple[Entry, ...]
    total: int
    no_credentials: bool
    cut: bool


def read_har(path: Path, files: Files = SYSTEM) -> HarFile:
    """Read a HAR from a file."""
    with reading(path, files, MAX_HAR) as file:
        data = file.read()
    return parse_har(data)


def every_entry(path: Path, files: Files = SYSTEM) -> Iterator[Entry]:
    """Every request of a HAR. Raises RecordingRefused for any other file."""
    with reading(path, files, MAX_HAR) as file:
        found = unpacked(file.read())
    reader = _Entries(_text(found.data))
    for raw in reader.all():
        yield entry_of(raw, attached=found.attached)
    if not reader.found:
        raise RecordingRefused("This is neither a recording nor a HAR file, so there is nothing to look at.")


def parse_har(data: bytes) -> HarFile:
    """Read a HAR, packed or not."""
    found = unpacked(data)
    text, attached, cut = _text(found.data), found.attached, found.cut
    del data, found
    reader = _Entries(text)
    kept: list[Entry] = []
    led: set[str] = set()
    total, credentials = 0, False
    for raw in reader.all():
        total += 1
        sent = _names(raw["request"].get("headers"))
        credentials = credentials or bool(_CREDENTIALS & sent)
        ends = text_of(raw["request"].get("url")) in led
        if ends or {"authorization", "access-control-request-method"} & sent or _could_matter(raw):
            kept.append(entry_of(raw, kept[-1].start if kept else 0.0, attached))
            if kept[-1].location:
                led.add(resolve_location(kept[-1].location, kept[-1].url))
    if not reader.found and (reader.cut or cut):
        raise RecordingRefused(
            "This HAR file is cut off before its first request was complete, so nothing of it is left."
        )
    if not reader.found:
        raise RecordingRefused(
            "This is not a HAR file: it should be a JSON object with log.entries, and that has none."
        )
    kept.sort(key=lambda entry: entry.start)
    return HarFile(_program(text), tuple(kept), total, not credentials, reader.cut or cut)


def _text(data: bytes) -> str:
    # RFC 8259 §8.1 requires UTF-8 without a byte-order mark; PowerShell's `>` writes UTF-16 with one.
    return data.decode(json.detect_encoding(data), errors="replace")


class _Entries:
    """The first list called `entries` in a text whose items have a request, read one item at a time."""

    def __init__(self, text: str) -> None:
        self.found = False
        self.cut = False
        self._text = text

    def all(self) -> Iterator[dict[str, Any]]:
        # A body may contain this text, and extensions have lists of that name: the first list of requests counts.
        for place in _ENTRIES.finditer(self._text):
            for item in self._items(place.end()):
                if not isinstance(item, dict) or not isinstance(item.get("request"), dict):
                    if self.found:
                        continue
                    break
                self.found = True
                yield item
            if self.found:
                return

    def _items(self, position: int) -> Iterator[Any]:
        text = self._text
        while True:
            position = _skip(text, position)
            if text.startswith("]", position):
                return
            try:
                # Item by item, because `json.load` cannot read a truncated file at all.
                item, position = _DECODER.raw_decode(text, position)
            except (ValueError, RecursionError):
                self.cut = True
                return
            yield item
            position = _skip(text, position)
            if text.startswith(",", position):
                position += 1


def _skip(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _program(text: str) -> str:
    """The program that wrote the file: HAR's `browser`, or else its `creator`, which can be at either end of the file."""
    for name in ("browser", "creator"):
        for part in (text[:ENDS], text[-ENDS:]):
            found = re.search(rf'"{name}"\s*:\s*(?=\{{)', part)
            if found is None:
                continue
            try:
                record, _ = _DECODER.raw_decode(part, found.end())
            except (ValueError, RecursionError):
                continue
            if isinstance(record.get("name"), str):
                return str(record["name"])[:QUOTED]
    return "another program"


def _could_matter(raw: dict[str, Any]) -> bool:
    """Whether an entry may belong to an OAuth flow. It only reads the raw JSON, because it is called for every entry."""
    request = raw["request"]
    url = text_of(request.get("url"))
    if url.startswith("data:"):
        return False
    if _INTERESTING.search(url):
        return True
    response = object_of(raw.get("response"))
    if _INTERESTING.search(text_of(response.get("redirectURL"))):
        return True
    if text_of(request.get("method")).upper() == "POST" and _could_be_token_request(object_of(request.get("postData"))):
        return True
    if "?" not in url and _names(request.get("queryString")) & _PARAMETERS:
        return True
    # A form that was refused may be of the login, and any other redirect a step of one that redirects in a circle.
    refused = _status(response) >= 400 and text_of(request.get("method")).upper() == "POST"
    return refused or (_status(response) // 100 == 3 and bool(header(headers_of(response), "location")))


def _could_be_token_request(post: dict[str, Any]) -> bool:
    hidden = post.get("params") or post.get("encoding") or post.get("_encoding") or post.get("_file")
    return bool(hidden) or _IN_BODY.search(text_of(post.get("text"))) is not None


def _names(pairs: Any) -> frozenset[str]:
    return frozenset(map(_name, pairs)) if isinstance(pairs, list) else frozenset()


def _status(response: dict[str, Any]) -> float:
    status = response.get("status")
    return status if isinstance(status, (int, float)) else 0


def _name(one: Any) -> str:
    name = one.get("name") if type(one) is dict else one[0] if type(one) is list and one else None
    return name.lower() if type(name) is str else ""


MAX_NAMED = 5
"""The most files of a zip that a sentence names."""

MAX_PACKED = 10 * 1024 * 1024
"""Bytes of a packed file: HARs shrink to a tenth."""

MAX_UNPACKED = 64 * 1024 * 1024
"""The most bytes that a file may unpack to, bodies beside the HAR included."""

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
"""The exceptions of zipfile and the libraries below it for a file that is damaged or has an unknown compression."""


class Unpacked(Struct, frozen=True):
    """An unpacked HAR. data: the HAR; attached: the other files of a zip, by name; cut: whether the packed data ends too early."""

    data: bytes
    attached: Mapping[str, bytes] = field(default_factory=dict)
    cut: bool = False


def unpacked(data: bytes) -> Unpacked:
    """The HAR in a file, which may be packed."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_zip(_bounded(data))
    if data.startswith(b"\x1f\x8b"):
        return _inflated(_bounded(data), zlib.MAX_WBITS + 16)
    # RFC 1950 §2.2: the first two bytes, as one number, are a multiple of 31, which is rare in text that begins with x.
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
        # A gzip file may have several members (RFC 1952 §2.2).
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
        raise RecordingRefused(f"This zip file is damaged ({visible(shortened(str(error)))}).") from None
    return Unpacked(contents.pop(har.filename), contents)


def _is_noise(name: str) -> bool:
    """Whether macOS added this file."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def _the_har(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The HAR among the files of a zip: by its name, or the only file."""
    plain = [one for one in members if not _is_noise(one.filename)]
    named = [one for one in plain if one.filename.lower().endswith(".har")]
    found = named or (plain if len(plain) == 1 else [])
    if len(found) == 1:
        return found[0]
    if not found:
        raise RecordingRefused("There is no HAR in this zip file: none of its files is named .har.")
    names = ", ".join(visible(shortened(one.filename)) for one in found[:MAX_NAMED])
    raise RecordingRefused(
        f"There are {len(found)} HARs in this zip file ({names}); unpack it, and import one of them."
    )


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The files by their real size, whatever the zip declares."""
    left = MAX_UNPACKED
    for member in members:
        if member.flag_bits & 1:
            raise RecordingRefused("This zip file is protected by a password; unpack it first.")
        with archive.open(member) as file:
            # The size in a zip's directory can be false; only reading shows the real one (zip bombs).
            content = file.read(left + 1)
        if len(content) > left:
            raise _too_much()
        left -= len(content)
        yield member.filename, content
