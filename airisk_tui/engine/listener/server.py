"""The loopback listener, which receives the redirect (RFC 8252 §7.3) and any other request to its port (threats.md L1 to L11).

The bytes of a request go through these: a `Listener` accepts the connection, a `Connection` keeps the deadlines, `tls` decrypts,
`protocol` reads, judges and answers the request, `pages` has the answers.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.engine.listener.protocol import LIMITS, CallbackSite, HttpConversation, Limits, ReceivedRequest
from airisk_tui.engine.listener.sockets import ListenerError, open_sockets
from airisk_tui.flow.events import ListenerBound
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.urls import host_and_port

if TYPE_CHECKING:
    from airisk_tui.engine.listener.certificate import Certificate
    from airisk_tui.engine.listener.tls import TlsConversation
    from airisk_tui.oauth.loopback import Target

    Conversation = HttpConversation | TlsConversation

FLUSH = 0.05
"""Seconds for answers under way when the listener closes; loopback needs a thousandth of that."""

ACCEPT_PAUSE = 0.05
"""Seconds of pause after a failed accept, which may mean that no file descriptor is left."""


class Connection(asyncio.Protocol):
    """One connection as an asyncio protocol, with its deadlines (threats.md L4, L11).

    It passes the bytes of the transport to a conversation, writes its answer, and reports its request once. An error in the
    conversation is reported as a stray request, and never reaches the event loop.

    converse_with: makes the conversation with a peer, such as "127.0.0.1:53124".
    """

    _conversation: Conversation

    def __init__(self, listener: Listener, converse_with: Callable[[str], Conversation]) -> None:
        self._listener = listener
        self._converse_with = converse_with
        self._limits = listener.limits
        self._peer = ""
        self._transport: asyncio.Transport | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._reported = False

    @property
    def is_idle(self) -> bool:
        """Whether no request has begun on it, as on a preconnect of a browser."""
        return self._conversation.is_idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the deadline of the whole connection."""
        self._transport = cast("asyncio.Transport", transport)
        self._peer = _shown(transport.get_extra_info("peername"))
        self._conversation = self._converse_with(self._peer)
        self._listener.opened(self)
        self._set_timer("connection", self._limits.connection_seconds, self._expire)

    def data_received(self, data: bytes) -> None:
        """Pass bytes to the conversation, which ignores them after its answer."""
        self._guard(lambda: self._conversation.receive(data))

    def eof_received(self) -> bool:
        """Note that the other side sends no more. It may still read the answer."""
        self._guard(self._conversation.end)
        if not self._reported:
            self.abort()
        elif self._transport is not None:
            self._transport.close()
        return True  # otherwise asyncio would close it before the answer is sent (asyncio.Protocol.eof_received)

    def connection_lost(self, exc: Exception | None) -> None:
        """Report what came before the connection closed."""
        # A client that closes before the answer may have sent the whole request, which still counts (threats.md L5).
        self._transport = None
        self._guard(self._conversation.end)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._listener.closed(self)

    def evict(self) -> None:
        """Cut the connection, because its place is needed for a newer one."""
        self._guard(lambda: self._conversation.expire("too-many-connections"))
        self.abort()

    def close_gently(self) -> None:
        """Close the connection when the listener closes: a written answer is still sent; without one the connection is cut."""
        if self._transport is None or not self._reported:
            self.abort()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Cut the connection at once; unsent data is lost."""
        if self._transport is not None:
            self._transport.abort()

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
            self._send_and_report()
        except Exception:  # noqa: BLE001 - an error of this program with one request must not end the listener
            self._report(ReceivedRequest(HttpRequest("", ""), self._peer, "internal-error"))
            self.abort()

    def _send_and_report(self) -> None:
        """Send the answer first, then report the request, so that the page is sent whatever the receiver of the report does."""
        conversation = self._conversation
        if conversation.outgoing and self._transport is not None and not self._transport.is_closing():
            self._transport.write(conversation.outgoing)
        conversation.outgoing = b""
        if conversation.answered and not self._reported:
            # The answer was sent, so only the linger deadline counts from here on.
            self._cancel_timer("head")
            self._cancel_timer("connection")
            if conversation.received is not None:
                self._report(conversation.received)
            self._half_close()
        elif not conversation.is_mid_head:
            self._cancel_timer("head")
        elif "head" not in self._timers:
            self._set_timer("head", self._limits.head_seconds, self._expire)

    def _half_close(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            # Only this half is closed, and the other is read on: closing with unread bytes resets the connection, and the reset can
            # overtake the answer (RFC 9112 §9.6).
            self._set_timer("linger", self._limits.linger_seconds, self.abort)
            with suppress(OSError):  # asyncio raises it if the other side has closed
                self._transport.write_eof()

    def _report(self, received: ReceivedRequest) -> None:
        if self._reported:
            return
        self._reported = True
        try:
            self._listener.on_request(received)
        except Exception as error:  # noqa: BLE001 - an error of the receiver goes to the loop's handler, and does not end the listener
            asyncio.get_running_loop().call_exception_handler({"message": "on_request failed", "exception": error})

    def _expire(self) -> None:
        self._guard(self._conversation.expire)
        if not self._reported:
            self.abort()

    def _set_timer(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, act)

    def _cancel_timer(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()


def _shown(peername: object) -> str:
    match peername:
        case (str(host), int(port), *_):
            return host_and_port(host, port)
    return ""


class Listener:
    """Listens for one target; whether its address may be public was checked before.

    target: after `start` with the real port in place of 0; on_request: called in the thread of the loop for each request, callback or
    stray; fragment: whether the answer is expected in the fragment; certificate: for https, None to make one.
    """

    def __init__(
        self,
        target: Target,
        on_request: Callable[[ReceivedRequest], None],
        *,
        fragment: bool = False,
        certificate: Certificate | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.target = target
        self.on_request = on_request
        self.limits = limits
        self._fragment = fragment
        self._certificate = certificate
        self._sockets: list[socket.socket] = []
        self._accepting: list[asyncio.Task[None]] = []
        self._open: dict[Connection, None] = {}
        self._empty = asyncio.Event()

    async def start(self) -> ListenerBound:
        """Bind and listen on every address. After this no request is lost (threats.md L2). Returns the event without its time."""
        # Before the port is bound, so that no browser has to wait for its handshake.
        if self.target.speaks_tls and self._certificate is None:
            self._certificate = await asyncio.to_thread(_make_certificate)
        try:
            self._sockets, port = open_sockets(self.target)
        except ListenerError as error:
            if error.code == "busy":  # in a thread, because reading /proc may take a while
                error.holder = await asyncio.to_thread(holder_of, error.port)
            raise
        # For port 0 the system has chosen a port, which Host headers will name.
        if self.target.at is None:
            self.target = replace(self.target, port=port)
        conversation, fingerprint = self._conversation_maker(self.target)
        for one in self._sockets:
            self._accepting.append(asyncio.create_task(self._accept(one, conversation)))
        addresses = tuple(host_and_port(*one.getsockname()[:2]) for one in self._sockets)
        scheme = "https" if self.target.speaks_tls else "http"
        return ListenerBound(at=0.0, addresses=addresses, scheme=scheme, certificate=fingerprint)

    async def close(self) -> None:
        """Free the port at once, send answers under way, and cut the other connections."""
        tasks, self._accepting = self._accepting, []
        for task in tasks:
            task.cancel()
        try:
            # A socket must not be closed while it is watched: the next one with its descriptor would be taken for it
            # (python/cpython#85489).
            if tasks:
                await asyncio.wait(tasks)
        finally:
            for one in self._sockets:
                one.close()
            self._sockets = []
            # A copy, because `closed` changes it.
            for connection in list(self._open):
                connection.close_gently()
        try:
            await self._wait_until_closed(FLUSH)
        finally:
            for connection in list(self._open):
                connection.abort()
        await self._wait_until_closed(FLUSH)

    def _conversation_maker(self, target: Target) -> tuple[Callable[[str], Conversation], str | None]:
        site = CallbackSite(target, self.limits, fragment=self._fragment)
        if not target.speaks_tls or self._certificate is None:
            return lambda peer: HttpConversation(site, peer), None
        from airisk_tui.engine.listener.tls import TlsConversation

        context = self._certificate.context
        return lambda peer: TlsConversation(site, peer, context), self._certificate.sha256

    async def _wait_until_closed(self, seconds: float) -> None:
        """Wait until no connection is open, for so many seconds at most."""
        if self._open:
            self._empty.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), seconds)

    async def _accept(self, listening: socket.socket, conversation: Callable[[str], Conversation]) -> None:
        # Not `create_server`, which accepts a whole backlog before it makes the first connection, so that no old one could be cut in
        # between, and leaks accepted sockets if it is closed then (python/cpython#109564).
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(ACCEPT_PAUSE)
                continue
            self._make_room()
            with suppress(OSError):  # the other side has closed it
                await loop.connect_accepted_socket(lambda: Connection(self, conversation), accepted)

    def opened(self, connection: Connection) -> None:
        """Add an open connection."""
        self._open[connection] = None

    def closed(self, connection: Connection) -> None:
        """Remove a closed connection."""
        self._open.pop(connection, None)
        if not self._open:
            self._empty.set()

    def _make_room(self) -> None:
        """If there are too many connections, cut the oldest idle one, else the oldest, so that the callback is served (threats.md L4)."""
        if len(self._open) >= self.limits.connections:
            oldest = next((one for one in self._open if one.is_idle), next(iter(self._open)))
            oldest.evict()


def _make_certificate() -> Certificate:
    from airisk_tui.engine.listener.certificate import make_certificate  # http must not pay for ssl and cryptography

    return make_certificate()
