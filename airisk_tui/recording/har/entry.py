"""One request of a HAR, read whatever tool wrote it (HAR 1.2, `entries`).

Tools differ: header lists of objects or of pairs, bodies as text or as parameters, times without a zone, -1 for unknown,
missing contents, pseudo headers of HTTP/2, headers removed by a sanitising export. Every form gives an `Entry`, and none an
exception (threats.md F4).

An `Entry` holds raw secrets. It lives in memory only, until `har.reading` has sealed it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from airisk_tui.oauth.http import Body, Connection, Exchange, Headers, HttpRequest, HttpResponse, Timing, header
from airisk_tui.oauth.params import Params

MAX_SECONDS = 86_400.0
"""The longest time that is believed: beyond a day, the tool that wrote the HAR was wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of a HAR. start: epoch seconds; query: of the URL; fields: of a form or JSON body."""

    start: float
    exchange: Exchange
    query: Params
    fields: Params

    @property
    def end(self) -> float:
        """Epoch seconds."""
        return self.start + self.exchange.timing.total

    @property
    def url(self) -> str:
        """Of the request."""
        return self.exchange.request.url

    @property
    def location(self) -> str:
        """The `Location` of a redirect, or ""."""
        response = self.exchange.response
        return (header(response.headers, "location") or "") if 300 <= response.status < 400 else ""

    @property
    def bearer(self) -> str:
        """The request's bearer token, or ""."""
        scheme, _, token = (header(self.exchange.request.headers, "authorization") or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


def entry_of(raw: dict[str, Any], before: float) -> Entry:
    """Read an entry. before: the start of the previous entry, used when this one's cannot be read."""
    request = _request(raw["request"])
    timing = _timing(raw)
    exchange = Exchange(request, _response(object_of(raw.get("response"))), timing, _connection(raw))
    query = Params.parse(request.url.partition("#")[0].partition("?")[2])
    if not len(query):
        query = _pairs_as_params(raw["request"].get("queryString"))
    return Entry(_start(raw.get("startedDateTime"), before), exchange, query, _fields(request))


def _request(raw: dict[str, Any]) -> HttpRequest:
    headers = headers_of(raw)
    post = object_of(raw.get("postData"))
    if post.get("mimeType") and header(headers, "content-type") is None:
        headers = (*headers, ("Content-Type", text_of(post["mimeType"])))
    data = _decoded(text_of(post.get("text")), post.get("encoding") or post.get("_encoding"))
    if not data:
        data = _pairs_as_params(post.get("params")).encode().encode()
    return HttpRequest(text_of(raw.get("method")) or "GET", _url(text_of(raw.get("url"))), headers, Body.of(data))


def _url(url: str) -> str:
    return url if url.isascii() else url.encode("utf-8", "replace").decode("utf-8")


def _response(raw: dict[str, Any]) -> HttpResponse:
    headers = headers_of(raw)
    redirect = text_of(raw.get("redirectURL"))
    if redirect and header(headers, "location") is None:
        headers = (*headers, ("Location", redirect))
    content = object_of(raw.get("content"))
    if content.get("mimeType") and header(headers, "content-type") is None:
        headers = (*headers, ("Content-Type", text_of(content["mimeType"])))
    data = _decoded(text_of(content.get("text")), content.get("encoding"))
    size = _number(content.get("size"), 2**40)
    cut = "not-recorded" if not data and size else None
    wire = _number(raw.get("bodySize"), 2**40)
    body = Body(data, int(size) if cut else len(data), int(wire) or len(data), cut)
    version = text_of(raw.get("httpVersion")) or "HTTP/1.1"
    return HttpResponse(int(_number(raw.get("status"), 999)), headers, body, text_of(raw.get("statusText")), version)


def headers_of(raw: dict[str, Any]) -> Headers:
    """The headers of a message, without HTTP/2's pseudo headers (RFC 9113 §8.3), which repeat the URL."""
    pairs = _pairs(raw.get("headers"))
    return tuple((name, value) for name, value in pairs if name and not name.startswith(":"))


def _pairs(raw: Any) -> Iterator[tuple[str, str]]:
    for one in raw if isinstance(raw, list) else ():
        if isinstance(one, dict):
            yield text_of(one.get("name")), text_of(one.get("value"))
        elif isinstance(one, list) and len(one) == 2:
            yield text_of(one[0]), text_of(one[1])


def _pairs_as_params(raw: Any) -> Params:
    return Params(tuple(_pairs(raw)))


def _fields(request: HttpRequest) -> Params:
    """The fields of a form or of a flat JSON object."""
    data = request.body.data[: 1024 * 1024]
    if data.lstrip().startswith(b"{"):
        try:
            record = json.loads(data)
        except (ValueError, RecursionError):
            return Params()
        return Params(tuple((name, value) for name, value in record.items() if isinstance(value, str)))
    return Params.parse(data.decode("utf-8", "replace")) if b"=" in data else Params()


def _decoded(text: str, encoding: Any) -> bytes:
    if encoding == "base64":
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            pass
    return text.encode("utf-8", "replace")


def _start(raw: Any, before: float) -> float:
    """Epoch seconds, or `before` when the time cannot be read. A time without a zone counts as UTC."""
    try:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return datetime.fromtimestamp(raw / 1000 if raw > 1e11 else raw, UTC).timestamp()
        moment = datetime.fromisoformat(text_of(raw).strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return before


def _timing(raw: dict[str, Any]) -> Timing:
    parts = object_of(raw.get("timings"))
    connect, tls = _seconds(parts.get("connect")), _seconds(parts.get("ssl"))
    if connect is not None and tls is not None:
        connect = max(0.0, connect - tls)
    first_byte = _seconds(parts.get("wait"))
    total = _seconds(raw.get("time"))
    return Timing(total or 0.0, _seconds(parts.get("dns")), connect, tls, first_byte)


def _seconds(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw <= MAX_SECONDS * 1000:
        return None
    return raw / 1000


def _connection(raw: dict[str, Any]) -> Connection:
    address = text_of(raw.get("serverIPAddress")).strip("[]")
    if not address:
        return Connection()
    try:
        parts = urlsplit(text_of(raw["request"].get("url")))
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return Connection()
    return Connection(peer=f"[{address}]:{port}" if ":" in address else f"{address}:{port}")


def _number(raw: Any, limit: float) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 < raw <= limit:
        return 0
    return raw


def text_of(raw: Any) -> str:
    """The value if it is a text, else ""."""
    return raw if isinstance(raw, str) else ""


def object_of(raw: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return raw if isinstance(raw, dict) else {}
