"""What the whole screen shows beside the first frame: the preview, the launch bar, and the views of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from airisk_tui.flow.step import INITIAL
from airisk_tui.tui.widgets.findings import FindingsPanel
from airisk_tui.tui.widgets.inbox import Inbox
from airisk_tui.tui.widgets.inspector import Inspector
from airisk_tui.tui.widgets.launch import LaunchBar
from airisk_tui.tui.widgets.now import NowPanel
from airisk_tui.tui.widgets.preview import Preview
from airisk_tui.tui.widgets.rail import Rail

if TYPE_CHECKING:
    from airisk_tui.tui.screens.run import RunScreen

__all__ = ["INITIAL", "mount_rest"]

SHEET = Path(__file__).parent.parent / "rest.tcss"


async def mount_rest(screen: RunScreen) -> None:
    """Mount the preview, the panel of the moment and the views, and style them."""
    screen.app.stylesheet.read(str(SHEET))
    screen.app.stylesheet.parse()
    await screen.query_one("#request", Vertical).mount(LaunchBar(), Preview())
    await screen.mount(_rail(screen, compact=True), after="#title")
    await screen.query_one("#columns").mount(_flow(screen), _result(screen))
    screen.app.stylesheet.update(screen.query_one("#request"))


def _rail(screen: RunScreen, *, compact: bool) -> Rail:
    rail = Rail(screen.clock, compact=compact, id="strip" if compact else "rail")
    return rail.data_bind(state=type(screen).state)


def _flow(screen: RunScreen) -> Vertical:
    rail = Vertical(_rail(screen, compact=False), id="rail-box", classes="box")
    rail.border_title = Content("Flow")
    inbox = Vertical(Inbox(id="inbox").data_bind(state=type(screen).state), id="inbox-box", classes="box")
    inbox.border_title = Content("Heard by the listener")
    return Vertical(rail, inbox, id="flow", classes="column")


def _result(screen: RunScreen) -> Vertical:
    inspector = Inspector(screen.clock, screen.unseal, id="inspector")
    box = Vertical(inspector.data_bind(state=type(screen).state), id="inspector-box", classes="box")
    box.border_title = Content("Inspector")
    findings = FindingsPanel(id="findings").data_bind(state=type(screen).state, report=type(screen).report)
    return Vertical(NowPanel(), findings, box, id="result", classes="column")
