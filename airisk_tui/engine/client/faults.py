"""The reason why no answer came: exceptions of httpx2, ssl and the system as the codes of a `TransportFault` (threats.md C7).

`insight.advice.transport` has the sentences for these codes.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator

from msgspec import Struct

from airisk_tui.engine.client.trace import NotHttp, Stage
from airisk_tui.later import pattern
from airisk_tui.oauth.http import TransportFault, TransportKind

MAX_LIBRARY_TEXT = 300
"""Characters that are kept of the text of a library."""

MAX_RECEIVED = 24
"""Characters that are kept of an answer that is not HTTP: enough to recognise SSH or SMTP, too few for most secrets."""

MAX_CHAIN = 32
"""Exceptions that are looked at; a chain of causes has about five."""

_QUOTED = pattern(r"(?:bytearray\()?b['\"]([\w./ -]*).*", re.DOTALL)
"""The form in which h11 quotes up to 100 KiB that it could not read. A header's value may be a secret, so only its name is kept."""

Cause = tuple[TransportKind, str]
"""Kind and reason, as a `TransportFault` has them."""


class Attempt(Struct, frozen=True):
    """A request that got no answer. stage: the last part that began; proxy: the URL of the proxy without credentials, or None; variable:
    the environment variable that names it; received: the first received bytes; asked: the schemes in the `Proxy-Authenticate` of a 407;
    login_given: whether the proxy's URL contains a login."""

    scheme: str
    host: str
    port: int
    stage: Stage = "start"
    proxy: str | None = None
    variable: str = ""
    received: bytes = b""
    asked: str = ""
    login_given: bool = False


class Unsendable(Exception):
    """A request cannot be sent, for a reason on this machine. The fault contains no value of the request or of a proxy's URL, because
    it may be a secret."""

    def __init__(self, fault: TransportFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def fault_of(error: BaseException, attempt: Attempt, tried: tuple[str, ...] = ()) -> TransportFault:
    """The fault of an exception. tried: the addresses to which a connection was tried. Total."""
    chain = tuple(_chain(error))
    kind, reason = _cause(chain, attempt)
    says_more = kind != "timeout" and not isinstance(error, NotHttp)
    received = _received(attempt) if reason == "not-http" else ""
    at_proxy = attempt.proxy is not None and (attempt.stage == "connect" or _is_of_proxy(kind, reason, attempt))
    if at_proxy or kind == "proxy":
        kind, reason = "proxy", _proxy_reason(chain, attempt) or reason or kind
    return TransportFault(
        kind,
        reason,
        attempt.host,
        attempt.port,
        tried,
        subject=attempt.asked,
        variable=attempt.variable if kind == "proxy" else "",
        received=received,
        exception=type(error).__name__,
        errno=_errno_name(chain),
        verify_code=next((one.verify_code for one in chain if isinstance(one, ssl.SSLCertVerificationError)), 0),
        library_text=library_text(chain) if says_more else "",
    )


def _is_of_proxy(kind: TransportKind, reason: str, attempt: Attempt) -> bool:
    """Whether the proxy itself sent bytes that are not HTTP, or did not speak TLS. Until the tunnel to the server is open, all answers
    are those of the proxy, the first one to CONNECT."""
    if kind == "tls":
        return (attempt.proxy or "").startswith("https") and not attempt.received
    return reason == "not-http" and (attempt.proxy or "").startswith("http")


def _proxy_reason(chain: tuple[BaseException, ...], attempt: Attempt) -> str:
    """The reason in the answer of a proxy, or "": 407 (RFC 9110 §15.5.8), or the errors of SOCKS (RFC 1928 §3; RFC 1929 §2)."""
    text = library_text(chain)
    if attempt.received.startswith((b"\x05", b"\x04")) and not (attempt.proxy or "").startswith("socks"):
        return "speaks-socks"
    if text.startswith("407") or "NO ACCEPTABLE METHODS" in text or text == "Invalid username/password":
        return "login-refused" if attempt.login_given else "login"
    if "got NO AUTHENTICATION REQUIRED" in text:
        return "wants-no-login"
    return "speaks-no-socks" if text == "Malformed reply" else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes, and the members of groups, each once, breadth first."""
    queue, seen = [error], set[int]()
    while queue and len(seen) < MAX_CHAIN:
        one = queue.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        # anyio tries every address of a host (RFC 8305), and puts their errors into a group below an error without a text.
        queue.extend(one.exceptions if isinstance(one, BaseExceptionGroup) else ())
        queue.extend(link for link in (one.__cause__, one.__context__) if link is not None)


def library_text(chain: tuple[BaseException, ...]) -> str:
    """The text of the outermost exception that has one, else its name."""
    text = next((str(one) for one in chain if str(one)), type(chain[0]).__name__)
    text = _QUOTED.sub(r"\1…", text)
    return text if len(text) <= MAX_LIBRARY_TEXT else text[:MAX_LIBRARY_TEXT] + "…"


_OTHER_NUMBERS = (ssl.SSLError, socket.gaierror)
"""OSErrors whose `errno` is a number of OpenSSL or of getaddrinfo."""


def _errno_name(chain: tuple[BaseException, ...]) -> str:
    """The name of the system's error, because the numbers differ between systems."""
    numbers = [one.errno or 0 for one in chain if isinstance(one, OSError) and not isinstance(one, _OTHER_NUMBERS)]
    return next((errno.errorcode[number] for number in numbers if number in errno.errorcode), "")


def _received(attempt: Attempt) -> str:
    """The beginning of the received bytes, up to the first character after which a value could begin."""
    start = re.split(rb"[\n\"'=:&]", attempt.received, maxsplit=1)[0]
    return start[:MAX_RECEIVED].decode("latin-1").strip()


_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLZeroReturnError)
"""Not failures, but the state of TLS that waits for more, in the context of the error."""


