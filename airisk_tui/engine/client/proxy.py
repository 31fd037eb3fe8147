"""Which proxy the environment asks for (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); never one for loopback (threats.md C5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from airisk_tui.oauth.loopback import is_loopback, is_unusual_loopback


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
