"""The proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); never one for loopback (threats.md C5)."""

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
"""The supported schemes of proxies with their default ports (RFC 1928 §3 for SOCKS)."""

PATIENCE = 1.0
"""Seconds without a byte through a proxy, after which the proxy itself is asked."""

ANSWER = 2.0
"""Seconds that it has to answer: with PATIENCE the three seconds of threats.md C10."""


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """A proxy. variable: the environment variable that names it, "" if the settings of the system do; url: as configured, with its
    login; shown: without it."""

    variable: str
    url: str = field(repr=False)
    shown: str
    host: str
    port: int

    @property
    def has_login(self) -> bool:
        """Whether its URL contains a login."""
        return "@" in authority_of(self.url)


async def is_silent(proxy: ProxyChoice) -> bool:
    """Whether the proxy does not answer a request to itself within ANSWER seconds. False if it refuses the connection, because the
    error of the original request says more.

    An HTTP proxy has to answer an OPTIONS that it must not forward (Max-Forwards, RFC 9110 §7.6.2), and a SOCKS proxy the greeting that
    comes before any address (RFC 1928 §3). No login is sent, because a proxy that asks for one has answered.
    """
    address = host_and_port(proxy.host, proxy.port)
    request = f"OPTIONS http://{address}/ HTTP/1.1\r\nHost: {address}\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n"
    greeting = b"\5\2\0\2" if proxy.url.startswith("socks") else request.encode("ascii", "replace")
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
    """A context for an https proxy, without verification, because the request to it contains no secret."""
    if not proxy.url.startswith("https:"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ends_here(host: str) -> bool:
    """Whether a connection to this host leads to this machine, in any spelling; 0.0.0.0 and :: do, too."""
    name = host.strip("[]").partition("%")[0]
    return is_this_machine(name) or name in ("0.0.0.0", "::")


def proxy_for(scheme: str, host: str, port: int) -> ProxyChoice | None:
    """The proxy for a request, or None for a direct connection. Raises Unsendable for a proxy that cannot be used."""
    if ends_here(host):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    kind = scheme if proxies.get(scheme) else "all"
    url = proxies.get(kind)
    # With the port: NO_PROXY may name a host with one (urllib.request.proxy_bypass_environment).
    if not url or proxy_bypass(f"{host}:{port}"):
        return None
    # curl takes a proxy without a scheme as http (curl(1), --proxy), so people leave it out.
    return _choice(_variable(kind, url, os.environ), url if "://" in url else f"http://{url}")


def _variable(kind: str, url: str, environ: Mapping[str, str]) -> str:
    """The variable that names this proxy, as it is spelt; `getproxies` reads both spellings and does not report which."""
    names = (f"{kind}_proxy", f"{kind}_proxy".upper())
    return next((name for name in names if environ.get(name) == url), "")


def _choice(variable: str, url: str) -> ProxyChoice:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _unusable(variable) from None  # the text of the error quotes the URL, which may contain a login
    if not host:
        raise _unusable(variable)
    if parts.scheme not in PORTS:
        raise _unusable(variable, parts.scheme)
    port = port or PORTS[parts.scheme]
    shown = f"{parts.scheme}://{host_and_port(host, port)}"
    return ProxyChoice(variable, url, shown, host, port)


def _unusable(variable: str, scheme: str = "") -> Unsendable:
    return Unsendable(TransportFault("proxy", "configuration", subject=scheme, variable=variable))
