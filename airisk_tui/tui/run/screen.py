"""The run screen: from left to right the request, the flow and the result; on a narrow terminal these columns become panes.

The first frame is the title, the first rows of the form and the footer. The second adds the values and the request that they make,
which is all that a person needs to start a run. The other columns, the embedded server and what a run imports come later. So
this module imports only what a bare Textual app imports, and its methods import what they need (architecture.md, import cost).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Input

from airisk_tui.flow.fields import EMBEDDED, SANDBOX
from airisk_tui.tui.run.current_run import EXPLAIN, CurrentRunScreen
from airisk_tui.tui.run.field import Field
from airisk_tui.tui.run.form import Form, help_for_row
from airisk_tui.tui.run.wait import TICK
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keys import bound
from airisk_tui.tui.shared.screen import PaletteCommand, size_classes
from airisk_tui.tui.shared.title import TitleLine

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Size
    from textual.widget import Widget

    from airisk_tui.engine.draft import Draft
    from airisk_tui.engine.run import Run
    from airisk_tui.flow.events import AnyEvent
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.inspector.chips import Unseal
    from airisk_tui.tui.options import AppOptions
    from airisk_tui.tui.shared.screen import Copyable


class RunScreen(CurrentRunScreen):
    """options: from the command line; size: of the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("next", "app.focus_next", "Next field", priority=True),
        bound("previous", "app.focus_previous", "Previous field", priority=True),
        bound("browser", "run('browser')", priority=True),
        bound("direct", "run('direct')", priority=True),
        bound("paste", "run('paste')", priority=True),
        bound("hold", "hold", "Hold each request to edit it, or stop doing so", key="ctrl+s", priority=True),
        bound("hold", "hold", "Hold each request to edit it, or stop doing so", key="ctrl+b"),
        bound("two-tokens", "two_tokens", "Two tokens side by side", priority=True),
        bound("fresh-state", "fresh_state", priority=True),
        bound("secret", "toggle_secret", priority=True),
        bound("send-state", "toggle_state", priority=True),
        bound("interrupt", "interrupt", "Cancel the run, else quit", priority=True),
        bound("out", "leave"),
        bound("reveal", "inspect('reveal')"),
        bound("laid-out", "inspect('raw')"),
        bound("bytes", "inspect('hexadecimal')"),
        bound("more", "inspect('more')"),
        bound("open-again", "open_again"),
        bound("qr", "qr"),
        bound("answers", "answers"),
        bound("fix", "apply_fix"),
        bound("probe", "probe", "Probe what the token may do"),
        bound("export", "export", "Export the run …"),
        bound("continue", "continue_anyway"),
    ]
    AUTO_FOCUS = "#client-id"
    FIELD_KEYS: ClassVar[Mapping[str, str]] = {"Run, from any field": "Enter"}
    APPLIES_FIXES = True

    pane: reactive[str] = reactive("request", init=False)

    def __init__(self, options: AppOptions, size: Size) -> None:
        # The classes for the size are set before anything is styled, because restyling would delay the first frame.
        super().__init__(classes=" ".join(("-pane-request", *size_classes(size))))
        self.options = options
        self._environment = options.environment or SANDBOX
        self._wanted_mode: str | None = None
        self._is_wanted = False
        self._used_state: str | None = None
        self._is_complete = False
        self._edited_at: tuple[str, tuple[str, ...]] | None = None
        self._can_run = False
        self._shown_at_rest: tuple[object, ...] | None = None

    # The first frame, and what comes after it

    def compose(self) -> ComposeResult:
        yield TitleLine(self._environment)
        with Horizontal(id="columns"), Vertical(id="request", classes="column"):
            yield Form(self._environment)
        yield KeyBar()

    @on(KeyBar.Drawn)
    async def _complete(self, event: KeyBar.Drawn) -> None:
        """After the first frame: mount the whole form, with its values and the request that they make."""
        event.stop()
        if self._is_complete:
            return
        self._is_complete = True
        from airisk_tui.tui.run.preview import Preview
        from airisk_tui.tui.run.start_button import StartButton

        with self.app.batch_update():
            self.read_sheets("form")
            mounting = self.query_one("#request").mount(StartButton(), Preview())
            await self.query_one(Form).complete()
            await mounting
            self._open_session()
        self.call_after_refresh(self.call_after_refresh, self._mount_the_rest)

    def _open_session(self) -> None:
        """Open the session, and fill the form in from the environment."""
        from airisk_tui.tui.run.controller import RunController, open_session

        problems: list[str] = []
        session = open_session(self.options, problems.append)
        self.host.session = session
        self.controller = RunController(session, self.set_timer, self.show)
        self.query_one(Form).offer(tuple(session.environments))
        problems += [*self.host.use_keys(session.configuration.keys), self.host.memory.problem]
        self.say("\n".join(filter(None, problems)), "warning", seconds=20)
        self._started_with = self.options.environment or session.configuration.default
        self.fill_in(self._started_with)
        for field in self.query(Field):
            self.watch(field, "value", self._preview_typing, init=False)

    async def _mount_the_rest(self) -> None:
        """Once the form can be used: mount the other columns, and prepare for a run."""
        from airisk_tui.tui.run.guide import Guide

        with self.app.batch_update():
            self.read_sheets("rest")
            await self.mount_views(Guide())
            self.mount_findings()
        self.app.stylesheet.update(self.query_one("#request"))
        self.run_worker(self._get_ready())

    async def _get_ready(self) -> None:
        """Start the embedded server, import what a run needs, and start a run that was asked for meanwhile or on the command line."""
        if self.controller is None:
            return
        self.show(self.controller.state, None)
        self.set_interval(TICK, self.tick)
        self.set_interval(EXPLAIN, self.explain_wait)
        from airisk_tui.tui.run.controller import import_for_a_run

        if self._started_with in EMBEDDED:
            await self._wanted()
        await self.make_ready(self._started_with)
        await self._wanted()
        # Import it before a run: during the run, the times of its exchanges would include the imports.
        await asyncio.to_thread(import_for_a_run)
        self._can_run = True
        wanted = self.options.start or self._wanted_mode
        if wanted is not None:
            self.action_run(wanted)
        elif self._is_wanted:
            self.action_start()

    async def _wanted(self) -> None:
        """Wait for the first key or the first request: a screen that nobody uses needs no server, which takes a third of the memory."""
        touched = self.host.touched
        if self.options.start is None and self.controller is not None:
            with self.controller.session.embedded.calling_back(self._started_with, touched.set):
                await touched.wait()

    async def on_unmount(self) -> None:
        """Close listener, connections and embedded server (threats.md L11)."""
        if self.controller is not None:
            await self.controller.session.aclose()

    # What the screen offers

    @property
    def shown_events(self) -> Sequence[AnyEvent]:
        return self.controller.run.log if self.controller is not None and self.controller.run is not None else ()

    def clock(self) -> float:
        return self.controller.run.now() if self.controller is not None and self.controller.run is not None else 0.0

    @property
    def unseal(self) -> Unseal:
        """Puts the secrets of the newest run into a text of its log."""
        return self._unsealed

    def _unsealed(self, text: str) -> str:
        run = self.controller.run if self.controller is not None else None
        return self.session.unseal(run, text) if self.session is not None and run is not None else text

    @property
    def live_run(self) -> Run | None:
        return self.controller.live_run if self.controller is not None else None

    @property
    def run_state(self) -> FlowState | None:
        return self.state

    def hints(self) -> Iterator[KeyHint]:
        first = self.report.first if self.report is not None else None
        fix = [KeyHint("f", "Fix", "apply_fix")] if first is not None and first.ways else []
        fix = [] if self.typing else fix
        copy = KeyHint("F5", "Copy", "copy")
        panes = [] if self.has_class("-wide") else [KeyHint("F2-F4", "Panes", "next_pane")]
        if self.live_run is not None:
            yield KeyHint("Esc", "To the keys" if self.typing else "Put away" if self.question else "Cancel", "leave")
            if self.live_run.state.held_since is not None:
                yield KeyHint("^S", "Edit the request", "hold")
            hangs = [KeyHint("w", "It hangs?", "answers")] if self.phase == "waiting" and not self.typing else []
            yield from self.wait_hints(*hangs) if self.waiting else ()
            if self.phase == "polling" and not self.typing:
                yield KeyHint("Q", "QR code", "qr")
            yield from (*fix, copy, *panes)
            return
        yield from fix
        yield from self.token_hints()
        if not self.typing:
            yield from self.last_good_hints()
        yield KeyHint("^R", "Browser", "run('browser')")
        yield KeyHint("F6", "Direct", "run('direct')")
        yield KeyHint("F7", "Paste", "run('paste')")
        yield from [copy] if self.state is not None else []
        yield from panes
        yield KeyHint("^S", "Hold: on" if self.base is not None and self.base.hold else "Hold", "hold")
        yield KeyHint("F8", "Two runs" if self.base is not None and self.base.standard else "Two tokens", "two_tokens")
        yield KeyHint("^O", "Recordings", "recordings")

    def help_for(self, widget: Widget) -> str:
        """See `AppScreen`; for a row of the form, what `flow.fields` says about its input."""
        return help_for_row(widget.id or "") or super().help_for(widget)

    def palette(self) -> Iterator[PaletteCommand]:
        from airisk_tui.tui.run.palette import fault_commands, form_commands

        if self.session is not None:
            yield from form_commands(self, self.session)
            yield from fault_commands(self, self.session, self.play_fault)

    def copyables(self) -> tuple[Copyable, ...]:
        from airisk_tui.tui.run.copying import copyables_of_draft, copyables_of_run

        if self.controller is None or self.base is None:
            return ()
        run, session = self.controller.run, self.controller.session
        of_draft = tuple(copyables_of_draft(self.draft()))
        if run is None:
            return of_draft
        return of_draft + tuple(
            copyables_of_run(run.state, run.log, self.report, self.unseal, partial(session.raw_of, run))
        )

    def action_apply_fix(self) -> None:
        """Fill the fix of the first finding into the form, after a question where there are several. No run starts."""
        first = self.report.first if self.report is not None else None
        if first is None or not first.ways:
            return
        if first.plain_way:
            self.carry_out(first.plain_way, self.unseal)
            return
        from airisk_tui.insight.rendering import on_screen
        from airisk_tui.tui.shared.dialogs import ChooseScreen

        ways = first.ways
        question = ChooseScreen("Fix", [on_screen(way) for way in ways], "Enter fills it in. No run starts.")
        self.app.push_screen(question, lambda at: None if at is None else self.carry_out(ways[at], self.unseal))

    # Running

    def action_run(self, mode: str) -> None:
        """Start a run in this mode; in paste mode while a run waits, go to its paste box instead."""
        if mode == "paste" and self.waiting:
            self.action_paste()
            return
        self._wanted_mode = mode
        self.query_one(Form).set_mode(mode)
        self.action_start()

    def action_start(self) -> None:
        """Start a run with what the form holds, or show what is wrong with it."""
        from airisk_tui.tui.run.drafting import notes_of

        form = self.query_one(Form)
        form.show_secret(False)
        if self.base is None or self.controller is None or not self._can_run:
            self._is_wanted = True
            self.host.touched.set()
            return
        self._renew_state(form)
        draft = self.draft()
        wrong = [note for note in notes_of(form.values, draft).values() if note.severity == "error"]
        if wrong:
            self.pane = "request"
            if not form.reach(wrong[0].field):
                self.say(wrong[0].sentence.plain, "error")
            return
        self.confirm_draft(self._start)

    def _start(self, draft: Draft) -> None:
        assert self.controller is not None  # noqa: S101 - a run starts from a form that has been filled in
        self.unzoom()
        self._used_state = draft.state
        self.keep_rows(used=True)
        self.guide.empty_paste()
        self.pane = "result"
        self.set_focus(self.steps_view)
        self.look_at("authorization-request")
        self.controller.start(draft)

    def _renew_state(self, form: Form) -> None:
        """Make a fresh state where the last run used this one (RFC 6749 §10.12), unless a person typed it."""
        used = self._used_state is not None and self.draft().state == self._used_state
        if used and self.controller is not None and not form.field("state").touched:
            form.set_state(self.controller.session.fresh_state())

    def show(self, state: FlowState, report: Report | None) -> None:
        """Draw a state of the newest run, and its report."""
        before, self.state, self.report = self.state, state, report
        if not self.query(TitleLine):
            return  # the program ends: the widgets are gone before the last event of the run
        self.tick()
        if before is None or before.phase is not state.phase:
            self._phase_changed(before, state)
            if self.base is not None:
                self.draw_origins(self.draft())
        self._open_held(state)

    def _open_held(self, state: FlowState) -> None:
        """Open the editor once for each held request."""
        place = state.run_id, state.released
        if state.held_since is not None and self.live_run is not None and self._edited_at != place:
            self._edited_at = place
            self.open_screen("hold", self.live_run)

    def action_hold(self) -> None:
        """Open the editor of a held request; otherwise switch holding on or off, for the live run or else for the next one."""
        if self.base is None:
            return
        from airisk_tui.oauth.edit import EVERY_STEP

        run = self.live_run
        if run is not None and run.state.held_since is not None:
            self.open_screen("hold", run)
            return
        inputs = run.state.inputs if run is not None else None
        steps = () if (inputs.hold if inputs is not None else self.base.hold) else EVERY_STEP
        self.base = self.base.to(hold=steps)
        if run is not None:
            run.hold(steps)
        self.say("Each request is held before it is sent." if steps else "No request is held any more.")
        self.tick()

    def _phase_changed(self, before: FlowState | None, state: FlowState) -> None:
        """Focus what a person has to answer now, and show the result once the run is over."""
        if self.holding:
            self.pane = "result"
            self.query_one("#guide-continue").focus()
        elif self.phase == "waiting" and state.inputs is not None and state.inputs.mode == "paste":
            self.query_one("#paste-back").focus()
        elif self.phase == "done":
            self.look_at_result(state)
        if before is not None and before.live and not state.live and self.controller and self.controller.run:
            self.compare_with_last_good(state, self.controller.session.home)
            self.say("\n".join(self.controller.run.notices), "warning")

    def tick(self) -> None:
        from airisk_tui.tui.run.guide import doing
        from airisk_tui.tui.run.start_button import StartButton
        from airisk_tui.tui.shared.times import minutes

        if self.state is None or not self.query(TitleLine) or not self.query("Guide"):
            return  # not all widgets are mounted yet, or the program ends
        left, live = self.seconds_left, self.live_run is not None
        drawn, self._shown_at_rest = self._shown_at_rest, None if live else (self.state, self.base, self.phase)
        if drawn is not None and drawn == self._shown_at_rest:
            return
        title = self.query_one(TitleLine)
        title.clock = minutes(left) if left is not None else ""
        title.doing = doing(self.state, self.phase, live=live) if self.base is not None else "starting …"
        self.query_one(StartButton).live = live
        self.guide.set_class(not live and self.controller is not None and self.controller.run is not None, "-over")
        self.guide.show(self.state, self.waiting_url, left)
        self.ask_what_browser_shows()
        self.draw_hints()

    def action_paste(self) -> None:
        self.pane = "result"
        if self.question is not None:
            self.question.put_away()
        super().action_paste()

    def action_leave(self) -> None:
        """Leave the search, the field, a part that fills the screen, the question what the browser shows, the live run, or any part."""
        if self.left_search() or self.left_field() or self.unzoom():
            return
        if self.question is not None:
            self.question.put_away()
            self.set_focus(self.steps_view)
        elif self.live_run is not None:
            self.live_run.cancel()
        else:
            self.set_focus(None)

    def action_cancel(self) -> None:
        """Cancel the live run."""
        if self.live_run is not None:
            self.live_run.cancel()

    def action_interrupt(self) -> None:
        focused = self.focused
        if isinstance(focused, Input) and focused.selected_text:
            focused.action_copy()
        elif self.live_run is not None:
            self.live_run.cancel()
        else:
            self.app.exit(0)

    # Panes and other screens

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell the start button whether the focus is in the form, where Enter starts a run."""
        from airisk_tui.tui.run.start_button import StartButton

        for button in self.query(StartButton):
            button.in_form = any(node.id == "form" for node in event.widget.ancestors)

    def action_next_pane(self) -> None:
        """Go to the next pane, and from the last one to the first."""
        self.action_pane(self.PANES[(self.PANES.index(self.pane) + 1) % len(self.PANES)])

    def action_recordings(self) -> None:
        """Open the library of recordings."""
        self.open_screen("recordings", self.session.home if self.session is not None else None)
