"""A run on the run screen, brought by a test to where it waits."""

from __future__ import annotations

from airisk_tui.flow.events import BrowserOpened, CallbackReceived, ListenerBound
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.tui.run.field import Field
from tests.tui.conftest import Stage

BOUND = ListenerBound(at=0.1, addresses=("127.0.0.1:48765",), scheme="http")
OPENED = BrowserOpened(at=0.2, ok=True, program="firefox")
CLOSED = BrowserOpened(at=0.2, ok=False, reason="none-found")


def callback(stage: Stage, *, state: bool = True, at: float = 1.0) -> CallbackReceived:
    query = f"?code=abc&state={stage.draft.state}" if state else "?code=abc"
    return CallbackReceived(at=at, request=HttpRequest("GET", f"/callback{query}"))


async def waiting(stage: Stage, browser: BrowserOpened = OPENED) -> None:
    await stage.press("ctrl+r")
    await stage.post(BOUND, browser)


async def pasting(stage: Stage) -> Field:
    """Start a run by paste, and give its box."""
    await stage.press("f7")
    await stage.post(BOUND)
    await stage.until(lambda: stage.screen.query("#paste-back"))
    await stage.pilot.pause()
    return stage.screen.query_one("#paste-back", Field)
