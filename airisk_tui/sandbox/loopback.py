"""The socket of an embedded server. It can be bound long before the server runs: the system queues connections meanwhile."""

from __future__ import annotations

import errno
import socket
from typing import Final

from airisk_tui.systems import keep_port

HOST: Final = "127.0.0.1"  # threats.md F6: no other address can be bound
MAX_PORT: Final = 65_535  # RFC 9293 §3.1: sixteen bits

LoopbackSocket = socket.socket


def listening_on(port: int) -> socket.socket:
    """A bound socket. It names its protocol, because asyncio otherwise does not set TCP_NODELAY, and each answer takes 40 ms longer."""
    if not 0 <= port <= MAX_PORT:
        raise OSError(errno.EINVAL, f"there is no such port, they go from 0 to {MAX_PORT:,}")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        keep_port(listening)
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def base_url_of(listening: LoopbackSocket) -> str:
    """The address of a server on this socket, as `http://127.0.0.1:43210`."""
    return f"http://{HOST}:{listening.getsockname()[1]}"
