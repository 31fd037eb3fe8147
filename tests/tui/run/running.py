"""A run on the run screen, brought by a test to where it waits."""

from __future__ import annotations

from airisk_tui.flow.events import BrowserOpened, CallbackReceived, ListenerBound
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.tui.run.request.field import Field
from tests.tui.conftest import OpenTui

BOUND = ListenerBound(at=0.1, addresses=("127.0.0.1:48765",), scheme="http")
OPENED = BrowserOpened(at=0.2, ok=True, program="firefox")
CLOSED = BrowserOpened(at=0.2, ok=False, reason="none-found")


def callback(tui: OpenTui, *, state: bool = True, at: float = 1.0) -> CallbackReceived:
    query = f"?code=abc&state={tui.draft.state}" if state else "?code=abc"
    return CallbackReceived(at=at, request=HttpRequest("GET", f"/callback{query}"))


async def waiting(tui: OpenTui, browser: BrowserOpened = OPENED) -> None:
    await tui.press("ctrl+r")
    await tui.post(BOUND, browser)


async def pasting(tui: OpenTui) -> Field:
    """Start a run by paste, and give its box."""
    await tui.press("f7")
    await tui.post(BOUND)
    await tui.until(lambda: tui.screen.query("#paste-back"))
    await tui.pilot.pause()
    return tui.screen.query_one("#paste-back", Field)
