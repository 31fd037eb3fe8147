"""What the listener is for: the redirect URI taken apart, and which requests are meant for it.

RFC 8252 §7.3 (loopback redirects), RFC 9110 §7.4 (misdirected requests); threats.md L1, L5, L8. Pure.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from airisk_tui.oauth.loopback import can_listen_on
from airisk_tui.oauth.urls import bracketed, default_port

FAVICON = "/favicon.ico"

StrayReason = Literal[
    "favicon",
    "other-path",
    "method",
    "not-a-form",
    "prefetch",
    "host",
    "tls-on-http",
    "http-on-https",
    "tls-refused",
    "bad-request",
    "head-too-large",
    "body-too-large",
    "cut-off",
    "deadline",
    "too-many-connections",
    "internal-error",
]
"""Why the listener does not take a request for a callback."""


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
        if parts.scheme not in ("http", "https") or not name or not can_listen_on(name):
            raise NotLoopbackError(redirect_uri)
        # A browser percent-encodes what is not visible ASCII before it sends a path (RFC 3986 §2.1); the rest it leaves.
        path = quote(parts.path or "/", safe="".join(map(chr, range(0x21, 0x7F))))
        port = default_port(parts.scheme) if port is None else port
        return cls(parts.scheme, bracketed(name), port, path, redirect_uri)

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
            hosts.add(bracketed(str(ipaddress.ip_address(self.host.strip("[]")))))
        allowed = {f"{one}:{self.port}" for one in hosts}
        if self.port == default_port(self.scheme):
            allowed |= hosts
        return host.lower() in allowed


def split_target(request_target: str) -> tuple[str | None, str]:
    """The authority, where the request target is in absolute form (RFC 9112 §3.2.2), and the path."""
    path, authority = request_target, None
    if request_target.lower().startswith(("http://", "https://")):
        authority, slash, rest = request_target.partition("//")[2].partition("/")
        authority, path = authority.partition("?")[0], slash + rest
    return authority, path.partition("?")[0] or "/"
