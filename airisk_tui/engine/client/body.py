"""A response body as it comes in: content decoding (RFC 9110 §8.4) in bounded steps, so that no bomb grows (threats.md C2).

httpx2's own decoders inflate a whole chunk at once; these stop at the cap, and keep what is not what its label says.
"""

from __future__ import annotations

import codecs
import zlib
from typing import Literal

from airisk_tui.oauth.http import Body, Headers, headers_named

Cut = Literal["size", "deadline", "connection", "encoding"]

_GZIP = zlib.MAX_WBITS + 16
_ZLIB = zlib.MAX_WBITS
_BARE = -zlib.MAX_WBITS

_WINDOWS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (_ZLIB, _BARE)}
"""What each coding may be; "deflate" is sent with and without its zlib wrapping (RFC 9110 §8.4.1.2, note)."""


class BodyReader:
    """Takes chunks until `feed` says that it has enough. wire, decoded: the caps in bytes."""

    def __init__(self, headers: Headers, wire: int, decoded: int) -> None:
        self._caps = (wire, decoded)
        self._wire = 0
        self._size = 0
        self._data = bytearray()
        self._held = bytearray()
        self._broken = False
        self._full = False
        self._windows, self._cut = _windows(headers)
        self._inflater = zlib.decompressobj(self._windows[0]) if self._windows else None

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk as it came; False when no more is wanted."""
        self._wire += len(chunk)
        if self._broken:
            pass
        elif self._inflater is None:
            self._keep(chunk)
        else:
            self._inflate(chunk)
        if self._wire > self._caps[0]:
            self._overflow()
        return not self._full

    def body(self, cut: Cut | None = None) -> Body:
        """What there is; cut: why no more came, where the reader cannot know it."""
        self._cut = self._cut or cut
        # zlib does not complain of data that end too early; only `eof` tells (zlib, Decompress.eof).
        if self._inflater is not None and self._wire and not self._inflater.eof:
            if self._size:
                self._cut = self._cut or "encoding"
            else:
                self._keep_as_it_came(bytes(self._held))
        return Body(bytes(self._data), self._size, self._wire, self._cut)

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        self._data += data[: self._caps[1] - len(self._data)]
        if self._size > self._caps[1]:
            self._overflow()

    def _overflow(self) -> None:
        """Enough came. An encoding that was not undone is still called that: what is written to disk depends on it."""
        self._full = True
        self._cut = self._cut or "size"

    def _inflate(self, chunk: bytes) -> None:
        """Until the first byte comes out, what went in is held: it is the body when the label proves wrong. What follows
        the end of the encoded data is passed over, as browsers do."""
        if self._inflater is None or self._inflater.eof:
            return
        if not self._size:
            self._held += chunk
        try:
            # One byte more than the cap, so that it is seen to be passed.
            # What `decompress` holds back in `unconsumed_tail` is never asked for: by then the cap is passed (zlib, Decompress.decompress).
            self._keep(self._inflater.decompress(chunk, self._caps[1] + 1))
        except zlib.error:
            self._try_otherwise()

    def _try_otherwise(self) -> None:
        """The data is broken, or its label is wrong from the start: try the next meaning, else keep what came."""
        held = bytes(self._held)
        self._held.clear()
        self._windows = () if self._size else self._windows[1:]
        self._inflater = zlib.decompressobj(self._windows[0]) if self._windows else None
        if self._inflater is not None:
            self._inflate(held)
        elif self._size:
            self._cut, self._broken = "encoding", True
        else:
            self._keep_as_it_came(held)

    def _keep_as_it_came(self, held: bytes) -> None:
        """Bytes that are text were never encoded, and are the whole body; others are an encoding that was not undone."""
        try:
            codecs.getincrementaldecoder("utf-8")().decode(held)
        except UnicodeDecodeError:
            self._cut = "encoding"
        self._keep(held)


def _windows(headers: Headers) -> tuple[tuple[int, ...], Cut | None]:
    """The zlib windows to try, and "encoding" when the coding is one that we cannot undo."""
    listed = ",".join(headers_named(headers, "content-encoding")).split(",")
    codings = [name for name in (one.strip().lower() for one in listed) if name not in ("", "identity")]
    if not codings:
        return (), None
    windows = _WINDOWS.get(codings[0], ()) if len(codings) == 1 else ()
    return windows, None if windows else "encoding"
