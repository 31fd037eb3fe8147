"""Writing a text that a person asked for into the current folder: 0600, never over another file (threats.md F2)."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from airisk_tui.recording.files import SYSTEM, reason, write_whole
from airisk_tui.tui.shared.screen import AppScreen


def save_text(screen: AppScreen[Any], name: str, text: str) -> None:
    """Write it under a name that is free (name, name-2, …), and say where it is or why it could not be written."""
    wanted = Path.cwd() / name
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            write_whole(SYSTEM, path, text.encode("utf-8", "backslashreplace"))
        except FileExistsError:
            continue
        except OSError as error:
            screen.say(f"{name} could not be written: {reason(error)}.", "error")
            return
        screen.say(f"Written to {path}.")
        return
