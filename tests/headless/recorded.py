"""What the tests of commands with a recording share: a run that makes one, and one made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from airisk_tui.flow.events import AnyEvent
from tests.recording.disk import record

Command = Callable[..., Any]
SANDBOX = ("run", "--env", "sandbox", "--mode", "direct")


def recorded(folder: Path, events: tuple[AnyEvent, ...], name: str = "a.jsonl") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(record(folder / name, events))
