"""Servers that do what servers must not (threats.md C1 to C4). Add one in five lines:

    @hostile("drip")
    async def drip(reader, writer):
        while True:
            await send(writer, b"x", pause=0.01)

The request's head has been read when the function is called (head=False: nothing has been read), and the connection is
closed when it returns. All run on one thread with a loop of their own, so any test, process or terminal can talk to them:
`hostile_url("drip")` is the address.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable
from functools import cache

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HOSTILE: dict[str, tuple[Handler, bool]] = {}
"""Every hostile server by name, and whether the request's head is read for it."""

MIB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def hostile(name: str, *, head: bool = True) -> Callable[[Handler], Handler]:
    """Enter a function as the hostile server `name`."""

    def enter(handler: Handler) -> Handler:
        HOSTILE[name] = (handler, head)
        return handler

    return enter


def says(name: str, answer: bytes, *, head: bool = True) -> None:
    """Enter a hostile server that sends these bytes and closes the connection."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await send(writer, answer)

    HOSTILE[name] = (handler, head)


async def send(writer: asyncio.StreamWriter, data: bytes, pause: float = 0.0) -> None:
    """Send, wait until it is on its way, and then as long as asked."""
    writer.write(data)
    await writer.drain()
    if pause:
        await asyncio.sleep(pause)


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class HostileServers:
    """The thread on which they run; each is started when it is first asked for."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)
        self._urls: dict[str, str] = {}
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="hostile servers", daemon=True)
        self._thread.start()

    def url(self, name: str) -> str:
        """The address of a hostile server, without a path."""
        if name not in self._urls:
            self._urls[name] = asyncio.run_coroutine_threadsafe(self._start(*HOSTILE[name]), self._loop).result(5)
        return self._urls[name]

    def serve(self, handler: Handler, *, head: bool = False, tls: ssl.SSLContext | None = None) -> str:
        """The address of a server that is needed only once."""
        return asyncio.run_coroutine_threadsafe(self._start(handler, head, tls), self._loop).result(5)

    def stop(self) -> None:
        """End every connection and the thread."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _start(self, handler: Handler, head: bool, tls: ssl.SSLContext | None = None) -> str:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                if head:
                    await reader.readuntil(b"\r\n\r\n")
                await handler(reader, writer)
            with contextlib.suppress(OSError, asyncio.CancelledError):
                writer.close()
                await writer.wait_closed()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=MIB, ssl=tls)
        self._servers.append(server)
        return f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@cache
def gzip_bomb() -> bytes:
    """1 GiB of zeros in about 1 MiB: one deflate block of 1 MiB, repeated; nobody gets as far as its checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + block * 1024 + b"\x03\0" + bytes(8)


def whole(body: bytes, *headers: bytes) -> bytes:
    """A well-formed answer with this body."""
    return OK + b"".join(one + b"\r\n" for one in headers) + b"Content-Length: %d\r\n\r\n" % len(body) + body


@hostile("endless-body")
async def endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, OK + b"\r\n")
    while True:
        await send(writer, bytes(65536))


@hostile("endless-chunks")
async def endless_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        await send(writer, b"1\r\nx\r\n" * 4096)


@hostile("endless-headers")
async def endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, OK)
    while True:
        await send(writer, b"X-More: and more\r\n" * 256)


@hostile("endless-1xx")
async def endless_interim(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await send(writer, b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 256)


@hostile("dripping-head")
async def dripping_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in OK * 1000:
        await send(writer, bytes([byte]), pause=0.005)


@hostile("dripping-body")
async def dripping_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, OK + b"\r\n")
    while True:
        await send(writer, b"{", pause=0.005)


@hostile("silent", head=False)
async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


@hostile("reset-before-head")
async def reset_before_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    reset(writer)


@hostile("reset-in-head")
async def reset_in_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, OK, pause=0.02)
    reset(writer)


@hostile("reset-in-body")
async def reset_in_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, OK + b'Content-Length: 1000\r\n\r\n{"a":', pause=0.02)
    reset(writer)


@hostile("gzip-bomb")
async def bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, whole(gzip_bomb(), b"Content-Encoding: gzip"))


