"""Asking the machine for a loopback port that is free right now."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

_FAMILIES = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}


def free_redirect_uri(wanted: str) -> str:
    """The wanted redirect URI when its port can be had now, else the same with a free port."""
    parts = urlsplit(wanted)
    host = parts.hostname or "127.0.0.1"
    if parts.port is None or is_free(host, parts.port):
        return wanted
    return parts._replace(netloc=f"{host}:{free_port(host)}").geturl()


def is_free(host: str, port: int) -> bool:
    """Whether a listener could bind there now; the socket is closed again at once."""
    try:
        with socket.socket(_FAMILIES.get(host, socket.AF_INET), socket.SOCK_STREAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((host, port))
            sock.listen(1)
    except OSError:
        return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago."""
    with socket.socket(_FAMILIES.get(host, socket.AF_INET), socket.SOCK_STREAM) as sock:
        sock.bind((host, 0))
        port: int = sock.getsockname()[1]
        return port
