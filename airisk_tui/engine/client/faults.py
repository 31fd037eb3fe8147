"""Why no answer came, in one place: every exception of httpx2, ssl and the system becomes a TransportFault (threats.md C7).

Each message is one sentence: what was expected, what came, what to do. Reasons are stable words; rules rely on them.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from airisk_tui.engine.client.trace import NotHttp, Stage
from airisk_tui.oauth.http import TransportFault, TransportKind

DETAIL = 300
"""Characters of the library's words that are kept."""

GREETING = 24
"""Characters that are quoted of an answer that is not HTTP: enough to know SSH or SMTP by, too few for most secrets."""

_QUOTED = re.compile(r"(?:bytearray\()?b['\"]([\w./ -]*).*", re.DOTALL)
"""How h11 quotes what it could not read, up to 100 KiB of it. A header's value may be a secret: its name is kept."""

MAX_CHAIN = 32
"""Exceptions that are looked at; a chain of causes is a handful long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it went wrong. stage: how far it came; proxy: as shown, or None; seconds: how long it took; heard: the first
    bytes that came."""

    scheme: str
    host: str
    port: int
    stage: Stage = "start"
    proxy: str | None = None
    seconds: float = 0.0
    heard: bytes = b""

    @property
    def name(self) -> str:
        """host:port, as a person writes it."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Cause:
    """kind, reason: see TransportFault; told: the rest of the sentence, after "Expected …, but"."""

    kind: TransportKind
    reason: str
    told: str


def local_fault(place: Place, reason: str, sentence: str, kind: TransportKind = "local") -> TransportFault:
    """A fault on our own side of the connection, told by whoever found it."""
    return TransportFault(kind, sentence, reason, place.host, place.port)


def fault_of(error: BaseException, place: Place, tried: tuple[str, ...] = ()) -> TransportFault:
    """The fault that an exception stands for; total."""
    chain = tuple(_chain(error))
    cause = _cause(chain, place)
    if place.proxy is not None and place.stage == "connect":
        told = f"the proxy could not be reached ({cause.kind}); correct HTTPS_PROXY or HTTP_PROXY, or bypass it with NO_PROXY"
        cause = Cause("proxy", cause.reason or cause.kind, told)
    expected = "a TLS connection to" if cause.kind == "tls" else "an HTTP answer from"
    through = f" through the proxy {place.proxy}" if place.proxy is not None else ""
    message = f"Expected {expected} {place.name}{through}, but {cause.told}."
    detail = "" if cause.kind == "timeout" else _detail(chain)
    return TransportFault(cause.kind, message, cause.reason, place.host, place.port, tried, detail)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes, and the members of groups, each once; breadth first."""
    queue, seen = [error], set[int]()
    while queue and len(seen) < MAX_CHAIN:
        one = queue.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        queue.extend(one.exceptions if isinstance(one, BaseExceptionGroup) else ())
        queue.extend(link for link in (one.__cause__, one.__context__) if link is not None)


def _detail(chain: tuple[BaseException, ...]) -> str:
    """The words of the outermost exception that has any, else its name."""
    words = next((str(one) for one in chain if str(one)), type(chain[0]).__name__)
    words = _QUOTED.sub(r"\1…", words)
    return words if len(words) <= DETAIL else words[:DETAIL] + "…"


_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLZeroReturnError)
"""No failures: they stand in the context of what went wrong while TLS waited for more."""


def _cause(chain: tuple[BaseException, ...], place: Place) -> Cause:
    import httpx2

    if isinstance(chain[0], httpx2.TimeoutException | TimeoutError):
        return _late(place)
    if isinstance(chain[0], NotHttp):
        return _not_http(place)
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return _certificate(one)
    for one in chain:
        if isinstance(one, ssl.SSLError) and not isinstance(one, _WAITING):
            return _tls(one)
    return _system(chain, place) or _http(chain, place)


_TO_DO = {
    "certificate-expired": "its certificate has expired; have it renewed, or correct this machine's clock",
    "certificate-not-yet-valid": "its certificate is not valid yet; correct this machine's clock, or have it reissued",
    "hostname-mismatch": "its certificate is made out to another name; use the name that stands in the certificate",
    "self-signed": "its certificate is signed by itself; set SSL_CERT_FILE to that certificate if it is the right one",
    "unknown-ca": "its certificate is signed by an authority that is not trusted here; set SSL_CERT_FILE to that authority's certificate",
    "certificate-revoked": "its certificate has been revoked; have a new one issued",
    "certificate-invalid": "its certificate cannot be trusted; the library's words say why, give them to the administrator",
}

# OpenSSL's x509_vfy.h; 19 is a self-signed root that came along in the chain: an unknown authority, not a self-signed server.
_VERIFY = {
    9: "certificate-not-yet-valid",
    10: "certificate-expired",
    18: "self-signed",
    62: "hostname-mismatch",
    64: "hostname-mismatch",
    2: "unknown-ca",
    19: "unknown-ca",
    20: "unknown-ca",
    21: "unknown-ca",
    23: "certificate-revoked",
}


