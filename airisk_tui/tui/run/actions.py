"""What the run screen's keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from airisk_tui.engine.default_mode import default_mode
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.run.waiting import WaitingActions

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.explain import Report
    from airisk_tui.tui.shared.copying import Copyable


class RunActions(WaitingActions):
    """Mixed into the run screen, which has the widgets."""

    base: Draft | None
    report: Report | None
    _wanted: str | None = None
    _state_used: str | None = None

    def clock(self) -> float:
        """Seconds since the run that is shown began."""
        return self.controller.run.now() if self.controller is not None and self.controller.run is not None else 0.0

    def unseal(self, text: str) -> str:
        """The text with the secrets that this session has met in the places of their placeholders."""
        return self.controller.session.unseal(text) if self.controller is not None else text

    def default_mode(self) -> str:
        """Browser where there can be one, else direct: the one key should lead to a token."""
        return default_mode()

    def draft(self) -> Draft:
        """What the form stands for."""
        from airisk_tui.tui.run.drafting import draft_of

        if self.base is None:
            raise RuntimeError("The environment is not ready.")
        return draft_of(self.query_one(Form).values, self.base)

    def launch(self) -> None:
        """Start a run with what stands in the form, or say what keeps it from starting."""
        from airisk_tui.tui.run.drafting import notes_of

        form = self.query_one(Form)
        if self.base is None or self.controller is None:
            self._wanted = self._wanted or self.default_mode()
            return
        self._renew_state(form)
        draft = self.draft()
        wrong = [note for note in notes_of(form.values, draft).values() if note.severity == "error"]
        if wrong:
            self.say(wrong[0].sentence.plain, "error")
            self.pane = "request"
            form.reach(wrong[0].field)
            return
        self._state_used = draft.state
        self.guide.empty_paste()
        self.pane = "result"
        self.set_focus(self.query_one("#rail" if self.has_class("-wide") else "#strip"))
        self.look_at("authorization-request")
        self.controller.start(draft)

    def _renew_state(self, form: Form) -> None:
        """A state is used once (RFC 6749 §10.12); one that a person typed is theirs to use again."""
        used = self._state_used is not None and self.draft().state == self._state_used
        if used and self.controller is not None and not form.field("state").touched:
            form.set_state(self.controller.session.fresh_state())

    def phase_changed(self, before: FlowState | None, state: FlowState) -> None:
        """Lead the eye: to the question when there is one, to the result when it is there."""
        if self.holding:
            self.pane = "result"
            self.query_one("#guide-continue").focus()
        elif state.phase.value == "waiting" and state.inputs is not None and state.inputs.mode == "paste":
            self.query_one("#paste-back").focus()
        if state.phase.value == "done":
            self.look_at_what_matters(state)
        if before is not None and before.live and not state.live and self.controller and self.controller.run:
            for notice in self.controller.run.notices:
                self.say(notice, "warning")

    def action_run(self, way: str) -> None:
        """Run this way; while a redirect is waited for, ^V goes to the paste box."""
        if way == "paste" and self.waiting:
            self.pane = "result"
            self.query_one("#paste-back").focus()
            return
        self._wanted = way
        self.query_one(Form).set_mode(way)
        self.launch()

    def action_leave(self) -> None:
        """Cancel the run; without one, leave the field."""
        if self.live and self.controller is not None:
            self.controller.cancel()
        else:
            self.set_focus(None)

    def action_interrupt(self) -> None:
        """Copy what is selected, else cancel the run, else quit."""
        focused = self.focused
        if isinstance(focused, Input) and focused.selected_text:
            focused.action_copy()
        elif self.live and self.controller is not None:
            self.controller.cancel()
        else:
            self.app.exit(0)

    def action_apply_fix(self) -> None:
        """Fill in what the first finding says to change; nothing runs by itself."""
        first = self.report.first if self.report is not None else None
        if first is None or first.change is None:
            return
        self.pane = "request"
        if not self.query_one(Form).put(first.change.field, self.unseal(first.change.value)):
            self.say("The form has no field for this here; the environment has to be changed.", "warning")

    def action_fresh_state(self) -> None:
        """A new state value in the form."""
        if self.controller is not None:
            self.query_one(Form).set_state(self.controller.session.fresh_state())

    def action_toggle_secret(self) -> None:
        """Show or hide the client secret."""
        self.query_one(Form).toggle_secret()

    def action_toggle_state(self) -> None:
        """Send a state, or leave it out."""
        if self.base is not None:
            self.query_one(Form).toggle_state()

    def action_launch(self) -> None:
        """Run, the way that is chosen."""
        self.launch()

    def action_whole_url(self) -> None:
        """The preview in its other form."""
        from airisk_tui.tui.run.preview import Preview

        self.pane = "request"
        self.query_one(Preview).toggle()

    def copyables(self) -> tuple[Copyable, ...]:
        """Of the draft, and of the run that is shown."""
        from airisk_tui.tui.run.copying import copyables

        if self.controller is None or self.base is None:
            return ()
        return copyables(self.controller.session, self.draft(), self.controller.run, self.report)

    def action_pane(self, pane: str) -> None:
        """Go to a pane: show it where there is room for one only, and put the focus into it."""
        self.pane = pane
        self.call_after_refresh(self._enter, pane)

    def _enter(self, pane: str) -> None:
        """Focus the first thing in a pane that can be seen and used."""
        inside = (widget for widget in self.focus_chain if any(node.id == pane for node in widget.ancestors))
        first = next(inside, None)
        if first is not None:
            first.focus()

    async def action_inspect(self, look: str) -> None:
        """Look at the inspector's page in another way, wherever the focus is. look: one of the inspector's actions."""
        from airisk_tui.tui.inspector.panel import Inspector

        await self.query_one(Inspector).run_action(look)

    def action_next_pane(self) -> None:
        """The pane to the right, round and round."""
        panes = ("request", "flow", "result")
        self.action_pane(panes[(panes.index(self.pane) + 1) % len(panes)])

    def action_two_tokens(self) -> None:
        """Two tokens side by side, with what stands in the form; the last two come back where the form asks for the same."""
        controller = self.controller
        if controller is None or self.base is None:
            return
        from airisk_tui.tui.two_tokens.runs import TwoTokenRuns

        draft = self.draft()
        if controller.two_tokens is None or not controller.two_tokens.fit(draft):
            controller.two_tokens = TwoTokenRuns(controller.session, draft)
        self.open_screen("two_tokens", controller.two_tokens)

    def action_recordings(self) -> None:
        """The library of recordings."""
        self.open_screen("recordings", self.session.home if self.session is not None else None)
