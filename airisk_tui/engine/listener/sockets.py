"""Binding the loopback addresses of a redirect URI, and saying why it cannot be done.

RFC 8252 §7.3 and §8.3 (loopback only); threats.md L1 to L3. Sockets are made by hand: asyncio, asked for port 0 on two
families, gives two different ports.
"""

from __future__ import annotations

import errno
import socket
import sys
from contextlib import suppress
from pathlib import Path

from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.engine.listener.target import Target

BACKLOG = 128
"""Connections that wait in the system until they are accepted; more than the listener serves at a time."""

PORT_TRIES = 20
"""How often a free port is looked for that both families have; one try nearly always does."""

WITHOUT_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})
"""What a machine says that has no IPv6 (or no IPv4) at all."""

_ELSE = "or choose the paste way, which needs no listener."


class ListenerError(Exception):
    """The redirect URI cannot be listened on. code: "busy", "privileged", "excluded", "unavailable" or "not-loopback";
    holder: the program that has the port, if that can be seen."""

    def __init__(
        self, code: str, sentence: str, *, address: str = "", port: int = 0, holder: str | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.address = address
        self.port = port
        self.holder = holder


def not_loopback(redirect_uri: str) -> ListenerError:
    """The refusal of a redirect URI that leads elsewhere."""
    sentence = (
        "The redirect URI does not lead to this machine: expected http or https to localhost, 127.0.0.1 or [::1]. "
        f"Register such a redirect URI; {_ELSE}"
    )
    return ListenerError("not-loopback", sentence, address=redirect_uri)


def with_holder(error: ListenerError) -> ListenerError:
    """The same error, naming the program that has the port where that can be seen. Reads /proc: not for the loop's thread."""
    holder = holder_of(error.port) if error.code == "busy" else None
    if holder is None:
        return error
    sentence = _busy(_shown(error.address, error.port), error.port, holder)
    return ListenerError("busy", sentence, address=error.address, port=error.port, holder=holder)


def open_sockets(target: Target) -> tuple[list[socket.socket], int]:
    """Listening sockets, one for each family, all on the same port, and that port; or ListenerError."""
    for attempt in range(PORT_TRIES):
        try:
            return _open_all(target.addresses, target.port)
        except ListenerError as error:
            if target.port != 0 or error.code != "busy" or attempt == PORT_TRIES - 1:
                raise
    raise AssertionError("the last try returns or raises")


def _open_all(addresses: tuple[str, ...], wanted: int) -> tuple[list[socket.socket], int]:
    sockets: list[socket.socket] = []
    port = wanted
    missing: ListenerError | None = None
    try:
        for address in addresses:
            try:
                opened = _open(address, port)
            except OSError as error:
                failure = _explain(error, address, port)
                if len(addresses) == 1 or error.errno not in WITHOUT_FAMILY:
                    raise failure from error
                missing = failure
            else:
                sockets.append(opened)
                port = opened.getsockname()[1]
    except BaseException:  # whatever it is, no socket stays open; it goes on
        for one in sockets:
            one.close()
        raise
    if not sockets and missing is not None:
        raise missing
    return sockets, port


def _open(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # A second run must not wait for TIME_WAIT; a port that somebody listens on stays an error on POSIX.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.setblocking(False)
        opened.bind((address, port))
        opened.listen(BACKLOG)
    except BaseException:  # likewise
        opened.close()
        raise
    return opened


def _explain(error: OSError, address: str, port: int) -> ListenerError:
    shown = _shown(address, port)
    if error.errno == errno.EADDRINUSE:
        code, sentence = "busy", _busy(shown, port, None)
    elif error.errno == errno.EACCES and port < _first_unprivileged():
        code = "privileged"
        sentence = (
            f"Listening on port {port} ({shown}) needs a privilege. Register a redirect URI with a port from 1024 up, "
            f"allow it with sysctl net.ipv4.ip_unprivileged_port_start={port}; {_ELSE}"
        )
    elif error.errno == errno.EACCES:
        code = "excluded"
        sentence = (
            f"The system keeps port {port} ({shown}) for itself. Register a redirect URI with another port; {_ELSE}"
        )
    else:
        code = "unavailable"
        words = error.strerror or "the system gave no reason"
        sentence = f"The address {shown} cannot be listened on: {words}. Register another loopback address; {_ELSE}"
    return ListenerError(code, sentence, address=address, port=port)


def _busy(shown: str, port: int, holder: str | None) -> str:
    by = holder or "another program"
    return f"Port {port} is already in use on {shown}, by {by}. Stop it, or register another port; {_ELSE}"


def _shown(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _first_unprivileged() -> int:
    with suppress(OSError, ValueError):
        return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text("ascii"))
    return 1024
