"""HTTP as values: what was asked, what came, how long it took. Captured by the engine, read by everyone else.

Header names and values are text decoded as ISO-8859-1, in wire order and with their wire case; bodies are bytes.
In an event all of it is *sealed*: secrets are replaced by placeholders (see `oauth.secret`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A body after content decoding.

    data: at most the cap of bytes; size: bytes there were after decoding (of what was read); wire: bytes as received;
    cut: why the rest is missing ("size", "deadline", "connection", "encoding"), or None when the body is whole.
    """

    data: bytes = b""
    size: int = 0
    wire: int = 0
    cut: str | None = None

    @classmethod
    def of(cls, data: bytes) -> Body:
        """A whole, unencoded body."""
        return cls(data, len(data), len(data))


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `url` is absolute for what we send, and the raw request target for what the listener heard."""

    method: str
    url: str
    headers: Headers = ()
    body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response. `version` is "HTTP/1.1" and the like."""

    status: int
    headers: Headers = ()
    body: Body = field(default_factory=Body)
    reason: str = ""
    version: str = "HTTP/1.1"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds each part took; None where the library does not tell (a reused connection has no connect and no TLS).

    `dns` is part of `connect` when the library resolves and connects in one step; then it is None.
    """

    total: float = 0.0
    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """How it travelled. peer: "address:port"; proxy: its URL without credentials, or None; tls: version and cipher."""

    peer: str | None = None
    proxy: str | None = None
    tls: str | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    request: HttpRequest
    response: HttpResponse
    timing: Timing = field(default_factory=Timing)
    connection: Connection = field(default_factory=Connection)


TransportKind = Literal["dns", "refused", "unreachable", "timeout", "reset", "tls", "protocol", "proxy", "local"]


@dataclass(frozen=True, slots=True)
class TransportFault:
    """No answer at all. kind: see TransportKind; reason: a finer stable word ("certificate-expired", "wrong-version",
    "hostname-mismatch", "self-signed", "unknown-ca", …) or ""; tried: addresses as "host:port"; detail: the library's words."""

    kind: TransportKind
    message: str
    reason: str = ""
    host: str = ""
    port: int = 0
    tried: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FailedExchange:
    """A request that got no answer."""

    request: HttpRequest
    fault: TransportFault
    timing: Timing = field(default_factory=Timing)
    connection: Connection = field(default_factory=Connection)


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, by case-insensitive name, or None."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def headers_named(headers: Headers, name: str) -> tuple[str, ...]:
    """Every value of a header, by case-insensitive name, in order."""
    wanted = name.lower()
    return tuple(value for key, value in headers if key.lower() == wanted)
