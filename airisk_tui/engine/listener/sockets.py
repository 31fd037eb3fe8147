"""Binding the addresses of a listener, which are loopback unless the person asked otherwise; a failure has a code.

RFC 8252 §7.3 and §8.3 (loopback only); threats.md L1 to L3. Sockets are made here, because asyncio binds two families to two different
ports if it is asked for port 0.
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
"""Connections that wait in the system to be accepted; more than the listener serves at a time."""

PORT_TRIES = 20
"""Tries to find a port that is free in both families; the first one nearly always succeeds."""

WITHOUT_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})
"""The errors of a machine without IPv6 (or IPv4)."""


class ListenerError(Exception):
    """An address cannot be listened on. The fields are those of `flow.events.ListenerFailed`; the listener sets `holder`."""

    def __init__(self, code: ListenerFault, *, address: str = "", port: int = 0, errno: str = "") -> None:
        super().__init__(code, address, port)
        self.code = code
        self.address = address
        self.port = port
        self.holder: str | None = None
        self.errno = errno


def open_sockets(target: Target) -> tuple[list[socket.socket], int]:
    """Listening sockets, one for each family, all on one port, and that port. Raises ListenerError."""
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
    except BaseException:  # no socket stays open, whatever was raised
        for one in sockets:
            one.close()
        raise
    if not sockets and missing is not None:
        raise missing
    return sockets, port


def listening_socket(address: str, port: int) -> socket.socket:
    """A socket that listens on one IP address, such as "127.0.0.1" or "::1". Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        keep_port(opened)
        if family == socket.AF_INET6:
            # Otherwise [::] takes the IPv4 addresses, too, and 0.0.0.0 beside it is busy (RFC 3493 §5.3).
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # asyncio's `sock_accept` needs this, but checks it only in debug mode; otherwise the loop would block.
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
    """The code of the error of a bind."""
    if error.errno == errno.EADDRINUSE:
        return "busy"
    # On POSIX systems this is the error for a privileged port; on Windows for a reserved range, such as Hyper-V's
    # (`netsh interface ipv4 show excludedportrange tcp`).
    if error.errno == errno.EACCES:
        return "privileged" if port < _first_unprivileged() else "excluded"
    return "unavailable"


def _first_unprivileged() -> int:
    with suppress(OSError, ValueError):
        return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text("ascii"))
    return 1024
