"""The views of a run, mounted into the frame's boxes once their imports are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.flow.step import INITIAL
from airisk_tui.tui.widgets.findings import FindingsPanel
from airisk_tui.tui.widgets.inbox import Inbox
from airisk_tui.tui.widgets.inspector import Inspector
from airisk_tui.tui.widgets.rail import Rail

if TYPE_CHECKING:
    from airisk_tui.tui.screens.replay import ReplayScreen
    from airisk_tui.tui.screens.run import RunScreen

__all__ = ["INITIAL", "mount_views"]


async def mount_views(screen: RunScreen | ReplayScreen) -> None:
    """Mount them, bound to the screen's state and report."""
    state, report = type(screen).state, type(screen).report
    strip = Rail(screen.clock, compact=True, id="strip").data_bind(state=state)
    await screen.mount(strip, after="#title")
    await screen.query_one("#rail-box").mount(Rail(screen.clock, id="rail").data_bind(state=state))
    await screen.query_one("#inbox-box").mount(Inbox(id="inbox").data_bind(state=state))
    findings = FindingsPanel(id="findings").data_bind(state=state, report=report)
    await screen.query_one("#result").mount(findings, before="#inspector-box")
    inspector = Inspector(screen.clock, screen.unseal, id="inspector").data_bind(state=state)
    await screen.query_one("#inspector-box").mount(inspector)
