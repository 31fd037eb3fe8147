"""Where the callback listener listens when that is not where the redirect URI leads: behind a port mapping, or a proxy that ends
TLS (RFC 8252 §7.3; threats.md L1)."""

from __future__ import annotations

import functools
import ipaddress
import re
from typing import NamedTuple

from airisk_tui.later import pattern
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.urls import host_and_port

_WRITTEN = pattern(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/?#@\[\]%]+)):([0-9]{1,5})", re.ASCII)
"""ADDRESS:PORT, IPv6 in brackets, without a scheme, a path or a scope."""

MAX_PORT = 65535


class ListenAddress(NamedTuple):
    """host: "localhost" or an IP address, without brackets; port: from 1 up."""

    host: str
    port: int

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach it: it is no loopback address."""
        return not is_loopback(self.host)

    @property
    def is_wildcard(self) -> bool:
        """Whether it stands for every address of this machine: 0.0.0.0 or [::]."""
        return self.is_public and ipaddress.ip_address(self.host).is_unspecified

    @property
    def addresses(self) -> tuple[str, ...]:
        """The IP addresses to bind: both families for localhost, since browsers try either first."""
        return ("127.0.0.1", "::1") if self.host == "localhost" else (self.host,)

    @property
    def text(self) -> str:
        """As it is written: "127.0.0.1:9000", "[::1]:9000"."""
        return host_and_port(self.host, self.port)


@functools.lru_cache(256)
def read_listen_address(text: str) -> ListenAddress | None:
    """The address that "127.0.0.1:9000", "[::1]:9000" or "localhost:9000" names, or None: no other name is looked up."""
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
