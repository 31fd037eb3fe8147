"""Asking the machine for a loopback port that is free right now."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from airisk_tui.engine.listener.sockets import listening_socket
from airisk_tui.oauth.urls import host_of, port_of

OUT_OF_THE_WAY = range(16_384, 32_768)
"""Below the ports that a system gives to whoever names none (Linux from 32,768, others from 49,152: RFC 6335 §6): one that is free
here now is free when the run begins."""


def free_redirect_uri(wanted: str) -> str:
    """The wanted redirect URI when its port can be had now, else the same with a free port."""
    host = host_of(wanted)
    if is_free(host, port_of(wanted)):
        return wanted
    return urlsplit(wanted)._replace(netloc=f"{host}:{free_port(host)}").geturl()


def is_free(host: str, port: int) -> bool:
    """Whether the listener could bind there now; the socket is closed again at once."""
    try:
        listening_socket(host, port).close()
    except OSError:
        return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago, and that no system gives away by itself."""
    for _ in range(100):
        port = OUT_OF_THE_WAY[int.from_bytes(os.urandom(2)) % len(OUT_OF_THE_WAY)]
        if is_free(host, port):
            return port
    with listening_socket(host, 0) as listening:  # where even those are taken, or may not be had
        return int(listening.getsockname()[1])
