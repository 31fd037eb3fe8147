"""The loopback listener: it receives the redirect (RFC 8252 §7.3), and whatever else comes to its port (threats.md L1 to L11).

The way of a request's bytes is one walk down: a `Listener` accepts, a `Connection` keeps the deadlines, `tls` decrypts, `protocol`
reads, judges and answers, `pages` holds the answers.
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
"""Seconds that answers in flight are given when the listener closes; loopback needs a thousandth of that."""

ACCEPT_PAUSE = 0.05
"""Seconds of rest after a failed accept (no descriptors left), so that it does not spin."""


class Connection(asyncio.Protocol):
    """One connection, as asyncio sees it: its bytes, its deadlines, its end (threats.md L4, L11).

    Hands the bytes of a transport to a conversation, its answer back, and its request to the listener's owner. An error in the
    conversation is reported as a stray request, and never reaches the event loop.

    listener: is told of the request, once, and when the connection opens and closes. converse_with: makes the conversation with a
    peer, "127.0.0.1:53124".
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
        """Whether nothing was asked on it yet, as on a browser's preconnect."""
        return self._conversation.is_idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open: its time begins."""
        self._transport = cast("asyncio.Transport", transport)
        self._peer = _shown(transport.get_extra_info("peername"))
        self._conversation = self._converse_with(self._peer)
        self._listener.opened(self)
        self._set_timer("connection", self._limits.connection_seconds, self._expire)

    def data_received(self, data: bytes) -> None:
        """Bytes came; after the answer they are read and thrown away, so that the answer is not lost to a reset."""
        self._guard(lambda: self._conversation.receive(data))

    def eof_received(self) -> bool:
        """The other side sends no more; it may still read the answer."""
        self._guard(self._conversation.end)
        if not self._reported:
            self.abort()
        elif self._transport is not None:
            self._transport.close()
        return True  # asyncio would close it otherwise, with the answer still unsent (asyncio.Protocol.eof_received)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        # Whoever hangs up before the answer may have sent the whole request, which still counts (threats.md L5).
        self._transport = None
        self._guard(self._conversation.end)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._listener.closed(self)

    def evict(self) -> None:
        """Cut it, because the place is needed for a newer connection."""
        self._guard(lambda: self._conversation.expire("too-many-connections"))
        self.abort()

    def wind_up(self) -> None:
        """The listener closes: an answer that was written may still leave; without one the connection is cut."""
        if self._transport is None or not self._reported:
            self.abort()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Cut it at once, with whatever has not been sent."""
        if self._transport is not None:
            self._transport.abort()

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
            self._settle()
        except Exception:  # noqa: BLE001 - a mistake of ours with one request must not end the listening
            self._report(ReceivedRequest(HttpRequest("", ""), self._peer, "internal-error"))
            self.abort()

    def _settle(self) -> None:
        """Send the answer first, then report the request: the page is on its way whatever the listener's owner does."""
        conversation = self._conversation
        if conversation.outgoing and self._transport is not None and not self._transport.is_closing():
            self._transport.write(conversation.outgoing)
        conversation.outgoing = b""
        if conversation.answered and not self._reported:
            # The answer is on its way: from here on only the time of the linger counts.
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
            # Our half is closed first, and the other is read on: closing with unread bytes resets the connection, and a reset can
            # overtake the answer (RFC 9112 §9.6).
            self._set_timer("linger", self._limits.linger_seconds, self.abort)
            with suppress(OSError):  # asyncio lets it out when the other side has gone already
                self._transport.write_eof()

    def _report(self, received: ReceivedRequest) -> None:
        if self._reported:
            return
        self._reported = True
        try:
            self._listener.on_request(received)
        except Exception as error:  # noqa: BLE001 - the owner's mistake goes to the loop's handler, not into the serving
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
    """Listens for one target; that it may be at a public address was decided before. on_request is called in the loop's thread for
    each request, callback or stray.

    target: once it is bound, with the real port in place of 0. fragment: whether the answer is expected in the fragment, so that
    the page hands it over. certificate: for https; made for this listener alone when there is none.
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
        """Bind and listen on every address; when this returns, nothing that comes is lost (threats.md L2). The event has no time yet."""
        # Before the port is bound: a browser that came meanwhile would wait for its handshake.
        if self.target.speaks_tls and self._certificate is None:
            self._certificate = await asyncio.to_thread(_make_certificate)
        try:
            self._sockets, port = open_sockets(self.target)
        except ListenerError as error:
            if error.code == "busy":  # it reads /proc, which may take a while
                error.holder = await asyncio.to_thread(holder_of, error.port)
            raise
        # With port 0 the system has chosen one, and Host headers will name that.
        if self.target.at is None:
            self.target = replace(self.target, port=port)
        conversation, fingerprint = self._conversation_maker(self.target)
        for one in self._sockets:
            self._accepting.append(asyncio.create_task(self._accept(one, conversation)))
        addresses = tuple(host_and_port(*one.getsockname()[:2]) for one in self._sockets)
        scheme = "https" if self.target.speaks_tls else "http"
        return ListenerBound(at=0.0, addresses=addresses, scheme=scheme, certificate=fingerprint)

    async def close(self) -> None:
        """Free the port at once, let answers in flight leave, cut the rest."""
        tasks, self._accepting = self._accepting, []
        for task in tasks:
            task.cancel()
        try:
            # A socket that is still watched must not be closed: the next one of its number would be taken for it
            # (python/cpython#85489).
            if tasks:
                await asyncio.wait(tasks)
        finally:
            for one in self._sockets:
                one.close()
            self._sockets = []
            # A copy: `closed` is called while this goes on.
            for connection in list(self._open):
                connection.wind_up()
        try:
            await self._gone(FLUSH)
        finally:
            for connection in list(self._open):
                connection.abort()
        await self._gone(FLUSH)

    def _conversation_maker(self, target: Target) -> tuple[Callable[[str], Conversation], str | None]:
        site = CallbackSite(target, self.limits, fragment=self._fragment)
        if not target.speaks_tls or self._certificate is None:
            return lambda peer: HttpConversation(site, peer), None
        from airisk_tui.engine.listener.tls import TlsConversation

        context = self._certificate.context
        return lambda peer: TlsConversation(site, peer, context), self._certificate.sha256

    async def _gone(self, seconds: float) -> None:
        if self._open:
            self._empty.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), seconds)

    async def _accept(self, listening: socket.socket, conversation: Callable[[str], Conversation]) -> None:
        # Not `create_server`: it accepts a whole backlog before it makes the first connection, so that no room could be made
        # in between, and leaks what it has accepted when it is closed just then (python/cpython#109564).
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(ACCEPT_PAUSE)
                continue
            self._make_room()
            with suppress(OSError):  # it went away before it was served
                await loop.connect_accepted_socket(lambda: Connection(self, conversation), accepted)

    def opened(self, connection: Connection) -> None:
        """Count a connection among those that are open."""
        self._open[connection] = None

    def closed(self, connection: Connection) -> None:
        """Count it no longer."""
        self._open.pop(connection, None)
        if not self._open:
            self._empty.set()

    def _make_room(self) -> None:
        """Idle connections must not keep the callback out (threats.md L4): the oldest idle one goes, else the oldest."""
        if len(self._open) >= self.limits.connections:
            oldest = next((one for one in self._open if one.is_idle), next(iter(self._open)))
            oldest.evict()


def _make_certificate() -> Certificate:
    from airisk_tui.engine.listener.certificate import make_certificate  # http must not pay for ssl and cryptography

    return make_certificate()
