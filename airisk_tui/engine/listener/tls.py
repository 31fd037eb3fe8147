"""A conversation inside TLS, as bytes in, bytes out; and plain http on the https port, which is answered and explained, or
taken where something in front may have ended TLS.

RFC 8446; threats.md L10. It has the members of `protocol.HttpConversation`, so that `connection` keeps the deadlines of both.
"""

from __future__ import annotations

import ssl

from airisk_tui.engine.listener.protocol import TLS_HANDSHAKE, CallbackSite, HttpConversation, ReceivedRequest
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.loopback import StrayReason

RECORD = 16 * 1024
"""Bytes read at a time: the most that a TLS record holds (RFC 8446 §5.1)."""


class TlsConversation:
    """See the module. What was received, and what is to be sent, is that of the conversation within."""

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
        """Whether nothing is asked: not a byte came, or only the handshake, as a browser's preconnect does it."""
        return self._inner.is_idle and (self._established or not self._begun)

    @property
    def is_mid_head(self) -> bool:
        """Whether a handshake or a head have begun, and have not ended."""
        return not self.answered and (self._is_shaking or self._inner.is_mid_head)

    @property
    def _is_shaking(self) -> bool:
        return self._begun and not self._is_plain and not self._established

    def receive(self, data: bytes) -> None:
        """Bytes came."""
        if self.answered or not data:
            return
        if not self._begun:
            self._begun = True
            # The first byte decides: OpenSSL would call a plain request WRONG_VERSION_NUMBER or HTTP_REQUEST, by its version.
            if data[0] != TLS_HANDSHAKE:
                self._is_plain = True
                self._inner = HttpConversation(
                    self._site, self._peer, plain_on_tls=not self._site.target.takes_plain_beside_tls
                )
        if self._is_plain:
            self._inner.receive(data)
        else:
            self._incoming.write(data)
            self._pump()
        self._pass_on()

    def end(self) -> None:
        """The other side will send no more."""
        if self._is_shaking and not self.answered:
            self._refuse("tls-refused")
        self._inner.end()
        self._pass_on()

    def expire(self, reason: StrayReason = "deadline") -> None:
        """Its time is over, or its place is needed."""
        if self._is_shaking and not self.answered:
            self._refuse(reason)
        self._inner.expire(reason)
        self._pass_on()

    def _pump(self) -> None:
        try:
            if not self._established:
                self._tls.do_handshake()
                self._established = True
            while not self._inner.answered:
                # As often as there is any: one read of the socket can hold several records, and `read` gives one at a time.
                data = self._tls.read(RECORD)
                if not data:
                    self._inner.end()
                    return
                self._inner.receive(data)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:  # most often the alert of a browser that does not trust the certificate (RFC 8446 §6.2)
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

    def _pass_on(self) -> None:
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
            pass  # unwrap waits for the other side's close_notify (RFC 8446 §6.1), or it is gone; ours is written
