"""The walks whose every step is kept word for word in the folder `said`, by name; `make docs` writes them anew (`tests.tui.said`)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual._callback import invoke
from textual.message_pump import MessagePump
from textual.timer import Timer

from airisk_tui.flow.events import CallbackReceived, PasteRefused, StrayRequest
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.recordings import screen as recordings
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.run import filling
from tests.recording.disk import record
from tests.recording.logs import LOGS
from tests.runs import UTC, exchanged, text
from tests.tui.bare_app import until
from tests.tui.conftest import OpenTui, filled_shelf, opened_tui
from tests.tui.run.running import BOUND, OPENED, callback
from tests.tui.walk import Walk

MOMENT = 0.1
NEVER = 1_000_000.0
"""Seconds."""

NO_BROWSER = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"), "")


class Still:
    """The clock of a walk, and the timers that its screens set for later than a moment: time passes when a walk says so."""

    def __init__(self) -> None:
        self.at = 100.0
        self._due: list[tuple[MessagePump, Any]] = []

    def monotonic(self) -> float:
        return self.at

    def wall(self) -> float:
        return UTC

    async def pass_by(self, walk: Walk, seconds: float) -> None:
        """Let time pass, and note what the timers draw."""
        self.at += seconds
        for pump, drawing in self._due:
            if pump.is_attached:
                await invoke(drawing)
        await walk.note(f"{seconds:g} seconds later")

    @contextmanager
    def holding_timers(self) -> Iterator[None]:
        """Meanwhile no timer is due by itself."""

        def held(pump: MessagePump, seconds: float, callback: Any = None, **more: Any) -> Timer:
            if seconds < MOMENT:
                return interval(pump, seconds, callback, **more)
            self._due.append((pump, callback))
            return interval(pump, NEVER, callback, **more)

        interval = MessagePump.set_interval
        with (
            patch.object(MessagePump, "set_interval", held),
            patch.object(recordings, "REST", 0.01),
            patch.object(filling, "REST", NEVER),
        ):
            yield


@asynccontextmanager
async def _run_screen(folder: Path, size: tuple[int, int]) -> AsyncIterator[tuple[Walk, OpenTui, Still]]:
    clock = Still()
    with patch.dict(os.environ, NO_BROWSER), clock.holding_timers():
        async with opened_tui(folder, size, clock=clock) as tui:
            yield Walk(tui.pilot, {str(folder): "FOLDER"}), tui, clock


async def _wide_run(folder: Path) -> str:
    """The form, a run in the browser with strays and a refusal, and the three panes side by side."""
    async with _run_screen(folder, (120, 34)) as (walk, tui, clock):
        await walk.note("the form")
        await walk.type("#")
        await walk.press("ctrl+n", "ctrl+g", "ctrl+l", "f9")
        await walk.press("enter")
        await walk.press("backspace", "ctrl+r")
        await tui.post(BOUND, OPENED)
        await walk.note("the browser is open")
        await tui.post(
            StrayRequest(at=101.0, request=HttpRequest("GET", "/favicon.ico"), reason="favicon"),
            CallbackReceived(at=102.0, request=HttpRequest("GET", "/callback?code=a&state=wrong")),
        )
        await walk.note("two strays")
        await walk.press("f4", "f3", "down", "down", "enter")
        await tui.post(callback(tui, at=103.0))
        await walk.note("the callback")
        await tui.post(exchanged(text("Invalid Code"), at=104.0))
        await walk.note("a refusal")
        await clock.pass_by(walk, 3.0)
        await walk.press("f4", "down", "enter", "Z", "escape", "right", "right", "slash")
        await walk.type("inv")
        await walk.press("escape", "H", "K", "f5", "escape", "f2", "V")
        return walk.text


async def _narrow_run(folder: Path) -> str:
    async with _run_screen(folder, (80, 24)) as (walk, tui, clock):
        await walk.note("the form")
        await walk.press("shift+tab", "right", "f7", "shift+tab", "left", "f7")
        await tui.post(BOUND)
        await walk.note("the wait")
        await walk.type("abc")
        await walk.press("enter")
        await tui.post(PasteRefused(at=101.0, reason="no-address", length=3, kind="nothing"))
        await walk.note("the refusal of what was pasted")
        await walk.press("escape")
        for _ in range(2):
            await clock.pass_by(walk, 20.0)
        await walk.press("w", "down", "enter", "escape")
        await tui.post(callback(tui, state=False, at=104.0))
        await walk.note("a callback without the state")
        await walk.press("f2", "f3", "left", "f4", "escape", "f1")
        return walk.text


async def _replay(folder: Path) -> str:
    path = record(folder / "recording.jsonl", LOGS["by-its-issuer"])
    with patch.dict(os.environ, AIRISK_TUI_HOME=str(folder / "home")), Still().holding_timers():
        app = AiriskApp(AppOptions(replay=str(path)))
        async with app.run_test(size=(100, 30), notifications=False) as pilot:
            shown = app.screen
            assert isinstance(shown, ReplayScreen)
            await until(pilot, lambda: shown.opened is not None and shown.position == len(shown.opened.replay))
            walk = Walk(pilot, {str(folder): "FOLDER"})
            await walk.note("the end of the recording")
            await walk.press("left", "home", "left", "right", "plus", "plus", "plus", "minus", "colon")
            await walk.type("1:x")
            await walk.press("enter", "colon")
            await walk.type("1.6s")
            await walk.press("enter", "r")
            await walk.click("#scrubber", 50, 0)
            await walk.click("#scrubber", 3, 1)
            await walk.click("#scrubber", 5, 1)
            await walk.press("f4", "right", "tab", "tab", "down", "down", "escape")
            return walk.text


async def _recordings(folder: Path) -> str:
    filled_shelf(folder / "recordings")
    async with _run_screen(folder, (100, 26)) as (walk, _, _):
        await walk.press("ctrl+o", "end", "down", "up", "home", "pagedown", "s", "S", "s", "v", "v", "space", "space")
        await walk.press("slash")
        await walk.type("inv")
        await walk.press("escape", "escape", "M")
        await walk.type("x")
        await walk.press("enter", "delete", "u", "equals_sign", "escape", "i", "escape", "e", "escape")
        await walk.resize(70, 20)
        return walk.text


WALKS: dict[str, Callable[[Path], Coroutine[Any, Any, str]]] = {
    "wide-run": _wide_run,
    "narrow-run": _narrow_run,
    "replay": _replay,
    "recordings": _recordings,
}
