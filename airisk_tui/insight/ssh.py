"""The `ssh -L` line that carries the callback from a browser on another machine to the listener on this one (RFC 4254 §7.2)."""

from __future__ import annotations

from shlex import quote

from airisk_tui.oauth.loopback import is_loopback, read_listen_address
from airisk_tui.oauth.mistakes import PRIVILEGED
from airisk_tui.oauth.text import visible
from airisk_tui.oauth.urls import default_port, split_url

UNKNOWN_HOST = "YOU@THIS-MACHINE"
"""What stands in the line where the caller does not know how this machine is reached."""


def ssh_line(redirect_uri: str, target: str = UNKNOWN_HOST, listen: str = "") -> str | None:
    """The line to type where the browser is, or None when the redirect URI is not on a loopback address.

    The near end is bound to the very host of the redirect URI, because that is where the browser will go. listen: the address
    of the listener, if it is another (`flow.inputs.Settings`).
    """
    parts = split_url(redirect_uri)
    if parts is None or not is_loopback(parts.hostname or ""):
        return None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = parts.port or default_port(parts.scheme)
    command = "sudo ssh" if port < PRIVILEGED else "ssh"
    at = read_listen_address(listen)
    far = f"{host}:{port}" if at is None else f"localhost:{at.port}" if at.is_wildcard else at.text
    return f"{command} -N -L {quote(visible(f'{host}:{port}:{far}'))} {quote(visible(target))}"
