"""What the replay screen says of an event, of a file, and of a place that a person asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airisk_tui.flow import events as e
from airisk_tui.flow.steps import StepName
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.replay import Replay
from airisk_tui.session.exporting import exported
from airisk_tui.session.recordings import Opened
from airisk_tui.tui.copying import Copyable

if TYPE_CHECKING:
    from airisk_tui.insight.explain import Report

WORDS: dict[type, tuple[str, StepName]] = {
    e.RunStarted: ("the run begins", "authorization-request"),
    e.ListenerBound: ("the listener is open", "redirect"),
    e.ListenerFailed: ("the listener cannot be opened", "redirect"),
    e.BrowserOpened: ("the browser is opened", "browser"),
    e.AuthorizationAnswered: ("the authorization endpoint answers", "authorization-request"),
    e.CallbackReceived: ("a callback comes", "redirect"),
    e.StrayRequest: ("a stray request comes", "redirect"),
    e.ContinuedAnyway: ("continued on purpose", "redirect"),
    e.TokenExchanged: ("the token endpoint answers", "token-request"),
    e.ProbeRequested: ("an endpoint is to be asked", "access"),
    e.ProbeAnswered: ("an endpoint answers", "access"),
    e.TransportFailed: ("no answer comes", "authorization-request"),
    e.TimedOut: ("the time to wait is over", "redirect"),
    e.Cancelled: ("the run is cancelled", "redirect"),
}
"""Each kind of event in words, and the step that it belongs to."""


def label_of(event: e.AnyEvent | None) -> str:
    """An event with its time, for the scrubber."""
    if event is None:
        return "before the first event"
    return f"{int(event.at) // 60:02}:{event.at % 60:04.1f}  {WORDS[type(event)][0]}"


def step_of(event: e.AnyEvent) -> StepName:
    """The step that an event belongs to."""
    if isinstance(event, e.TransportFailed) and event.step in ("authorization-request", "token-request", "access"):
        return event.step
    return WORDS[type(event)][1]


def notes_of(opened: Opened) -> tuple[str, ...]:
    """What is to be said of the file."""
    return tuple(_notes(opened))


def _notes(opened: Opened) -> Iterator[str]:
    recording = opened.recording
    if recording.header.secrets == "included":
        yield "This recording holds raw secrets; give it to nobody who must not have them."
    if recording.header.origin == "har":
        yield "This run was made from another program's HAR; what that did not keep is not here."
    for problem in recording.problems[:3]:
        yield f"Line {problem.line}: {problem.sentence}"
    if len(recording.problems) > 3:
        yield f"{len(recording.problems) - 3} more lines could not be read."


def place_of(answer: str, replay: Replay) -> int | None:
    """A position from what was typed: an event's number, seconds with an s, or minutes and seconds; None for anything else."""
    if re.fullmatch(r"\d{1,9}", answer, re.ASCII):
        return replay.clamped(int(answer))
    found = re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,7}(?:\.\d{1,6})?)\s*s?", answer, re.ASCII)
    return replay.position_at(int(found[1] or 0) * 60 + float(found[2])) if found else None


def copyables_of(opened: Opened, report: Report | None) -> tuple[Copyable, ...]:
    """Everything that can be copied from a replay."""
    return tuple(_copyables(opened, report))


def _copyables(opened: Opened, report: Report | None) -> Iterator[Copyable]:
    state = opened.final
    inputs = state.inputs
    if inputs is not None:
        yield Copyable("a", "the authorization URL of the run", lambda: opened.unsealed_url(inputs.authorization_url))
        yield Copyable("r", "the redirect URI", lambda: opened.unsealed_url(inputs.redirect_uri))
    yield from _secret("c", "the code", state.code, opened)
    yield from _secret("t", "the access token", state.token, opened)
    yield Copyable("k", "the requests as curl, secrets as variables", lambda: exported(opened, "curl"))
    yield Copyable("p", "the requests as Python, secrets as variables", lambda: exported(opened, "python"))
    yield Copyable("m", "the report in Markdown", lambda: exported(opened, "markdown"))
    first = report.first if report is not None else None
    if first is not None:
        words = "\n".join(
            (first.title, f"Cause: {first.cause}", f"Fix: {first.fix}", f"Reference: {first.reference} ({first.code})")
        )
        yield Copyable("f", "the finding", lambda: words)


def _secret(key: str, name: str, view: SecretView | None, opened: Opened) -> Iterator[Copyable]:
    secret = opened.recording.secrets.get(view.fingerprint) if view is not None else None
    if secret is not None:
        yield Copyable(key, name, secret.reveal, secret=True)
