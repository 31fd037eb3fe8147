"""What the listener is for: the redirect URI taken apart, and which requests are meant for it.

RFC 8252 §7.3 (loopback redirects), RFC 9110 §7.4 (misdirected requests); threats.md L1, L5, L8. Pure.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from typing import Literal
from urllib.parse import quote

from msgspec import Struct

from airisk_tui.oauth.loopback import ListenAddress, can_listen_on, is_localhost, is_loopback, read_listen_address
from airisk_tui.oauth.urls import bracketed, default_port, host_of, split_url

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


class Target(Struct, frozen=True):
    """Where a callback must come to. host: as the redirect URI has it, IPv6 in brackets; port 0 until it is bound.

    at: where the listener is, if not where the redirect URI leads: something in front passes the callback on to it.
    """

    scheme: str
    host: str
    port: int
    path: str
    redirect_uri: str
    at: ListenAddress | None = None

    @classmethod
    def parse(cls, redirect_uri: str, at: ListenAddress | None = None) -> Target:
        """The target of a redirect URI; NotLoopbackError when no listener here can be it."""
        parts, name = split_url(redirect_uri), host_of(redirect_uri)
        if parts is None or parts.scheme not in ("http", "https") or not name:
            raise NotLoopbackError(redirect_uri)
        if at is None and not can_listen_on(name):
            raise NotLoopbackError(redirect_uri)
        # A browser percent-encodes what is not visible ASCII before it sends a path (RFC 3986 §2.1); the rest it leaves.
        path = quote(parts.path or "/", safe="".join(map(chr, range(0x21, 0x7F))))
        port = default_port(parts.scheme) if parts.port is None else parts.port
        return cls(parts.scheme, bracketed(name), port, path, redirect_uri, at)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to bind: both families for localhost, since browsers try either first."""
        if self.at is not None:
            return self.at.addresses
        name = self.host.strip("[]")
        return ("127.0.0.1", "::1") if is_localhost(name) else (str(ipaddress.ip_address(name)),)

    @property
    def bind_port(self) -> int:
        """The port to bind; 0 for any that is free."""
        return self.port if self.at is None else self.at.port

    @property
    def speaks_tls(self) -> bool:
        """Whether the listener has a certificate. Behind a redirect URI of another host it has none: a proxy with that host's
        own certificate ends TLS there (RFC 9110 §7.6)."""
        return self.scheme == "https" and (self.at is None or is_loopback(self.host.strip("[]")))

    @property
    def takes_plain_beside_tls(self) -> bool:
        """Whether plain http is taken beside TLS: a port mapping passes TLS on, and a proxy of this machine ends it."""
        return self.speaks_tls and self.at is not None

    def allows_host(self, host: str) -> bool:
        """Whether a Host header is a form of the redirect URI's own host (threats.md L8: no other name, rebinding included).

        A proxy may name the address that it passes the request on to instead: that is where the listener is.
        """
        hosts = _forms(self.host)
        allowed = {f"{one}:{self.port}" for one in hosts}
        if self.port == default_port(self.scheme):
            allowed |= hosts
        return host.lower() in allowed or (self.at is not None and _names(host, self.at))


def _names(host: str, at: ListenAddress) -> bool:
    """Whether a Host header names the address of the listener. Where that is every address of this machine, any address does: a
    page that rebinds its own name (threats.md L8) cannot make a browser send one."""
    named = read_listen_address(host)
    if named is None or named.port != at.port:
        return False
    return at.is_wildcard or named == at or bool({named.host, *named.addresses} & set(at.addresses))


def _forms(host: str) -> set[str]:
    """A host as a browser may write it: an address in its usual form, a name in ASCII (RFC 5891 §4)."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        with suppress(UnicodeError):
            return {host, host.encode("idna").decode("ascii")}
        return {host}
    return {host, bracketed(str(address))}


def split_target(request_target: str) -> tuple[str | None, str]:
    """The authority, where the request target is in absolute form (RFC 9112 §3.2.2), and the path."""
    path, authority = request_target, None
    if request_target.lower().startswith(("http://", "https://")):
        authority, slash, rest = request_target.partition("//")[2].partition("/")
        authority, path = authority.partition("?")[0], slash + rest
    return authority, path.partition("?")[0] or "/"
