"""Where walks take place: on the real run screen, or on any screen over an empty one, with a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual._callback import invoke
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer

from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.secret import SecretView
from airisk_tui.tui.recordings import screen as recordings
from airisk_tui.tui.run.request import column as request
from tests.runs import (
    CODE,
    TOKEN,
    UTC,
    authorized,
    exchanged,
    probed,
    redirect,
    response,
)
from tests.tui.bare_app import ScreenApp, settled
from tests.tui.conftest import OpenTui, opened_tui
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
            patch.object(request, "REST", NEVER),
        ):
            yield


def written(folder: Path) -> list[str]:
    """The names of what stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


@asynccontextmanager
async def run_screen(folder: Path, size: tuple[int, int]) -> AsyncIterator[tuple[Walk, OpenTui, Still]]:
    clock = Still()
    with patch.dict(os.environ, NO_BROWSER), clock.holding_timers():
        async with opened_tui(folder, size, clock=clock) as tui:
            await settled(tui.pilot)
            yield Walk(tui.pilot, {str(folder): "FOLDER"}), tui, clock


@asynccontextmanager
async def on_screen(
    folder: Path, size: tuple[int, int], screen: Screen[Any], clock: Still | None = None
) -> AsyncIterator[Walk]:
    """A walk through one screen, which lies over an empty one."""
    clock = clock or Still()
    with clock.holding_timers():
        app = ScreenApp()
        async with app.run_test(size=size) as pilot:
            app.push_screen(screen)
            await settled(pilot)
            walk = Walk(pilot, {str(folder): "FOLDER"})
            await walk.note("the screen")
            yield walk


LISTED = response(
    200,
    '[{"id": "user_42", "name": "Ada Lovelace", "mail": "ada@example.com", "since": "1843"}, '
    '{"id": "user_7", "name": "Grace Hopper", "mail": "grace@example.com"}, {"id": "user_12", "name": "花子"}'
    + "".join(f', {{"id": "user_{number}"}}' for number in range(100, 118))
    + "]",
    "application/json",
)


async def give_token(tui: OpenTui, token: SecretView = TOKEN, listed: HttpResponse = LISTED) -> None:
    """Let the newest run end with a token, and with the users where they were asked for."""
    run = tui.run
    inputs = run.state.inputs
    assert inputs is not None
    location = f"{inputs.redirect_uri}?code={CODE.reference}&state={inputs.state}"
    run.post(authorized(redirect(location), inputs))
    run.post(exchanged(mine=inputs, token=token))
    for endpoint in inputs.probes:
        run.post(probed(endpoint, listed, inputs))
    await settled(tui.pilot)
