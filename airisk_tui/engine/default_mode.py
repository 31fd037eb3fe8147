"""The mode of a run when nobody chose one. The first frame needs it, so what it imports is light."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal

from airisk_tui.engine.host import has_display


def default_mode(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Literal["browser", "direct"]:
    """Browser where one can open, else direct, so that one key leads to a token. system: as `sys.platform` has it."""
    return "browser" if environ.get("BROWSER") or has_display(environ, system) else "direct"
