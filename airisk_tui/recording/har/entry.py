"""Reading one request of a HAR from any tool (HAR 1.2, `entries`).

Tools differ: headers as objects or (Slack) as pairs, bodies as text or as parameters, times without a zone, -1 for unknown, missing
contents, pseudo headers of HTTP/2, headers removed by a sanitising export. Each of them becomes an `Entry`, and none raises an
exception (threats.md F4).

An `Entry` contains raw secrets. It exists in memory only, until `har.log` has sealed it.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_plus

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    Headers,
    HttpRequest,
    HttpResponse,
    Timing,
    bearer_in,
    content_type,
    header,
)
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import unmarked, unmarked_bytes
from airisk_tui.oauth.text.characters import is_mark
from airisk_tui.oauth.text.fields import params_of
from airisk_tui.oauth.text.lenient_json import is_number
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import host_and_port, port_of, query_of

Attached = Mapping[str, bytes]
"""Bodies in separate files beside a HAR, by name (Playwright's `.har.zip`)."""

NOTHING: Attached = MappingProxyType({})

MAX_SECONDS = 86_400.0
"""Seconds. A longer time is an error of the tool that wrote the HAR."""

MAX_SIZE, MAX_STATUS = 2**40, 999
"""The largest size of a body, and the largest status, that can be right."""

MAX_SEARCHED = 1024 * 1024
"""Bytes of a body that are searched for a sanitiser's marks."""


class Entry(Struct, frozen=True):
    """One request of a HAR. start: epoch seconds; query: of the URL; fields: of a form, multipart or JSON body; failure: why there is
    no answer, in the words of the tool, "" where the file does not say; unnamed_base64: a body was base64 although the file does not
    say so; redacted: a sanitiser's mark stands in the place of a body or a header; no_scheme: the address in the file has no scheme,
    so https is assumed; of_a_worker: a service worker sent the request; through_a_worker: the page sent it, and a service worker
    passed it on; apart: the file names another one for a body, which is not there."""

    start: float
    exchange: Exchange
    query: Params
    fields: Params
    failure: str = ""
    unnamed_base64: bool = False
    redacted: bool = False
    no_scheme: bool = False
    of_a_worker: bool = False
    through_a_worker: bool = False
    apart: bool = False

    @property
    def end(self) -> float:
        """Epoch seconds."""
        return self.start + self.exchange.timing.total

    @property
    def url(self) -> str:
        """The request's URL."""
        return self.exchange.request.url

    @property
    def method(self) -> str:
        """The request's method in upper case."""
        return self.exchange.request.method.upper()

    @property
    def status(self) -> int:
        """The response's status; 0 if the file has no answer."""
        return self.exchange.response.status

    @property
    def location(self) -> str:
        """The `Location` of a redirect, or ""."""
        response = self.exchange.response
        return (header(response.headers, "location") or "") if response.redirects else ""

    @property
    def bearer(self) -> str:
        """The request's bearer token, or ""."""
        return bearer_in(self.exchange.request.headers)

    @property
    def ahead(self) -> bool:
        """Whether the request is a prefetch (Fetch, “Sec-Purpose”; older browsers use the other two names)."""
        sent = self.exchange.request.headers
        values = (header(sent, name) or "" for name in ("sec-purpose", "purpose", "x-moz"))
        return any("prefetch" in value.lower() for value in values)

    @property
    def is_form(self) -> bool:
        """Whether a person sent a form, and no script (Fetch Metadata, `Sec-Fetch-Dest`) or client a request."""
        sent = self.exchange.request.headers
        of_a_page = (header(sent, "sec-fetch-dest") or "document") in ("document", "iframe")
        of_a_client = self.fields.get("client_secret") or self.fields.get("grant_type")
        return (
            self.method == "POST"
            and of_a_page
            and not of_a_client
            and content_type(sent).lower().startswith((FORM, "multipart/"))
        )

    @property
    def of_the_browser(self) -> bool:
        """Whether the browser itself redirected the request without asking a server, mostly from http to https.

        Chromium writes such a step as an answer with status 307 (RFC 6797 §8.3).
        """
        response = self.exchange.response
        named = header(response.headers, "non-authoritative-reason") is not None
        return response.redirects and (named or response.reason.lower() == "internal redirect")


def entry_of(raw: dict[str, Any], before: float = 0.0, attached: Attached = NOTHING) -> Entry:
    """Read an entry. before: the start of the previous entry, used if this one's cannot be read; attached: the bodies beside the HAR,
    by their names in it."""
    request, guessed = _request(raw["request"], attached)
    response, answer_guessed = _response(object_of(raw.get("response")), request.method, attached)
    instead = _proxy_error(response)
    if instead:
        response = replace(response, status=0, body=Body(cut="not-recorded"))
    exchange = Exchange(request, response, _timing(raw), _connection(raw, request.url))
    query = Params.parse(query_of(request.url))
    failure = "" if response.status else instead or failure_of(raw)
    return Entry(
        start=_start(raw.get("startedDateTime"), before),
        exchange=exchange,
        query=query,
        fields=_fields(request),
        failure=failure,
        unnamed_base64=guessed or answer_guessed,
        redacted=any(map(is_mark, _whole_texts(raw))),
        no_scheme=_SCHEMELESS.match(text_of(raw["request"].get("url"))) is not None,
        apart=any(name and name not in attached for name in _files_of_bodies(raw)),
        of_a_worker="_serviceWorkerRef" in raw,  # Playwright's member
        through_a_worker=raw.get("_fetchedViaServiceWorker") is True,  # that of Chromium's developer tools
    )


def _files_of_bodies(raw: dict[str, Any]) -> tuple[str, str]:
    """The files beside the HAR that it names for the bodies (Playwright)."""
    post, content = object_of(raw["request"].get("postData")), object_of(object_of(raw.get("response")).get("content"))
    return text_of(post.get("_file")), text_of(content.get("_file"))


_SCHEMELESS = pattern(r"(?://)?[A-Za-z0-9.-]+(?::\d+)?/")
"""The beginning of an address without its scheme."""


def _whole_texts(raw: dict[str, Any]) -> Iterator[str]:
    """The texts that a sanitiser replaces as a whole: bodies and headers."""
    request, response = object_of(raw.get("request")), object_of(raw.get("response"))
    yield text_of(object_of(request.get("postData")).get("text")).strip()
    yield text_of(object_of(response.get("content")).get("text")).strip()
    for one in (request, response):
        yield from (value for _, value in _pairs(one.get("headers")))


def _proxy_error(response: HttpResponse) -> str:
    """The text that a debugging proxy wrote in place of the answer of an unreachable server, or ""."""
    if response.status not in (502, 503, 504):
        return ""
    text = decoded(response.body.data[:4096])
    return _TAGS.sub(" ", text).strip()[:MAX_FAILURE] if _PROXY_PAGE.search(text) else ""


_PROXY_PAGE = pattern(
    r"^\s*\[Fiddler\]|Charles Error Report|<title>\s*502 Bad Gateway\s*</title>.{0,400}mitmproxy", re.DOTALL
)
_TAGS = pattern(r"<[^<>]*>|\s+")


UNTYPED = "application/octet-stream"
"""The type that a HAR gives to a body without one, because HAR 1.2 requires a `mimeType` (postData)."""


def _request(raw: dict[str, Any], attached: Attached) -> tuple[HttpRequest, bool]:
    headers = headers_of(raw)
    post = object_of(raw.get("postData"))
    media = text_of(post.get("mimeType"))
    if media not in ("", UNTYPED) and header(headers, "content-type") is None:
        headers = (*headers, ("Content-Type", media))
    data, guessed = _data(post, media, attached)
    if not data:
        data = _listed(post.get("params")).encode().encode()
    url = text_of(raw.get("url"))
    # JSON can escape a lone surrogate, which no request can contain.
    url = url if url.isascii() else url.encode("utf-8", "replace").decode("utf-8")
    if _SCHEMELESS.match(url):
        url = f"https://{url.removeprefix('//')}"
    # Some tools write the query only in `queryString`.
    if "?" not in url and (listed := _listed(raw.get("queryString"))):
        place, mark, fragment = url.partition("#")
        url = f"{place}?{listed.encode()}{mark}{fragment}"
    method = text_of(raw.get("method")) or "GET"
    return HttpRequest(method, url, headers, _sent_body(raw, data, headers)), guessed


def _sent_body(raw: dict[str, Any], data: bytes, headers: Headers) -> Body:
    """The body of a request. Tools leave out files, parts and large bodies."""
    length = header(headers, "content-length") or ""
    post = object_of(raw.get("postData"))
    # Some tools write only the type of a body, without text, fields or length, or leave out a body without a type.
    posted = bool(post) or text_of(raw.get("method")).upper() == "POST"
    unlisted = posted and not data and not length and raw.get("bodySize") != 0
    if unlisted or is_mark(text_of(post.get("text")).strip()):
        return Body(cut="not-recorded")
    size = (
        int(length) if length.isdecimal() and len(length) < MAX_DIGITS else int(_number(raw.get("bodySize"), MAX_SIZE))
    )
    return Body.of(data) if data or not size else Body(b"", size, size, "not-recorded")


MAX_DIGITS = 15
"""The most digits of a Content-Length that can be right."""


def _response(raw: dict[str, Any], method: str, attached: Attached) -> tuple[HttpResponse, bool]:
    headers = headers_of(raw)
    # HAR 1.2 repeats `Location` in `redirectURL`, which an export keeps even if it drops headers.
    redirect = text_of(raw.get("redirectURL"))
    if redirect and not is_mark(redirect) and header(headers, "location") is None:
        headers = (*headers, ("Location", redirect))
    content = object_of(raw.get("content"))
    media = text_of(content.get("mimeType"))
    if media and header(headers, "content-type") is None:
        headers = (*headers, ("Content-Type", media))
    data, guessed = _data(content, media, attached)
    data = _unpacked(data, header(headers, "content-encoding") or "")
    status = int(_number(raw.get("status"), MAX_STATUS))
    # Some tools write a chain of redirects as its last answer, with the address that the first one named.
    if status == 200 and redirect and not is_mark(redirect) and header(headers_of(raw), "location") is None:
        return HttpResponse(302, headers, Body(cut="not-recorded")), guessed
    size, wire = int(_number(content.get("size"), MAX_SIZE)), int(_number(raw.get("bodySize"), MAX_SIZE))
    hidden = is_mark(text_of(content.get("text")).strip())
    # Browsers silently leave out the bodies of redirects, and of pages that were left before the file was saved.
    left_out = not data and (hidden or not status or (_has_body(status, method) and not _empty(raw, content, headers)))
    body = Body(data, size if left_out else len(data), wire or len(data), "not-recorded" if left_out else None)
    version = text_of(raw.get("httpVersion")) or "HTTP/1.1"
    return HttpResponse(status, headers, body, text_of(raw.get("statusText")), version), guessed


_MAX_UNPACKED = 8 * 1024 * 1024


def _unpacked(data: bytes, coding: str) -> bytes:
    """A body that the tool wrote without unpacking gzip (RFC 9110 §8.4.1.3), unpacked, at most 8 MiB."""
    if coding.strip().lower() not in ("gzip", "x-gzip") or not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _MAX_UNPACKED)
    except zlib.error:
        return data


