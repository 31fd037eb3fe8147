"""The list of recordings, opened on a screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from airisk_tui.recording.disk.library import Library
from airisk_tui.tui.recordings.screen import RecordingsScreen
from tests.tui.bare_app import ScreenApp, until


@asynccontextmanager
async def opened(
    shelf: Library, size: tuple[int, int] = (140, 45)
) -> AsyncIterator[tuple[Pilot[Any], RecordingsScreen]]:
    app = ScreenApp()
    screen = RecordingsScreen(shelf)
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen)
        await until(pilot, lambda: screen._loaded)
        await pilot.pause()
        yield pilot, screen


def text(screen: Any) -> str:
    return "\n".join(strip.text for strip in screen.app.screen._compositor.render_strips())