@hostile("gzip-broken-later")
async def broken_later(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    await send(writer, OK + b"Content-Encoding: gzip\r\n\r\n")
    await send(writer, packer.compress(b"begun") + packer.flush(zlib.Z_SYNC_FLUSH), pause=0.03)
    await send(writer, b"\xff" * 100, pause=0.03)
    await send(writer, b"and more")


@hostile("speaks-ssh", head=False)
async def speaks_ssh(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, b"SSH-2.0-OpenSSH_9.9\r\n", pause=3600)


@hostile("speaks-smtp", head=False)
async def speaks_smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await send(writer, b"220 mail.example.com ESMTP ready\r\n", pause=3600)


says("closed-at-once", b"")
says("half-a-head", OK)
says("binary", bytes(range(255, -1, -1)) * 4)
says("http-0.9", b"<html>hello</html>")
says("http-2-preface", b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64")
says("tls-alert", b"\x15\x03\x01\0\x02\x02\x46")
says("invalid-status-line", b"HTTP/1.1 twohundred OK\r\n\r\n")
says("status-99999", b"HTTP/1.1 99999 OK\r\n\r\n")
says("giant-reason", b"HTTP/1.1 200 " + b"x" * MIB + b"\r\n\r\n")
says("long-reason", b"HTTP/1.1 200 " + b"\xff" * 50_000 + b"\r\nContent-Length: 0\r\n\r\n")
says("long-header", whole(b"{}", b"X-Long: " + b"y" * 65_536))
says("header-nul", whole(b"{}", b"X-Nul: a\0b"))
says("header-escape", whole(b"{}", b"X-Escape: \x1b]0;owned\x07\x1b[2J"))
says("header-folded", whole(b"{}", b"X-Folded: one\r\n two"))
says("header-nameless", whole(b"{}", b": value"))
says("cookie-flood", whole(b"{}", *(b"Set-Cookie: c%d=%d; Path=/" % (n, n) for n in range(2000))))
says("duplicate-length", OK + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}")
says("negative-length", OK + b"Content-Length: -1\r\n\r\n{}")
says("length-and-chunks", OK + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
says("length-too-long", OK + b"Content-Length: 1000\r\n\r\n{}")
says("length-too-short", OK + b"Content-Length: 2\r\n\r\n{}and then some")
says("length-astronomic", OK + b"Content-Length: 99999999999999999999\r\n\r\n{}")
says("chunks-not-hex", OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
says("chunks-cut", OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n{}")
says("chunks-lie", OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}{}\r\n0\r\n\r\n")
says("many-1xx", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000 + whole(b"{}"))
says("switching-protocols", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello")
says("body-on-204", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")
says("redirect-to-itself", b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
says("redirect-nowhere", b"HTTP/1.1 302 Found\r\nLocation: http://[\xff\0:99999999/\r\n\r\n")
says("redirect-absurd", b"HTTP/1.1 302 Found\r\nLocation: http://[::1:99999999/%zz\xff\r\nContent-Length: 0\r\n\r\n")
says("wrong-charset", whole("é".encode("latin-1") * 10, b"Content-Type: text/plain; charset=utf-8"))
says("no-such-charset", whole(b"\x80abc", b"Content-Type: text/plain; charset=ebcdic-klingon"))
says("gzip-that-is-not", whole(b'{"plain": true}', b"Content-Encoding: gzip"))
says("gzip-cut", whole(gzip.compress(b"a" * 5000)[:20], b"Content-Encoding: gzip"))
says("gzip-broken", whole(gzip.compress(b"a" * 5000)[:-8] + bytes(8), b"Content-Encoding: gzip"))
says("gzip-with-tail", whole(gzip.compress(b"{}") + b"tail", b"Content-Encoding: gzip"))
says("gzip-twice", whole(gzip.compress(gzip.compress(b"{}")), b"Content-Encoding: gzip, gzip"))
says("brotli", whole(b"\x0b\x00\x80{}\x03", b"Content-Encoding: br"))
says("encoding-absurd", whole(b"{}", b"Content-Encoding: " + b"x," * 1000))
says("deflate-bare", whole(zlib.compress(b'{"bare": 1}' * 9)[2:-4], b"Content-Encoding: deflate"))
