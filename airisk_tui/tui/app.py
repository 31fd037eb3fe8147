"""The program in the terminal: its screens by name, its session, its signals, and what a crash may print.

This module and the first frame import nothing but what a bare Textual app imports, so that the form with the cursor in it is
there as early as possible (architecture.md, import cost). Everything else is imported right after that frame, by the run screen.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.events import Event, InputEvent, Key, MouseDown, Paste
from textual.screen import Screen
from textual.widget import MountError
from textual.worker import WorkerFailed

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.config.memory import Memory
from airisk_tui.systems import call_on_signals
from airisk_tui.tui.key_queue import KeyQueue
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.shared.drawing.contrast import ReadableFilter, Terminal
from airisk_tui.tui.shared.drawing.guard import HostileFilter
from airisk_tui.tui.shared.keyboard.keys import bound, choose_keys
from airisk_tui.tui.shared.screen import AppScreen, ScreenName
from airisk_tui.tui.terminal import TerminalWriter, fit_driver, when_hung_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType
    from textual.command import Provider
    from textual.driver import Driver
    from textual.theme import Theme


SCREENS: dict[ScreenName, str] = {
    "comparison": "airisk_tui.tui.comparison.screen:ComparisonScreen",
    "copy": "airisk_tui.tui.shared.dialogs:CopyScreen",
    "grid": "airisk_tui.tui.grid.screen:GridScreen",
    "help": "airisk_tui.tui.shared.help:HelpScreen",
    "jump": "airisk_tui.tui.shared.keyboard.jump:JumpScreen",
    "hold": "airisk_tui.tui.hold.screen:HoldScreen",
    "qr": "airisk_tui.tui.shared.qr:QrScreen",
    "recordings": "airisk_tui.tui.recordings.screen:make_recordings",
    "replay": "airisk_tui.tui.replay.screen:ReplayScreen",
    "rerun": "airisk_tui.tui.replay.rerun:RerunScreen",
    "two_tokens": "airisk_tui.tui.two_tokens.screen:TwoTokensScreen",
}
"""Every screen that another one opens, as module:factory. A module is imported when its screen is opened."""

YOUNG = 10_000
"""New objects after which the garbage collector looks at the youngest generation; with Python's own 700 it would do so three times
for each key."""

INTERRUPTED = 130
"""The exit code of what was cancelled (command-line.md)."""

USAGE = 2
"""The exit code of a configuration that cannot be used (command-line.md)."""

CRASHED = 1
"""The exit code of Python for an exception that nobody caught."""

MAX_TRACE = 12
"""Frames of a traceback that are printed after a crash: the innermost ones."""

MAX_MESSAGE = 300
"""Characters of the exception's own text, which may quote foreign data."""

STARTED = 2.0
"""Seconds after the first frame by which everything is imported; until then the garbage collector is off."""


class UnusableDriver(Exception):
    """TEXTUAL_DRIVER names no driver. The message is that of Python's own exception."""


def _screen_commands() -> type[Provider]:
    from airisk_tui.tui.palette import ScreenCommands

    return ScreenCommands


