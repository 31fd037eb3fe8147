"""What kind of machine the program runs on: SSH, WSL, a container, a display, a proxy. The launcher, the doctor, the form and
the findings all take it from here. The first frame of the screen asks whether there is a display, so no other room is
imported before `read_host` is called.
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
"""Where other programs are told of authorities to trust; this one reads SSL_CERT_FILE and SSL_CERT_DIR."""

WORKSPACES = {
    "CODESPACES": "a Codespace",
    "GITPOD_WORKSPACE_ID": "a Gitpod workspace",
    "REMOTE_CONTAINERS": "a container of VS Code",
    "CODER_WORKSPACE_NAME": "a Coder workspace",
    "CLOUD_SHELL": "Cloud Shell",
}
"""What services for remote editors set on the machines that they give, each with what they call such a machine."""

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY")


def read_host(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Host:
    """The facts about this machine, which stay as they are while the program runs. system: as `sys.platform` has it."""
    from airisk_tui.flow.start.known import Host

    return Host(
        # sshd sets the second for a session with a terminal alone (ssh(1), ENVIRONMENT).
        ssh=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
        wsl=is_wsl(environ),
        # The last is systemd's and Podman's. WSL's own variable is in no container.
        container=not environ.get("WSL_DISTRO_NAME")
        and (Path("/.dockerenv").exists() or bool(environ.get("container"))),
        display=has_display(environ, system),
        authorities=tuple(name for name in AUTHORITY_VARIABLES if environ.get(name)),
        workspace=next((what for name, what in WORKSPACES.items() if environ.get(name)), ""),
        proxy=tuple(name for name in PROXY_VARIABLES if environ.get(name)),
    )


def is_wsl(environ: Mapping[str, str]) -> bool:
    """Whether this is Linux inside Windows: the variable is missing under sudo, the kernel's name is not."""
    import platform

    return bool(environ.get("WSL_DISTRO_NAME")) or "microsoft" in platform.release().lower()


def has_display(environ: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether a program started here can open a window; WSL is not asked, whose launchers open one on Windows."""
    return system in ("darwin", "win32") or any(environ.get(name) for name in DISPLAY_VARIABLES)


def default_mode(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Literal["browser", "direct"]:
    """The mode of a run when nobody chose one: browser where one can open, else direct, so that one key leads to a token."""
    return "browser" if environ.get("BROWSER") or has_display(environ, system) else "direct"
