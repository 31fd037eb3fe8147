"""Which proxy the environment asks for (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); never one for loopback (threats.md C5)."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from airisk_tui.engine.client.faults import Unsendable
from airisk_tui.oauth.http import TransportFault
from airisk_tui.oauth.loopback import is_this_machine
from airisk_tui.oauth.urls import authority_of, host_and_port

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""The schemes of the proxies that are spoken to, each with the port that it means (RFC 1928 §3 for SOCKS)."""


PATIENCE = 1.0
"""Seconds without a byte through a proxy, after which the proxy itself is asked for one."""

ANSWER = 2.0
"""Seconds that it then has: with PATIENCE they are the three that a thing on the way may cost (threats.md C10)."""


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
        return "@" in authority_of(self.url)


async def is_silent(proxy: ProxyChoice) -> bool:
    """Whether the proxy does not even answer for itself within ANSWER. A server behind it that is slow is no fault of the
    proxy's, and the request itself tells best why a connection was refused.

    An intermediary that may not pass OPTIONS on has to answer it (Max-Forwards, RFC 9110 §7.6.2), and so has a SOCKS proxy the
    greeting that comes before any address (RFC 1928 §3). No login is sent: to ask for one is an answer.
    """
    address = host_and_port(proxy.host, proxy.port)
    words = f"OPTIONS http://{address}/ HTTP/1.1\r\nHost: {address}\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n"
    greeting = b"\5\2\0\2" if proxy.url.startswith("socks") else words.encode("ascii", "replace")
    writer = None
    try:
        async with asyncio.timeout(ANSWER):
            reader, writer = await asyncio.open_connection(proxy.host, proxy.port, ssl=_tls(proxy))
            writer.write(greeting)
            await reader.read(1)
    except TimeoutError:
        return True
    except (OSError, ValueError):
        return False
    finally:
        if writer is not None:
            writer.close()
    return False


def _tls(proxy: ProxyChoice) -> ssl.SSLContext | None:
    """Not verified: nothing is sent that anybody could not read."""
    if not proxy.url.startswith("https:"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ends_here(host: str) -> bool:
    """Whether a connection to a host can only end at this machine, however it is spelt; 0.0.0.0 and :: do, too."""
    name = host.strip("[]").partition("%")[0]
    return is_this_machine(name) or name in ("0.0.0.0", "::")


def proxy_for(scheme: str, host: str, port: int) -> ProxyChoice | None:
    """The proxy for a request, or None for a direct connection. Raises Unsendable for one that cannot be used."""
    if ends_here(host):
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
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _unusable(variable) from None  # its words quote the URL
    if not host:
        raise _unusable(variable)
    if parts.scheme not in PORTS:
        raise _unusable(variable, parts.scheme)
    port = port or PORTS[parts.scheme]
    shown = f"{parts.scheme}://{host_and_port(host, port)}"
    return ProxyChoice(variable, url, shown, host, port)


def _unusable(variable: str, scheme: str = "") -> Unsendable:
    return Unsendable(TransportFault("proxy", "configuration", subject=scheme, variable=variable))
