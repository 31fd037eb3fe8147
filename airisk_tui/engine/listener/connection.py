"""One connection to the listener, as asyncio sees it: its bytes, its deadlines, its end (threats.md L4, L11)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from airisk_tui.engine.listener.protocol import HttpConversation, Limits, ReceivedRequest
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.urls import host_and_port

if TYPE_CHECKING:
    from airisk_tui.engine.listener.tls import TlsConversation

    Conversation = HttpConversation | TlsConversation


class Connection(asyncio.Protocol):
    """Hands the bytes of a transport to a conversation, its answer back, and its request to the listener's owner. An error in the
    conversation is reported as a stray request, and never reaches the event loop.

    converse_with: makes the conversation with a peer, "127.0.0.1:53124". on_request: called with the request, once.
    on_open, on_gone: called when the connection is open, and when it is closed.
    """

    _conversation: Conversation

    def __init__(
        self,
        converse_with: Callable[[str], Conversation],
        limits: Limits,
        on_request: Callable[[ReceivedRequest], None],
        *,
        on_open: Callable[[Connection], None],
        on_gone: Callable[[Connection], None],
    ) -> None:
        self._converse_with = converse_with
        self._limits = limits
        self._on_request = on_request
        self._on_open = on_open
        self._on_gone = on_gone
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
        self._on_open(self)
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
        self._on_gone(self)

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
            self._on_request(received)
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