class AiriskApp(App[int]):
    """The program in the terminal.

    session: the one session of this process; the run screen makes it, unless the options hold one. touched: set by the first
    key, mouse event or paste.
    """

    TITLE = "airisk-tui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[Any]] = {_screen_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("quit", "quit", priority=True),
        bound("palette", "command_palette", priority=True),
    ]

    def __init__(self, options: AppOptions | None = None) -> None:
        super().__init__()
        self.options = options or AppOptions()
        self.touched = asyncio.Event()
        self._key_queue = KeyQueue(self)
        self._terminal_loop: asyncio.AbstractEventLoop | None = None
        self.session = self.options.session
        self.memory = Memory((self.session.home if self.session is not None else Home.find()).memory)
        if self.memory.theme in self.available_themes:
            self.theme = self.memory.theme
        self._filters += [HostileFilter(), ReadableFilter(self._terminal)]

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, adapted to terminals that stop reading. Raises UnusableDriver where TEXTUAL_DRIVER names no driver."""
        try:
            driver = super().get_driver_class()
        except (ImportError, AttributeError, ValueError, RuntimeError) as error:
            raise UnusableDriver(str(error)) from error
        return fit_driver(driver, self._catch_up)

    def _catch_up(self) -> None:
        """Draw the whole screen again; called by the thread that writes to the terminal, after frames were left out."""
        with suppress(RuntimeError):  # the loop is closed: the program has ended meanwhile
            if self._terminal_loop is not None:
                self._terminal_loop.call_soon_threadsafe(partial(self.refresh, layout=True))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """As Textual does, unless the terminal has stopped reading: then the frame is left out (threats.md S6)."""
        output = getattr(self._driver, "_writer_thread", None)
        if not isinstance(output, TerminalWriter) or not output.leaves_out_frame():
            super()._display(screen, renderable)

    def exit(self, result: int | None = None, return_code: int = 0, message: Any = None) -> None:
        """End the program, after every screen has saved what the next start needs."""
        for screen in self.screen_stack:
            if isinstance(screen, AppScreen):
                screen.keep()
        super().exit(result, return_code, message)

    def panic(self, *renderables: RenderableType) -> None:
        """End as Textual does, with the exit code of a crash."""
        self._return_code = CRASHED
        super().panic(*renderables)

    def get_default_screen(self) -> Screen[Any]:
        """The run screen, or the replay of the recording that was asked for."""
        if self.options.replay is not None:
            from airisk_tui.session.recordings.opening import locate

            return self.make_screen("replay", locate(self.options.replay))
        return RunScreen(self.options, self.size)

    def make_screen(self, name: ScreenName, *arguments: object) -> Screen[Any]:
        """Make the screen of that name; see `SCREENS`."""
        module, _, factory = SCREENS[name].partition(":")
        screen: Screen[Any] = getattr(import_module(module), factory)(*arguments)
        return screen

    def use_keys(self, table: Mapping[str, str]) -> list[str]:
        """Use the keys that a person has chosen. table: `[keys]` of config.toml. Returns sentences about what is wrong with it."""
        if not table:
            return []
        from airisk_tui.tui.shared.keyboard.keymap import Keymap

        keymap = Keymap(table)
        choose_keys(keymap.keys)
        self.set_keymap(keymap.keys)
        return keymap.problems

    def _terminal(self) -> Terminal:
        """The abilities of the terminal; without a terminal, as in a test, every colour."""
        system = "" if self.is_headless else self.console.color_system or ""
        colors = {"standard": 16, "windows": 16, "256": 256}.get(system, 2**24)
        return Terminal(colors, self.current_theme.dark)

    def on_mount(self) -> None:
        """Save the theme that a person chooses."""
        self.theme_changed_signal.subscribe(self, self._keep_theme)

    def _keep_theme(self, theme: Theme) -> None:
        if self.memory.theme != theme.name:
            self.memory.theme = theme.name
            self.memory.save()

    def on_notify(self) -> None:
        """Remove the older notice when a new one comes: it is about something that is over, or says the same."""
        self.clear_notifications()

    def on_load(self) -> None:
        """Let a signal end the program as a key does, so that the terminal is restored (threats.md L11, S5)."""
        if self.is_headless:
            return
        loop = self._terminal_loop = asyncio.get_running_loop()
        call_on_signals(loop, partial(self.exit, INTERRUPTED))
        when_hung_up(loop, lambda: self.exit(INTERRUPTED))

    def on_ready(self) -> None:
        """Turn the garbage collector on again once everything is imported."""
        self.set_timer(STARTED, _collect_again)

    async def on_event(self, event: Event) -> None:
        """Note the first key, let the key queue order the keys, and drop a mouse press on a widget that was just removed."""
        if isinstance(event, InputEvent | Paste):
            self.touched.set()
        # Textual 8.2's text selection asks such a widget for its parent, and ends the program because there is none.
        if isinstance(event, MouseDown) and self.screen_stack:
            pressed, _ = self.screen.get_widget_and_offset_at(event.x, event.y)
            if pressed is not None and pressed.parent is None:
                return
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self.screen_stack and self._key_queue.begin(event):
            try:
                await super().on_event(event)
            finally:
                self._key_queue.end()

    def _handle_exception(self, error: Exception) -> None:
        """As Textual does, except for a handler that still runs while the program ends, and whose widgets are gone."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self._exit and isinstance(cause, (NoMatches, MountError))):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Print a sentence and the bare traceback, the innermost frames by file and line, without the values of variables, which may
        be secrets (threats.md S5)."""
        import traceback

        from rich.text import Text

        from airisk_tui.oauth.text.visible import shortened, visible

        self.bell()
        lines = ["airisk-tui ended because of an error in the program. Your terminal is as it was before."]
        error = sys.exc_info()[1] or self._exception
        if error is not None:
            trace = traceback.extract_tb(error.__traceback__)[-MAX_TRACE:]
            lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in trace]
            words = self.session.sealed(str(error)) if self.session is not None else str(error)
            lines.append(f"{type(error).__name__}: {visible(shortened(words, MAX_MESSAGE))}")
        self._exit_renderables.append(Text("\n".join(lines)))
        self._close_messages_no_wait()


def _collect_again() -> None:
    """Turn the garbage collector on, but not for the objects that exist already: walking them would delay a key by 30 ms."""
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()


def run_app(options: AppOptions) -> int:
    """Open the program; the exit code when it is left."""
    try:
        app = AiriskApp(options)
    except UnusableDriver as error:
        sys.stderr.write(
            f"TEXTUAL_DRIVER must name a driver of Textual, as module:Class, and names none ({error}); unset it.\n"
        )
        return USAGE
    result = app.run()
    return result if result is not None else (app.return_code or 0)
