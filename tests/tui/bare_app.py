"""A bare app around one view, and what stands on its screen; hostile values that must be shown and do nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from airisk_tui.engine.config.memory import Memory
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.shared.screen import FOLDER

HOSTILE = {
    "an escape sequence": ("\x1b[31mred\x1b]0;title\x07", "␛[31mred␛]0;title␇"),
    "a bidirectional override": ("abc\u202edcba", "⟨U+202E RIGHT-TO-LEFT OVERRIDE⟩"),
    "markup": ("[red]x[/red]", "[red]x[/red]"),
    "markup that runs an action": ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
    "a lone surrogate": ("a\udc80b", "⟨U+DC80⟩"),
    "a line break": ("a\nb", "a␊b"),
}
"""By what it is: the value, and how it stands on the screen."""


class ViewApp(App[None]):
    """Shows one view and keeps the messages that it posts."""

    def __init__(self, view: Widget) -> None:
        super().__init__()
        self.view: Any = view  # each test knows which view it shows
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_rail_chosen(self, message: Message) -> None:
        self.heard.append(message)

    on_virtual_list_chosen = on_rail_chosen
    on_findings_panel_evidence_chosen = on_rail_chosen


class ScreenApp(App[None]):
    """A bare app for one screen, which may open others as in the program."""

    CSS_PATH: ClassVar = [f"{FOLDER}/{name}.tcss" for name in ("app", "form", "rest")]
    session = None
    memory = Memory(Path("/nonexistent/state.json"))
    make_screen = AiriskApp.make_screen


@asynccontextmanager
async def playing(app: ViewApp, width: int, height: int) -> AsyncIterator[Pilot[None]]:
    """The app on a screen of this size, once the view has settled."""
    async with app.run_test(size=(width, height)) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[Any]) -> None:
    """What was posted is drawn: once for the widgets that are mounted, once for what they say then."""
    await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Wait for something to be so, twenty seconds at most."""
    for _ in range(1000):
        await pilot.pause(0.02)
        if condition():
            return
    raise AssertionError("It did not come to pass.")


def lines(app: App[None]) -> list[str]:
    """The screen as text, one string a line."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def text(app: App[None]) -> str:
    """The screen as one text, wrapped lines joined, so that a long value is found in it."""
    return "".join(strip.text.strip() for strip in app.screen._compositor.render_strips())
