"""The HTTP client: one request gives one typed result, whatever the server does (threats.md C1 to C7).

It uses httpx2's transport and not its client, which would follow redirects, keep cookies, and read .netrc and the environment. The
request target is given as an extension (`target`), because httpx2 normalises the percent-encoding of a URL, and a debugger has to send
every byte as it is given.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.engine.client.body import BodyReader, Cut
from airisk_tui.engine.client.certificate import load_reader, look_at_certificate
from airisk_tui.engine.client.faults import Attempt, Unsendable, fault_of
from airisk_tui.engine.client.proxy import PATIENCE, ProxyChoice, is_silent, proxy_for
from airisk_tui.engine.client.trace import ClientTrace
from airisk_tui.engine.client.trust import AUTHORITIES, tls_context, unusable
from airisk_tui.engine.machine.daemon import in_daemon_thread
from airisk_tui.engine.ports import Clock, SystemClock
from airisk_tui.later import pattern
from airisk_tui.oauth.http import (
    HTTP_NAME,
    Body,
    Connection,
    Exchange,
    FailedExchange,
    Headers,
    HttpRequest,
    HttpResponse,
    TransportFault,
    header,
)
from airisk_tui.oauth.loopback import MAX_PORT
from airisk_tui.oauth.urls import default_port, host_and_port

if TYPE_CHECKING:
    import httpx2

WALL_CLOCK = 30.0
"""Seconds for a whole exchange (threats.md C1)."""

CONNECT = 10.0
"""Seconds for TCP, and again for TLS, to tell a host that drops packets from one that answers slowly."""

BODY = 10 * 1024 * 1024
"""Bytes of a body, on the wire and decoded (threats.md C2); a token response has some hundreds."""

BREATH = 0.01
"""Seconds of reading after which the event loop gets a turn, so that a flood of tiny chunks cannot delay Esc."""

LOOKUP = 0.5
"""Seconds to look up the addresses that were tried, after the connection failed."""


class Limits(Struct, frozen=True):
    """The limits of an exchange, in seconds and bytes."""

    wall_clock: float = WALL_CLOCK
    wire: int = BODY
    decoded: int = BODY
    connect: float = CONNECT


class Client:
    """A client with its connections. verify: whether certificates are verified; ca_file: authorities (PEM) to trust beside the usual
    ones."""

    def __init__(
        self,
        *,
        verify: bool = True,
        ca_file: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        clock: Clock | None = None,
    ) -> None:
        self._verify = verify
        self._ca_file = ca_file
        self._limits = limits
        self._clock = clock or SystemClock()
        self._loaded = False
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._transports: dict[tuple[bool, str], httpx2.AsyncHTTPTransport] = {}
        self._preparing = asyncio.Lock()

    async def send(
        self, method: str, url: str, *, headers: Headers = (), content: bytes = b""
    ) -> Exchange | FailedExchange:
        """Send one request once, and follow no redirect. Never raises."""
        if not self._loaded:
            await asyncio.to_thread(_load)
            self._loaded = True
        try:
            sent = prepared(method, url, headers, content)
        except Unsendable as error:
            return FailedExchange(HttpRequest(method, url, headers, Body.of(content)), error.fault)
        try:
            proxy = proxy_for(sent.scheme, sent.host, sent.port)
            transport = await self._transport(sent, proxy)
        except Unsendable as error:
            return FailedExchange(sent.request, replace(error.fault, host=sent.host, port=sent.port))
        return await _Sending(sent, proxy, self._limits, self._clock, self._verify).run(transport)

    async def aclose(self) -> None:
        """Close every connection."""
        # Emptied before the first `await`, so that a request that begins meanwhile gets no transport that is being closed.
        transports = list(self._transports.values())
        self._transports.clear()
        for transport in transports:
            await transport.aclose()

    async def _transport(self, sent: Outgoing, proxy: ProxyChoice | None) -> httpx2.AsyncHTTPTransport:
        """The transport for a scheme and proxy. Certificates are loaded only for https, once, in another thread."""
        import httpx2

        key = (
            sent.scheme == "https" or (proxy is not None and proxy.url.startswith("https")),
            proxy.url if proxy else "",
        )
        # Without the lock two requests that begin together would make two transports, one of which would never be closed.
        async with self._preparing:
            if key not in self._transports:
                context = await self._context(secure=key[0])
                through = None
                if proxy is not None:
                    through = httpx2.Proxy(proxy.url, ssl_context=context if proxy.url.startswith("https") else None)
                self._transports[key] = httpx2.AsyncHTTPTransport(verify=context, trust_env=False, proxy=through)
            return self._transports[key]

    async def _context(self, *, secure: bool) -> ssl.SSLContext:
        if secure not in self._contexts:
            if secure:
                await asyncio.to_thread(load_reader)
                self._contexts[secure] = await self._tls_context()
            else:  # without a context httpx2 loads all authorities, even for http
                self._contexts[secure] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._contexts[secure]

    async def _tls_context(self) -> ssl.SSLContext:
        try:
            return await in_daemon_thread(partial(tls_context, self._verify, self._ca_file))
        except TimeoutError as error:
            variable = "" if self._ca_file is not None else AUTHORITIES
            raise unusable("ca-file", variable, str(self._ca_file or ""), error) from error


def _load() -> None:
    """Import httpx2, which takes about 80 ms; called in another thread at the first request, so that the screen does not wait."""
    import httpcore2  # noqa: F401 - imported for its effect: httpx2 imports it late, on the loop
    import httpx2  # noqa: F401 - imported for its effect


class _Sending:
    """One request under way. It keeps the data for a whole result, however the request ends."""

    def __init__(self, sent: Outgoing, proxy: ProxyChoice | None, limits: Limits, clock: Clock, verify: bool) -> None:
        self._sent = sent
        self._proxy = proxy
        self._limits = limits
        self._clock = clock
        self._verified = verify or sent.scheme == "http"
        self._trace = ClientTrace(clock)
        self._proxy_is_silent = False
        self._answer: tuple[httpx2.Response, BodyReader] | None = None

    async def run(self, transport: httpx2.AsyncHTTPTransport) -> Exchange | FailedExchange:
        """Carry out the request within the wall-clock limit, and return its result."""
        failure: Exception | None = None
        watch: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(self._limits.wall_clock) as deadline:
                if self._proxy is not None:
                    watch = asyncio.create_task(self._watch(self._proxy, deadline))
                await self._carry(transport)
        except Exception as error:  # noqa: BLE001 - no server may end the program by an unforeseen exception
            failure = error
        finally:
            if watch is not None:
                watch.cancel()
            await self._release()
        if self._answer is None:
            return await self._failed(failure or TimeoutError())
        # A TimeoutError can be that of the deadline or of the network; `expired` tells them apart.
        cut: Cut | None = None if failure is None else "deadline" if deadline.expired() else "connection"
        response, reader = self._answer
        return self._exchange(response, reader.body(cut))

    async def _watch(self, proxy: ProxyChoice, deadline: asyncio.Timeout) -> None:
        """End the request early if nothing comes through a proxy that does not answer requests to itself either (threats.md C10)."""
        await asyncio.sleep(PATIENCE)
        if self._has_received() or not await is_silent(proxy) or self._has_received():
            return
        self._proxy_is_silent = True
        deadline.reschedule(asyncio.get_running_loop().time())

    def _has_received(self) -> bool:
        return bool(self._trace.received) or self._answer is not None

    async def _carry(self, transport: httpx2.AsyncHTTPTransport) -> None:
        import httpx2

        sent = self._sent
        request = httpx2.Request(
            sent.request.method,
            sent.origin,
            headers=list(sent.raw_headers),
            stream=httpx2.ByteStream(sent.request.body.data),
            extensions={
                # No limit for reading, which would begin anew with each byte; the wall-clock limit ends a server that drips.
                "timeout": {"connect": self._limits.connect},
                "trace": self._trace.record,
                "target": sent.target,
            },
        )
        request.method = sent.request.method  # the constructor of httpx2 writes it in capitals
        response = await transport.handle_async_request(request)
        reader = BodyReader(_text(response.headers.raw), self._limits.wire, self._limits.decoded)
        self._answer = response, reader
        self._trace.note_peer(response.extensions["network_stream"])
        breath = self._clock.monotonic()
        stream = cast("AsyncGenerator[bytes, None]", aiter(cast("httpx2.AsyncByteStream", response.stream)))
        # An unfinished generator would be closed by the garbage collector, later and in another task (PEP 525).
        async with aclosing(stream) as chunks:
            async for chunk in chunks:
                if not reader.feed(chunk):
                    break
                # Buffered chunks come without a turn of the loop, so a large body would stall the screen (threats.md S4).
                if self._clock.monotonic() - breath > BREATH:
                    await asyncio.sleep(0)
                    breath = self._clock.monotonic()

    async def _release(self) -> None:
        """Return the connection to the pool, or close it: httpx2 leaves a socket open whose handshake was cancelled. An error in closing
        is ignored, because the result is known."""
        with suppress(Exception):
            if self._answer is not None:
                await self._answer[0].aclose()
            elif self._trace.stream is not None:
                await self._trace.stream.aclose()

    async def _failed(self, error: Exception) -> FailedExchange:
        sent, stage, timing = self._sent, self._trace.stage, self._trace.timing()
        proxy = self._proxy.shown if self._proxy else None
        variable = self._proxy.variable if self._proxy else ""
        login = self._proxy is not None and self._proxy.has_login
        attempt = Attempt(
            *(sent.scheme, sent.host, sent.port, stage, proxy, variable, self._trace.received, self._trace.proxy_asks),
            login_given=login,
        )
        at = (self._proxy.host, self._proxy.port) if self._proxy else (sent.host, sent.port)
        tried = await _addresses(*at) if stage == "connect" else ()
        fault, connection = fault_of(error, attempt, tried), self._connection()
        if self._proxy_is_silent:
            fault = replace(fault, kind="proxy", reason="silent", variable=variable)
        if fault.reason in ("self-signed", "unknown-ca") and (file := os.environ.get(AUTHORITIES)):
            fault = replace(fault, variable=AUTHORITIES, subject=file)
        if fault.verify_code and proxy is None:
            shown = await look_at_certificate(sent.host, sent.port)
            connection = replace(connection, certificate=shown)
        return FailedExchange(sent.request, fault, timing, connection)

    def _exchange(self, response: httpx2.Response, body: Body) -> Exchange:
        answer = HttpResponse(
            status=response.status_code,
            headers=_text(response.headers.raw),
            body=body,
            reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
            version=response.extensions.get("http_version", b"HTTP/1.1").decode("latin-1"),
        )
        return Exchange(self._sent.request, answer, self._trace.timing(), self._connection())

    def _connection(self) -> Connection:
        proxy = self._proxy.shown if self._proxy else None
        trace = self._trace
        return Connection(trace.peer, proxy, trace.tls, self._verified, trace.certificate)


def _text(raw: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


async def _addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses to which a connection was tried. They are looked up once more, because httpx2 does not report them."""
    try:
        async with asyncio.timeout(LOOKUP):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(host_and_port(*info[4][:2]) for info in found))


