"""One connection to the listener as bytes in, bytes out: reading the request, judging it, answering it. It has no sockets.

RFC 9112 (HTTP/1.1, by h11), RFC 8252 §7.3; threats.md L4 to L10. The division of the bytes into reads does not matter. If this raises
anything, that is a bug.
"""

from __future__ import annotations

import h11
from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.engine.listener.pages import FRAGMENT, NO_CONTENT, PAGES, RECEIVED, RECEIVED_BEFORE, render
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import media_type
from airisk_tui.oauth.http import Body, Headers, HttpRequest, header, headers_named
from airisk_tui.oauth.loopback import FAVICON, StrayReason, Target, split_target

FORM = "application/x-www-form-urlencoded"
ALLOW = "GET, POST, HEAD, OPTIONS"
PREFETCH_HEADERS = ("sec-purpose", "purpose", "x-moz", "x-purpose")
PREFETCH_WORDS = ("prefetch", "prerender", "preview")
"""The headers and words of a prefetch: Sec-Purpose (HTML, “prefetch”), and the older Purpose, X-Moz and X-Purpose."""

REQUEST_LINE = pattern(rb"([A-Z]{1,20}) ((?:https?:/)?/[\x21-\x7e]{0,200})")
"""The beginning of a request line, which is shown even if the rest is not a request."""

TLS_HANDSHAKE = 0x16
"""The first byte of every TLS client (RFC 8446 §5.1, ContentType handshake). No HTTP method begins with it."""

TLS_ALERT = bytes((0x15, 3, 1, 0, 2, 2, 70))
"""A fatal protocol_version alert (RFC 8446 §6), by which a TLS client knows at once that this is not TLS."""


class Limits(Struct, frozen=True):
    """The limits of the listener, in seconds, bytes and connections (threats.md L4)."""

    head_seconds: float = 5.0
    """From the first byte; a browser sends a head in one write."""
    connection_seconds: float = 10.0
    """For the whole connection. Preconnects of browsers stay silent for up to 24 s, and connect again when they are needed."""
    linger_seconds: float = 1.0
    """After the answer, before the connection is cut; the browser closes it before."""
    connections: int = 64
    head_bytes: int = 16 * 1024
    body_bytes: int = 64 * 1024


LIMITS = Limits()


class ReceivedRequest(Struct, frozen=True):
    """A request to the listener. request.url: the raw request target; peer: the other side, such as "127.0.0.1:53124"; stray: None if it
    may be the callback, else why it is not."""

    request: HttpRequest
    peer: str
    stray: StrayReason | None


class CallbackSite:
    """The data that the connections of one listener share. fragment: whether the answer is expected in the fragment; has_callback:
    whether a callback has come."""

    def __init__(self, target: Target, limits: Limits, *, fragment: bool = False) -> None:
        self.target = target
        self.limits = limits
        self.fragment = fragment
        self.has_callback = False