def _certificate(error: ssl.SSLCertVerificationError) -> Cause:
    reason = _VERIFY.get(getattr(error, "verify_code", 0), "certificate-invalid")
    return Cause("tls", reason, _TO_DO[reason])


_ALERTS = (
    (
        ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL"),
        "wrong-version",
        "what came is not TLS; use http:// if the port speaks plain http, or give the https port",
    ),
    (
        ("CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "PEER_DID_NOT_RETURN_A_CERTIFICATE"),
        "client-certificate",
        "the server demands a certificate of ours; ask its administrator for an address without client certificates",
    ),
    (
        ("UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"),
        "protocol-version",
        "no TLS version is accepted by both sides; have the server updated to TLS 1.2 or later",
    ),
    (
        ("UNEXPECTED_EOF",),
        "handshake-closed",
        "the server closed the connection during the handshake; check that this port speaks https",
    ),
    (("UNRECOGNIZED_NAME",), "hostname-mismatch", "the server does not know this host name; correct the host"),
)


def _tls(error: ssl.SSLError) -> Cause:
    words = f"{getattr(error, 'reason', '') or ''} {error}".upper().replace(" ", "_")
    for marks, reason, told in _ALERTS:
        if any(mark in words for mark in marks):
            return Cause("tls", reason, told)
    told = "the handshake failed; give the library's words to the administrator of the server"
    return Cause("tls", "handshake-failed", told)


_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN, errno.EHOSTDOWN)
_RESET = (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED)
_FORBIDDEN = (errno.EACCES, errno.EPERM)
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def _system(chain: tuple[BaseException, ...], place: Place) -> Cause | None:
    """What the operating system said; of several attempts, the one that got furthest."""
    if place.stage == "tls":
        return Cause(
            "tls",
            "handshake-closed",
            "the connection was closed during the handshake; check that this port speaks https",
        )
    if any(
        isinstance(one, socket.gaierror) or (isinstance(one, UnicodeError) and place.stage == "connect")
        for one in chain
    ):
        return Cause(
            "dns",
            "name",
            "the host name has no address that this machine can find; correct it, or connect its network (VPN)",
        )
    numbers = {one.errno for one in chain if isinstance(one, OSError)}
    if errno.ECONNREFUSED in numbers:
        return Cause("refused", "", "nothing accepts connections there; correct the port, or start the server")
    if numbers & set(_RESET):
        return Cause(
            "reset", "reset", "the connection was reset before an answer came; try again, then ask the administrator"
        )
    if errno.ETIMEDOUT in numbers:
        return Cause(
            "timeout", "connect", "the connection was not accepted in time; check the address, the VPN and the firewall"
        )
    if numbers & set(_UNREACHABLE):
        return Cause(
            "unreachable", "", "no network path leads there; connect to the network (VPN) that the server belongs to"
        )
    if numbers & set(_FORBIDDEN):
        return Cause("unreachable", "forbidden", "this machine forbids the connection; check its firewall")
    if numbers & set(_EXHAUSTED):
        return Cause(
            "local", "resources", "this machine has no sockets or memory left; close other programs and try again"
        )
    return None


_WAITED = {
    "start": "no answer came",
    "connect": "the connection was not accepted",
    "tls": "the TLS handshake was not finished",
    "answer": "the connection was accepted and no complete answer came",
    "body": "the answer did not end",
}


def _late(place: Place) -> Cause:
    reason = {"connect": "connect", "tls": "tls", "answer": "read"}.get(place.stage, "overall")
    told = f"{_WAITED[place.stage]} within {place.seconds:.1f} s; check the address, the VPN and the firewall, or try again"
    return Cause("timeout", reason, told)


def _http(chain: tuple[BaseException, ...], place: Place) -> Cause:
    import httpx2

    if any(isinstance(one, httpx2.ProxyError) for one in chain):
        return Cause(
            "proxy", "refused", "the proxy would not pass the request on; check its address and login in HTTPS_PROXY"
        )
    words = _detail(chain)
    if "buffer too long" in words.lower():
        return Cause(
            "protocol",
            "head-too-large",
            "the head of the answer was longer than 100 KiB; ask the administrator what the server sends",
        )
    if "Server disconnected" in words or isinstance(chain[0], httpx2.NetworkError):
        return Cause(
            "reset", "closed", "the connection was closed before an answer came; try again, then ask the administrator"
        )
    if isinstance(chain[0], httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
        return Cause(
            "local",
            "request",
            "this request cannot be sent over HTTP; correct the address or the field that the library names",
        )
    return Cause(
        "protocol",
        "malformed",
        "what came is not a well-formed HTTP answer; check that the address is the deployment's web address",
    )


def _not_http(place: Place) -> Cause:
    if place.scheme == "http" and re.match(rb"[\x14-\x17]\x03[\x00-\x04]", place.heard):
        return Cause("protocol", "tls-on-http", "what came is TLS; use https:// for this port")
    first = re.split(rb"[\n\"'=:&]", place.heard, maxsplit=1)[0][:GREETING].decode("latin-1").strip()
    return Cause(
        "protocol",
        "not-http",
        f"what came began with {first!a}; check that the address is the deployment's web address",
    )
