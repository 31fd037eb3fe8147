"""What a person does with the token of the newest run: steps with it (userinfo, introspection, refresh, revocation), and probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.flow.state import missing
from airisk_tui.tui.inspector.pages.follow_ups import LACKS
from airisk_tui.tui.shared.dialogs import ConfirmScreen

if TYPE_CHECKING:
    from airisk_tui.oauth.request.edit import FollowUp
    from airisk_tui.tui.run.controller import RunController
    from airisk_tui.tui.run.views import RunViews

NO_TOKEN = "There is no token yet; run the flow first."  # noqa: S105 - a sentence
REVOKE = "The token will no longer be valid, nor will what came with it at the same sign-in.\nRevoke it?"


def follow_up(screen: RunViews, runs: RunController, step: FollowUp) -> None:
    """Take a step with the token, a revocation after a question, and show it; or say why it is not possible."""
    run = runs.run_with_token
    lack = missing(run.state, step) if run is not None else ""

    def take(agreed: bool | None) -> None:
        if run is not None and agreed:
            screen.look_at("access")
            screen.inspector.show_newest()
            screen.pane = "result"
            run.follow_up(step)

    if run is None or lack:
        screen.say(f"{step.capitalize()}: {LACKS[lack]}." if lack else NO_TOKEN, "warning")
    elif step == "revoke":
        screen.app.push_screen(ConfirmScreen(REVOKE), take)
    else:
        take(True)


def probe(screen: RunViews, runs: RunController) -> None:
    """Probe every endpoint whose method changes nothing, with the token and without it, and show what came."""
    from airisk_tui.session.two_tokens import probe_all

    if (run := runs.run_with_token) is None or runs.draft is None:
        screen.say(NO_TOKEN, "warning")
        return
    screen.look_at("access")
    screen.pane = "result"
    screen.run_worker(probe_all(runs.session, (run,), runs.draft), group="probe")