class HttpConversation:
    """One request and its answer. Call `receive`, `end` and `expire`; then take `outgoing`, `received` and `answered`.

    plain_on_tls: whether this is plain http on the https port, which is read only to be explained.
    """

    def __init__(self, site: CallbackSite, peer: str, *, plain_on_tls: bool = False) -> None:
        self._site = site
        self._peer = peer
        self._plain_on_tls = plain_on_tls
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=site.limits.head_bytes)
        self._start = bytearray()
        self._fed = 0
        self._request: HttpRequest | None = None
        # Set by the head of a POST that is not a form. Its body is still read, up to the limit, to be shown; it is never the answer.
        self._stray_by_head: StrayReason | None = None
        self._body = bytearray()
        self.outgoing = b""
        self.received: ReceivedRequest | None = None
        self.answered = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing has come yet."""
        return self._fed == 0

    @property
    def is_mid_head(self) -> bool:
        """Whether a request line or headers have begun, and have not ended."""
        return self._fed > 0 and self._request is None and not self.answered

    def receive(self, data: bytes) -> None:
        """Take bytes of the other side."""
        # h11 applies its limit only to an incomplete head, so a head that comes in one read could have any length.
        limit = self._site.limits.head_bytes
        while data and not self.answered:
            if self._request is not None:
                self._fed += len(data)
                self._advance(data)
                return
            if self._fed == limit:
                self._stray(self._too_large())
                return
            piece, data = data[: limit - self._fed], data[limit - self._fed :]
            self._fed += len(piece)
            self._start += piece
            self._advance(piece)

    def end(self) -> None:
        """Note that the other side sends no more."""
        if not self.is_idle and not self.answered:
            self._stray("cut-off")

    def expire(self, reason: StrayReason = "deadline") -> None:
        """End the connection, because its time is over or its place is needed. If nothing came on it, it gets no answer."""
        if not self.is_idle and not self.answered:
            self._stray(reason)

    def _advance(self, data: bytes) -> None:
        # A browser that remembers HSTS for a host asks every port of it by https (RFC 6797 §8.3).
        if data[0] == TLS_HANDSHAKE and self._fed == len(data):
            self._finish("tls-on-http", TLS_ALERT)
            return
        try:
            self._http.receive_data(data)
            while not self.answered and self._take(self._http.next_event()):
                pass
        except h11.RemoteProtocolError as error:
            self._stray(self._too_large() if error.error_status_hint == 431 else "bad-request")

    def _too_large(self) -> StrayReason:
        """The reason for a head above the limit: its request line or its headers."""
        of_the_target = b"\n" not in self._start and REQUEST_LINE.match(self._start) is not None
        return "target-too-large" if of_the_target else "head-too-large"

    def _take(self, event: object) -> bool:
        """Handle one event of h11; False if h11 needs more bytes."""
        match event:
            case h11.Request():
                self._begin(event)
            case h11.Data():
                self._body += event.data
            case h11.EndOfMessage() if self._stray_by_head is not None:
                self._stray(self._stray_by_head)
            case h11.EndOfMessage():
                self._callback()
            case _:
                return False
        return True

    def _begin(self, event: h11.Request) -> None:
        # `raw_items`, because otherwise h11 lowers the names, and the person should see them as they came.
        headers: Headers = tuple((_text(name), _text(value)) for name, value in event.headers.raw_items())
        self._request = request = HttpRequest(_text(event.method), _text(event.target), headers)
        stray = "http-on-https" if self._plain_on_tls else judge(request, self._site.target)
        if stray == "not-a-form":
            self._stray_by_head = stray
            self._expect_body(request)
        elif stray is not None:
            self._stray(stray)
        elif request.method == "POST":
            self._expect_body(request)
        else:
            self._callback()

    def _expect_body(self, request: HttpRequest) -> None:
        if header(request.headers, "transfer-encoding") is not None:
            # RFC 9112 §6.3: a server may require a Content-Length; every browser sends one with a form.
            self._stray("bad-request")
        # h11 has refused a length that is not a number, and two different ones (RFC 9110 §8.6).
        elif int(header(request.headers, "content-length") or 0) > self._site.limits.body_bytes:
            self._stray("body-too-large")

    def _stray(self, reason: StrayReason) -> None:
        reason = self._stray_by_head or reason
        method = self._request.method if self._request is not None else ""
        page = PAGES.get(reason)
        if reason == "method" and method in ("HEAD", "OPTIONS"):
            page = RECEIVED_BEFORE if method == "HEAD" else NO_CONTENT
        if page is None:
            self._finish(reason, b"")
        else:
            self._finish(reason, render(page, ALLOW if reason == "method" else "", method != "HEAD"))

    def _callback(self) -> None:
        """Answer a request that may be the callback. If the answer is in the fragment, which a browser does not send (RFC 3986 §3.5), the
        page sends it in a second request."""
        request, site = self._request, self._site
        if site.fragment and request is not None and request.method == "GET" and "?" not in request.url:
            page = FRAGMENT
        else:
            page = RECEIVED_BEFORE if site.has_callback else RECEIVED
            site.has_callback = True
        self._finish(None, render(page))

    def _finish(self, stray: StrayReason | None, answer: bytes) -> None:
        request = self._request if self._request is not None else fragment_of_request(bytes(self._start))
        if self._body:
            request = replace(request, body=Body.of(bytes(self._body)))
        self.received = ReceivedRequest(request, self._peer, stray)
        self.outgoing += answer
        self.answered = True


def judge(request: HttpRequest, target: Target) -> StrayReason | None:
    """The reason why a request cannot be the callback, by its head; None if it may be."""
    authority, path = split_target(request.url)
    # RFC 9112 §3.2.2: in absolute form the authority takes precedence over Host. §3.2: a request with several Host headers is invalid.
    hosts = (authority,) if authority is not None else headers_named(request.headers, "host")
    if len(hosts) != 1 or not target.allows_host(hosts[0]):
        return "host"
    if path != target.path:
        return "favicon" if path == FAVICON else "other-path"
    if request.method not in ("GET", "POST"):
        return "method"
    purposes = " ".join(header(request.headers, name) or "" for name in PREFETCH_HEADERS).lower()
    if any(word in purposes for word in PREFETCH_WORDS):
        return "prefetch"
    kind = media_type(request)
    # A browser repeats the POST of an empty form for a redirect with 307, which has the answer in the query.
    empty = not kind and header(request.headers, "content-length") == "0"
    return "not-a-form" if request.method == "POST" and kind != FORM and not empty else None


def fragment_of_request(start: bytes) -> HttpRequest:
    """The part of an invalid request that can be shown: method and target, if the first line begins like a request line.

    Other lines are dropped, because a secret in them could not be found and sealed (threats.md F1).
    """
    found = REQUEST_LINE.match(start)
    return HttpRequest(_text(found[1]), _text(found[2])) if found else HttpRequest("", "")


def _text(data: bytes) -> str:
    return data.decode("iso-8859-1")
