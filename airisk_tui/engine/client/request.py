"""A request as it will stand on the wire: the target byte for byte as given, the headers in the order that is sent.

httpx2 normalises a URL's percent-encoding; a debugger must not, so the target goes past it (its `target` extension).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HTTP_NAME, Body, Headers, HttpRequest, header
from airisk_tui.oauth.urls import default_port

if TYPE_CHECKING:
    import httpx2

MAX_PORT = 65535
"""Two bytes (RFC 9293 §3.1)."""

_URL = pattern(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
_NAME = pattern(HTTP_NAME)
_VALUE = pattern(r"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff\t]*[\x21-\x7e\x80-\xff])?|")
_HOST = pattern(r"[A-Za-z0-9._~-]+|[0-9A-Fa-f:.]+")
_WITH_BODY = ("POST", "PUT", "PATCH")


class IllegalRequest(ValueError):
    """A request that must not be sent. reason: "method", "url", "userinfo" or "header"; subject: the header's name, where
    that can be shown. No value stands in it, for it may be a secret."""

    def __init__(self, reason: str, subject: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.subject = subject


class Outgoing(Struct, frozen=True):
    """What will be sent. origin: the server; target: the request target of RFC 9112 §3.2.1."""

    origin: httpx2.URL
    target: bytes
    raw_headers: tuple[tuple[bytes, bytes], ...]
    request: HttpRequest

    @property
    def scheme(self) -> str:
        """http or https."""
        return self.origin.scheme

    @property
    def host(self) -> str:
        """As ASCII (IDNA), without brackets."""
        return self.origin.raw_host.decode("ascii")

    @property
    def port(self) -> int:
        """The port, written or by default."""
        return self.origin.port or default_port(self.scheme)


def outgoing(method: str, url: str, headers: Headers, content: bytes) -> Outgoing:
    """The request for a URL; raises IllegalRequest. Needs httpx2, for the host's IDNA form."""
    if not _NAME.fullmatch(method):
        raise IllegalRequest("method")
    match = _URL.match(url)
    if match is None:
        raise IllegalRequest("url")
    scheme, authority, rest = match[1].lower(), match[2], match[3]
    # What stands before an “@” may look like the host (RFC 9110 §4.2.4).
    if "@" in authority:
        raise IllegalRequest("userinfo")
    origin = _origin(scheme, authority)
    netloc = origin.netloc.decode("ascii")
    target = quote(rest if rest.startswith("/") else f"/{rest}", safe=_VISIBLE, errors="surrogatepass")
    sent = _headers(method, netloc, headers, content)
    request = HttpRequest(method, f"{scheme}://{netloc}{target}", sent, Body.of(content))
    raw = tuple(_raw(name, value) for name, value in sent)
    return Outgoing(origin, target.encode("ascii"), raw, request)


@lru_cache(maxsize=64)
def _origin(scheme: str, authority: str) -> httpx2.URL:
    """The server's part of a URL; kept, because every request of a run goes to the same server or two."""
    import httpx2

    try:
        origin = httpx2.URL(f"{scheme}://{authority}/")
        host, port = origin.raw_host.decode("ascii"), origin.port
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        raise IllegalRequest("url") from None  # its words quote the URL
    if not _HOST.fullmatch(host) or (port is not None and port > MAX_PORT):
        raise IllegalRequest("url")
    return origin


def _headers(method: str, netloc: str, headers: Headers, content: bytes) -> Headers:
    """The headers as they are given, and the two without which no server could read the request (RFC 9112 §3.2, §6.3)."""
    first = () if header(headers, "Host") is not None else (("Host", netloc),)
    framed = header(headers, "Content-Length") is not None or header(headers, "Transfer-Encoding") is not None
    if (content or method in _WITH_BODY) and not framed:
        return (*first, *headers, ("Content-Length", str(len(content))))
    return (*first, *headers)


def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    """As bytes (RFC 9110 §5.5); checked here, because a library's complaint would quote the value, which may be secret."""
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise IllegalRequest("header", name if _NAME.fullmatch(name) else "")
    return name.encode("ascii"), value.encode("latin-1")
