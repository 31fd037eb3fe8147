"""Binding the addresses of a listener, loopback unless a person asked otherwise; when that fails, a code says why.

RFC 8252 §7.3 and §8.3 (loopback only); threats.md L1 to L3. Sockets are made by hand: asyncio, asked for port 0 on two
families, gives two different ports.
"""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from airisk_tui.oauth.loopback import Target
from airisk_tui.systems import keep_port

if TYPE_CHECKING:
    from airisk_tui.flow.events import ListenerFault

BACKLOG = 128
"""Connections that wait in the system until they are accepted; more than the listener serves at a time."""

PORT_TRIES = 20
"""How often a free port is looked for that both families have; one try nearly always does."""

WITHOUT_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})
"""What a machine says that has no IPv6 (or no IPv4) at all."""


class ListenerError(Exception):
    """The redirect URI cannot be listened on; the fields are those of `flow.events.ListenerFailed`. holder: set by the listener."""

    def __init__(self, code: ListenerFault, *, address: str = "", port: int = 0, errno: str = "") -> None:
        super().__init__(code, address, port)
        self.code = code
        self.address = address
        self.port = port
        self.holder: str | None = None
        self.errno = errno


def open_sockets(target: Target) -> tuple[list[socket.socket], int]:
    """Listening sockets, one for each family, all on the same port, and that port; or ListenerError."""
    for _ in range(PORT_TRIES):
        try:
            return _open_all(target.addresses, target.bind_port)
        except ListenerError as error:
            if target.bind_port != 0 or error.code != "busy":
                raise
            failed = error
    raise failed


def _open_all(addresses: tuple[str, ...], wanted: int) -> tuple[list[socket.socket], int]:
    sockets: list[socket.socket] = []
    port = wanted
    missing: ListenerError | None = None
    try:
        for address in addresses:
            try:
                opened = listening_socket(address, port)
            except OSError as error:
                failure = _failure(error, address, port)
                if len(addresses) == 1 or error.errno not in WITHOUT_FAMILY:
                    raise failure from error
                missing = failure
            else:
                sockets.append(opened)
                port = opened.getsockname()[1]
    except BaseException:  # whatever it is, no socket stays open; the exception goes on
        for one in sockets:
            one.close()
        raise
    if not sockets and missing is not None:
        raise missing
    return sockets, port


def listening_socket(address: str, port: int) -> socket.socket:
    """A socket that listens on one IP address, such as "127.0.0.1" or "::1"; an OSError where that cannot be."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        keep_port(opened)
        if family == socket.AF_INET6:
            # Else [::] takes the IPv4 addresses too, and 0.0.0.0 beside it is busy (RFC 3493 §5.3).
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # asyncio's `sock_accept` needs it, and complains in its debug mode only: elsewhere the loop would stand still.
        opened.setblocking(False)
        opened.bind((address, port))
        opened.listen(BACKLOG)
    except BaseException:  # as above
        opened.close()
        raise
    return opened


def _failure(error: OSError, address: str, port: int) -> ListenerError:
    code = listener_fault(error, port)
    return ListenerError(code, address=address, port=port, errno=errno.errorcode.get(error.errno or 0, ""))


def listener_fault(error: OSError, port: int) -> ListenerFault:
    """The code of what the system said when a port was to be bound."""
    if error.errno == errno.EADDRINUSE:
        return "busy"
    # POSIX systems say so of a privileged port; Windows of the ranges that it keeps for itself, such as Hyper-V's
    # (`netsh interface ipv4 show excludedportrange tcp`).
    if error.errno == errno.EACCES:
        return "privileged" if port < _first_unprivileged() else "excluded"
    return "unavailable"


def _first_unprivileged() -> int:
    with suppress(OSError, ValueError):
        return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text("ascii"))
    return 1024
