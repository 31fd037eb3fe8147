"""The reports of httpx2 about a request under way (its `trace` extension): the part that it has reached, and the time of each part.

It also keeps the first bytes of the answer, which httpx2 drops if they are not HTTP, and then waits for more.
"""

from __future__ import annotations

from typing import Any, Literal
from weakref import WeakKeyDictionary

from airisk_tui.engine.client.certificate import read_certificate
from airisk_tui.engine.ports import Clock
from airisk_tui.oauth.answer.challenge import schemes_of
from airisk_tui.oauth.http import ServerCertificate, Timing
from airisk_tui.oauth.urls import host_and_port

Stage = Literal["start", "connect", "tls", "answer", "body"]

_SOCKS = "setup_socks5_connection"
"""The part with the negotiation with a SOCKS proxy (RFC 1928), before any HTTP."""

_STAGES: dict[str, Stage] = {
    "connect_tcp": "connect",
    _SOCKS: "connect",
    "start_tls": "tls",
    "send_request_headers": "answer",
    "receive_response_body": "body",
}

FIRST_BYTES = 64
"""Bytes that are kept of the beginning: enough for a greeting of SSH or SMTP, or the head of a TLS record."""

_HTTP = b"HTTP/"

_PEERS: WeakKeyDictionary[Any, tuple[str | None, str | None, ServerCertificate | None]] = WeakKeyDictionary()
"""By open stream: the address of the other end, the TLS version and cipher, and the certificate."""


class NotHttp(Exception):
    """The answer does not begin as HTTP/1 does (RFC 9112 §4), so waiting for the rest is useless."""


class ClientTrace:
    """The reports about one request. stage: the part that is under way; stream: the newest network stream, or None; received: its first
    bytes; proxy_asks: the schemes of login in a proxy's 407, which httpx2 drops for a tunnel; peer, tls, certificate: see
    `oauth.http.Connection`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun = clock.monotonic()
        self._started: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._speaks_socks = False
        self.stage: Stage = "start"
        self.stream: Any = None
        self.received = b""
        self.peer: str | None = None
        self.tls: str | None = None
        self.certificate: ServerCertificate | None = None
        self.proxy_asks = ""

    async def record(self, name: str, info: dict[str, Any]) -> None:
        """The callback of httpx2. name: such as "connection.connect_tcp.started"."""
        _, part, moment = name.rsplit(".", 2)
        # A SOCKS proxy answers in bytes of its own before any HTTP (RFC 1928 §3), over the stream that is watched.
        self._speaks_socks = (part, moment) == (_SOCKS, "started")
        if moment == "started":
            self._started[part] = self._clock.monotonic()
            self.stage = _STAGES.get(part, self.stage)
            return
        if part in self._started:
            self._took[part] = self._clock.monotonic() - self._started[part]
        if (part, moment) == ("receive_response_headers", "complete"):
            _, status, _, headers = info["return_value"]  # as httpcore2 gives them in HTTP/1
            self._note_answer(status, headers)
        if moment == "complete" and part in ("connect_tcp", "start_tls"):
            self.stream = info["return_value"]
            self._watch(self.stream)
            self.note_peer(self.stream)

    def _note_answer(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        asked = (value.decode("latin-1") for name, value in headers if name.lower() == b"proxy-authenticate")
        self.proxy_asks = schemes_of(asked) if status == 407 else ""

    def note_peer(self, stream: Any) -> None:
        """Note the other end of a stream, which has to be open. Each stream is asked once, because httpx2 takes long to answer."""
        if stream not in _PEERS:
            address = stream.get_extra_info("server_addr")
            secured = stream.get_extra_info("ssl_object")
            cipher = secured.cipher() if secured is not None else None
            tls = f"{secured.version()} {cipher[0]}" if cipher else None
            shown = read_certificate(secured.getpeercert(binary_form=True)) if cipher else None
            _PEERS[stream] = (host_and_port(*address[:2]) if address else self.peer, tls, shown)
        self.peer, self.tls, self.certificate = _PEERS[stream]

    def _watch(self, stream: Any) -> None:
        """Keep the first bytes that a new stream reads. A reused stream is past them."""
        read = stream.read
        start = bytearray()

        async def watched(*size: int, **options: Any) -> bytes:
            data: bytes = await read(*size, **options)
            if len(start) < FIRST_BYTES and data and not self._speaks_socks:
                start.extend(data)
                self.received = bytes(start[:FIRST_BYTES])
                if not start.startswith(_HTTP[: len(start)]):
                    raise NotHttp
            return data

        stream.read = watched

    def timing(self) -> Timing:
        """The timing so far. `connect` contains the name lookup, because httpx2 does both in one step."""
        return Timing(
            total=self._clock.monotonic() - self._begun,
            connect=self._took.get("connect_tcp"),
            tls=self._took.get("start_tls"),
            first_byte=self._took.get("receive_response_headers"),
        )
