"""Every screen of the program, each with something to say, on top of one another."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from airisk_tui.flow.events import CallbackReceived
from airisk_tui.flow.phases import Outcome
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.recording.differences import Difference
from airisk_tui.recording.disk.library import Library
from airisk_tui.session.grid import GridRow
from airisk_tui.session.recordings.opening import open_recording
from airisk_tui.tui.app import SCREENS
from airisk_tui.tui.grid.screen import GridScreen
from airisk_tui.tui.replay.rerun import RerunScreen
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen, ConfirmScreen
from airisk_tui.tui.shared.screen import Copyable
from airisk_tui.tui.two_tokens.runs import TwoTokenRuns
from tests.insight.plays import issued
from tests.tui.conftest import OpenTui
from tests.tui.hold.test_screen import HELD, Held, fold
from tests.tui.run.running import waiting

REACHED = {"GET /api/Users/ListUsers": 200, "GET /api/GetConversations": None}
ROWS = [
    GridRow("", Outcome.TOKEN, reached=REACHED),
    GridRow("user_42", Outcome.TOKEN_REFUSED, "user_7", False, REACHED, "The code was refused"),
]
STRAYS = [
    CallbackReceived(at=1.0, request=HttpRequest("GET", url))
    for url in ("/favicon.ico", "/callback?code=a&state=wrong")
]
CHANGED = [Difference("token-request", "status", "status", "200", "400"), Difference("run", "finding", "x", None, "x")]


async def open_all(tui: OpenTui, shelf: Library) -> list[Screen[Any]]:
    """Every screen, over the run screen with mistakes in its form and a run that waits; the topmost is the palette."""
    app, run_screen = tui.app, tui.screen
    await waiting(tui)
    await tui.post(*STRAYS)
    await tui.press("w", "enter")
    run_screen.query_one("#client-id").focus()
    await tui.press("end", "#")
    recorded = next(path for path in shelf.folder.iterdir() if "2026-11-21" in path.name)
    draft = run_screen.request.draft()
    arguments: dict[str, tuple[object, ...]] = {
        "comparison": (issued(), issued(userid="user_42"), ("left", "right")),
        "grid": (tui.session, draft, ["", "user_42"]),
        "hold": (Held(fold(HELD)),),
        "recordings": (tui.session.home,),
        "replay": (recorded,),
        "rerun": (open_recording(recorded),),
        "two_tokens": (TwoTokenRuns(tui.session, draft),),
        "qr": ("http://127.0.0.1/", "Open it.", lambda: True),
        "copy": ((Copyable("c", "the code", str, secret=True), Copyable("u", "the address", str)),),
        "help": (run_screen, run_screen.query_one("#client-id")),
        "jump": (tuple(run_screen.focus_chain),),
    }
    assert set(arguments) == set(SCREENS)
    for name, given in arguments.items():
        await app.push_screen(app.make_screen(name, *given))  # type: ignore[arg-type] # the names of SCREENS
        await tui.pilot.pause()
        _fill(app.screen_stack)
    for dialog in (
        AskScreen("Title", "A question?", "an answer"),
        ChooseScreen("Title", ["one", "two"], "What choosing does."),
        ConfirmScreen("Really?"),
    ):
        await app.push_screen(dialog)
    app.action_command_palette()
    await tui.pilot.pause()
    return list(app.screen_stack)


def _fill(stack: list[Screen[Any]]) -> None:
    """Give the screens whose content comes of a run that content."""
    for screen in stack:
        if isinstance(screen, GridScreen) and not screen._rows:
            screen._rows[:] = ROWS
            screen._draw()
        elif isinstance(screen, RerunScreen) and not screen._changed:
            screen._changed = CHANGED
            screen._draw_table()
