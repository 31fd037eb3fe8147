"""The loopback listener: it receives the redirect (RFC 8252 §7.3), and whatever else comes to its port (threats.md L1 to L11).

The way of a request's bytes is one walk down: `server` accepts, `connection` keeps the deadlines, `tls` decrypts, `protocol`
reads and answers, `target` judges, `pages` holds the answers.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from airisk_tui.engine.listener.connection import Connection
from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.engine.listener.protocol import LIMITS, CallbackSite, HttpConversation, Limits, ReceivedRequest
from airisk_tui.engine.listener.sockets import ListenerError, open_sockets
from airisk_tui.engine.listener.target import NotLoopbackError, Target
from airisk_tui.flow.events import ListenerBound
from airisk_tui.oauth.urls import host_and_port

if TYPE_CHECKING:
    from airisk_tui.engine.listener.certificate import Certificate
    from airisk_tui.engine.listener.connection import Conversation
    from airisk_tui.oauth.loopback import ListenAddress

FLUSH = 0.05
"""Seconds that answers in flight are given when the listener closes; loopback needs a thousandth of that."""

ACCEPT_PAUSE = 0.05
"""Seconds of rest after a failed accept (no descriptors left), so that it does not spin."""


class Listener:
    """Listens for one redirect URI. on_request is called in the loop's thread for each request, callback or stray.

    at: where to listen, if not where the redirect URI leads; that it may be a public address was decided before.
    fragment: whether the answer is expected in the fragment, so that the page hands it over. certificate: for https; made for
    this listener alone when there is none. redirect_uri: once it is bound, with the real port in place of 0.
    """

    def __init__(
        self,
        redirect_uri: str,
        on_request: Callable[[ReceivedRequest], None],
        *,
        at: ListenAddress | None = None,
        fragment: bool = False,
        certificate: Certificate | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.redirect_uri = redirect_uri
        self._on_request = on_request
        self._at = at
        self._fragment = fragment
        self._certificate = certificate
        self._limits = limits
        self._sockets: list[socket.socket] = []
        self._accepting: list[asyncio.Task[None]] = []
        self._open: dict[Connection, None] = {}
        self._empty = asyncio.Event()

    async def start(self) -> ListenerBound:
        """Bind and listen on every address; when this returns, nothing that comes is lost (threats.md L2). The event has no time yet."""
        try:
            target = Target.parse(self.redirect_uri, self._at)
        except NotLoopbackError as error:
            raise ListenerError("not-loopback") from error
        # Before the port is bound: a browser that came meanwhile would wait for its handshake.
        if target.speaks_tls and self._certificate is None:
            self._certificate = await asyncio.to_thread(_make_certificate)
        try:
            self._sockets, port = open_sockets(target)
        except ListenerError as error:
            if error.code == "busy":  # it reads /proc, which may take a while
                error.holder = await asyncio.to_thread(holder_of, error.port)
            raise
        # With port 0 the system has chosen one, and Host headers will name that.
        target = target.at_port(port)
        self.redirect_uri = target.redirect_uri
        conversation, fingerprint = self._conversation_maker(target)
        for one in self._sockets:
            self._accepting.append(asyncio.create_task(self._accept(one, conversation)))
        addresses = tuple(host_and_port(*one.getsockname()[:2]) for one in self._sockets)
        scheme = "https" if target.speaks_tls else "http"
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
            # A copy: `_forget` is called while this goes on.
            for connection in list(self._open):
                connection.wind_up()
        try:
            await self._gone(FLUSH)
        finally:
            for connection in list(self._open):
                connection.abort()
        await self._gone(FLUSH)

    def _conversation_maker(self, target: Target) -> tuple[Callable[[str], Conversation], str | None]:
        site = CallbackSite(target, self._limits, fragment=self._fragment)
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
                await loop.connect_accepted_socket(lambda: self._connection(conversation), accepted)

    def _connection(self, conversation: Callable[[str], Conversation]) -> Connection:
        return Connection(conversation, self._limits, self._on_request, on_open=self._remember, on_gone=self._forget)

    def _remember(self, connection: Connection) -> None:
        self._open[connection] = None

    def _forget(self, connection: Connection) -> None:
        self._open.pop(connection, None)
        if not self._open:
            self._empty.set()

    def _make_room(self) -> None:
        """Idle connections must not keep the callback out (threats.md L4): the oldest idle one goes, else the oldest."""
        if len(self._open) >= self._limits.connections:
            oldest = next((one for one in self._open if one.is_idle), next(iter(self._open)))
            oldest.evict()


def _make_certificate() -> Certificate:
    from airisk_tui.engine.listener.certificate import make_certificate  # http must not pay for ssl and cryptography

    return make_certificate()
