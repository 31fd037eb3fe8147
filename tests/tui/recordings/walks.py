"""The walks through recordings and their replay, by name, as in `tests.tui.walks`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Coroutine
from contextlib import chdir
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from airisk_tui.recording.disk.writer import RecordingWriter
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.recordings import preview
from airisk_tui.tui.recordings import screen as recordings
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.shared import saving
from airisk_tui.tui.shared.dialogs import ChooseScreen
from tests.recording import hars
from tests.recording.disk import HEADER, record
from tests.recording.logs import LOGS
from tests.runs import CODE
from tests.tui.bare_app import until
from tests.tui.conftest import Counting, filled_shelf
from tests.tui.walk import Walk
from tests.tui.walking import Still, run_screen, written


async def _library(folder: Path) -> str:
    """What can be done with recordings, and what is said of those that cannot be read."""
    shelf = filled_shelf(folder / "recordings").folder
    (shelf / "none.jsonl").write_text("nothing\n")
    record(folder / "a-friends.jsonl", LOGS["held-and-believed"], replace(HEADER, run_id="f" * 12, origin="har"))
    first = json.loads(hars.chromium())
    second = json.loads(json.dumps(first).replace(hars.STATE, "another-state").replace(hars.CODE, "AnotherCode12345"))
    first["log"]["entries"] += second["log"]["entries"]
    (folder / "two.har").write_text(json.dumps(first))
    (folder / "none.har").write_text('{"log":{"entries":[]}}')
    with chdir(folder), patch.object(recordings, "SystemEntropy", Counting):
        async with run_screen(folder, (120, 30)) as (walk, tui, _):
            await walk.press("ctrl+o", "end", "enter", "e", "a", "space", "equals_sign")
            with patch.object(preview, "MAX_READ", 100):
                await walk.press("home")
            await walk.press("u", "enter", "escape", "slash", "down", "enter", "escape", "escape")
            for path in ("a-friends.jsonl", "nowhere.jsonl", "none.har", ""):
                await walk.pilot.press("i", *path)
                await walk.press("enter")
            await walk.pilot.press("i", *"two.har", "enter")
            await walk.note("which of two flows")
            await walk.press("escape")
            await walk.pilot.press("i", *"two.har", "enter")
            await walk.press("down", "enter")
            await walk.pilot.press("M", *"a-friends/x")
            await walk.press("enter")
            await walk.press("e", "escape", "e", "down", "enter")
            (folder / "a-friends.har").mkdir()
            await walk.press("home", "e", "down", "down", "down", "enter", "e", "down", "down", "down", "enter")
            with patch.object(saving, "write_whole", side_effect=OSError(28, "No space left on device")):
                await tui.pilot.press("e")
                await until(tui.pilot, lambda: isinstance(tui.app.screen, ChooseScreen))
                await tui.pilot.press("enter")
                await walk.note("a disk that is full")
            await walk.press("space", "down", "space", "equals_sign", "e", "escape", "R")
            (shelf / "none.jsonl").unlink()
            await walk.press("R", "delete", "delete", "u", "u")
            return f"{walk.text}{written(folder)}\n"


async def _with_secrets(folder: Path) -> str:
    """The replay of a recording that holds raw secrets and has unreadable lines: what is revealed, copied and exported."""
    path = folder / "recording.jsonl"
    with RecordingWriter.create(path, replace(HEADER, secrets="included", origin="har")) as writer:
        for event in LOGS["browser-token"]:
            writer.append(event, {CODE.fingerprint: "the-raw-code-of-it"})
    path.write_bytes(path.read_bytes() + b'{"event":"Torn"}\n' * 5)
    environ = {"AIRISK_TUI_HOME": str(folder / "home")}
    with chdir(folder), patch.dict(os.environ, environ), Still().holding_timers():
        app = AiriskApp(AppOptions(replay=path.name))
        async with app.run_test(size=(150, 40), notifications=False) as pilot:
            shown = app.screen
            assert isinstance(shown, ReplayScreen)
            await until(pilot, lambda: shown.opened is not None and shown.position == len(shown.opened.replay))
            walk = Walk(pilot, {str(folder): "FOLDER"})
            await walk.note("the end of the recording")
            await walk.press("3", "r", "r")
            for key in ("a", "c", "k", "p", "r", "m", "escape"):
                await pilot.press("f5")
                await walk.press(key)
            await walk.press("e", "end", "enter", "e", "enter", "escape", "ctrl+o", "escape", "escape", "escape")
            return f"{walk.text}{written(folder)} {app.return_value}\n"


async def _unreadable(folder: Path) -> str:
    """The replay of a file that is no recording, whose keys do nothing."""
    (folder / "none.jsonl").write_text("nothing\n")
    environ = {"AIRISK_TUI_HOME": str(folder / "home")}
    with chdir(folder), patch.dict(os.environ, environ), Still().holding_timers():
        app = AiriskApp(AppOptions(replay="none.jsonl"))
        async with app.run_test(size=(80, 24), notifications=False) as pilot:
            walk = Walk(pilot, {str(folder): "FOLDER"})
            await walk.note("no recording")
            await walk.press(
                "right", "end", "space", "colon", "e", "a", "r", "f5", "f2", "equals_sign", "V", "f10", "escape"
            )
            return f"{walk.text}{app.return_value}\n"


RECORDED_WALKS: dict[str, Callable[[Path], Coroutine[Any, Any, str]]] = {
    "library": _library,
    "with-secrets": _with_secrets,
    "unreadable": _unreadable,
}
