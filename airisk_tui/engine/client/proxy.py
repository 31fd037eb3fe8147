"""Which proxy the environment asks for (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); never one for loopback (threats.md C5)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from urllib.parse import urlsplit

from airisk_tui.later import dataclass
from airisk_tui.oauth.loopback import is_loopback, is_unusual_loopback
from airisk_tui.oauth.urls import host_and_port


class UnusableProxy(ValueError):
    """The environment names a proxy that cannot be used. variable: its name; scheme: the proxy's, where this program does
    not speak it, else "". Nothing else of the proxy's URL stands in it, for that may hold a password."""

    def __init__(self, variable: str, scheme: str = "") -> None:
        super().__init__(scheme)
        self.variable = variable
        self.scheme = scheme


PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""The schemes of the proxies that are spoken to, each with the port that it means (RFC 1928 §3 for SOCKS)."""


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """variable: the environment variable that names it, "" where the system's settings do; url: as configured, credentials
    and all; shown: without them; host, port: where it is."""

    variable: str
    url: str = field(repr=False)
    shown: str
    host: str
    port: int

    @property
    def has_login(self) -> bool:
        """Whether its URL holds a login."""
        return "@" in self.url.partition("://")[2].partition("/")[0]


def is_this_machine(host: str) -> bool:
    """Whether a connection to a host can only end at this machine, however it is spelt; 0.0.0.0 and :: do, too."""
    name = host.strip("[]").partition("%")[0]
    return is_loopback(name) or is_unusual_loopback(name) or name in ("0.0.0.0", "::")


def proxy_for(scheme: str, host: str, port: int) -> ProxyChoice | None:
    """The proxy for a request, or None for a direct connection; raises UnusableProxy."""
    if is_this_machine(host):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    kind = scheme if proxies.get(scheme) else "all"
    url = proxies.get(kind)
    # With the port: NO_PROXY may name a host with one (urllib.request.proxy_bypass_environment).
    if not url or proxy_bypass(f"{host}:{port}"):
        return None
    # curl takes a proxy without a scheme for one of http, so people write it so (curl(1), --proxy).
    return _choice(_variable(kind, url, os.environ), url if "://" in url else f"http://{url}")


def _variable(kind: str, url: str, environ: Mapping[str, str]) -> str:
    """The variable that holds this proxy, as it is spelt; `getproxies` reads both spellings and tells neither."""
    names = (f"{kind}_proxy", f"{kind}_proxy".upper())
    return next((name for name in names if environ.get(name) == url), "")


def _choice(variable: str, url: str) -> ProxyChoice:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = None, 0
    if not host:
        raise UnusableProxy(variable)
    if parts.scheme not in PORTS:
        raise UnusableProxy(variable, parts.scheme)
    shown = f"{parts.scheme}://{host_and_port(host, port)}"
    return ProxyChoice(variable, url, shown, host, port)
