"""Screens under test: waited for until they are at rest, drawn then and not before.

Textual waits for a process that used no CPU for 20 ms: twice for each key, once for each pause, and on a busy machine it takes a
process that was only not scheduled for an idle one. Here a screen is at rest when its loop and its threads have nothing to do.
Until then Textual draws a frame for each change, which a headless screen throws away; here what has changed is drawn once, when
a test looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import textual.app
import textual.constants
import textual.pilot
from textual._compositor import Compositor
from textual._context import active_app

SOON = 0.06
"""Seconds. What is due that soon is waited for, as Textual's two looks at a key would: frames, and a drawing put off."""

PATIENCE = 1.0
"""Seconds for what is under way in a thread: reading a file, importing a module."""

draw = Compositor.render_update


@contextmanager
def drawn_at_rest() -> Iterator[None]:
    """Every `run_test` meanwhile waits and draws like this. Animations end at once."""
    with (
        patch.object(textual.app, "wait_for_idle", at_rest),
        patch.object(textual.pilot, "wait_for_idle", at_rest),
        patch.object(textual.constants, "TEXTUAL_ANIMATIONS", "none"),
        patch.object(Compositor, "render_update", _for_a_picture),
    ):
        yield


def _for_a_picture(compositor: Compositor, full: bool = False, **more: Any) -> Any:
    return draw(compositor, full, **more) if full else None


async def at_rest(*seconds: float) -> None:
    """Wait until the loop of the active application has nothing to run, now or soon; then draw its screen."""
    app: Any = active_app.get()
    loop: Any = asyncio.get_running_loop()
    horizon = loop.time() + SOON
    while True:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        if _refresh_is_due(app):
            app.screen._on_timer_update()
        elif _threads_work(loop) and loop.time() < horizon + PATIENCE:
            await asyncio.sleep(0.002)
        elif (due := _next_due(app, loop)) <= horizon:
            await asyncio.sleep(due - loop.time())
        else:
            break
    if app._screen_stack and app._running:
        draw(app.screen._compositor, screen_stack=app._background_screens)


def _threads_work(loop: Any) -> bool:
    """Whether something is under way in `asyncio.to_thread`; its result is handed to the loop before its thread is idle."""
    pool = loop._default_executor
    return pool is not None and len(pool._threads) > pool._idle_semaphore._value


def _refresh_is_due(app: Any) -> bool:
    timer = app._screen_stack and app.screen.__dict__.get("_Screen__update_timer")
    return bool(timer and timer._active.is_set())


def _next_due(app: Any, loop: Any) -> float:
    """When the next timer is due, but for those by which screens are drawn."""
    drawing = [_sleep_of(screen) for screen in app._screen_stack]
    waiting = (h for h in loop._scheduled if not h._cancelled and not (h._args and h._args[0] in drawing))
    return min((handle._when for handle in waiting), default=float("inf"))


def _sleep_of(screen: Any) -> Any:
    timer = screen.__dict__.get("_Screen__update_timer")
    return timer and timer._task and timer._task._fut_waiter
