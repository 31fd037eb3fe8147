"""The run screen: what I ask, what happens, what it means, from left to right.

The first frame is the title, the form's first rows and the footer. The rest is imported and mounted by `screens.frame`
right after it. Narrow, the columns become panes, one at a time. What the keys do stands in `screens.actions`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from airisk_tui.tui.run.actions import RunActions
from airisk_tui.tui.run.field import Field
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.run.keys import PARTS, RUN_BINDINGS, hints
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.screen import AppScreen, PaletteCommand, size_classes
from airisk_tui.tui.shared.title import TitleLine, minutes

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Size
    from textual.timer import Timer
    from textual.widget import Widget

    from airisk_tui.engine.draft import Draft
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.app import AppOptions
    from airisk_tui.tui.run.controller import RunController

SANDBOX = "sandbox"
SAVE = "Save as environment …"
TICK = 0.5
"""Seconds between two looks at the clock: a countdown in seconds never skips one."""

THINK = 3.0
"""Seconds between two looks at why a redirect does not come; sooner there is nothing to be said."""

REST = 0.4
"""Seconds without a keystroke after which the machine is asked about the port."""


OUTCOMES = {
    "token": "✓ token received",
    "code": "✓ code received",
    "usage": "✗ not started: a mistake in the form",
    "listener": "✗ the callback address cannot be listened on",
    "authorization-refused": "✗ authorization refused",
    "response-invalid": "✗ the answer must not be believed",
    "token-refused": "✗ token refused",
    "access-refused": "✗ an endpoint refused the token",
    "timeout": "✗ nobody came back in time",
    "transport": "✗ no connection",
    "cancelled": "– cancelled",
}


class RunScreen(RunActions, AppScreen[None]):
    """See the module. state and report: of the run that is shown; the views get them by data_bind."""

    BINDINGS: ClassVar[list[BindingType]] = RUN_BINDINGS
    AUTO_FOCUS = "#client-id"
    state: reactive[FlowState | None] = reactive(None, always_update=True)
    report: reactive[Report | None] = reactive(None, always_update=True)
    pane: reactive[str] = reactive("request", init=False)
    PANES = ("request", "flow", "result")
    PARTS = PARTS
    FIELD_KEYS: ClassVar[dict[str, str]] = {"Run, from any field": "Enter"}

    def __init__(self, options: AppOptions, size: Size) -> None:
        """size: of the terminal; its classes are set before anything is styled, because restyling costs the first frame."""
        super().__init__(classes=" ".join(("-pane-request", *size_classes(size))))
        self.options = options
        self.controller: RunController | None = None
        self.base: Draft | None = None
        self._environment = options.environment or SANDBOX
        self._rest: Timer | None = None
        self._given = ""
        self._begun = False

    def compose(self) -> ComposeResult:
        """The first frame."""
        yield TitleLine(self._environment)
        with Horizontal(id="columns"), Vertical(id="request", classes="column"):
            yield Form(self._environment)
        yield KeyBar()

    async def action_use_environment(self, name: str) -> None:
        """Point the form at an environment."""
        self.run_worker(self.use_environment(name), exclusive=True, group="environment")

    @on(KeyBar.Seen)
    async def _first_frame_is_out(self, event: KeyBar.Seen) -> None:
        """Everything else comes after the first frame: the whole screen at rest, then the session, which nobody sees."""
        event.stop()
        if self._begun:
            return
        self._begun = True
        from airisk_tui.tui.run.frame import mount_whole

        with self.app.batch_update():
            await mount_whole(self)
        self.call_after_refresh(self.call_after_refresh, self._session_wanted)

    def _session_wanted(self) -> None:
        """The whole screen is drawn. What the first frame showed takes on the rest of the style sheet, and nobody waits."""
        from airisk_tui.tui.run.frame import mount_findings

        mount_findings(self)
        self.app.stylesheet.update(self.query_one("#request"))
        self.run_worker(self._open_session())

    async def _open_session(self) -> None:
        """In a thread where it imports, so that the form can be typed in meanwhile."""
        opening = await asyncio.to_thread(import_module, "airisk_tui.tui.run.opening")
        self.controller = opening.make_controller(self.options, self.app.notify, self.set_timer, self.show)
        self.host.session = self.controller.session
        self.show(self.controller.state, None)
        self.set_interval(TICK, self.tick)
        self.set_interval(THINK, self.think)
        await self._get_ready(opening)

    async def _get_ready(self, opening: ModuleType) -> None:
        """Get the environment ready, start what was wanted from the start, and warm up."""
        if self.controller is None:
            return
        self.query_one(Form).offer(tuple(self.controller.session.environments))
        for field in self.query(Field):
            self.watch(field, "value", self._preview_at_once, init=False)
        self._given = self.options.environment or self.controller.session.configuration.default
        await self.use_environment(self._given)
        wanted = self.options.start or self._wanted
        if wanted is not None:
            self.action_run(wanted)
        await asyncio.to_thread(opening.import_later)
        opening.settle()

    async def use_environment(self, name: str) -> None:
        """Point the form at an environment; the sandbox is started when it is that."""
        if self.controller is None:
            return
        title = self.query_one(TitleLine)
        title.environment = name
        title.doing = "starting the sandbox …" if name == SANDBOX else "reading the environment …"
        await self.controller.session.ready(name)
        overrides = dict(self.options.overrides) if name == self._given else {}
        self.base = await asyncio.to_thread(self.controller.base, name, overrides)
        self.query_one(Form).fill(self.base, overrides.get("mode") or self.default_mode())
        self.redraw_draft()
        self.tick()

    def redraw_draft(self) -> None:
        """The notes and the preview for what stands in the form."""
        from airisk_tui.tui.run.drafting import notes_of
        from airisk_tui.tui.run.preview import Preview
        from airisk_tui.tui.run.start_button import StartButton

        if self.base is None:
            return
        draft, form = self.draft(), self.query_one(Form)
        notes = notes_of(form.values, draft)
        shown = form.show_notes({name: (note.sentence, note.severity) for name, note in notes.items()})
        self.query_one(Preview).show(draft)
        bar = self.query_one(StartButton)
        bar.way, bar.wrong = draft.mode, any(notes[name].severity == "error" for name in shown)
        if self._rest is not None:
            self._rest.stop()
        if not self.live and "redirect_uri" not in notes:
            self._rest = self.set_timer(REST, self._ask_about_port)

    def _preview_at_once(self) -> None:
        """A keystroke and its preview in one frame: the message that follows comes too late for it (Textual draws at once,
        and the next time a sixtieth of a second later)."""
        from airisk_tui.tui.run.preview import Preview

        if self.base is not None and isinstance(self.focused, Field):
            self.query_one(Preview).show(self.draft())

    def _ask_about_port(self) -> None:
        from airisk_tui.tui.run.drafting import port_note

        note = None if self.live or self.base is None else port_note(self.draft())
        if note is not None:
            self.query_one(Form).note(note.field, note.sentence, note.severity)

    def show(self, state: FlowState, report: Report | None) -> None:
        """Draw a state of the run and what it means."""
        before, self.state, self.report = self.state, state, report
        if not self.query(TitleLine):
            return  # the program ends, and what was to be drawn on is gone before the run's last word
        self.tick()
        if before is None or before.phase is not state.phase:
            self.phase_changed(before, state)

    def tick(self) -> None:
        """What changes with the clock: the title, the countdown, the footer."""
        from airisk_tui.tui.run.guide import Guide
        from airisk_tui.tui.run.start_button import StartButton

        if self.state is None or not self.query(TitleLine):
            return
        controller = self.controller
        left = controller.left() if controller is not None else None
        title = self.query_one(TitleLine)
        title.clock = minutes(left) if left is not None else ""
        title.doing = self._doing(self.state)
        self.query_one(StartButton).live = self.live
        panel = self.query_one(Guide)
        panel.display = self.live or controller is None or controller.run is None
        panel.show(self.state, controller.url() if controller is not None and self.live else "", left)
        self.ask_what_is_shown()
        self.draw_hints()

    def _doing(self, state: FlowState) -> str:
        if self.base is None:
            return "starting …"
        listening = state.listener is not None and self.listening
        if listening and state.listener is not None:
            return f"listening on {' and '.join(state.listener.addresses)}"
        if self.live:
            return f"{state.phase.value} …"
        return OUTCOMES.get(state.outcome.value, state.outcome.value) if state.outcome else "Enter runs the flow"

    def think(self) -> None:
        """While the redirect does not come, say what may keep it."""
        if self.controller is not None and self.waiting and self.clock() >= THINK:
            self.report = self.controller.report()

    def hints(self) -> tuple[KeyHint, ...]:
        """The keys that matter now."""
        return hints(self)

    def help_for(self, widget: Widget) -> str:
        """What a row of the form is for, or another widget."""
        from airisk_tui.tui.run.field_help import help_for_row

        return help_for_row(widget.id or "") or super().help_for(widget)

    def palette(self) -> Iterator[PaletteCommand]:
        """The environments, and keeping the form as one."""
        from airisk_tui.oauth.text import visible
        from airisk_tui.tui.run.naming import save_as_environment

        if self.session is None:
            return
        for name in self.session.environments:
            point = partial(self.run_action, f"use_environment({name!r})")
            yield PaletteCommand(f"Environment: {visible(name).replace('[', '(')}", point, "Point the form at it")

        def save() -> None:
            self.run_worker(save_as_environment(self))

        yield PaletteCommand(SAVE, save, "Keep what stands in the form under a name, without the secret")

    def draw_panes(self) -> None:
        """The tabs of the panes, where only one is visible."""
        self.query_one(TitleLine).pane = self.pane if self.has_class("-narrow") else ""

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Enter runs while the focus is in the form."""
        from airisk_tui.tui.run.start_button import StartButton

        for bar in self.query(StartButton):
            bar.in_form = any(node.id == "form" for node in event.widget.ancestors)

    @on(Form.Edited)
    def _edited(self, event: Form.Edited) -> None:
        event.stop()
        self.redraw_draft()

    @on(Form.Launched)
    def _launched(self, event: Form.Launched) -> None:
        event.stop()
        self.launch()

    @on(Form.EnvironmentChosen)
    def _environment_chosen(self, event: Form.EnvironmentChosen) -> None:
        event.stop()
        self.run_worker(self.use_environment(event.name), exclusive=True, group="environment")

    @on(Field.ToolPressed)
    async def _tool_pressed(self, event: Field.ToolPressed) -> None:
        event.stop()
        await self.run_action(event.action)

    def on_paste(self, event: events.Paste) -> None:
        """A paste while the redirect is waited for, and no field has the focus, is a paste-back (threats.md L12)."""
        if self.waiting:
            event.stop()
            self.paste_back(event.text)

    async def on_unmount(self) -> None:
        """Leave nothing open: listener, connections, sandbox (threats.md L11)."""
        if self.controller is not None:
            await self.controller.session.aclose()
