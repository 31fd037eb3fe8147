"""The kind of machine on which the program runs: SSH, WSL, a container, a display, a proxy.

The first frame of the screen asks whether there is a display, so this module imports no other room before `read_host` is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from airisk_tui.flow.start.known import Host

PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
AUTHORITY_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO")
"""Variables that name trusted authorities for other programs; this one reads SSL_CERT_FILE and SSL_CERT_DIR."""

WORKSPACES = {
    "CODESPACES": "a Codespace",
    "GITPOD_WORKSPACE_ID": "a Gitpod workspace",
    "REMOTE_CONTAINERS": "a container of VS Code",
    "CODER_WORKSPACE_NAME": "a Coder workspace",
    "CLOUD_SHELL": "Cloud Shell",
}
"""Variables on the machines of services for remote editors, each with the name of such a machine."""

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY")


def read_host(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Host:
    """The facts about this machine, which do not change while the program runs. system: as `sys.platform`."""
    from airisk_tui.flow.start.known import Host

    return Host(
        # sshd sets the second one only for a session with a terminal (ssh(1), ENVIRONMENT).
        ssh=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
        wsl=is_wsl(environ),
        # systemd and Podman set `container`. A container has no variable of WSL.
        container=not environ.get("WSL_DISTRO_NAME")
        and (Path("/.dockerenv").exists() or bool(environ.get("container"))),
        display=has_display(environ, system),
        authorities=tuple(name for name in AUTHORITY_VARIABLES if environ.get(name)),
        workspace=next((what for name, what in WORKSPACES.items() if environ.get(name)), ""),
        proxy=tuple(name for name in PROXY_VARIABLES if environ.get(name)),
    )


def is_wsl(environ: Mapping[str, str]) -> bool:
    """Whether this is Linux inside Windows. Also by the kernel's name, because the variable is missing under sudo."""
    import platform

    return bool(environ.get("WSL_DISTRO_NAME")) or "microsoft" in platform.release().lower()


def has_display(environ: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether a program can open a window here. On WSL launchers open one on Windows, which is not looked at."""
    return system in ("darwin", "win32") or any(environ.get(name) for name in DISPLAY_VARIABLES)


def default_mode(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Literal["browser", "direct"]:
    """The mode of a run if nobody chose one: browser if one can open, else direct."""
    return "browser" if environ.get("BROWSER") or has_display(environ, system) else "direct"
