"""Reading a response body and undoing its content coding (RFC 9110 §8.4) in bounded steps (threats.md C2).

httpx2's own decoders inflate a whole chunk at once. These stop at the limit, and keep a body that does not have the declared coding.
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
"""By coding, the `wbits` of zlib to try; "deflate" is sent with and without the zlib wrapping (RFC 9110 §8.4.1.2, note)."""


class BodyReader:
    """Collects a body from chunks, until `feed` returns False. wire, decoded: the limits in bytes."""

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
        """Take a chunk of the wire; False if no more is wanted."""
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
        """The body so far. cut: why no more came, if the reader cannot know it."""
        self._cut = self._cut or cut
        # zlib raises no error for data that end too early; only `eof` shows it (zlib, Decompress.eof).
        if self._inflater is not None and self._wire and not self._inflater.eof:
            if self._size:
                self._cut = self._cut or "encoding"
            else:
                self._keep_undecoded(bytes(self._held))
        return Body(bytes(self._data), self._size, self._wire, self._cut)

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        self._data += data[: self._caps[1] - len(self._data)]
        if self._size > self._caps[1]:
            self._overflow()

    def _overflow(self) -> None:
        """Stop at the limit. "encoding" stays the reason of a coding that was not undone, because the sealer drops such a body."""
        self._full = True
        self._cut = self._cut or "size"

    def _inflate(self, chunk: bytes) -> None:
        """Inflate a chunk. Until the first byte comes out, the input is kept, because it is the body if the declared coding is wrong.
        Data after the end of the encoded data is ignored, as browsers do."""
        if self._inflater is None or self._inflater.eof:
            return
        if not self._size:
            self._held += chunk
        try:
            # One byte more than the limit, to see that it is exceeded. The rest, which stays in `unconsumed_tail`, is not needed then.
            self._keep(self._inflater.decompress(chunk, self._caps[1] + 1))
        except zlib.error:
            self._try_next_coding()

    def _try_next_coding(self) -> None:
        """The data is broken, or the declared coding is wrong: try the next one, else keep the data as it is."""
        held = bytes(self._held)
        self._held.clear()
        self._windows = () if self._size else self._windows[1:]
        self._inflater = zlib.decompressobj(self._windows[0]) if self._windows else None
        if self._inflater is not None:
            self._inflate(held)
        elif self._size:
            self._cut, self._broken = "encoding", True
        else:
            self._keep_undecoded(held)

    def _keep_undecoded(self, held: bytes) -> None:
        """Keep data whose coding was not undone. If it is text, it was never encoded."""
        try:
            codecs.getincrementaldecoder("utf-8")().decode(held)
        except UnicodeDecodeError:
            self._cut = "encoding"
        self._keep(held)


def _windows(headers: Headers) -> tuple[tuple[int, ...], Cut | None]:
    """The `wbits` to try, and "encoding" if the coding cannot be undone here."""
    listed = ",".join(headers_named(headers, "content-encoding")).split(",")
    codings = [name for name in (one.strip().lower() for one in listed) if name not in ("", "identity")]
    if not codings:
        return (), None
    windows = _WINDOWS.get(codings[0], ()) if len(codings) == 1 else ()
    return windows, None if windows else "encoding"
