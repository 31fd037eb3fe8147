"""`airisk-tui replay`: a recording offline, event by event or at once; with --against, its inputs once more, live."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import nullcontext
from typing import Any

from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless import output
from airisk_tui.headless.pasting import Line, stdin_line_by_line
from airisk_tui.headless.report import run_json, sentences
from airisk_tui.headless.run import narrate
from airisk_tui.headless.signals import on_signals
from airisk_tui.headless.usage import UsageError
from airisk_tui.insight.explain import Report
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.session.recordings import OpenRecording, library, locate, open_recording

MAX_REPLAY = 86_400.0
"""Seconds: a day, as long as a run may wait at most (`Inputs.mistakes`)."""

MIN_PAUSE = 0.001
"""Seconds; shorter pauses cost more than they last."""


async def replay(args: argparse.Namespace) -> int:
    """Tell the run again; the exit code is the one that it had."""
    opened = opened_from(args.recording)
    _check_speed(args.speed, opened)
    if args.against:
        from airisk_tui.headless.against import against

        return await against(args, opened)
    state, outcome = opened.final, opened.final.outcome or Outcome.CANCELLED
    report = opened.report(state)
    if not await _told(args, opened):
        if args.json:
            output.put_json(_document(opened, report, Outcome.CANCELLED))
        return EXIT_CODES[Outcome.CANCELLED]
    if state.live or state.outcome is None:
        output.say("The recording ends before the run did: it was killed, or it is still going on.")
    for line in sentences(report):
        output.say(line)
    output.say(f"Outcome: {outcome.value}.")
    if args.json:
        output.put_json(_document(opened, report, outcome))
    else:
        output.put(outcome.value)
    return EXIT_CODES[outcome]


def _check_speed(speed: float, opened: OpenRecording) -> None:
    lasted = opened.recording.events[-1].at if opened.recording.events else 0.0
    if speed and lasted / speed > MAX_REPLAY:
        raise UsageError(
            f"At --speed {speed:g} the replay of this run, which took {lasted:,.1f} s, would take longer than a day; 1 "
            "is as fast as it was, and 0 at once."
        )


def _document(opened: OpenRecording, report: Report, outcome: Outcome) -> dict[str, Any]:
    return run_json(opened.final, report, str(opened.path), outcome, EXIT_CODES[outcome])


def opened_from(name: str) -> OpenRecording:
    """The recording, with what is broken in it told on stderr; UsageError when it cannot be opened."""
    try:
        opened = open_recording(locate(name, library()))
    except RecordingRefused as error:
        raise UsageError(str(error)) from error
    for problem in opened.recording.problems:
        output.say(f"Line {problem.line}: {problem.sentence}")
    return opened


async def _told(args: argparse.Namespace, opened: OpenRecording) -> bool:
    """Narrate every event at its time; False when a signal came."""
    stop = asyncio.Event()
    with on_signals(stop.set), stdin_line_by_line() if args.step else nullcontext() as line:
        for position, event in enumerate(opened.recording.events):
            if args.speed and not await _waited(stop, opened.replay.wait(position, args.speed) or 0.0):
                return False
            narrate(event, opened.replay.state_at(position + 1))
            if line is not None and position + 1 < len(opened.replay) and not await _entered(stop, line):
                return False
    return True


async def _waited(stop: asyncio.Event, seconds: float) -> bool:
    if seconds >= MIN_PAUSE:
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return True
    return not stop.is_set()


async def _entered(stop: asyncio.Event, line: Line) -> bool:
    """Wait for Enter; where stdin has ended, the rest follows at once."""
    waits = (asyncio.ensure_future(line()), asyncio.ensure_future(stop.wait()))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return not stop.is_set()
