"""The run screen: from left to right the request, the flow and the result; on a narrow terminal these columns become panes.

The first frame is the title, the first rows of the form and the footer. The second adds the values and the request that they make,
which is all that a person needs to start a run. The other columns, the embedded server and what a run imports come later. So
this module imports only what a bare Textual app imports, and its methods import what they need (architecture.md, import cost).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Input

from airisk_tui.flow.start.fields import EMBEDDED, SANDBOX
from airisk_tui.tui.run.request.column import RequestColumn
from airisk_tui.tui.run.request.form import help_for_row
from airisk_tui.tui.run.views import RunViews
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.screen import PaletteCommand, size_classes
from airisk_tui.tui.shared.title import TitleLine

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Size
    from textual.widget import Widget

    from airisk_tui.engine.draft import Draft
    from airisk_tui.engine.run import Run
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.insight.fix import Fix
    from airisk_tui.oauth.request.edit import FollowUp
    from airisk_tui.tui.options import AppOptions
    from airisk_tui.tui.run.browser_question import BrowserQuestion
    from airisk_tui.tui.run.controller import RunController
    from airisk_tui.tui.run.guide import Guide
    from airisk_tui.tui.shared.screen import Copyable


EXPLAIN = 3.0
"""Seconds between two explanations of why the redirect does not come."""

NO_TOKEN = "There is no token yet; run the flow first."  # noqa: S105 - a sentence


class RunScreen(RunViews):
    """options: from the command line; size: of the terminal; request: the column with the form; controller: None until the first frame."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("next", "app.focus_next", "Next field", priority=True),
        bound("previous", "app.focus_previous", "Previous field", priority=True),
        bound("browser", "run('browser')", priority=True),
        bound("direct", "run('direct')", priority=True),
        bound("paste", "run('paste')", priority=True),
        bound("hold", "hold", "Hold each request to edit it, or stop doing so", key="ctrl+s", priority=True),
        bound("hold", "hold", "Hold each request to edit it, or stop doing so", key="ctrl+b"),
        bound("two-tokens", "two_tokens", "Two tokens side by side", priority=True),
        bound("fresh-state", "part('request', 'fresh_state')", priority=True),
        bound("secret", "part('request', 'toggle_secret')", priority=True),
        bound("send-state", "part('request', 'toggle_state')", priority=True),
        bound("interrupt", "interrupt", "Cancel the run, else quit", priority=True),
        bound("out", "back"),
        bound("reveal", "part('inspector', 'reveal')"),
        bound("laid-out", "part('inspector', 'raw')"),
        bound("bytes", "part('inspector', 'hexadecimal')"),
        bound("more", "part('inspector', 'more')"),
        bound("open-again", "part('guide', 'open_again')"),
        bound("qr", "part('guide', 'qr')"),
        bound("answers", "part('browser-question', 'insist')"),
        bound("fix", "apply_fix"),
        bound("probe", "probe", "Probe what the token may do"),
        bound("export", "export", "Export the run …"),
        bound("continue", "part('guide', 'continue_anyway')"),
        *(bound(step, f"follow_up('{step}')") for step in ("userinfo", "introspect", "refresh", "revoke")),
    ]
    AUTO_FOCUS = "#client-id"
    FIELD_KEYS: ClassVar[Mapping[str, str]] = {"Run, from any field": "Enter"}

    guide: Guide
    """Made with the columns that follow the first frame."""
    pane: reactive[str] = reactive("request", init=False)

    def __init__(self, options: AppOptions, size: Size) -> None:
        # The classes for the size are set before anything is styled, because restyling would delay the first frame.
        super().__init__(classes=" ".join(("-pane-request", *size_classes(size))))
        self.request = RequestColumn(options)
        self.controller: RunController | None = None
        self._question: BrowserQuestion | None = None
        self._options = options
        # The mode of the run that was asked for before one could start, "" for that of the form.
        self._wanted: str | None = None
        self._edited_at: tuple[str, tuple[str, ...]] | None = None
        self._can_run = False
        self._shown_at_rest: tuple[object, ...] | None = None

    # The first frame, and what comes after it

    def compose(self) -> ComposeResult:
        yield TitleLine(self._options.environment or SANDBOX)
        with Horizontal(id="columns"):
            yield self.request
        yield KeyBar()

    @on(KeyBar.Drawn)
    async def _complete(self, event: KeyBar.Drawn) -> None:
        """After the first frame: mount the whole form, with its values and the request that they make."""
        event.stop()
        if self.controller is not None:
            return
        with self.app.batch_update():
            self.read_sheets("form")
            await self.request.complete()
            runs = self._open_session()
        # Twice: the next refresh may have been due before the form was filled in, and the rest waits for the frame with the values.
        self.call_after_refresh(self.call_after_refresh, self._mount_the_rest, runs)

    def _open_session(self) -> RunController:
        """Open the session, and fill the form in from the environment."""
        from airisk_tui.tui.run.controller import RunController, open_session

        problems: list[str] = []
        session = open_session(self._options, problems.append)
        self.host.session = session
        runs = self.controller = RunController(session, self.set_timer, self.show)
        problems += [*self.host.use_keys(session.configuration.keys), self.host.memory.problem]
        self.say("\n".join(filter(None, problems)), "warning", seconds=20)
        self.request.open(session)
        return runs

    async def _mount_the_rest(self, runs: RunController) -> None:
        """Once the form can be used: mount the other columns, and prepare for a run."""
        from airisk_tui.tui.run.guide import Guide

        self.guide = Guide(lambda: runs.live_run)
        with self.app.batch_update():
            self.read_sheets("rest")
            await self.mount_views(lambda: runs.log, runs.now, runs.unseal, self.guide, acts=True)
        self.app.stylesheet.update(self.request)
        self.run_worker(self._get_ready(runs))

    async def _get_ready(self, runs: RunController) -> None:
        """Start the embedded server, import what a run needs, and start a run that was asked for meanwhile or on the command line."""
        self.show(runs.state, None)
        from airisk_tui.tui.run.controller import import_for_a_run
        from airisk_tui.tui.run.guide import TICK

        self.set_interval(TICK, self.tick)
        self.set_interval(EXPLAIN, self.explain_wait)

        if self.request.started_with in EMBEDDED:
            await self._first_touch(runs)
        await self.request.make_ready(self.request.started_with)
        await self._first_touch(runs)
        # Import it before a run: during the run, the times of its exchanges would include the imports.
        await asyncio.to_thread(import_for_a_run)
        self._can_run = True
        wanted = self._options.start or self._wanted
        if wanted:
            self.action_run(wanted)
        elif wanted is not None:
            self.action_start()

    async def _first_touch(self, runs: RunController) -> None:
        """Wait for the first key or the first request: a screen that nobody uses needs no server, which takes a third of the memory."""
        touched = self.host.touched
        if self._options.start is None:
            with runs.session.embedded.calling_back(self.request.started_with, touched.set):
                await touched.wait()

    def keep(self) -> None:
        """Save what was typed as well."""
        super().keep()
        self.request.keep_rows()

    async def on_unmount(self) -> None:
        """Close listener, connections and embedded server (threats.md L11)."""
        if self.controller is not None:
            await self.controller.session.aclose()

    # What the screen offers

    @property
    def live_run(self) -> Run | None:
        return self.controller.live_run if self.controller is not None else None

    @property
    def phase(self) -> str:
        """The phase of the newest run, as it is drawn; "idle" before there is one."""
        return self.state.phase.value if self.state is not None else "idle"

    @property
    def waiting(self) -> bool:
        """Whether a redirect can come or be pasted."""
        from airisk_tui.flow.phases import REDIRECT_PHASES

        return self.phase in REDIRECT_PHASES

    def hints(self) -> Iterator[KeyHint]:
        first = self.report.first if self.report is not None else None
        fix = [KeyHint("f", "Fix")] if first is not None and first.ways and not self.typing else []
        copy = KeyHint("F5", "Copy")
        panes = [] if self.has_class("-wide") else [KeyHint("F2-F4", "Panes", self._next_pane)]
        if self.live_run is not None:
            yield KeyHint("Esc", "To the keys" if self.typing else "Put away" if self.question else "Cancel")
            if self.live_run.state.held_since is not None:
                yield KeyHint("^S", "Edit the request")
            hangs = KeyHint("w", "It hangs?")
            if self.waiting:
                yield from self.guide.hints(*([hangs] if self.phase == "waiting" and not self.typing else []))
            if self.phase == "polling" and not self.typing:
                yield KeyHint("Q", "QR code")
            yield from (*fix, copy, *panes)
            return
        yield from fix
        base = self.request.base
        hold = KeyHint("^S", "Hold: on" if base is not None and base.hold else "Hold")
        yield from [hold] if base is not None and base.hold else []
        yield from self.inspector_hints()
        yield KeyHint("^R", "Browser")
        yield KeyHint("F6", "Direct")
        yield KeyHint("F7", "Paste")
        yield from [copy] if self.state is not None else []
        yield from panes
        yield from [] if base is not None and base.hold else [hold]
        yield KeyHint("F8", "Two runs" if base is not None and base.standard else "Two tokens")
        yield KeyHint("^O", "Recordings")

    def help_for(self, widget: Widget) -> str:
        """See `AppScreen`; for a row of the form, what `flow.start.fields` says about its input."""
        return help_for_row(widget.id or "") or super().help_for(widget)

    def palette(self) -> Iterator[PaletteCommand]:
        from airisk_tui.tui.run.palette import fault_commands, form_commands

        if self.session is not None:
            yield from form_commands(self.request, self.session)
            yield from fault_commands(self.request, self.session)

    def copyables(self) -> tuple[Copyable, ...]:
        from airisk_tui.tui.run.copying import copyables_of_draft, copyables_of_run

        if (runs := self.controller) is None or self.request.base is None:
            return ()
        of_run = copyables_of_run(runs.state, runs.log, self.report, runs.unseal, runs.raw_of) if runs.run else ()
        return (*copyables_of_draft(self.request.draft()), *of_run)

    def action_apply_fix(self) -> None:
        """Fill the fix of the first finding into the form, after a question where there are several. No run starts."""
        first = self.report.first if self.report is not None else None
        if first is None or not first.ways:
            return
        if first.plain_way:
            self._carry_out(first.plain_way)
            return
        from airisk_tui.insight.rendering import on_screen
        from airisk_tui.tui.shared.dialogs import ChooseScreen

        ways = first.ways
        question = ChooseScreen("Fix", [on_screen(way) for way in ways], "Enter fills it in. No run starts.")
        self.app.push_screen(question, lambda at: None if at is None else self._carry_out(ways[at]))

    def _carry_out(self, way: Fix) -> None:
        if self.controller is not None:
            self.pane = "request"
            self.request.carry_out(way, self.controller.unseal)

    # Running

    @on(RequestColumn.Shown)
    def _request_shown(self, event: RequestColumn.Shown) -> None:
        event.stop()
        self.query_one(TitleLine).environment = event.title
        self.tick()

    def on_screen_suspend(self) -> None:
        """Mask the client secret when another screen, a dialog or the palette opens."""
        self.request.form.show_secret(False)
        # Textual 8.2 focuses AUTO_FOCUS whenever a screen without a focus comes back: keys of a person who had left the fields, or who
        # sees another pane, would be typed into the client ID.
        self.AUTO_FOCUS = ""  # type: ignore[misc] # Textual reads it from the screen

    def action_run(self, mode: str) -> None:
        """Start a run in this mode; in paste mode while a run waits, go to its paste box instead."""
        if mode == "paste" and self.waiting:
            self.action_paste()
            return
        self._wanted = mode
        self.request.form.set_mode(mode)
        self.action_start()

    def action_start(self) -> None:
        """Start a run with what the form holds, or show what is wrong with it."""
        if (runs := self.controller) is None or self.request.base is None or not self._can_run:
            self._wanted = self._wanted or ""
            self.host.touched.set()
        elif (mistake := self.request.mistake()) is not None:
            self.pane = "request"
            self.request.reach(mistake)
        else:
            self.request.confirm_draft(lambda draft: self._start(runs, draft))

    def _start(self, runs: RunController, draft: Draft) -> None:
        self.unzoom()
        self.request.used(draft)
        self.guide.empty_paste()
        self.pane = "result"
        self.set_focus(self.steps_view)
        self.look_at("authorization-request")
        runs.start(draft)

    def show(self, state: FlowState, report: Report | None) -> None:
        """Draw a state of the newest run, and its report."""
        before, self.state, self.report = self.state, state, report
        if not self.query(TitleLine):
            return  # the program ends: the widgets are gone before the last event of the run
        self.tick()
        if before is None or before.phase is not state.phase:
            self._phase_changed(before, state)
            self.request.follow(state)
        self._open_held(state)

    def _open_held(self, state: FlowState) -> None:
        """Open the editor once for each held request."""
        place = state.run_id, state.released
        if state.held_since is not None and self.live_run is not None and self._edited_at != place:
            self._edited_at = place
            self.open_screen("hold", self.live_run)

    def action_hold(self) -> None:
        """Open the editor of a held request; otherwise switch holding on or off, for the live run or else for the next one."""
        if self.request.base is None:
            return
        from airisk_tui.oauth.request.edit import EVERY_STEP

        run = self.live_run
        if run is not None and run.state.held_since is not None:
            self.open_screen("hold", run)
            return
        inputs = run.state.inputs if run is not None else None
        steps = () if (inputs.hold if inputs is not None else self.request.base.hold) else EVERY_STEP
        self.request.base = self.request.base.to(hold=steps)
        if run is not None:
            run.hold(steps)
        self.say("Each request is held before it is sent." if steps else "No request is held any more.")
        self.tick()

    def _phase_changed(self, before: FlowState | None, state: FlowState) -> None:
        """Focus what a person has to answer now, and show the result once the run is over."""
        if self.waiting and self._question is None and self.controller is not None:
            self._mount_question(self.controller)
        if self.phase == "holding":
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
        from airisk_tui.tui.shared.drawing.times import countdown

        if self.state is None or not self.query(TitleLine) or not self.query("Guide"):
            return  # not all widgets are mounted yet, or the program ends
        left, live = self.guide.seconds_left, self.live_run is not None
        drawn, self._shown_at_rest = self._shown_at_rest, None if live else (self.state, self.request.base, self.phase)
        if drawn is not None and drawn == self._shown_at_rest:
            return
        title = self.query_one(TitleLine)
        title.clock = countdown(left) if left is not None else ""
        title.doing = doing(self.state, self.phase, live=live) if self.request.base is not None else "starting …"
        self.guide.set_class(not live and self.controller is not None and self.controller.run is not None, "-over")
        self.guide.show(self.state)
        if self._question is not None:
            self._question.ask()

    def action_paste(self) -> None:
        self.pane = "result"
        if self.question is not None:
            self.question.action_put_away()
        self.guide.action_paste()

    def on_paste(self, event: events.Paste) -> None:
        if self.live_run is not None:
            self.guide.take_paste(event)

    def action_leave(self) -> None:
        """Put the question what the browser shows away, else cancel the live run, else leave the focused part."""
        if self.question is not None:
            self.question.action_put_away()
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
        elif self.get_selected_text():
            # Textual's own ^C copies what the mouse has selected, but this binding goes before that one.
            self.action_copy_text()
            self.clear_selection()
        elif self.live_run is not None:
            self.live_run.cancel()
        else:
            self.app.exit(0)

    # While the redirect does not come

    def explain_wait(self) -> None:
        """While the redirect does not come, show the findings that may explain it."""
        if self.controller is not None and self.waiting:
            self.report = self.controller.report()

    def _mount_question(self, runs: RunController) -> None:
        """Mount the question what the browser shows, which is hidden until the redirect is late."""
        from airisk_tui.tui.run.browser_question import BrowserQuestion

        self._question = BrowserQuestion(lambda: runs.session.context_of(runs.state, runs.now()))
        self.mount(self._question, after="#guide")

    @property
    def question(self) -> BrowserQuestion | None:
        """The question what the browser shows, while a person sees it."""
        return self._question if self._question is not None and self._question.asking else None

    # With the token

    @work
    async def action_follow_up(self, step: FollowUp) -> None:
        """Take a step with the token, a revocation after a question, and show it; or say why it is not possible."""
        from airisk_tui.flow.state import missing
        from airisk_tui.tui.inspector.pages.follow_ups import LACKS, REVOKE
        from airisk_tui.tui.shared.dialogs import ConfirmScreen

        run = self.controller.run_with_token if self.controller is not None else None
        lack = missing(run.state, step) if run is not None else ""
        if run is None or lack:
            self.say(f"{step.capitalize()}: {LACKS[lack]}." if lack else NO_TOKEN, "warning")
        elif step != "revoke" or await self.app.push_screen_wait(ConfirmScreen(REVOKE)):
            self.look_at("access")
            self.inspector.show_newest()
            self.pane = "result"
            run.follow_up(step)

    @work(group="probe")
    async def action_probe(self) -> None:
        """Probe every endpoint whose method changes nothing, with the token and without it, and show what came."""
        runs = self.controller
        if runs is None or (run := runs.run_with_token) is None or runs.draft is None:
            self.say(NO_TOKEN, "warning")
            return
        from airisk_tui.session.two_tokens import probe_all

        self.look_at("access")
        self.pane = "result"
        await probe_all(runs.session, (run,), runs.draft)

    @work(group="export", exclusive=True)
    async def action_export(self) -> None:
        """Ask for a format, and export the recording of the newest run."""
        run = self.controller.run if self.controller is not None else None
        if run is None or run.state.live or run.recording is None:
            self.say("There is no recorded run to export; run the flow first.", "warning")
            return
        from airisk_tui.session.recordings.opening import open_recording
        from airisk_tui.tui.shared.saving import export_from

        await asyncio.to_thread(lambda: run.notices)  # waits for the closing line
        await export_from(self, await asyncio.to_thread(open_recording, run.recording))

    def action_two_tokens(self) -> None:
        """Open the screen of the two tokens. It shows the last two again where the form has not changed since."""
        if (runs := self.controller) is None or self.request.base is None:
            return
        from airisk_tui.tui.run.guide import ONE_AT_A_TIME

        def open_with(draft: Draft) -> None:
            if runs.session.is_awaiting and draft.mode != "direct":
                self.say(ONE_AT_A_TIME, "warning")
            else:
                self.open_screen("two_tokens", runs.two_tokens(draft), then=self._back_with_user)

        self.request.confirm_draft(open_with)

    def _back_with_user(self, userid: str | None) -> None:
        """Fill the user that was chosen on that screen into the form."""
        self.request.update_suggestions()
        if userid:
            self.pane = "request"
            self.request.form.put("userid", userid)

    # Panes and other screens

    @property
    def _next_pane(self) -> str:
        """The key of the next pane; for the last one, that of the first."""
        return f"F{(self.PANES.index(self.pane) + 1) % len(self.PANES) + 2}"

    def action_recordings(self) -> None:
        """Open the library of recordings."""
        self.open_screen("recordings", self.session.home if self.session is not None else None)
