"""Gathering the facts about this machine that `insight.doctor` judges.

It binds sockets and closes them again, looks up names, and reads files below /proc. It sends nothing but the lookups.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator, Mapping

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.engine.listener.sockets import listener_fault, listening_socket
from airisk_tui.engine.machine.browser import find_browser
from airisk_tui.engine.machine.host import PROXY_VARIABLES, read_host
from airisk_tui.flow.doctor import BoundAddress, MachineFacts
from airisk_tui.oauth.loopback import read_listen_address
from airisk_tui.oauth.request.mistakes import check_listen
from airisk_tui.oauth.urls import host_of, port_of


async def gather_facts(draft: Draft) -> MachineFacts:
    """The facts about the draft's redirect URI on this machine; takes well under a second."""
    return await asyncio.to_thread(_gather, draft, os.environ)


def _gather(draft: Draft, environ: Mapping[str, str]) -> MachineFacts:
    host, port = host_of(draft.redirect_uri), port_of(draft.redirect_uri)
    return MachineFacts(
        redirect_uri=draft.redirect_uri,
        listen=draft.listen,
        listen_publicly=draft.listen_publicly,
        mode=draft.mode,
        addresses=tuple(_bound(address, at) for address, at in _to_bind(draft, host, port)),
        resolves=_resolved(host),
        browser=find_browser(environ),
        proxied=_proxied(host, environ),
        registered=draft.registered,
        host=read_host(environ),
    )


def _to_bind(draft: Draft, host: str, port: int) -> Iterator[tuple[str, int]]:
    """The addresses and the port that the listener would bind; none if a run would refuse to listen there."""
    at = read_listen_address(draft.listen)
    if any(wrong.severity == "error" for wrong in check_listen(draft.listen, publicly=draft.listen_publicly)):
        return
    host, port = (host, port) if at is None else at
    yield from ((address, port) for address in _addresses(host))


def _addresses(host: str) -> tuple[str, ...]:
    if host.lower() == "localhost":
        # `has_ipv6` says whether Python was built with IPv6; whether the machine has it, the bind shows.
        return ("127.0.0.1", "::1") if socket.has_ipv6 else ("127.0.0.1",)
    return (host,) if host else ()


def _bound(address: str, port: int) -> BoundAddress:
    try:
        listening_socket(address, port).close()
    except OSError as error:
        state = listener_fault(error, port)
        return BoundAddress(address, state, holder_of(port) if state == "busy" else None)
    return BoundAddress(address, "free")


def _resolved(host: str) -> tuple[str, ...]:
    try:
        # With a type, because otherwise each address comes three times, for TCP, UDP and raw sockets.
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _proxied(host: str, environ: Mapping[str, str]) -> bool:
    """Whether other programs would send requests to this host through a proxy: one is set, and NO_PROXY does not name the host."""
    exempt = (environ.get("NO_PROXY") or environ.get("no_proxy") or "").replace(" ", "").split(",")
    return any(environ.get(name) for name in PROXY_VARIABLES) and not {host, "*"} & set(exempt)
