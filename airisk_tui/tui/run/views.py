"""The views of a run, which the run screen and the replay screen share: the flow, the inbox, the findings and the inspector.

The views get `state` and `report` of the screen by data_bind, and post messages, by which a choice in one view is shown in the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.reactive import reactive

from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.resizing import Edge, ResizableScreen
from airisk_tui.tui.shared.title import TitleLine

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget

    from airisk_tui.engine.config.home import Home
    from airisk_tui.flow.events import AnyEvent
    from airisk_tui.flow.reading.steps import StepName
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.findings.panel import FindingsPanel
    from airisk_tui.tui.inspector.chips import Unseal
    from airisk_tui.tui.inspector.panel import Inspector
    from airisk_tui.tui.run.inbox import Inbox
    from airisk_tui.tui.run.rail import Rail
    from airisk_tui.tui.shared.drawing.times import Clock
    from airisk_tui.tui.shared.keyboard.keybar import KeyHint


class RunViews(ResizableScreen[None]):
    """state, report: of the run that is shown; chosen: the step that a person looks at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("search", "search", "Search the inspector's page"),
        bound("previous-exchange", "part('inspector', 'turn(-1)')"),
        bound("next-exchange", "part('inspector', 'turn(1)')"),
        bound("picture", "picture"),
        bound("next-hit", "part('inspector', 'hit(1)')"),
        bound("previous-hit", "part('inspector', 'hit(-1)')"),
        bound("compare", "last_good", "What differs from the last run that worked"),
        bound("first-pane", "pane('request')", "The request", priority=True),
        bound("second-pane", "pane('flow')", "The flow: steps and what was heard", priority=True),
        bound("third-pane", "pane('result')", "The result: what it means, and the raw messages", priority=True),
        *(
            bound("numbered", f"step_of({number})", "Inspect the step with this number", key=str(number))
            for number in range(1, 7)
        ),
        bound("copy", "copy", priority=True),
        bound("whole-url", "whole_url", priority=True),
        bound("recordings", "recordings", priority=True),
    ]
    PANES = ("request", "flow", "result")
    PARTS: ClassVar[Mapping[str, str]] = {
        "rail": "The steps",
        "picture": "The picture of the flow",
        "strip": "The steps",
        "inbox": "What the listener heard",
        "findings": "What it means",
        "inspector": "The inspector",
    }
    EDGES: ClassVar[tuple[Edge, ...]] = (
        Edge("request", "width", 26, 60),
        Edge("flow", "width", 24, 62),
        Edge("findings", "height", 4, 9),
    )
    FILLS: ClassVar[tuple[str, ...]] = ("inspector", "findings", "rail", "picture", "inbox", "preview", "form")

    # A reactive of a screen that repaints draws all of it: 15 KB for each frame of a flood of strays.
    state: reactive[FlowState | None] = reactive(None, always_update=True, repaint=False)
    report: reactive[Report | None] = reactive(None, always_update=True, repaint=False)
    chosen: reactive[StepName | None] = reactive(None, repaint=False)

    _wants_picture: bool | None = None
    _events: Callable[[], Sequence[AnyEvent]]

    # The flow as a picture

    def watch_state(self) -> None:
        """Draw the picture of the flow where it is shown."""
        if self.state is None or not self.query("#flow"):
            return
        shown = self.has_class("-vast") if self._wants_picture is None else self._wants_picture
        self.set_class(shown, "-picture")
        if not shown:
            return
        from airisk_tui.flow.state import secret_names
        from airisk_tui.recording.sequence import messages
        from airisk_tui.tui.run.picture import Picture

        if not self.query(Picture):
            self.query_one("#flow").mount(Picture(), before="#inbox")
        self.query_one(Picture).show(messages(self._events()), secret_names(self.state))

    def action_picture(self) -> None:
        self._wants_picture = not self.has_class("-picture")
        self.pane = "flow" if self.has_class("-narrow") else self.pane
        self.watch_state()

    @property
    def steps_view(self) -> Widget:
        """The view of the steps that is visible now: the list, the picture, or the line of a narrow terminal."""
        if not self.has_class("-wide"):
            return self.query_one("#strip")
        return self.query_one("#picture" if self.has_class("-picture") and self.query("#picture") else "#rail")

    async def mount_views(
        self,
        events: Callable[[], Sequence[AnyEvent]],
        clock: Clock,
        unseal: Unseal | None,
        *above: Widget,
        acts: bool = False,
    ) -> None:
        """Mount the columns of the flow and of the result.

        events: gives those up to the moment that is shown; clock: gives that moment; unseal: puts raw secrets in the place of their
        references in a text, None where no secret is known; above: widgets on top of the result; acts: whether keys of the screen
        fill a finding's fix into the form, and take steps with the token.

        Call it in a handler of the screen: data_bind of Textual 8.2 binds to the object whose handler runs.
        """
        from textual.containers import Vertical

        from airisk_tui.tui.findings.panel import FindingsPanel
        from airisk_tui.tui.inspector.panel import Inspector
        from airisk_tui.tui.run.inbox import Inbox
        from airisk_tui.tui.run.rail import Rail

        self._events = events
        state = RunViews.state
        strip = Rail(clock, compact=True).data_bind(state=state, chosen=RunViews.chosen)
        rail = Rail(clock).data_bind(state=state, chosen=RunViews.chosen)
        inbox = Inbox().data_bind(state=state)
        inspector = Inspector(clock, unseal, acts=acts).data_bind(state=state)
        findings = FindingsPanel(applies=acts).data_bind(state=state, report=RunViews.report)
        flow = Vertical(rail, inbox, id="flow", classes="column")
        result = Vertical(*above, findings, inspector, id="result", classes="column")
        mounting = self.mount(strip, after="#title")
        await self.query_one("#columns").mount(flow, result)
        await mounting
        self.size_parts()

    @property
    def inspector(self) -> Inspector:
        """The inspector of the screen."""
        from airisk_tui.tui.inspector.panel import Inspector

        return self.query_one(Inspector)

    # The handlers have the names that Textual derives from the messages, so that the first frame need not import the views.

    def on_rail_chosen(self, message: Rail.Chosen) -> None:
        """Show the step in the inspector; go there if the step was opened."""
        message.stop()
        self.look_at(message.step)
        if message.exchange is not None:
            self.inspector.show_exchange(message.exchange)
        if message.opened:
            self.pane = "result"
            self.inspector.focus_tabs()

    def on_virtual_list_chosen(self, message: Inbox.Chosen) -> None:
        """Show the request that the listener heard."""
        message.stop()
        self.pane = "result"
        self.inspector.show_entry(message.item)

    def on_findings_panel_evidence_chosen(self, message: FindingsPanel.EvidenceChosen) -> None:
        message.stop()
        self.chosen = message.pointer.step
        self.inspector.go_to(message.pointer)

    def page_text(self) -> str:
        """The inspector's page."""
        return self.inspector.text if self.query("#inspector") else ""

    async def action_search(self) -> None:
        self.pane = "result"
        await self.inspector.action_search()

    def look_at(self, step: StepName) -> None:
        """Show a step in the inspector, and mark it in the list of steps."""
        self.chosen = self.inspector.step = step

    def look_at_result(self, state: FlowState) -> None:
        """Show the step that failed, else the last one that succeeded."""
        from airisk_tui.flow.reading.rail import rail

        views = rail(state)
        failed = [view.name for view in views if view.status == "failed"]
        succeeded = [view.name for view in views if view.status == "ok"]
        self.look_at((failed[:1] or succeeded[-1:] or ["authorization-request"])[0])

    def action_last_good(self) -> None:
        if not self.query("#inspector"):
            return
        if self.inspector.since is None:
            self.say("There is nothing to compare: the run has not failed, or none before it worked here.", "warning")
            return
        self.inspector.tab = "Last good"
        self.pane = "result"
        self.query_one("#inspector-tabs").focus()

    def inspector_hints(self) -> Iterable[KeyHint]:
        """The keys of the inspector that matter now; none before it is mounted, or while a field has the focus."""
        return self.inspector.hints() if self.query("#inspector") and not self.typing else ()

    def compare_with_last_good(self, state: FlowState, home: Home | None = None) -> None:
        """Look for the last run that worked, in a worker because it reads recordings, and show in the inspector what differs."""
        self.inspector.since = None
        self.run_worker(self._compared(state, home), group="last-good", exclusive=True)

    async def _compared(self, state: FlowState, home: Home | None) -> None:
        import asyncio

        from airisk_tui.session.last_good import since_last_good
        from airisk_tui.session.recordings.opening import own_library

        found = await asyncio.to_thread(since_last_good, own_library(home), state)
        is_shown = self.state is None or self.state.run_id in ("", state.run_id)
        if is_shown and self.is_attached:
            self.inspector.since = found

    def action_step_of(self, number: int) -> None:
        """Show a step in the inspector. number: of the step, from 1."""
        from airisk_tui.flow.reading.steps import TITLES

        self.look_at(tuple(TITLES)[number - 1])
        self.pane = "result"
        self.inspector.focus_tabs()

    # Panes

    def on_resize(self, event: events.Resize) -> None:
        """Keep the focus on the steps when another view of them becomes visible. Textual calls the handler of the base class as well."""
        if self.focused is not None and self.focused.id in ("rail", "strip", "picture"):
            self.call_after_refresh(lambda: self.set_focus(self.steps_view))

    def draw_panes(self) -> None:
        """Show the tabs of the panes in the title where only one pane is visible; see `AppScreen`."""
        self.query_one(TitleLine).pane = self.pane if self.has_class("-narrow") else ""
        self.unzoom()
        self.size_parts()
        self.watch_state()

    def action_pane(self, pane: str) -> None:
        """Show a pane, and focus the first widget in it that can have the focus."""
        self.pane = pane
        self.call_after_refresh(self._enter, pane)

    def _enter(self, pane: str) -> None:
        inside = (widget for widget in self.focus_chain if any(node.id == pane for node in widget.ancestors))
        if (first := next(inside, None)) is not None:
            first.focus()

    def action_whole_url(self) -> None:
        from airisk_tui.tui.run.request.preview import Preview

        self.pane = "request"
        preview = self.query_one(Preview)
        preview.whole = not preview.whole
