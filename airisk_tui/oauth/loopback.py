"""Hosts that mean this machine, judged by their spelling, without a DNS look-up (RFC 8252 §7.3; threats.md L1). Also the listen
address, which differs from the redirect URI behind a port mapping or a proxy that ends TLS."""

from __future__ import annotations

import functools
import ipaddress
import re
from typing import NamedTuple

from airisk_tui.later import pattern
from airisk_tui.oauth.urls import host_and_port

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
