"""The `ssh -L` line that carries the callback from a browser on another machine to the listener on this one (RFC 4254 §7.2)."""

from __future__ import annotations

from shlex import quote

from airisk_tui.oauth.loopback import is_loopback, read_listen_address
from airisk_tui.oauth.request.mistakes import PRIVILEGED
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import host_and_port, host_of, port_of

UNKNOWN_HOST = "YOU@THIS-MACHINE"
"""Placeholders of the line, since nobody here knows how this machine is reached."""


def ssh_line(redirect_uri: str, listen: str = "") -> str | None:
    """The line to type where the browser is, or None when the redirect URI is not on a loopback address.

    The near end is bound to the very host of the redirect URI, because that is where the browser will go. listen: the address
    of the listener, if it is another (`flow.start.inputs.Settings`).
    """
    host, port = host_of(redirect_uri), port_of(redirect_uri)
    if not is_loopback(host):
        return None
    near, at = host_and_port(host, port), read_listen_address(listen)
    far = near if at is None else f"localhost:{at.port}" if at.is_wildcard else at.text
    command = "sudo ssh" if port < PRIVILEGED else "ssh"
    return f"{command} -N -L {quote(visible(f'{near}:{far}'))} {UNKNOWN_HOST}"
