"""The paths of the program's files: in the platform's folders, or below `AIRISK_TUI_HOME` (command-line.md, files)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

HOME_VARIABLE = "AIRISK_TUI_HOME"


class Home(Struct, frozen=True):
    """The paths. config: of the configuration file; recordings: of the library's folder. Neither needs to exist."""

    config: Path
    recordings: Path

    @property
    def memory(self) -> Path:
        """The file of `engine.config.memory`."""
        return self.recordings.with_name("state.json")

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Home:
        """The paths below the folder that the environment variable names, else in the platform's folders."""
        moved = environ.get(HOME_VARIABLE)
        if moved:
            root = Path(moved).expanduser()
            return cls(root / "config.toml", root / "recordings")
        import platformdirs

        config = Path(platformdirs.user_config_dir("airisk-tui", appauthor=False))
        data = Path(platformdirs.user_data_dir("airisk-tui", appauthor=False))
        return cls(config / "config.toml", data / "recordings")
