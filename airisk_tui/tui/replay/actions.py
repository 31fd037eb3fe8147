"""What the replay screen's keys do beside moving: ask where to go, reveal, export, copy, lead to other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.session.recordings import OpenRecording
from airisk_tui.tui.run.preview import Preview
from airisk_tui.tui.run.views import ViewMessages

if TYPE_CHECKING:
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.shared.copying import Copyable


class ReplayActions(ViewMessages):
    """Mixed into the replay screen, which has the widgets."""

    opened: OpenRecording | None
    report: Report | None

    if TYPE_CHECKING:

        def _go(self, position: int) -> None: ...
        def _stop(self) -> None: ...

    def action_go_to(self) -> None:
        """Ask for the number of an event or a time."""
        if self.opened is not None:
            self.run_worker(self._ask_where(self.opened))

    async def _ask_where(self, opened: OpenRecording) -> None:
        from airisk_tui.tui.replay.words import place_of
        from airisk_tui.tui.shared.dialogs import AskScreen

        words = f"An event, 0 to {len(opened.replay)}, or a time of the run, such as 2.5s or 1:30."
        answer = await self.app.push_screen_wait(AskScreen("Go to", words))
        if not answer:
            return
        place = place_of(answer, opened.replay)
        if place is None:
            self.say(f"“{answer}” is neither the number of an event nor a time. {words}", "warning")
        else:
            self._go(place)

    def action_reveal(self) -> None:
        """Raw values, where the file holds them."""
        from airisk_tui.tui.inspector.panel import Inspector

        for inspector in self.query(Inspector):
            inspector.action_reveal()

    def _revealed(self, revealed: bool) -> None:
        if revealed and self.opened is not None and not self.opened.holds_secrets:
            from airisk_tui.tui.inspector.panel import Inspector

            self.query_one(Inspector).revealed = False
            self.say(
                "Secrets cannot be revealed in a replay: the recording has only their fingerprints and lengths. "
                "A run that is started with “airisk-tui --include-secrets” keeps them.",
                "warning",
            )

    def action_export(self) -> None:
        """The export menu."""
        if self.opened is not None:
            from airisk_tui.tui.shared.exporting import export_from

            self.run_worker(export_from(self, self.opened))

    def action_run_again(self) -> None:
        """The same inputs once more, live: the only key here that leads to the network, and it asks first."""
        if self.opened is not None:
            from airisk_tui.tui.replay.rerunning import run_again

            self._stop()
            self.run_worker(run_again(self, self.opened), exclusive=True, group="again")

    def copyables(self) -> tuple[Copyable, ...]:
        """Of the recording."""
        from airisk_tui.tui.replay.copying import copyables_of

        return copyables_of(self.opened, self.report) if self.opened is not None else ()

    def action_whole_url(self) -> None:
        """The request in its other form."""
        self.pane = "request"
        self.query_one(Preview).toggle()

    def action_recordings(self) -> None:
        """The library; back to it where it is open already."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.open_screen("recordings")

    def action_pane(self, pane: str) -> None:
        """Go to a pane, and put the focus into it."""
        self.pane = pane
        for widget in self.query(f"#{pane} *"):
            if widget.focusable:
                widget.focus()
                return

    def action_back(self) -> None:
        """Out of a view first; then to where it was opened from, or out of the program."""
        if self.focused is not None:
            self.set_focus(None)
        elif len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit(0)
