"""Finding a free loopback port."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from airisk_tui.engine.listener.sockets import listening_socket
from airisk_tui.oauth.urls import host_of, port_of

OUT_OF_THE_WAY = range(16_384, 32_768)
"""Ports below those that a system assigns by itself (Linux from 32,768, others from 49,152: RFC 6335 §6), so that a free one is still
free when the run begins."""


def free_redirect_uri(wanted: str) -> str:
    """The redirect URI if its port is free, else the same with a free port."""
    host = host_of(wanted)
    if is_free(host, port_of(wanted)):
        return wanted
    return urlsplit(wanted)._replace(netloc=f"{host}:{free_port(host)}").geturl()


def is_free(host: str, port: int) -> bool:
    """Whether the listener could bind there now."""
    try:
        listening_socket(host, port).close()
    except OSError:
        return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A free port, if possible one that no system assigns by itself."""
    for _ in range(100):
        port = OUT_OF_THE_WAY[int.from_bytes(os.urandom(2)) % len(OUT_OF_THE_WAY)]
        if is_free(host, port):
            return port
    with listening_socket(host, 0) as listening:  # if all of these are taken or forbidden
        return int(listening.getsockname()[1])
