"""The loopback redirect (RFC 8252 §7.3): the hosts that mean this machine, judged by their spelling, without a DNS look-up; the
address to listen on, which differs from the redirect URI behind a port mapping or a proxy that ends TLS; and the target of a redirect
URI, with the requests that are meant for it (RFC 9110 §7.4; threats.md L1, L5, L8)."""

from __future__ import annotations

import functools
import ipaddress
import re
from contextlib import suppress
from typing import Literal, NamedTuple
from urllib.parse import quote

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.urls import bracketed, default_port, host_and_port, host_of, split_url

LISTENER_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""The hosts on which the callback listener listens, beside the names below localhost."""


@functools.lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether a host is localhost or a name below it (RFC 6761 §6.3), in 127.0.0.0/8, or ::1 (RFC 8252 §7.3). An IPv4-mapped IPv6
    address is not a loopback address."""
    if is_localhost(host):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def is_localhost(host: str) -> bool:
    """Whether a host is localhost or a name below it, such as app.localhost, which browsers resolve without DNS (RFC 6761 §6.3)."""
    return host.lower() == "localhost" or host.lower().endswith(".localhost")


@functools.lru_cache(maxsize=256)
def can_listen_on(host: str) -> bool:
    """Whether the callback listener can listen on a host."""
    if is_localhost(host):
        return True
    try:
        return str(ipaddress.ip_address(host)) in LISTENER_HOSTS
    except ValueError:
        return False


def is_unusual_loopback(host: str) -> bool:
    """Whether a host is this machine in a spelling that browsers rewrite, or that programs read differently: `localhost.`, `127.1`,
    `0x7f000001`, `::ffff:127.0.0.1` (WHATWG URL §3.5; RFC 4291 §2.5.5.2; RFC 6761 §6.3)."""
    name = host.lower().rstrip(".")
    if is_loopback(host):
        return False
    if is_loopback(name):
        return True
    try:
        mapped = ipaddress.IPv6Address(name).ipv4_mapped
    except ValueError:
        number = _number(name)
        return number is not None and number >> 24 == 127
    return mapped is not None and mapped.is_loopback


def is_this_machine(host: str) -> bool:
    """Whether a host means this machine, in any spelling."""
    return is_loopback(host) or is_unusual_loopback(host)


_PART = pattern(r"0x[0-9a-f]{0,8}|[0-9]{1,11}")


def _number(name: str) -> int | None:
    """The IPv4 address that browsers read from one to four decimal, octal or hexadecimal numbers (WHATWG URL §3.5), or None."""
    parts = name.split(".")
    if len(parts) > 4 or not all(map(_PART.fullmatch, parts)):
        return None
    try:
        *first, last = (_part(part) for part in parts)
    except ValueError:
        return None
    if any(value > 255 for value in first) or last >= 256 ** (4 - len(first)):
        return None
    return last + sum(value << 8 * (3 - index) for index, value in enumerate(first))


def _part(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    # A leading zero makes a number octal (WHATWG URL §3.5), which Python and older clients read as decimal or refuse.
    return int(text, 8 if text.startswith("0") and len(text) > 1 else 10)


_WRITTEN = pattern(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/?#@\[\]%]+)):([0-9]{1,5})", re.ASCII)
"""ADDRESS:PORT, IPv6 in brackets, without a scheme, a path or a scope."""

MAX_PORT = 65535
"""Two bytes (RFC 9293 §3.1)."""


class ListenAddress(NamedTuple):
    """An address to listen on. host: "localhost" or an IP address, without brackets; port: from 1 up."""

    host: str
    port: int

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the address, because it is not a loopback address."""
        return not is_loopback(self.host)

    @property
    def is_wildcard(self) -> bool:
        """Whether the address means every address of this machine: 0.0.0.0 or [::]."""
        return self.is_public and ipaddress.ip_address(self.host).is_unspecified

    @property
    def addresses(self) -> tuple[str, ...]:
        """The IP addresses to bind: both families for localhost, because browsers differ in which they try first."""
        return ("127.0.0.1", "::1") if is_localhost(self.host) else (self.host,)

    @property
    def text(self) -> str:
        """The address as text: "127.0.0.1:9000", "[::1]:9000"."""
        return host_and_port(self.host, self.port)


@functools.lru_cache(maxsize=256)
def read_listen_address(text: str) -> ListenAddress | None:
    """Read "127.0.0.1:9000", "[::1]:9000" or "localhost:9000"; None for anything else, because no other name is resolved."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not 0 < int(found[3]) <= MAX_PORT:
        return None
    name, port = found[1] or found[2], int(found[3])
    if name.lower() == "localhost":
        return ListenAddress("localhost", port)
    try:
        return ListenAddress(str(ipaddress.ip_address(name)), port)
    except ValueError:
        return None


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
    "target-too-large",
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
