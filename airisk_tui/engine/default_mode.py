"""The mode of a run when nobody chose one. Imports only the standard library, because the first frame needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal


def default_mode(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Literal["browser", "direct"]:
    """Browser where one can open, else direct, so that one key leads to a token. system: as `sys.platform` has it."""
    display = any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return "browser" if display or system in ("darwin", "win32") else "direct"
