"""Screens under test: waited for until they are at rest, drawn when a test looks, and styled by sheets that are parsed once.

Textual waits for a process that used no CPU for 20 ms: twice for each key, once for each pause, and on a busy machine it takes a
process that was only not scheduled for an idle one. Here a screen is at rest when its loop and its threads have nothing to do.
Until then Textual draws a frame for each change, which a headless screen throws away; here a screen is drawn where a test reads
it, and once more at its end, so that what cannot be drawn fails. In `make test-all` it is drawn at each rest as well.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from unittest.mock import patch

import textual.app
import textual.constants
import textual.css.stylesheet
import textual.pilot
from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual.css.parse import parse
from textual.css.stylesheet import Stylesheet
from textual.css.tokenize import tokenize_values
from textual.dom import DOMNode

SOON = 0.06
"""Seconds. What is due that soon is waited for, as Textual's two looks at a key would: frames, and a drawing put off."""

PATIENCE = 1.0
"""Seconds for what is under way in a thread: reading a file, importing a module."""

LOOK = 0.002
"""Seconds between two looks at the threads."""

LONGEST = 20.0
"""Seconds by the clock, after which a screen that never rests is taken as it is."""

EACH_REST = bool(os.environ.get("AIRISK_LONG"))
"""Whether what has changed is drawn at each rest, as a terminal would have it."""

draw = Compositor.render_update
strips = Compositor.render_strips
run_test = textual.app.App.run_test


@contextmanager
def drawn_at_rest() -> Iterator[None]:
    """Every `run_test` meanwhile waits and draws like this. Animations end at once."""
    with (
        patch.object(textual.app, "wait_for_idle", at_rest),
        patch.object(textual.pilot, "wait_for_idle", at_rest),
        patch.object(textual.pilot.Pilot, "_wait_for_screen", _every_message_is_handled),
        patch.object(textual.app.App, "run_test", _drawn_at_its_end),
        patch.object(textual.constants, "TEXTUAL_ANIMATIONS", "none"),
        patch.object(Compositor, "render_update", _for_a_picture),
        patch.object(Compositor, "render_strips", _with_what_is_behind),
        patch.object(textual.css.stylesheet, "tokenize_values", Variables().tokens),
        patch.object(textual.css.stylesheet, "parse", Sheets().rules),
        patch.object(Stylesheet, "_process_component_classes", _parts_when_asked_for),
    ):
        yield


class Variables:
    """The tokens of each set of CSS variables, one dictionary for the same variables."""

    def __init__(self) -> None:
        self._known: dict[frozenset[tuple[str, str]], Any] = {}

    def tokens(self, values: Mapping[str, str]) -> Any:
        """As `textual.css.tokenize.tokenize_values`."""
        key = frozenset(values.items())
        if key not in self._known:
            self._known[key] = tokenize_values(dict(values))
        return self._known[key]


class Sheets:
    """What each style sheet was parsed to, for the applications that come later in this process: Textual changes no rule afterwards."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

    def rules(self, scope: str, css: str, read_from: Any, *, variable_tokens: Any, **kind: Any) -> Any:
        """As `textual.css.parse.parse`. The tokens stay in `Variables`, so that an identity is never another's later."""
        key = (scope, css, read_from, id(variable_tokens), *kind.values())
        if key not in self._known:
            self._known[key] = list(parse(scope, css, read_from, variable_tokens=variable_tokens, **kind))
        return self._known[key]


class Parts(dict[str, Any]):
    """The styles of a widget's component classes, each found when it is asked for: a cursor's where there is a cursor.

    Textual finds all of them anew whenever anything about a widget changes, which is a sixth of what a screen under test costs.
    """

    def __init__(self, sheet: Stylesheet, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self._sheet, self._node, self._names = sheet, node, names

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __missing__(self, name: str) -> Any:
        part = DOMNode(classes=name)
        part._attach(self._node)
        self._sheet.apply(part)
        self[name] = part.styles
        return self[name]


def _parts_when_asked_for(sheet: Stylesheet, node: DOMNode) -> None:
    """As Textual's, which also draws a widget again where one of them has changed."""
    if names := node._get_component_classes():
        known = node._component_styles
        node._component_styles = parts = Parts(sheet, node, frozenset(names))
        if not isinstance(known, Parts) or any(parts[name] != styles for name, styles in known.items()):
            node.refresh()


@asynccontextmanager
async def _drawn_at_its_end(app: Any, **options: Any) -> AsyncIterator[Any]:
    async with run_test(app, **options) as pilot:
        yield pilot
        _draw(app)


async def _every_message_is_handled(pilot: Any, timeout: float = 0.0) -> bool:  # noqa: ASYNC109 - Textual's signature
    """Textual asks each widget by a message to itself; where the loop has nothing to run, no message is left."""
    await at_rest()
    return pilot.app._exception is None


def _draw(app: Any) -> None:
    if app._screen_stack and app._running:
        draw(app.screen._compositor, screen_stack=app._background_screens)


def _for_a_picture(compositor: Compositor, full: bool = False, **more: Any) -> Any:
    return draw(compositor, full, **more) if full else None


def _with_what_is_behind(compositor: Compositor, *size: Any) -> Any:
    """Textual notes the screens below a dialog where it draws a frame."""
    visible_screen_stack.set(active_app.get()._background_screens)
    return strips(compositor, *size)


async def at_rest(*seconds: float) -> None:
    """Wait until the loop of the active application has nothing to run, now or soon.

    What is soon, and patience, are measured by the time that was meant to be slept: a loaded machine takes longer for everything.
    """
    app: Any = active_app.get()
    loop: Any = asyncio.get_running_loop()
    end, left, patience = loop.time() + LONGEST, SOON, PATIENCE
    while True:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        if _refresh_is_due(app):
            app.screen._on_timer_update()
        elif _threads_work(loop) and patience > 0:
            patience -= LOOK
            await asyncio.sleep(LOOK)
        elif (due := max(_next_due(app, loop) - loop.time(), 0.0)) <= left and loop.time() < end:
            left -= due
            await asyncio.sleep(due)
        else:
            break
    if EACH_REST:
        _draw(app)


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
