"""The inspector on a app of its own, for the tests of what it shows.

They ask for a page, or for the app itself where keys are pressed.
"""

from __future__ import annotations

from typing import Any

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.tui.inspector.panel import Inspector
from tests.insight.plays import refused
from tests.tui.bare_app import ViewApp, lines, playing


def app_with(state: FlowState | None, step: str, tab: str = "Meaning", **more: Any) -> ViewApp:
    view = Inspector(more.get("clock"), more.get("unseal"))
    view.state, view.step, view.tab = state, step, tab  # type: ignore[assignment] # names of the test
    return ViewApp(view)


def answering(data: bytes, kind: str = "application/json", **more: Any) -> FlowState:
    """A token endpoint that answers with this body."""
    body = Body(data, more.get("size", len(data)), len(data), more.get("cut"))
    return refused(HttpResponse(400, (("Content-Type", kind),), body))


async def page(state: FlowState | None, step: str, tab: str = "Meaning", width: int = 80, **more: Any) -> str:
    app = app_with(state, step, tab, **more)
    async with playing(app, width, more.get("height", 60)):
        return "\n".join(lines(app))
