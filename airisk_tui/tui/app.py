"""The program in the terminal: one session, one run screen, and what a crash may say.

This module and the first frame import nothing but what a bare Textual app imports, so that the form stands there with the
cursor in it as early as can be (architecture.md, import cost); everything else is brought in right after it by `screens.frame`.
"""

from __future__ import annotations

import asyncio
import select
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, MouseDown
from textual.screen import Screen

from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.shared.guard import HostileFilter

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider
    from textual.driver import Driver

    from airisk_tui.session.session import Session

ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
INTERRUPTED = 130
"""The exit code of what was cancelled (command-line.md)."""

CRASHED = 1
"""As any Python program ends that has met an error of its own."""

MAX_TRACE = 12
"""Frames of a crash that are printed: the innermost ones tell where it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppOptions:
    """Plain values from the command line.

    environment: its name, or None for the configured one; overrides: fields of the draft by name; start: the mode to
    start at once, or None; replay: a recording to open, or None; session: one that is already there, with what the
    command line told it (recorder, faults), or None to make one after the first frame, by make_session where it is given.
    """

    environment: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    start: str | None = None
    replay: str | None = None
    session: Session | None = None
    make_session: Callable[[], Session] | None = None


def _run_commands() -> type[Provider]:
    from airisk_tui.tui.commands import RunCommands

    return RunCommands


class AiriskApp(App[int]):
    """See the module."""

    TITLE = "airisk-tui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[Any]] = App.COMMANDS | {_run_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(self, options: AppOptions | None = None) -> None:
        super().__init__()
        self.options = options or AppOptions()
        self._filters.append(HostileFilter())

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, which is made to read bytes that are no UTF-8 as U+FFFD: by itself it ends the program at them, and they
        come with a paste, or from a terminal that writes Latin-1."""
        driver = super().get_driver_class()
        module = sys.modules[driver.__module__]
        if hasattr(module, "getincrementaldecoder"):
            setattr(module, "getincrementaldecoder", lambda name: partial(getincrementaldecoder(name), "replace"))  # noqa: B010 - not a name that the module exports
        for name in ("_sigtstp_application", "_sigcont_application"):
            if hasattr(driver, name):
                setattr(driver, name, _between_callbacks(getattr(driver, name)))
        return driver

    def panic(self, *renderables: RenderableType) -> None:
        """As Textual does, and the exit code says so."""
        self._return_code = CRASHED
        super().panic(*renderables)

    def get_default_screen(self) -> Screen[Any]:
        """The run screen is the program; on a recording it is the replay, which starts nothing that a run would need."""
        if self.options.replay is not None:
            from airisk_tui.tui.replay.screen import make_replay

            return make_replay(self.options.replay)
        return RunScreen(self.options, self.size)

    def on_load(self) -> None:
        """A signal ends the program as a key does, so that the terminal is given back as it was (threats.md L11, S5)."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for name in ENDING:
            if hasattr(signal, name):
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(getattr(signal, name), self.exit, INTERRUPTED)
        _when_hung_up(loop, lambda: self.exit(INTERRUPTED))

    async def on_event(self, event: Event) -> None:
        """Drop a press on a widget that has just been removed: Textual 8.2's text selection looks for its parent, and ends
        the program when there is none."""
        if isinstance(event, MouseDown) and self.screen_stack:
            pressed, _ = self.screen.get_widget_and_offset_at(event.x, event.y)
            if pressed is not None and pressed.parent is None:
                return
        await super().on_event(event)

    def _fatal_error(self) -> None:
        """End with a sentence and the bare trace: never the values of variables, where secrets are (threats.md S5)."""
        from airisk_tui.tui.crash import crash_report

        self.bell()
        error = sys.exc_info()[1] or self._exception
        self._exit_renderables.append(crash_report(error, MAX_TRACE, self._sealed))
        self._close_messages_no_wait()

    def _sealed(self, text: str) -> str:
        """The text without the secrets that the sessions of the open screens have met."""
        for screen in self.screen_stack:
            holder = screen.conductor if isinstance(screen, RunScreen) else screen
            session: Session | None = getattr(holder, "session", None)
            text = session.sealer.text(text) if session is not None else text
        return text


def _between_callbacks(handle: Callable[..., None]) -> Callable[..., None]:
    """A signal's handler that the loop calls: what it writes takes a lock which the interrupted code may be holding."""

    @wraps(handle)
    def later(self: Any, *_: object) -> None:
        asyncio.get_running_loop().call_soon_threadsafe(handle, self)

    return handle if hasattr(handle, "__wrapped__") else later


def _when_hung_up(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Call back when the terminal is gone. SIGHUP tells that only to the session's leader, and one that waits for its child, as
    make does, tells nobody; then Textual would read the end of the input for ever. Looked for on Linux alone."""
    stdin = sys.__stdin__
    if stdin is None or not hasattr(select, "epoll"):
        return
    watch = select.epoll()

    def gone() -> None:
        loop.remove_reader(watch)
        watch.close()
        call()

    with suppress(OSError, ValueError):  # a stdin that is closed, or that cannot be watched
        watch.register(stdin, 0)  # no event but the hang-up, which always counts
        loop.add_reader(watch, gone)


def run_app(options: AppOptions) -> int:
    """Open the program; the exit code when it is left."""
    app = AiriskApp(options)
    result = app.run()
    return result if result is not None else (app.return_code or 0)
