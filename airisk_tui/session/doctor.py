"""Gathering the facts that `insight.doctor` judges: what this machine lets a callback do, before any flow.

Nothing leaves the machine: sockets are bound and closed again, names are looked up, files below /proc are read.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from airisk_tui.engine.browser import find_browser
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.host import PROXIES, read_host
from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.insight.doctor import Facts, Family, PortState
from airisk_tui.oauth.urls import default_port

_STATES: dict[int, PortState] = {
    errno.EADDRINUSE: "busy",
    errno.EACCES: "privileged",
    errno.EADDRNOTAVAIL: "unavailable",
    errno.EAFNOSUPPORT: "unavailable",
}


async def gather_facts(draft: Draft, environ: Mapping[str, str] = os.environ) -> Facts:
    """The facts about the draft's redirect URI on this machine; takes well under a second."""
    return await asyncio.to_thread(_gather, draft, environ)


def _gather(draft: Draft, environ: Mapping[str, str]) -> Facts:
    try:
        parts = urlsplit(draft.redirect_uri)
        host, port = parts.hostname or "", parts.port or default_port(parts.scheme)
    except ValueError:
        host, port = "", 0
    return Facts(
        redirect_uri=draft.redirect_uri,
        mode=draft.mode,
        families=tuple(_family(address, port) for address in _addresses(host)),
        resolves=_resolved(host),
        browser=find_browser(environ),
        proxied=_proxied(host, environ),
        registered=draft.registered,
        host=read_host(environ),
    )


def _addresses(host: str) -> tuple[str, ...]:
    if host.lower() == "localhost":
        return ("127.0.0.1", "::1") if socket.has_ipv6 else ("127.0.0.1",)
    return (host,) if host else ()


def _family(address: str, port: int) -> Family:
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            if kind == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            probe.listen(1)
    except OSError as error:
        state = _STATES.get(error.errno or 0, "excluded")
        return Family(address, state, holder_of(port) if state == "busy" else None)
    return Family(address, "free")


def _resolved(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _proxied(host: str, environ: Mapping[str, str]) -> bool:
    """Whether other programs would send this through a proxy: one is set, and NO_PROXY does not name the host."""
    exempt = (environ.get("NO_PROXY") or environ.get("no_proxy") or "").replace(" ", "").split(",")
    return any(environ.get(name) for name in PROXIES) and not {host, "*"} & set(exempt)
