"""HTTP as values: what was asked, what came, how long it took. Captured by the engine, read by everyone else.

Header names and values are text decoded as ISO-8859-1, in wire order and with their wire case; bodies are bytes.
In an event all of it is *sealed*: a reference stands in the place of each secret (`oauth.reference`).
"""

from __future__ import annotations

import base64
from typing import Literal

from msgspec import Struct, field

Headers = tuple[tuple[str, str], ...]

HTTP_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
"""What a method, a header's name or a scheme is made of (RFC 9110 §5.6.2)."""


class Body(Struct, frozen=True):
    """A body after content decoding.

    data: at most the cap of bytes; size: bytes there were after decoding (of what was read); wire: bytes as received;
    cut: why the rest is missing ("size", "deadline", "connection", "encoding"; "sealed" where the body was sealed as a whole, because
    it could not be gone through value by value; "not-recorded" where another program's file
    leaves it out), or None when the body is whole.
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
    """A request. `url` is absolute for what we send, and the raw request target for what the listener heard."""

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
        """Whether its status is one of success (RFC 9110 §15.3)."""
        return 200 <= self.status < 300

    @property
    def redirects(self) -> bool:
        """Whether its status is one of redirection (RFC 9110 §15.4)."""
        return 300 <= self.status < 400

    @property
    def cookies(self) -> tuple[tuple[str, str], ...]:
        """Names and values that it sets (RFC 6265 §4.1.1), without the attributes."""
        pairs = (each.partition(";")[0].strip().partition("=") for each in headers_named(self.headers, "set-cookie"))
        return tuple((name, value) for name, _, value in pairs)

    @property
    def status_line(self) -> str:
        """Status and reason, "404 Not Found"."""
        return f"{self.status} {self.reason}".rstrip()


class Timing(Struct, frozen=True):
    """Seconds each part took; None where the library does not tell (a reused connection has no connect and no TLS).

    `dns` is part of `connect` when the library resolves and connects in one step; then it is None.
    """

    total: float = 0.0
    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None


class ServerCertificate(Struct, frozen=True):
    """The certificate that a server showed. subject, issuer: as RFC 4514 writes names, "" where it cannot be read; not_before,
    not_after: epoch seconds, 0 likewise; sha256: the fingerprint of its DER form, hex."""

    subject: str = ""
    issuer: str = ""
    not_before: float = 0.0
    not_after: float = 0.0
    sha256: str = ""


class Connection(Struct, frozen=True):
    """How it travelled. peer: "address:port"; proxy: its URL without credentials, or None; tls: version and cipher; certificate:
    the server's, verified or not."""

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
"""The last one only in another program's file: the browser itself kept the request back, or nothing says why it failed."""


class TransportFault(Struct, frozen=True):
    """Why no answer came, as facts; `insight.advice.transport` says what they mean.

    kind, reason: codes; reason is the finer one, or "" (all are listed in `engine.client.faults`). host, port: the server.
    tried: the addresses that were tried, as "host:port". subject: what the reason is about: a header's name, a file, a
    proxy's scheme. variable: the environment variable that the reason is about, as it is spelt where it is set. received: the
    first characters that came, where they were not HTTP. exception: the class that the library raised. errno: the operating
    system's error by its name, "ECONNREFUSED". verify_code: OpenSSL's X509_V_ERR_… number, 0 for none. library_text: what the
    library said; the only text here that somebody else wrote.
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
        """subject, received and library_text: where a secret may stand, because this program did not choose the characters."""
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
    """The declared type of a body, or ""."""
    return header(headers, "content-type") or ""


def basic_in(headers: Headers) -> tuple[str, str] | None:
    """The name and the secret of a request's HTTP Basic as they stand there (RFC 7617 §2), each "" where they cannot be read; None
    where there is no Basic."""
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
