"""The keys of the run screen that are about its newest run: while the redirect does not come, the question what the browser shows;
once the run is over, the steps with its token, the two tokens, and the export.

The first frame imports this module: its methods import what they need.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType

from airisk_tui.tui.run.filling import FillingScreen
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.run.views import RunViews
from airisk_tui.tui.run.wait import ONE_AT_A_TIME, WaitingScreen
from airisk_tui.tui.shared.keybar import KeyHint
from airisk_tui.tui.shared.keys import bound

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft
    from airisk_tui.engine.run import Run
    from airisk_tui.oauth.edit import FollowUp
    from airisk_tui.tui.run.browser_question import BrowserQuestion
    from airisk_tui.tui.two_tokens.runs import TwoTokenRuns

EXPLAIN = 3.0
"""Seconds between two explanations of why the redirect does not come."""


FOLLOW_UPS: tuple[FollowUp, ...] = ("userinfo", "introspect", "refresh", "revoke")
"""The steps with the token, each of which has a key."""


class CurrentRunScreen(FillingScreen, RunViews, WaitingScreen[None]):
    """A screen with a form and the views of the run that was started last."""

    BINDINGS: ClassVar[list[BindingType]] = [bound(step, f"follow_up('{step}')") for step in FOLLOW_UPS]

    _two_tokens: TwoTokenRuns | None = None

    def action_run(self, mode: str) -> None:
        """Run in this mode."""
        raise NotImplementedError

    def explain_wait(self) -> None:
        """While the redirect does not come, show the findings that may explain it."""
        if self.controller is not None and self.waiting:
            self.report = self.controller.report()

    def ask_what_browser_shows(self) -> None:
        """While the redirect does not come, ask what the browser shows; the question is mounted when the first run waits."""
        questions = self.query("#browser-question")
        if self.session is None or self.state is None or not (questions or self.waiting):
            return
        from airisk_tui.tui.run.browser_question import BrowserQuestion

        if not questions:
            self.mount(BrowserQuestion(), after="#guide")
            return
        questions.first(BrowserQuestion).ask(self.session.context_of(self.state, self.clock()))

    def action_answers(self) -> None:
        """Ask what the browser shows at once, even if the question was put away."""
        from airisk_tui.tui.run.browser_question import BrowserQuestion

        if self.phase != "waiting" or self.state is None:
            return
        for question in self.query(BrowserQuestion):
            question.insist(self.state.run_id)
            self.ask_what_browser_shows()
            self.pane = "result"
            self.query_one("#question-answers").focus()

    def on_browser_question_act(self, event: BrowserQuestion.Act) -> None:
        """Do what the answer to the question leads to."""
        event.stop()
        match event.action.value:
            case "ask-directly":
                self.action_run("direct")
            case "switch-scheme":
                self._switch_scheme()
            case "show-ssh":
                self.app.copy_to_clipboard(event.command)
                self.say("Copied the ssh line.")
            case "paste":
                self.action_run("paste")
            case "open-again":
                self.action_open_again()

    def _switch_scheme(self) -> None:
        """Run with the other scheme in the redirect URI, which has to be registered."""
        scheme, separator, rest = self.draft().redirect_uri.partition("://")
        other = "http" if scheme == "https" else "https"
        self.query_one(Form).field("redirect_uri").value = f"{other}{separator}{rest}"
        self.action_run("browser")

    @property
    def question(self) -> BrowserQuestion | None:
        """The question what the browser shows, while it is visible."""
        asking = self.query("#browser-question.-asking")
        question = cast("BrowserQuestion", asking.first()) if asking else None
        return question if question is not None and question.region else None

    def token_hints(self) -> Iterator[KeyHint]:
        """The keys of the steps with the token, while the step “token” or “access” is shown."""
        state = self.state
        if (
            state is None
            or self.typing
            or not self.query("#inspector")
            or self.inspector.step not in ("token", "access")
        ):
            return
        if state.inputs is None or state.token is None or state.live:
            return
        if not state.inputs.standard:
            yield from [] if state.probes else [KeyHint("p", "Probe", "probe")]
            return
        from airisk_tui.flow.due import missing
        from airisk_tui.tui.shared.keys import KEYS

        for step in FOLLOW_UPS:
            if not missing(state, step):
                yield KeyHint(KEYS[step].keys, step.capitalize(), f"follow_up('{step}')")

    def action_follow_up(self, step: FollowUp) -> None:
        """Take a step with the token, or say why it is not possible."""
        run = self.controller.run if self.controller is not None else None
        if run is None or run.state.live or run.state.token is None:
            self.say("There is no token yet; run the flow first.", "warning")
            return
        from airisk_tui.flow.due import missing
        from airisk_tui.tui.inspector.follow_ups import LACKS

        if lack := missing(run.state, step):
            self.say(f"{step.capitalize()}: {LACKS[lack]}.", "warning")
        elif step != "revoke":
            self._go_on_with(run, step)
        else:
            from airisk_tui.tui.shared.dialogs import ConfirmScreen

            question = "The token will no longer be valid, nor will what came with it at the same sign-in.\nRevoke it?"
            self.app.push_screen(ConfirmScreen(question), lambda yes: self._go_on_with(run, step) if yes else None)

    def _go_on_with(self, run: Run, step: FollowUp) -> None:
        self.look_at("access")
        self.inspector.show_newest()
        self.pane = "result"
        run.follow_up(step)

    def action_probe(self) -> None:
        """Probe every endpoint whose method changes nothing, with the token and without it."""
        run = self.controller.run if self.controller is not None else None
        if run is None or run.state.live or run.state.token is None or self.controller is None:
            self.say("There is no token yet; run the flow first.", "warning")
            return
        from airisk_tui.session.two_tokens import probe_all

        self.look_at("access")
        self.pane = "result"
        self.run_worker(
            probe_all(self.controller.session, (run,), self.controller.draft or self.draft()), group="probe"
        )

    def action_export(self) -> None:
        """Ask for a format, and export the recording of the newest run."""
        run = self.controller.run if self.controller is not None else None
        if run is None or run.state.live or run.recording is None:
            self.say("There is no recorded run to export; run the flow first.", "warning")
            return
        self.run_worker(self._export(run), group="export", exclusive=True)

    async def _export(self, run: Run) -> None:
        from airisk_tui.session.recordings import open_recording
        from airisk_tui.tui.shared.saving import export_from

        await asyncio.to_thread(lambda: run.notices)  # waits for the closing line
        if run.recording is not None:
            await export_from(self, await asyncio.to_thread(open_recording, run.recording))

    def action_two_tokens(self) -> None:
        """Open the screen of the two tokens. It shows the last two again where the form has not changed since."""
        if self.controller is None or self.base is None:
            return
        from airisk_tui.tui.two_tokens.runs import TwoTokenRuns

        session = self.controller.session

        def open_with(draft: Draft) -> None:
            if session.is_awaiting and draft.mode != "direct":
                self.say(ONE_AT_A_TIME, "warning")
                return
            if self._two_tokens is None or not self._two_tokens.are_for(draft):
                self._two_tokens = TwoTokenRuns(session, draft, self._run_of(draft))
            self.open_screen("two_tokens", self._two_tokens, then=self._back_with_user)

        self.confirm_draft(open_with)

    def _run_of(self, draft: Draft) -> Run | None:
        """The newest run if it has a token and this draft asks for the same; else None."""
        from airisk_tui.tui.two_tokens.runs import is_same

        controller = self.controller
        run = controller.run if controller is not None else None
        if controller is None or run is None or controller.draft is None or run.state.live or run.state.token is None:
            return None
        return run if is_same(controller.draft, draft) else None

    def _back_with_user(self, userid: str | None) -> None:
        """Fill the user that was chosen on that screen into the form."""
        self.update_suggestions()
        if userid:
            self.pane = "request"
            self.query_one(Form).put("userid", userid)
