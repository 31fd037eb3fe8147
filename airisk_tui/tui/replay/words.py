"""What the replay screen says of an event, of a file, and of a place that a person asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from airisk_tui.flow import events as e
from airisk_tui.flow.steps import StepName
from airisk_tui.recording.replay import Replay

if TYPE_CHECKING:
    from airisk_tui.recording.format import Header
    from airisk_tui.recording.reader import Problem

WORDS: dict[type, tuple[str, StepName]] = {
    e.RunStarted: ("the run began", "authorization-request"),
    e.ListenerBound: ("listening", "redirect"),
    e.ListenerFailed: ("no listener", "redirect"),
    e.BrowserOpened: ("browser opened", "browser"),
    e.AuthorizationAnswered: ("authorization answered", "authorization-request"),
    e.CallbackReceived: ("a callback came", "redirect"),
    e.StrayRequest: ("a stray request", "redirect"),
    e.ContinuedAnyway: ("continued on purpose", "redirect"),
    e.TokenExchanged: ("token request answered", "token-request"),
    e.ProbeRequested: ("endpoint asked", "access"),
    e.ProbeAnswered: ("endpoint answered", "access"),
    e.TransportFailed: ("no answer", "authorization-request"),
    e.TimedOut: ("the time was over", "redirect"),
    e.Cancelled: ("cancelled", "redirect"),
}
"""Each kind of event in at most 22 characters, which have room in 80 columns, and the step that it belongs to."""


MAX_PROBLEMS = 3
"""Broken lines that are described; the rest are counted."""


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


def notes_of(header: Header, problems: Sequence[Problem] = ()) -> tuple[str, ...]:
    """What is to be said of the file."""
    return tuple(_notes(header, problems))


def _notes(header: Header, problems: Sequence[Problem]) -> Iterator[str]:
    if header.secrets == "included":
        yield "This recording holds raw secrets; give it to nobody who must not have them."
    if header.origin == "har":
        yield "This run was made from another program's HAR; what that did not keep is not here."
    for problem in problems[:MAX_PROBLEMS]:
        yield f"Line {problem.line}: {problem.sentence}"
    if len(problems) > MAX_PROBLEMS:
        yield f"{len(problems) - MAX_PROBLEMS} more lines could not be read."


def place_of(answer: str, replay: Replay) -> int | None:
    """A position from what was typed: an event's number, seconds with an s, or minutes and seconds; None for anything else."""
    if re.fullmatch(r"\d{1,9}", answer, re.ASCII):
        return replay.clamped(int(answer))
    found = re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,7}(?:\.\d{1,6})?)\s*s?", answer, re.ASCII)
    return replay.position_at(int(found[1] or 0) * 60 + float(found[2])) if found else None