_URL = pattern(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
_NAME = pattern(HTTP_NAME)
_VALUE = pattern(r"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff\t]*[\x21-\x7e\x80-\xff])?|")
_HOST = pattern(r"[A-Za-z0-9._~-]+|[0-9A-Fa-f:.]+")
_WITH_BODY = ("POST", "PUT", "PATCH")


class Outgoing(Struct, frozen=True):
    """A request as it will be sent. origin: of the server; target: the request target (RFC 9112 §3.2.1)."""

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
        """The host in ASCII (IDNA), without brackets."""
        return self.origin.raw_host.decode("ascii")

    @property
    def port(self) -> int:
        """The port, written or by default."""
        return self.origin.port or default_port(self.scheme)


def prepared(method: str, url: str, headers: Headers, content: bytes) -> Outgoing:
    """The request for a URL. Raises Unsendable. Imports httpx2 for the IDNA form of the host."""
    if not _NAME.fullmatch(method):
        raise _illegal("method")
    match = _URL.match(url)
    if match is None:
        raise _illegal("url")
    scheme, authority, rest = match[1].lower(), match[2], match[3]
    # The text before an “@” may look like the host (RFC 9110 §4.2.4).
    if "@" in authority:
        raise _illegal("userinfo")
    origin = _origin(scheme, authority)
    netloc = origin.netloc.decode("ascii")
    target = quote(rest if rest.startswith("/") else f"/{rest}", safe=_VISIBLE, errors="surrogatepass")
    sent = _headers(method, netloc, headers, content)
    request = HttpRequest(method, f"{scheme}://{netloc}{target}", sent, Body.of(content))
    raw = tuple(_raw(name, value) for name, value in sent)
    return Outgoing(origin, target.encode("ascii"), raw, request)


@lru_cache(maxsize=64)
def _origin(scheme: str, authority: str) -> httpx2.URL:
    """The URL of a server without path. Cached, because all requests of a run go to one or two servers."""
    import httpx2

    try:
        origin = httpx2.URL(f"{scheme}://{authority}/")
        host, port = origin.raw_host.decode("ascii"), origin.port
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        raise _illegal("url") from None  # the text of httpx2's error quotes the URL, which may contain a secret
    if not _HOST.fullmatch(host) or (port is not None and port > MAX_PORT):
        raise _illegal("url")
    return origin


def _headers(method: str, netloc: str, headers: Headers, content: bytes) -> Headers:
    """The headers as given, and the two without which no server can read the request (RFC 9112 §3.2, §6.3)."""
    first = () if header(headers, "Host") is not None else (("Host", netloc),)
    framed = header(headers, "Content-Length") is not None or header(headers, "Transfer-Encoding") is not None
    if (content or method in _WITH_BODY) and not framed:
        return (*first, *headers, ("Content-Length", str(len(content))))
    return (*first, *headers)


def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    """A header as bytes (RFC 9110 §5.5). It is checked here, because an error of a library would quote the value, which may be a secret."""
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise _illegal("header", name if _NAME.fullmatch(name) else "")
    return name.encode("ascii"), value.encode("latin-1")


def _illegal(reason: str, subject: str = "") -> Unsendable:
    """reason: "method", "url", "userinfo" or "header"; subject: the header's name, where that can be shown."""
    return Unsendable(TransportFault("local", reason, subject=subject))
