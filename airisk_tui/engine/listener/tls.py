"""A conversation inside TLS, as bytes in, bytes out (RFC 8446; threats.md L10). Plain http on the https port is accepted if a proxy in
front may have ended TLS, and explained otherwise."""

from __future__ import annotations

import ssl

from airisk_tui.engine.listener.protocol import TLS_HANDSHAKE, CallbackSite, HttpConversation, ReceivedRequest
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.loopback import StrayReason

RECORD = 16 * 1024
"""Bytes to read at a time: the most in a TLS record (RFC 8446 §5.1)."""


class TlsConversation:
    """A `protocol.HttpConversation` inside TLS, with the same members."""

    def __init__(self, site: CallbackSite, peer: str, context: ssl.SSLContext) -> None:
        self._site = site
        self._peer = peer
        self._incoming = ssl.MemoryBIO()
        self._cipher = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._cipher, server_side=True)
        self._inner = HttpConversation(site, peer)
        self._begun = False
        self._is_plain = False
        self._established = False
        self.outgoing = b""
        self.received: ReceivedRequest | None = None
        self.answered = False

    @property
    def is_idle(self) -> bool:
        """Whether no request has begun: no byte came, or only the handshake, as on a preconnect of a browser."""
        return self._inner.is_idle and (self._established or not self._begun)

    @property
    def is_mid_head(self) -> bool:
        """Whether a handshake or a head has begun and not ended."""
        return not self.answered and (self._is_in_handshake or self._inner.is_mid_head)

    @property
    def _is_in_handshake(self) -> bool:
        return self._begun and not self._is_plain and not self._established

    def receive(self, data: bytes) -> None:
        """Take bytes of the other side."""
        if self.answered or not data:
            return
        if not self._begun:
            self._begun = True
            # By the first byte, because OpenSSL has different errors for plain http, by its version.
            if data[0] != TLS_HANDSHAKE:
                self._is_plain = True
                self._inner = HttpConversation(
                    self._site, self._peer, plain_on_tls=not self._site.target.takes_plain_beside_tls
                )
        if self._is_plain:
            self._inner.receive(data)
        else:
            self._incoming.write(data)
            self._decrypt()
        self._take_from_inner()

    def end(self) -> None:
        """Note that the other side sends no more."""
        if self._is_in_handshake and not self.answered:
            self._refuse("tls-refused")
        self._inner.end()
        self._take_from_inner()

    def expire(self, reason: StrayReason = "deadline") -> None:
        """End the connection, because its time is over or its place is needed."""
        if self._is_in_handshake and not self.answered:
            self._refuse(reason)
        self._inner.expire(reason)
        self._take_from_inner()

    def _decrypt(self) -> None:
        try:
            if not self._established:
                self._tls.do_handshake()
                self._established = True
            while not self._inner.answered:
                # In a loop: one read of the socket can contain several records, and `read` returns one at a time.
                data = self._tls.read(RECORD)
                if not data:
                    self._inner.end()
                    return
                self._inner.receive(data)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:  # usually the alert of a browser that does not trust the certificate (RFC 8446 §6.2)
            self._break_off()

    def _break_off(self) -> None:
        if self._established:
            self._inner.end()
        if not self._inner.answered:
            self._refuse("tls-refused" if not self._established else None)

    def _refuse(self, reason: StrayReason | None) -> None:
        self.answered = True
        self.outgoing += self._cipher.read()
        if reason is not None:
            self.received = ReceivedRequest(HttpRequest("", ""), self._peer, reason)

    def _take_from_inner(self) -> None:
        if self.answered:
            return
        if self._inner.outgoing:
            self._send(self._inner.outgoing)
            self._inner.outgoing = b""
        self.received, self.answered = self._inner.received, self._inner.answered
        self.outgoing += self._cipher.read()

    def _send(self, answer: bytes) -> None:
        if self._is_plain:
            self.outgoing += answer
            return
        try:
            self._tls.write(answer)
            self._tls.unwrap()
        except ssl.SSLError:
            pass  # raised for the missing close_notify of the other side (RFC 8446 §6.1); this side's is written