def _has_body(status: int, method: str) -> bool:
    """Whether an answer may have a relevant body (RFC 9110 §6.4.1); that of a redirect is not."""
    return method.upper() != "HEAD" and status not in (204, 205) and status // 100 not in (1, 3)


def _empty(raw: dict[str, Any], content: dict[str, Any], headers: Headers) -> bool:
    """Whether the answer had no body, as opposed to one that the file leaves out. Tools write 0 and -1 for an unknown size, so
    Content-Length takes precedence, and an empty text means more than a missing one."""
    length = header(headers, "content-length")
    if length is not None and length.strip().isdecimal():
        return int(length) == 0
    if _number(content.get("size"), MAX_SIZE) or _number(raw.get("bodySize"), MAX_SIZE):
        return False
    return isinstance(content.get("text"), str) or (content.get("size"), raw.get("bodySize")) == (0, 0)


_FAILURES = (
    *("_error", "_errorText", "_errorMessage", "_failureText", "_blockedReason", "_blocked_reason", "_fetchError"),
    *("_charlesErrorMessage", "errorMessage", "errorText", "error"),
)
"""Members in which tools write why there is no answer: Chromium, Playwright, chrome-har, BrowserMob, Charles."""


def failure_of(raw: dict[str, Any]) -> str:
    """The reason why an entry has no answer, in the tool's words; "" if the tool does not say."""
    # Our own export says in a comment that the log does not have the listener's answer, which is not a failure.
    if "_airisk" in raw and "_error" not in object_of(raw.get("response")):
        return ""
    response = object_of(raw.get("response"))
    places = (response, raw, object_of(raw.get("request")))
    texts = [text_of(place.get(name)) for place in places for name in _FAILURES]
    texts += [text_of(response.get("statusText")), text_of(response.get("comment"))]
    texts += [text_of(object_of(response.get("content")).get("comment"))]
    return next(filter(None, (words.strip()[:MAX_FAILURE] for words in texts)), "")