def _cause(chain: tuple[BaseException, ...], attempt: Attempt) -> Cause:
    import httpx2

    if isinstance(chain[0], httpx2.TimeoutException | TimeoutError):
        return "timeout", {"connect": "connect", "tls": "tls", "answer": "read"}.get(attempt.stage, "overall")
    if isinstance(chain[0], NotHttp):
        return _not_http(attempt)
    # Before the other errors of ssl, because this one is an SSLError, too.
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return "tls", _VERIFY.get(one.verify_code, "certificate-invalid")
    for one in chain:
        if isinstance(one, ssl.SSLError) and not isinstance(one, _WAITING):
            return _tls(one)
    return _system(chain, attempt) or _http(chain)


def _not_http(attempt: Attempt) -> Cause:
    # A TLS record: content type 20 to 23, then the version, 3.0 to 3.4 (RFC 8446 §5.1).
    secured = attempt.scheme == "http" and re.match(rb"[\x14-\x17]\x03[\x00-\x04]", attempt.received)
    return "protocol", "tls-on-http" if secured else "not-http"


# Numbers of OpenSSL's x509_vfy.h. 19 is a self-signed root in the chain: an unknown authority, not a self-signed server.
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

_ALERTS = (
    (
        ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL"),
        "wrong-version",
    ),
    (("CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "PEER_DID_NOT_RETURN_A_CERTIFICATE"), "client-certificate"),
    (("UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"), "protocol-version"),
    (("UNEXPECTED_EOF",), "handshake-closed"),
    (("UNRECOGNIZED_NAME",), "hostname-mismatch"),
)
"""Parts of OpenSSL's reason strings. A plain http port leads to different ones, by the version of OpenSSL."""


def _tls(error: ssl.SSLError) -> Cause:
    text = f"{getattr(error, 'reason', '') or ''} {error}".upper().replace(" ", "_")
    found = (reason for marks, reason in _ALERTS if any(mark in text for mark in marks))
    return "tls", next(found, "handshake-failed")


_SYSTEM: tuple[tuple[tuple[int, ...], Cause], ...] = (
    ((errno.ECONNREFUSED,), ("refused", "")),
    ((errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED), ("reset", "reset")),
    ((errno.ETIMEDOUT,), ("timeout", "connect")),
    (
        (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN, errno.EHOSTDOWN),
        ("unreachable", ""),
    ),
    ((errno.EACCES, errno.EPERM), ("unreachable", "forbidden")),
    ((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM), ("local", "resources")),
)
"""Causes by error number. Of several attempts, one for each address, the one that got furthest counts, hence the order."""


def _system(chain: tuple[BaseException, ...], attempt: Attempt) -> Cause | None:
    """The cause in an error of the operating system, or None."""
    # Servers and firewalls refuse TLS by a reset or an end during the handshake; later it is a cut connection.
    if attempt.stage == "tls":
        return "tls", "handshake-closed"
    lookups = [one.errno for one in chain if isinstance(one, socket.gaierror)]
    if socket.EAI_AGAIN in lookups:
        return "dns", "no-server"
    # For a label of more than 63 characters Python's IDNA codec raises UnicodeError before any lookup.
    if lookups or (attempt.stage == "connect" and any(isinstance(one, UnicodeError) for one in chain)):
        return "dns", "name"
    numbers = {one.errno for one in chain if isinstance(one, OSError)}
    return next((cause for known, cause in _SYSTEM if numbers & set(known)), None)


def _http(chain: tuple[BaseException, ...]) -> Cause:
    import httpx2

    if any(isinstance(one, httpx2.ProxyError) for one in chain):
        return "proxy", "refused"
    text = library_text(chain)
    if "buffer too long" in text.lower():  # h11's words for a head of more than 100 KiB
        return "protocol", "head-too-large"
    if "Server disconnected" in text or isinstance(chain[0], httpx2.NetworkError):
        return "reset", "closed"
    if isinstance(chain[0], httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
        return "local", "request"
    return "protocol", "malformed"
