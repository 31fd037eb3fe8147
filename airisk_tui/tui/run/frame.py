"""The whole screen, mounted right after the first frame: views at rest, which import no room but `oauth.text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.run.guide import Guide
from airisk_tui.tui.run.inbox import Inbox
from airisk_tui.tui.run.preview import Preview
from airisk_tui.tui.run.rail import Rail
from airisk_tui.tui.run.start_button import StartButton
from airisk_tui.tui.shared.sheet import read_sheet

if TYPE_CHECKING:
    from airisk_tui.tui.replay.screen import ReplayScreen
    from airisk_tui.tui.run.screen import RunScreen


async def mount_whole(screen: RunScreen) -> None:
    """Mount the form's other rows, the preview, and the views of a run."""
    read_sheet(screen.app)
    request = screen.query_one("#request", Vertical)
    mounting = [request.mount(StartButton(), Preview())]
    await screen.query_one(Form).complete()
    await mount_columns(screen, Guide())
    for mounted in mounting:
        await mounted


async def mount_columns(screen: RunScreen | ReplayScreen, *above: Guide) -> None:
    """Mount the columns of the flow and the result, their views bound to the screen's state.

    Called in a handler of the screen's, because data_bind binds to the one that mounts. above: on top of the result.
    """
    state = type(screen).state
    strip = Rail(screen.clock, compact=True, id="strip").data_bind(state=state)
    rail = Rail(screen.clock, id="rail", classes="box").data_bind(state=state)
    inbox = Inbox(id="inbox", classes="box").data_bind(state=state)
    inspector = Inspector(screen.clock, screen.unseal, id="inspector", classes="box").data_bind(state=state)
    for view, title in ((rail, "Flow"), (inbox, "Heard by the listener"), (inspector, "Inspector")):
        view.border_title = Content(title)
    flow = Vertical(rail, inbox, id="flow", classes="column")
    result = Vertical(*above, inspector, id="result", classes="column")
    mounting = screen.mount(strip, after="#title")
    await screen.query_one("#columns").mount(flow, result)
    await mounting


def mount_findings(screen: RunScreen | ReplayScreen) -> None:
    """Mount the findings, which show nothing at rest, above the inspector; called as `mount_columns` is."""
    from airisk_tui.tui.findings.panel import FindingsPanel

    state, report = type(screen).state, type(screen).report
    findings = FindingsPanel(id="findings", applies=hasattr(screen, "action_apply_fix")).data_bind(
        state=state, report=report
    )
    screen.query_one("#result").mount(findings, before="#inspector")