MAX_FAILURE = 300
"""The most characters of a tool's words that are kept."""


def headers_of(raw: dict[str, Any]) -> Headers:
    """The headers of a message, without HTTP/2's pseudo headers (RFC 9113 §8.3), which repeat the URL."""
    pairs = _pairs(raw.get("headers"))
    return tuple((name, value) for name, value in pairs if name and not name.startswith(":") and _is_read(name, value))


def _is_read(name: str, value: str) -> bool:
    """Whether a header is taken from the file. A header whose value is a sanitiser's mark is ignored, unless it is a credential: then
    it shows that there was one."""
    return name.lower() in CREDENTIALS or not is_mark(value)


CREDENTIALS = frozenset({"authorization", "cookie", "set-cookie"})
"""Headers that sanitisers remove."""


def _pairs(raw: Any) -> Iterator[tuple[str, str]]:
    for one in raw if isinstance(raw, list) else ():
        if isinstance(one, dict):
            yield text_of(one.get("name")), text_of(one.get("value"))
        elif isinstance(one, list) and len(one) == 2:
            yield text_of(one[0]), text_of(one[1])


def _listed(raw: Any) -> Params:
    """A list of names and values. Some tools write them percent-encoded: then no value has a character that would be encoded, and
    some have a percent sign."""
    pairs = tuple(_pairs(raw))
    words = [word for pair in pairs for word in pair]
    if any(_ESCAPE.search(word) for word in words) and not any(_UNESCAPED.search(word) for word in words):
        pairs = tuple((unquote_plus(name), unquote_plus(value)) for name, value in pairs)
    return Params(pairs)


