"""`airisk-tui replay`: a recording offline, event by event or at once; with --against, its inputs once more, live."""

from __future__ import annotations

import argparse
import asyncio
import math
import sys

from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless import output
from airisk_tui.headless.report import run_json, sentences
from airisk_tui.headless.run import narrate
from airisk_tui.headless.signals import on_signals
from airisk_tui.headless.usage import UsageError
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.session.recordings import Opened, library, locate, open_recording

MIN_PAUSE = 0.001
"""Seconds; shorter pauses cost more than they last."""


async def replay(args: argparse.Namespace) -> int:
    """Tell the run again; the exit code is the one that it had."""
    if not math.isfinite(args.speed) or args.speed < 0:
        raise UsageError("--speed is a number from 0 up: 1 is as fast as it was, 0 at once.")
    opened = opened_from(args.recording)
    if args.against:
        from airisk_tui.headless.against import against

        return await against(args, opened)
    if args.mode or args.send_secret_to_new_host:
        raise UsageError("--mode and --send-secret-to-new-host belong to --against ENV; a replay sends nothing.")
    if not await _told(args, opened):
        return EXIT_CODES[Outcome.CANCELLED]
    state = opened.final
    outcome, report = state.outcome or Outcome.CANCELLED, opened.report(state)
    if state.live or state.outcome is None:
        output.say("The recording ends before the run did: it was killed, or it is still going on.")
    for line in sentences(report):
        output.say(line)
    output.say(f"Outcome: {outcome.value}.")
    code = EXIT_CODES[outcome]
    if args.json:
        output.put_json(run_json(state, report, str(opened.path), outcome, code))
    else:
        output.put(outcome.value)
    return code


def opened_from(name: str) -> Opened:
    """The recording, with what is broken in it told on stderr; UsageError when it cannot be opened."""
    try:
        opened = open_recording(locate(name, library()))
    except RecordingRefused as error:
        raise UsageError(str(error)) from error
    for problem in opened.recording.problems:
        output.say(f"Line {problem.line}: {problem.sentence}")
    return opened


async def _told(args: argparse.Namespace, opened: Opened) -> bool:
    """Narrate every event at its time; False when a signal came."""
    stop = asyncio.Event()
    with on_signals(stop.set):
        for position, event in enumerate(opened.recording.events):
            if args.speed and not await _waited(stop, opened.replay.wait(position, args.speed) or 0.0):
                return False
            narrate(event, opened.replay.state_at(position + 1))
            if args.step and position + 1 < len(opened.replay) and not await _entered(stop):
                return False
    return True


async def _waited(stop: asyncio.Event, seconds: float) -> bool:
    if seconds >= MIN_PAUSE:
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return True
    return not stop.is_set()


async def _entered(stop: asyncio.Event) -> bool:
    """Wait for Enter; where stdin has ended, the rest follows at once."""
    line = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait((line, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    return not stop.is_set()
