"""Running a recording again from a screen: where, what has to be asked first, and then the screen that tells what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.engine.environments import OTHER, ConfigurationError
from airisk_tui.flow.phases import Outcome
from airisk_tui.oauth.text import visible
from airisk_tui.session.recorder import recorder_maker
from airisk_tui.session.rerun import Prepared, RerunRefused, prepare_rerun
from airisk_tui.session.session import Session
from airisk_tui.tui.shared.dialogs import ChooseScreen, ConfirmScreen

if TYPE_CHECKING:
    from airisk_tui.session.recordings import OpenRecording
    from airisk_tui.tui.shared.screen import AppScreen

WORDS = "Enter runs the inputs of this recording there, live and with a fresh state, and shows what changed."
BROWSER = " It needs the browser, where you approve; ^D asks directly instead."
PASTE = " You will be asked to paste what a browser ends on; ^D asks directly instead."


async def run_again(screen: AppScreen[None], opened: OpenRecording) -> None:
    """Ask where, run, and show what changed; returns when that is left. Called in a worker."""
    if screen.session is not None:
        await _again(screen, screen.session, opened)
        return
    try:
        session = Session(make_recorder=recorder_maker())
    except ConfigurationError as error:
        screen.say(str(error), "error")
        return
    screen.host.session = session
    try:
        await _again(screen, session, opened)
    finally:
        screen.host.session = None
        await session.aclose()


async def _again(screen: AppScreen[None], session: Session, opened: OpenRecording) -> None:
    environment = await _where(screen, session, opened)
    if environment is None:
        return
    try:
        prepared = await prepare_rerun(session, opened, environment)
    except RerunRefused as refused:
        screen.say(str(refused), "error")
        return
    wrong = [mistake.sentence for mistake in prepared.draft.mistakes() if mistake.severity == "error"]
    if wrong and opened.final.outcome is not Outcome.USAGE:
        screen.say(f"The recording cannot be run against {environment}. {wrong[0]}", "error")
        return
    if not await _agreed(screen, prepared):
        screen.say("Nothing was sent.")
        return
    for note in prepared.notes:
        screen.say(note, "warning")
    await screen.open_screen_wait("rerun", session, opened, prepared.draft)


async def _where(screen: AppScreen[None], session: Session, opened: OpenRecording) -> str | None:
    """The environment, that of the recording first; None when the question was left."""
    inputs = opened.final.inputs
    recorded, mode = (inputs.environment, inputs.mode) if inputs is not None else ("", "direct")
    names = sorted((name for name in session.environments if name != OTHER), key=lambda name: name != recorded)
    words = WORDS + {"browser": BROWSER, "paste": PASTE}.get(mode, "")
    chosen = await screen.app.push_screen_wait(ChooseScreen("Run again, against", names, words))
    return None if chosen is None else names[chosen]


async def _agreed(screen: AppScreen[None], prepared: Prepared) -> bool:
    """Whether a secret may go to a host that it did not come from (threats.md F5)."""
    if not prepared.new_hosts:
        return True
    draft = prepared.draft
    question = (
        f"Against {visible(draft.environment)}, {', and '.join(map(visible, prepared.new_hosts))}, which is not the host "
        "that it came from.\nSend it there?"
    )
    agreed: bool = await screen.app.push_screen_wait(ConfirmScreen(question))
    return agreed
