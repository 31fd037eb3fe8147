"""Writing a text that a person asked for into the current folder: 0600, never over another file (threats.md F2)."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from textual.screen import Screen

from airisk_tui.oauth.text import visible


def save_text(screen: Screen[None], name: str, text: str) -> None:
    """Write it under a name that is free, and say where it is or why it could not be written."""
    try:
        path = _write(Path.cwd() / name, text)
    except OSError as error:
        screen.notify(f"{name} could not be written: {error.strerror}.", severity="error", markup=False)
        return
    screen.notify(f"Written to {visible(str(path))}.", markup=False)


def _write(wanted: Path, text: str) -> Path:
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        return path
    raise AssertionError("count() never ends")
