"""The run screen while the redirect does not come: it asks what the browser shows, and does what the answer leads to.

The first frame imports this module: its methods import what they need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from airisk_tui.tui.run.filling import FillingScreen
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.run.views import RunViews
from airisk_tui.tui.run.wait import WaitingScreen

if TYPE_CHECKING:
    from airisk_tui.tui.run.browser_question import BrowserQuestion

EXPLAIN = 3.0
"""Seconds between two explanations of why a redirect does not come; before that there is nothing to say."""


class AskingScreen(FillingScreen, RunViews, WaitingScreen[None]):
    """A screen with a form, the views of a run, and the question what the browser shows."""

    def action_run(self, mode: str) -> None:
        """Run in this mode."""
        raise NotImplementedError

    def explain_wait(self) -> None:
        """While the redirect does not come, say what may keep it."""
        if self.controller is not None and self.waiting:
            self.report = self.controller.report()

    def ask_what_browser_shows(self) -> None:
        """While the redirect does not come, ask what the browser shows; the question is mounted when the first wait begins."""
        questions = self.query("#browser-question")
        if self.session is None or self.state is None or not (questions or self.waiting):
            return
        from airisk_tui.session.explaining import context_of
        from airisk_tui.tui.run.browser_question import BrowserQuestion

        if not questions:
            self.mount(BrowserQuestion(), after="#guide")
            return
        questions.first(BrowserQuestion).ask(context_of(self.session, self.state, self.clock()))

    def action_answers(self) -> None:
        """Ask at once what the browser shows, also after the question was put away."""
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
        """Run with the other scheme in the redirect URI; it must be registered so."""
        scheme, separator, rest = self.draft().redirect_uri.partition("://")
        other = "http" if scheme == "https" else "https"
        self.query_one(Form).field("redirect_uri").value = f"{other}{separator}{rest}"
        self.action_run("browser")

    @property
    def question(self) -> BrowserQuestion | None:
        """The question what the browser shows, while it is in sight."""
        asking = self.query("#browser-question.-asking")
        question = cast("BrowserQuestion", asking.first()) if asking else None
        return question if question is not None and question.region else None
