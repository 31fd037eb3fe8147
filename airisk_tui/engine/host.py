"""Where the program runs, as far as it can be told from the outside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from airisk_tui.flow.known import Host

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def read_host(environ: Mapping[str, str] = os.environ) -> Host:
    """The facts, which stay as they are while the program runs."""
    return Host(
        ssh=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
        wsl=bool(environ.get("WSL_DISTRO_NAME")),
        container=Path("/.dockerenv").exists() or bool(environ.get("container")),
        display=bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")) or os.name == "nt",
        proxy=tuple(name for name in PROXIES if environ.get(name)),
    )
