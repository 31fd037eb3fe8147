"""What a person can do while the redirect is waited for: paste it, continue on purpose, say what the browser shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.tui.run.views import ViewMessages

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft
    from airisk_tui.flow.state import FlowState
    from airisk_tui.tui.run.browser_question import BrowserQuestion
    from airisk_tui.tui.run.controller import RunController
    from airisk_tui.tui.run.guide import Guide

WAITING = ("opening", "waiting", "holding")
LISTENING = ("opening", "waiting", "holding", "exchanging")


class WaitingActions(ViewMessages):
    """Mixed into the run screen, which has the widgets, the draft and the run."""

    controller: RunController | None
    state: FlowState | None

    def draft(self) -> Draft:
        """What the form stands for."""
        raise NotImplementedError

    def action_run(self, way: str) -> None:
        """Run this way."""
        raise NotImplementedError

    @property
    def phase(self) -> str:
        """The phase of the run that is shown."""
        return self.state.phase.value if self.state is not None else "idle"

    @property
    def live(self) -> bool:
        """Whether a run is under way."""
        return self.controller is not None and self.controller.live

    @property
    def waiting(self) -> bool:
        """Whether the redirect is waited for."""
        return self.phase in WAITING

    @property
    def holding(self) -> bool:
        """Whether an answer waits for a decision."""
        return self.phase == "holding"

    @property
    def listening(self) -> bool:
        """Whether the listener is open."""
        return self.phase in LISTENING

    @property
    def guide(self) -> Guide:
        """What is going on now."""
        from airisk_tui.tui.run.guide import Guide

        return self.query_one(Guide)

    def paste_back(self, text: str) -> None:
        """Hand a pasted redirect to the run."""
        run = self.controller.run if self.controller else None
        refused = run.paste(text) if run is not None else "not-waiting"
        self.app.clear_notifications()  # what was said of an earlier paste does not hold for this one
        panel = self.guide
        if refused is not None:
            panel.select_paste()
            from airisk_tui.insight.advice.returning import PASTE_REFUSED

            self.say(PASTE_REFUSED[refused], "warning")
        else:
            panel.empty_paste()

    def on_guide_pasted(self, message: Guide.Pasted) -> None:
        """What was entered in the paste box."""
        message.stop()
        self.paste_back(message.text)

    def action_continue_anyway(self) -> None:
        """Believe the answer whose state did not come back."""
        if self.holding and self.controller and self.controller.run:
            self.controller.run.continue_anyway()

    def action_open_again(self) -> None:
        """Open the authorization URL of the run that waits once more."""
        if self.controller is not None and self.controller.run is not None:
            self.controller.run.open_again()

    def ask_what_is_shown(self) -> None:
        """While the redirect does not come, ask what the browser shows; the question is mounted when the first wait begins."""
        asked = self.query("#browser-question")
        if self.controller is None or self.state is None or not (asked or self.waiting):
            return
        from airisk_tui.session.explaining import context_of
        from airisk_tui.tui.run.browser_question import BrowserQuestion

        if not asked:
            self.mount(BrowserQuestion(), after="#guide")
            return
        context = context_of(self.controller.session, self.state)
        asked.first(BrowserQuestion).ask(context, self.controller.now())

    def action_answers(self) -> None:
        """To the question what the browser shows, which is asked at once then, and again where it had been put away."""
        from airisk_tui.tui.run.browser_question import BrowserQuestion

        if self.phase != "waiting" or self.state is None:
            return
        for question in self.query(BrowserQuestion):
            question.insist(self.state.run_id)
            self.ask_what_is_shown()
            self.pane = "result"
            self.query_one("#question-answers").focus()

    def on_browser_question_act(self, event: BrowserQuestion.Act) -> None:
        """The step that an answer to the question leads to."""
        event.stop()
        match event.action.value:
            case "ask-directly":
                self.action_run("direct")
            case "switch-scheme":
                self._switch_scheme()
            case "show-ssh":
                self.app.copy_to_clipboard(event.words)
                self.say(f"Copied. {event.words}")
            case "paste":
                self.action_run("paste")
            case "open-again":
                self.action_open_again()

    def _switch_scheme(self) -> None:
        """The same redirect URI with the other scheme, and a new run; it must be registered so."""
        from airisk_tui.tui.run.form import Form

        form = self.query_one(Form)
        uri = self.draft().redirect_uri
        other = (
            uri.replace("https://", "http://", 1)
            if uri.startswith("https://")
            else uri.replace("http://", "https://", 1)
        )
        form.field("redirect_uri").value = other
        self.action_run("browser")
