"""Reading HAR files entry by entry: hardly slower than `json.load`, and with less memory.

Only entries that may belong to an OAuth flow are kept. A file that is cut off gives what is before the cut (threats.md F4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.http import header
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.recording.files import SYSTEM, Files
from airisk_tui.recording.har.entry import Entry, entry_of, headers_of, object_of, text_of
from airisk_tui.recording.har.packing import unpacked
from airisk_tui.recording.reader import reading

MAX_HAR = 512 * 1024 * 1024
"""Bytes: ten times the HAR of a long session in a browser."""

_ENTRIES = pattern(r'"entries"\s*:\s*\[')
_CREDENTIALS = frozenset({"authorization", "cookie"})
_SPACE = pattern(r"[ \t\r\n]*")
_INTERESTING = pattern(
    r"client_id=|(?:code|error)=|token|/api/(?:Users/|Chat/)?(?:List|Get|Ask|Create|Add)", re.IGNORECASE
)
_IN_BODY = pattern(r"code|refresh_token", re.IGNORECASE)
_PARAMETERS = frozenset({"client_id", "code", "error"})
_DECODER = json.JSONDecoder()


class HarFile(Struct, frozen=True):
    """program: what wrote it; entries: those that may belong to an OAuth flow, by time; total: how many the file has;
    no_credentials: no entry has an `Authorization` or `Cookie` header, as in Chromium's default export, or because none was
    sent; cut: the file is cut off."""

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
    """Every request of a HAR, whatever it is about; raises RecordingRefused for a file that is none."""
    with reading(path, files, MAX_HAR) as file:
        found = unpacked(file.read())
    walk = _Walk(_text(found.data))
    for raw in walk.entries():
        yield entry_of(raw, 0.0, found.attached)
    if not walk.found:
        raise RecordingRefused("This is neither a recording nor a HAR file, so there is nothing to look at.")


def parse_har(data: bytes) -> HarFile:
    """Read a HAR, packed or not."""
    found = unpacked(data)
    text, attached, cut = _text(found.data), found.attached, found.cut
    del data, found
    walk = _Walk(text)
    kept: list[Entry] = []
    total, credentials = 0, False
    for raw in walk.entries():
        total += 1
        sent = _credential_headers(raw["request"])
        credentials = credentials or bool(sent)
        if "authorization" in sent or _could_matter(raw):
            kept.append(entry_of(raw, kept[-1].start if kept else 0.0, attached))
    if not walk.found and (walk.cut or cut):
        raise RecordingRefused(
            "This HAR file is cut off before its first request was complete, so nothing of it is left."
        )
    if not walk.found:
        raise RecordingRefused(
            "This is not a HAR file: it should be a JSON object with log.entries, and that has none."
        )
    kept.sort(key=lambda entry: entry.start)
    return HarFile(_program(text), tuple(kept), total, not credentials, walk.cut or cut)


def _text(data: bytes) -> str:
    # RFC 8259 §8.1 asks for UTF-8 without a byte-order mark; what passed through PowerShell's `>` is UTF-16 with one.
    return data.decode(json.detect_encoding(data), errors="replace")


class _Walk:
    """Walks the text: the first list called `entries` whose items have a request, one item at a time."""

    def __init__(self, text: str) -> None:
        self.found = False
        self.cut = False
        self._text = text

    def entries(self) -> Iterator[dict[str, Any]]:
        # A body may hold this text, and extensions have lists of that name: the first whose items are requests counts.
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
                # Item by item, because `json.load` of a file that is cut off gives nothing at all.
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
    """The program that wrote the file: HAR's `browser`, else its `creator`. Tools put them at either end of the file."""
    for name in ("browser", "creator"):
        for part in (text[:65536], text[-65536:]):
            found = re.search(rf'"{name}"\s*:\s*(?=\{{)', part)
            if found is None:
                continue
            try:
                record, _ = _DECODER.raw_decode(part, found.end())
            except (ValueError, RecursionError):
                continue
            if isinstance(record.get("name"), str):
                return str(record["name"])[:80]
    return "another program"


def _could_matter(raw: dict[str, Any]) -> bool:
    """Whether an entry may belong to an OAuth flow. Called for every entry, so it looks at the raw JSON only."""
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
    return 300 <= _status(response) < 400 and bool(_INTERESTING.search(header(headers_of(response), "location") or ""))


def _could_be_token_request(post: dict[str, Any]) -> bool:
    hidden = post.get("params") or post.get("encoding") or post.get("_encoding") or post.get("_file")
    return bool(hidden) or _IN_BODY.search(text_of(post.get("text"))) is not None


def _names(pairs: Any) -> frozenset[str]:
    return frozenset(map(_name, pairs)) if isinstance(pairs, list) else frozenset()


def _status(response: dict[str, Any]) -> float:
    status = response.get("status")
    return status if isinstance(status, (int, float)) else 0


def _credential_headers(request: dict[str, Any]) -> frozenset[str]:
    return _CREDENTIALS & _names(request.get("headers"))


def _name(one: Any) -> str:
    name = one.get("name") if type(one) is dict else one[0] if type(one) is list and one else None
    return name.lower() if type(name) is str else ""
