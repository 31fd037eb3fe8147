"""Asking the machine for a loopback port that is free right now."""

from __future__ import annotations

from urllib.parse import urlsplit

from airisk_tui.engine.listener.sockets import listening_socket


def free_redirect_uri(wanted: str) -> str:
    """The wanted redirect URI when its port can be had now, else the same with a free port."""
    parts = urlsplit(wanted)
    host = parts.hostname or "127.0.0.1"
    if parts.port is None or is_free(host, parts.port):
        return wanted
    return parts._replace(netloc=f"{host}:{free_port(host)}").geturl()


def is_free(host: str, port: int) -> bool:
    """Whether the listener could bind there now; the socket is closed again at once."""
    try:
        listening_socket(host, port).close()
    except OSError:
        return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago."""
    with listening_socket(host, 0) as listening:
        port: int = listening.getsockname()[1]
        return port
