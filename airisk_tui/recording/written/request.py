"""A request read from a text, and raw HTTP as proxies and books show it (RFC 9112 §2.1)."""

from __future__ import annotations

import re

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HTTP_NAME, Headers


class Unreadable(ValueError):
    """Raised with a sentence that says why a file contains no request that can be sent."""


class WrittenRequest(Struct, frozen=True):
    """A request read from a text. headers: in the order in which they are sent, with `Host` if it is known; notes: sentences on what
    could not be read. A shell variable is written as `shells.VARIABLE` matches it."""

    method: str
    url: str
    headers: Headers
    content: bytes = b""
    notes: tuple[str, ...] = ()


_START = pattern(rf"^({HTTP_NAME}) (\S+)(?: HTTP/\d(?:\.\d)?)?$")
_NEXT = pattern(r"\r?\n(?=(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ HTTP/)", re.DOTALL)


def http_requests(text: str) -> tuple[WrittenRequest, ...]:
    """The requests in a text. Raises Unreadable."""
    return tuple(_request(part) for part in _NEXT.split(text.lstrip("\r\n")) if part.strip())


def _request(text: str) -> WrittenRequest:
    """Lines may end with a line feed only, as in a book; a body ends with the text, without its last line end."""
    head, blank, body = text.partition("\r\n\r\n")
    if not blank:
        head, _, body = text.partition("\n\n")
    first, *rest = head.splitlines() or [""]
    start = _START.match(first.strip())
    if start is None:
        raise Unreadable(
            "it is neither a curl command, nor a HAR, nor a raw HTTP request, which begins with a line such as "
            "“POST /api/oauth2/Token HTTP/1.1”"
        )
    headers = tuple(
        (name.strip(), value.strip()) for name, mark, value in (line.partition(":") for line in rest) if mark
    )
    host = next((value for name, value in headers if name.lower() == "host"), "")
    target = start[2]
    if not target.startswith(("http://", "https://")):
        if not host:
            raise Unreadable("the request has neither a whole address nor a Host header, so nobody knows where it goes")
        scheme = "http" if re.match(r"(localhost|127\.|\[::1\])", host) else "https"
        target = f"{scheme}://{host}{target}"
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    data = body.encode("utf-8", "surrogateescape")
    declared = length.isdigit() and int(length) <= len(data)
    data = data[: int(length)] if declared else data.rstrip(b"\r\n")
    return WrittenRequest(start[1], target, headers, data)
