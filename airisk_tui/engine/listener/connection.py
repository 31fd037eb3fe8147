"""One connection to the listener, as asyncio sees it: its bytes, its deadlines, its end (threats.md L4, L11)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, cast

from airisk_tui.engine.listener.protocol import Heard, Limits
from airisk_tui.oauth.http import HttpRequest


class Talk(Protocol):
    """A conversation, plain or inside TLS; see `listener_protocol.Conversation`."""

    outgoing: bytes
    heard: Heard | None
    answered: bool

    @property
    def is_idle(self) -> bool: ...

    @property
    def is_mid_head(self) -> bool: ...

    def receive(self, data: bytes) -> None: ...

    def end(self) -> None: ...

    def expire(self, reason: str = "deadline") -> None: ...


class Connection(asyncio.Protocol):
    """Feeds a conversation from a transport. Whatever goes wrong in it is reported, and never reaches the loop.

    talk: makes a conversation with a peer; on_open, on_gone: for the listener's list of what is open.
    """

    def __init__(
        self,
        talk: Callable[[str], Talk],
        limits: Limits,
        on_heard: Callable[[Heard], None],
        *,
        on_open: Callable[[Connection], None],
        on_gone: Callable[[Connection], None],
    ) -> None:
        self._talk_with = talk
        self._limits = limits
        self._on_heard = on_heard
        self._on_open = on_open
        self._on_gone = on_gone
        self._peer = ""
        self._transport: asyncio.Transport | None = None
        self._talk = talk("")
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._told = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked on it: a browser's preconnect."""
        return self._talk.is_idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open: its time begins."""
        self._transport = cast("asyncio.Transport", transport)
        self._peer = _shown(transport.get_extra_info("peername"))
        self._talk = self._talk_with(self._peer)
        self._on_open(self)
        self._set_timer("connection", self._limits.connection_seconds, self._expire)

    def data_received(self, data: bytes) -> None:
        """Bytes came; after the answer they are read and thrown away, so that the answer is not lost to a reset."""
        self._guard(lambda: self._talk.receive(data))

    def eof_received(self) -> bool:
        """The other side sends no more; it may still read the answer."""
        self._guard(self._talk.end)
        if not self._told:
            self.abort()
        elif self._transport is not None:
            self._transport.close()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._transport = None
        self._guard(self._talk.end)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._on_gone(self)

    def evict(self) -> None:
        """Its place is needed."""
        self._guard(lambda: self._talk.expire("too-many-connections"))
        self.abort()

    def wind_up(self) -> None:
        """The listener closes: an answer may still leave; without one it is cut."""
        if self._transport is None or not self._told:
            self.abort()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Cut it."""
        if self._transport is not None:
            self._transport.abort()

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
            self._settle()
        except Exception:  # noqa: BLE001 - the seam: a mistake of ours with one request must not end the listening
            self._tell(Heard(HttpRequest("", ""), self._peer, "internal-error"))
            self.abort()

    def _settle(self) -> None:
        """Send what is to be sent, then tell what was heard: the page is on its way whatever the listener's owner does."""
        talk = self._talk
        if talk.outgoing and self._transport is not None and not self._transport.is_closing():
            self._transport.write(talk.outgoing)
        talk.outgoing = b""
        if talk.answered and not self._told:
            self._cancel_timer("head")
            self._cancel_timer("connection")
            if talk.heard is not None:
                self._tell(talk.heard)
            self._part()
        elif not talk.is_mid_head:
            self._cancel_timer("head")
        elif "head" not in self._timers:
            self._set_timer("head", self._limits.head_seconds, self._expire)

    def _part(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._set_timer("linger", self._limits.linger_seconds, self.abort)
            with suppress(OSError):  # asyncio lets it out when the other side has gone already
                self._transport.write_eof()

    def _tell(self, heard: Heard) -> None:
        if self._told:
            return
        self._told = True
        try:
            self._on_heard(heard)
        except Exception as error:  # noqa: BLE001 - the owner's mistake goes to the loop's handler, not into the serving
            asyncio.get_running_loop().call_exception_handler({"message": "on_heard failed", "exception": error})

    def _expire(self) -> None:
        self._guard(self._talk.expire)
        if not self._told:
            self.abort()

    def _set_timer(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, act)

    def _cancel_timer(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()


def _shown(peername: object) -> str:
    match peername:
        case (str(host), int(port), *_):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return ""
