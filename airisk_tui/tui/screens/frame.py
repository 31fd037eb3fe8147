"""The whole screen's frame, mounted right after the first frame: it imports no room but `oauth.text`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from airisk_tui.tui.widgets.form import Form
from airisk_tui.tui.widgets.launch import LaunchBar
from airisk_tui.tui.widgets.now import NowPanel
from airisk_tui.tui.widgets.preview import Preview

if TYPE_CHECKING:
    from airisk_tui.tui.screens.run import RunScreen

SHEET = Path(__file__).parent.parent / "rest.tcss"


async def mount_frame(screen: RunScreen) -> None:
    """Mount the form's other rows, the preview, and the boxes that the views will fill."""
    screen.app.stylesheet.read(str(SHEET))
    screen.app.stylesheet.parse()
    await screen.query_one(Form).complete()
    await screen.query_one("#request", Vertical).mount(LaunchBar(), Preview())
    flow = Vertical(_box("rail-box", "Flow"), _box("inbox-box", "Heard by the listener"), id="flow", classes="column")
    result = Vertical(NowPanel(), _box("inspector-box", "Inspector"), id="result", classes="column")
    await screen.query_one("#columns").mount(flow, result)


def _box(name: str, title: str) -> Vertical:
    box = Vertical(id=name, classes="box")
    box.border_title = Content(title)
    return box
