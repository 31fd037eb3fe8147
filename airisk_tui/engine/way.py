"""The way that a run goes where none is chosen. Imports nothing, for the first frame does not wait."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal


def default_way(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Literal["browser", "direct"]:
    """Browser where there can be one, else direct: the one key should lead to a token. system: as `sys.platform` has it."""
    display = any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return "browser" if display or system in ("darwin", "win32") else "direct"
