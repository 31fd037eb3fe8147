"""Which proxy the environment asks for (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); never one for loopback (threats.md C5)."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit


class UnusableProxy(ValueError):
    """The environment names a proxy that cannot be used. scheme: the proxy's, where this program does not speak it, else "".
    Nothing else of the proxy's URL stands in it, for that may hold a password."""

    def __init__(self, scheme: str = "") -> None:
        super().__init__(scheme)
        self.scheme = scheme


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """url: as configured, credentials and all; shown: without them; host, port: where it is."""

    url: str = field(repr=False)
    shown: str
    host: str
    port: int


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether a host can only be this machine: localhost and its subdomains (RFC 6761 §6.3), 127/8, ::1, 0.0.0.0, ::."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return _short_form(name)
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _short_form(name: str) -> bool:
    """127.1, 0x7f.1, 2130706433: forms that the resolver takes for an address."""
    if not name[:1].isdigit():
        return False
    try:
        return ipaddress.ip_address(socket.inet_aton(name)).is_loopback
    except OSError:
        return False


def proxy_for(scheme: str, host: str, port: int) -> ProxyChoice | None:
    """The proxy for a request, or None for a direct connection; raises UnusableProxy."""
    if is_loopback(host):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    url = proxies.get(scheme) or proxies.get("all")
    if not url or proxy_bypass(f"{host}:{port}"):
        return None
    return _choice(url if "://" in url else f"http://{url}")


def _choice(url: str) -> ProxyChoice:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port = None, 0
    if not host:
        raise UnusableProxy
    if parts.scheme not in ("http", "https"):
        raise UnusableProxy(parts.scheme)
    shown = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    return ProxyChoice(url, shown, host, port)
