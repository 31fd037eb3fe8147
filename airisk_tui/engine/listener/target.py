"""What the listener is for: the redirect URI taken apart, and which requests are meant for it.

RFC 8252 §7.3 (loopback redirects), RFC 9110 §7.4 (misdirected requests); threats.md L1, L5, L8. Pure.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from airisk_tui.oauth.loopback import can_listen_on

DEFAULT_PORTS = {"http": 80, "https": 443}
FAVICON = "/favicon.ico"

REASONS = {
    "favicon": "A browser asked for the icon of the page, as browsers do.",
    "other-path": "The path is not that of the redirect URI.",
    "method": "A callback comes by GET, or by POST with a form; this method carries none.",
    "not-a-form": "It came by POST, and its body is not an URL-encoded form.",
    "prefetch": "The browser was only looking ahead; nobody has followed the redirect yet.",
    "duplicate": "An answer had been accepted before this one.",
    "host": "The Host header does not name the host and port of the redirect URI.",
    "tls-on-http": "It spoke TLS (https), and the redirect URI is http.",
    "http-on-https": "It spoke plain http, and the redirect URI is https.",
    "tls-refused": "The TLS handshake was broken off; most often the browser does not trust the listener's certificate yet.",
    "bad-request": "It was not a request that HTTP/1.1 allows.",
    "head-too-large": "The request line and headers were larger than the listener reads.",
    "body-too-large": "The form was larger than the listener reads.",
    "cut-off": "The connection ended in the middle of the request.",
    "deadline": "The request did not arrive whole in time.",
    "too-many-connections": "Too many connections were open, and this one was the most idle.",
    "internal-error": "The listener made a mistake with this request; please report it.",
}
"""Why a request is not taken for a callback: a stable word, and a sentence. ("duplicate" is given by the flow, which settles.)"""


class NotLoopbackError(ValueError):
    """The redirect URI does not lead to a loopback address of this machine by http or https."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a callback must come to. host: as the redirect URI has it, IPv6 in brackets; port 0 until it is bound."""

    scheme: str
    host: str
    port: int
    path: str
    redirect_uri: str

    @classmethod
    def parse(cls, redirect_uri: str) -> Target:
        """The target of a redirect URI; NotLoopbackError when no listener here can be it."""
        try:
            parts = urlsplit(redirect_uri)
            port, name = parts.port, parts.hostname
        except ValueError as error:
            raise NotLoopbackError(redirect_uri) from error
        if parts.scheme not in DEFAULT_PORTS or not name or not can_listen_on(name):
            raise NotLoopbackError(redirect_uri)
        host = f"[{name}]" if ":" in name else name
        # A browser percent-encodes what is not visible ASCII before it sends a path (RFC 3986 §2.1); the rest it leaves.
        path = quote(parts.path or "/", safe="".join(map(chr, range(0x21, 0x7F))))
        return cls(parts.scheme, host, DEFAULT_PORTS[parts.scheme] if port is None else port, path, redirect_uri)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The loopback addresses to bind: both families for localhost, since browsers try either first."""
        name = self.host.strip("[]")
        return ("127.0.0.1", "::1") if name == "localhost" else (str(ipaddress.ip_address(name)),)

    def at_port(self, port: int) -> Target:
        """The same with the real port in place of 0."""
        if port == self.port:
            return self
        parts = urlsplit(self.redirect_uri)
        effective = parts._replace(netloc=f"{self.host}:{port}").geturl()
        return Target(self.scheme, self.host, port, self.path, effective)

    def allows_host(self, host: str) -> bool:
        """Whether a Host header is a form of the redirect URI's own host (threats.md L8: no other name, rebinding included)."""
        hosts = {self.host}
        if self.host != "localhost":
            address = ipaddress.ip_address(self.host.strip("[]"))
            hosts.add(f"[{address}]" if address.version == 6 else str(address))
        allowed = {f"{one}:{self.port}" for one in hosts}
        if self.port == DEFAULT_PORTS[self.scheme]:
            allowed |= hosts
        return host.lower() in allowed


def split_target(request_target: str) -> tuple[str | None, str]:
    """The authority, where the request target is in absolute form (RFC 9112 §3.2.2), and the path."""
    path, authority = request_target, None
    if request_target.lower().startswith(("http://", "https://")):
        authority, slash, rest = request_target.partition("//")[2].partition("/")
        authority, path = authority.partition("?")[0], slash + rest
    return authority, path.partition("?")[0] or "/"