_ESCAPE = pattern(r"%[0-9A-Fa-f]{2}")
_UNESCAPED = pattern(r"[^A-Za-z0-9._~*!'()+%-]|%(?![0-9A-Fa-f]{2})")


def _fields(request: HttpRequest) -> Params:
    """The fields of a request's body, in any format; of a token request that was sent as a GET, those of its address."""
    if request.method.upper() == "GET":
        asked = Params.parse(query_of(request.url))
        return asked if asked.get("grant_type") and asked.get("code") else Params()
    text = decoded(request.body.data[:MAX_SEARCHED])
    media = content_type(request.headers)
    if "multipart" in media.lower() and not text.lstrip().startswith("--"):
        media = FORM  # the file has the fields as a list, and not the parts
    return params_of(text, media)


FORM = "application/x-www-form-urlencoded"


def _data(record: dict[str, Any], media: str, attached: Attached) -> tuple[bytes, bool]:
    """The bytes of a body, and whether they were base64 although the file does not say so."""
    name = text_of(record.get("_file"))
    if name and name in attached:
        return unmarked_bytes(attached[name]), False
    text = text_of(record.get("text"))
    if is_mark(text.strip()):
        return b"", False
    encoding = record.get("encoding") or record.get("_encoding")
    data = text.encode("utf-8", "replace")
    if text_of(encoding).lower() == "base64":
        return (_from_base64(text) or data), False
    structured = any(kind in media.lower() for kind in ("json", "form-urlencoded", "html", "multipart"))
    meant = _from_base64(text) if structured and not _looks_structured(data) else None
    return (meant, True) if meant and _looks_structured(meant) else (data, False)


def _from_base64(text: str) -> bytes | None:
    try:
        return unmarked_bytes(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        return None


def _looks_structured(data: bytes) -> bool:
    """Whether a body is JSON, a page, parts or a form by its beginning."""
    start = data[:4096].lstrip()
    return start[:1] in (b"{", b"[", b"<") or start[:2] == b"--" or re.match(rb"[\w.%+-]{1,60}=[^=]", start) is not None


MILLISECONDS_FROM = 100_000_000_000
"""A number from here on is in milliseconds; as seconds it would be in the year 5138."""


def _start(raw: Any, before: float) -> float:
    """The start in epoch seconds, or `before` if it cannot be read. A time without a zone is UTC."""
    try:
        if is_number(raw):
            return datetime.fromtimestamp(raw / 1000 if raw > MILLISECONDS_FROM else raw, UTC).timestamp()
        moment = datetime.fromisoformat(text_of(raw).strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return before


def _timing(raw: dict[str, Any]) -> Timing:
    parts = object_of(raw.get("timings"))
    connect, tls = _seconds(parts.get("connect")), _seconds(parts.get("ssl"))
    # HAR 1.2: `connect` includes `ssl`; in a `Timing` they are separate.
    if connect is not None and tls is not None:
        connect = max(0.0, connect - tls)
    first_byte = _seconds(parts.get("wait"))
    total = _seconds(raw.get("time")) or 0.0
    counted = sum(_seconds(part) or 0.0 for part in parts.values())
    # Playwright counts `ssl` twice in `time`, which would put an answer after the requests that follow it.
    if tls and total >= counted - 0.001 > tls:
        total = max(0.0, total - tls)
    return Timing(total, _seconds(parts.get("dns")), connect, tls, first_byte)


def _seconds(raw: Any) -> float | None:
    return raw / 1000 if is_number(raw) and 0 <= raw <= MAX_SECONDS * 1000 else None


def _connection(raw: dict[str, Any], url: str) -> Connection:
    # Chromium writes IPv6 addresses in brackets, Firefox without.
    address = text_of(raw.get("serverIPAddress")).strip("[]")
    if not address:
        return Connection()
    port = port_of(url)
    return Connection(peer=host_and_port(address, port)) if port else Connection()


def _number(raw: Any, limit: float) -> float:
    return raw if is_number(raw) and 0 < raw <= limit else 0


def text_of(raw: Any) -> str:
    """The value if it is a text, else "". All text of the file passes through here, so that none of it can be a reference."""
    return unmarked(raw) if isinstance(raw, str) else ""


def object_of(raw: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return raw if isinstance(raw, dict) else {}
