"""HTTP as values: request, response, timing and connection. The engine makes them, everything else reads them.

Header names and values are text decoded as ISO-8859-1, in wire order and with their wire case; bodies are bytes. In an event they are
*sealed*: each secret is replaced by its reference (`oauth.reference`).
"""

from __future__ import annotations

import base64
from typing import Literal

from msgspec import Struct, field

Headers = tuple[tuple[str, str], ...]

HTTP_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
"""A token of HTTP: a method, the name of a header or an authentication scheme (RFC 9110 §5.6.2)."""


class Body(Struct, frozen=True):
    """A body after content decoding.

    data: the bytes, up to the limit; size: the bytes after decoding, as far as they were read; wire: the bytes as received; cut: why
    the rest is missing, or None if the body is complete: "size", "deadline", "connection", "encoding", "sealed" (sealed as a whole,
    because its values could not be told apart), or "not-recorded" (another program's file leaves it out).
    """

    data: bytes = b""
    size: int = 0
    wire: int = 0
    cut: str | None = None

    @classmethod
    def of(cls, data: bytes) -> Body:
        """A whole, unencoded body."""
        return cls(data, len(data), len(data))


class HttpRequest(Struct, frozen=True):
    """A request. url: absolute in a request of ours, and the raw request target in one that the listener received."""

    method: str
    url: str
    headers: Headers = ()
    body: Body = field(default_factory=Body)


class HttpResponse(Struct, frozen=True):
    """A response. `version` is "HTTP/1.1" and the like."""

    status: int
    headers: Headers = ()
    body: Body = field(default_factory=Body)
    reason: str = ""
    version: str = "HTTP/1.1"

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx (RFC 9110 §15.3)."""
        return 200 <= self.status < 300

    @property
    def redirects(self) -> bool:
        """Whether the status is 3xx (RFC 9110 §15.4)."""
        return 300 <= self.status < 400

    @property
    def cookies(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the cookies that the response sets (RFC 6265 §4.1.1), without the attributes."""
        pairs = (each.partition(";")[0].strip().partition("=") for each in headers_named(self.headers, "set-cookie"))
        return tuple((name, value) for name, _, value in pairs)

    @property
    def status_line(self) -> str:
        """Status and reason, "404 Not Found"."""
        return f"{self.status} {self.reason}".rstrip()


class Timing(Struct, frozen=True):
    """Seconds of each phase; None if the library does not report it. A reused connection has no connect and no tls.

    `dns` is None, and part of `connect`, if the library resolves and connects in one step.
    """

    total: float = 0.0
    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None


class ServerCertificate(Struct, frozen=True):
    """A server's certificate. subject, issuer: names as in RFC 4514, "" if unreadable; not_before, not_after: epoch seconds, 0 if
    unreadable; sha256: the fingerprint of its DER form in hex."""

    subject: str = ""
    issuer: str = ""
    not_before: float = 0.0
    not_after: float = 0.0
    sha256: str = ""


class Connection(Struct, frozen=True):
    """The connection of an exchange. peer: "address:port"; proxy: its URL without credentials, or None; tls: version and cipher;
    certificate: the server's, verified or not."""

    peer: str | None = None
    proxy: str | None = None
    tls: str | None = None
    verified: bool = True
    certificate: ServerCertificate | None = None


class Exchange(Struct, frozen=True):
    """One request and its answer."""

    request: HttpRequest
    response: HttpResponse
    timing: Timing = field(default_factory=Timing)
    connection: Connection = field(default_factory=Connection)


TransportKind = Literal[
    "dns", "refused", "unreachable", "timeout", "reset", "tls", "protocol", "proxy", "local", "browser"
]
""""not-recorded" occurs only in another program's file: the browser blocked the request, or the reason of its failure is missing."""


class TransportFault(Struct, frozen=True):
    """Why no answer came, as facts; `insight.advice.transport` explains them.

    kind, reason: codes; reason is the more specific one, or "" (`engine.client.faults` lists all). host, port: the server. tried: the
    addresses that were tried, as "host:port". subject: the object of the reason: a header's name, a file, a proxy's scheme. variable:
    the environment variable that the reason is about, in the spelling in which it is set. received: the first characters of an answer
    that was not HTTP. exception: the class that the library raised. errno: the operating system's error, such as "ECONNREFUSED".
    verify_code: OpenSSL's X509_V_ERR_… number, 0 for none. library_text: the library's message.
    """

    kind: TransportKind
    reason: str = ""
    host: str = ""
    port: int = 0
    tried: tuple[str, ...] = ()
    subject: str = ""
    variable: str = ""
    received: str = ""
    exception: str = ""
    errno: str = ""
    verify_code: int = 0
    library_text: str = ""

    @property
    def code(self) -> str:
        """Kind and reason as one text, "tls certificate-expired"."""
        return f"{self.kind} {self.reason}".rstrip()

    @property
    def foreign_texts(self) -> tuple[str, str, str]:
        """subject, received and library_text, which may contain a secret, because other programs wrote them."""
        return self.subject, self.received, self.library_text


class FailedExchange(Struct, frozen=True):
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


def content_type(headers: Headers) -> str:
    """The value of `Content-Type`, or ""."""
    return header(headers, "content-type") or ""


def basic_in(headers: Headers) -> tuple[str, str] | None:
    """User name and password of a request's HTTP Basic, not form-decoded (RFC 7617 §2); each "" if unreadable; None if the request
    has no Basic."""
    scheme, _, encoded = (header(headers, "authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        return "", ""
    name, _, secret = pair.decode("utf-8", "replace").partition(":")
    return name, secret


def bearer_in(headers: Headers) -> str:
    """The bearer token of a request's headers (RFC 6750 §2.1), or ""."""
    scheme, _, token = (header(headers, "authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
