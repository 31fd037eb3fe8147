"""How the views of a run speak to each other: what is chosen in one is opened in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState
    from airisk_tui.flow.steps import StepName
    from airisk_tui.tui.findings.panel import FindingsPanel
    from airisk_tui.tui.run.inbox import Inbox
    from airisk_tui.tui.run.rail import Rail
    from airisk_tui.tui.shared.screen import AppScreen

    Mixin = AppScreen[None]
else:
    Mixin = object
"""What is mixed into the run screen is no screen of its own: making each of them one would cost the first frame 3 ms."""


class ViewMessages(Mixin):
    """Mixed into the run screen. The handlers are found by their names, so that the first frame imports no view."""

    def on_rail_chosen(self, message: Rail.Chosen) -> None:
        """A step was chosen: the inspector opens it, and is brought into sight when the step was opened."""
        message.stop()
        self.look_at(message.step)
        if message.opened:
            self.pane = "result"

    def on_inbox_chosen(self, message: Inbox.Chosen) -> None:
        """A letter was chosen: the inspector opens it."""
        from airisk_tui.tui.inspector.panel import Inspector

        message.stop()
        self.pane = "result"
        self.query_one(Inspector).show_entry(message.letter)

    def on_findings_panel_evidence_chosen(self, message: FindingsPanel.EvidenceChosen) -> None:
        """Evidence was chosen: the inspector opens its very place."""
        from airisk_tui.tui.inspector.panel import Inspector

        message.stop()
        self.query_one(Inspector).go_to(message.pointer)

    def look_at_what_matters(self, state: FlowState) -> None:
        """The step that a person wants to see when a run is over: where it failed, else how far it came."""
        self.look_at(telling_step(state))

    def look_at(self, step: StepName) -> None:
        """Show a step in the inspector, and where it stands in the rail."""
        from airisk_tui.tui.inspector.panel import Inspector
        from airisk_tui.tui.run.rail import Rail

        self.query_one(Inspector).step = step
        for rail in self.query(Rail):
            rail.chosen = step


def telling_step(state: FlowState) -> StepName:
    """The step that failed, else the last one that went well."""
    from airisk_tui.flow.rail import rail

    views = rail(state)
    failed = [view.name for view in views if view.status == "failed"]
    went_well = [view.name for view in views if view.status == "ok"]
    return (failed[:1] or went_well[-1:] or ["authorization-request"])[0]
