"""`airisk-tui replay`: narrates a recording offline; with --against, runs its inputs again, live."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import nullcontext

from msgspec.structs import asdict

from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless.flow.narration import narrate
from airisk_tui.headless.flow.options import changes_of, expect_environment, session_of
from airisk_tui.headless.flow.report import judged, run_json, sentences
from airisk_tui.headless.recordings import opened_from
from airisk_tui.headless.run import follow
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.headless.shared.stdin import Line, agrees, stdin_line_by_line
from airisk_tui.insight.explain import Report
from airisk_tui.insight.words.checks import checked_lines
from airisk_tui.recording.differences import (
    Difference,
    differences,
    line_of,
    readable_differences,
    sentence_of,
    weightiest,
)
from airisk_tui.session.recordings.opening import OpenRecording, own_library
from airisk_tui.session.rerun import Prepared, prepare_rerun
from airisk_tui.session.session import Session
from airisk_tui.systems import on_signals

MAX_REPLAY = 86_400.0
"""Seconds of a replay at most: a day, the longest time that a run may wait (`Settings.mistakes`)."""

MIN_PAUSE = 0.001
"""Seconds of a pause; a shorter one costs more time than it has."""

FROM_ENV_FILE = ("client_secret",)
"""The names of a .env file that a rerun uses: client and user are as recorded."""


async def replay(args: argparse.Namespace) -> int:
    """Narrate the recorded run, or with --against, run it again. The exit code is that of the recorded run, or 10 where something has
    changed."""
    opened = opened_from(args.recording)
    _check_speed(args.speed, opened)
    if args.against_last_good:
        return _since_last_good(args, opened)
    return await (_against(args, opened) if args.against else _offline(args, opened))


def _since_last_good(args: argparse.Namespace, opened: OpenRecording) -> int:
    """Print what differs from the last run that worked in the same environment; exit 10 where something does."""
    from airisk_tui.oauth.text.dates import utc_text
    from airisk_tui.session.last_good import last_good, since_then

    good = last_good(own_library(), opened.final)
    if good is None:
        raise UsageError(
            "The library has no earlier run of this environment that got a token, so there is nothing to compare with."
        )
    changed = since_then(good, opened.final)
    code = EXIT_CODES[Outcome.DIFFERENT if changed else Outcome.TOKEN]
    count = {0: "Nothing differs", 1: "One thing differs"}.get(len(changed), f"{len(changed)} things differ")
    sentence = f"{count} since the run of {utc_text(good.utc)}, the last one that worked."
    if args.json:
        then = {"run_id": good.run_id, "utc": utc_text(good.utc)}
        listed = [asdict(difference) for difference in changed]
        output.put_json(
            {"format": output.FORMAT, "exit_code": code, "last_good": then, "differences": listed, "verdict": sentence}
        )
        return code
    for difference in readable_differences(changed, good, opened.final):
        output.put(line_of(difference))
    output.say(sentence)
    return code


async def _offline(args: argparse.Namespace, opened: OpenRecording) -> int:
    state, report = opened.final, opened.report(opened.final)
    outcome = judged(state.ended_in, report.findings, strict=False)
    if not await _narrated(args, opened):
        if args.json:
            output.put_json(run_json(state, report, opened.path, Outcome.CANCELLED))
        return EXIT_CODES[Outcome.CANCELLED]
    if state.outcome is None:
        output.say("The recording has no end: the run was killed, or it is still going on.")
    for line in (*sentences(report), *checked_lines(state)):
        output.say(line)
    output.say(f"Outcome: {outcome.value}.")
    if args.json:
        output.put_json(run_json(state, report, opened.path, outcome))
    return EXIT_CODES[outcome]


def _check_speed(speed: float, opened: OpenRecording) -> None:
    lasted = opened.recording.events[-1].at if opened.recording.events else 0.0
    if speed and lasted / speed > MAX_REPLAY:
        raise UsageError(
            f"The recorded run took {lasted:,.1f} s, so at --speed {speed:g} its replay would take longer than a day; 1 is as "
            "fast as it was, and 0 at once."
        )


async def _narrated(args: argparse.Namespace, opened: OpenRecording) -> bool:
    """Narrate each event at its time; False where a signal came."""
    stop, imported = asyncio.Event(), opened.recording.header.origin == "har"
    with on_signals(stop.set), stdin_line_by_line() if args.step else nullcontext() as line:
        for position, event in enumerate(opened.recording.events):
            if args.speed and not await _waited(stop, opened.replay.wait(position, args.speed) or 0.0):
                return False
            narrate(event, opened.replay.state_at(position + 1), imported=imported)
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
    """Wait for Enter, or for nothing where stdin has ended; False where a signal came."""
    waits = (asyncio.ensure_future(line()), asyncio.ensure_future(stop.wait()))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()  # `asyncio.wait` leaves the one that is not done running
    return not stop.is_set()


async def _against(args: argparse.Namespace, opened: OpenRecording) -> int:
    """Run the recorded inputs live, and print what has changed."""
    async with session_of(args) as session:
        prepared = await _prepared(args, session, opened)
        for note in prepared.notes:
            output.say(note)
        run = await follow(session, prepared.draft)
        return _compared(args, opened, run, session.explained(run))


async def _prepared(args: argparse.Namespace, session: Session, opened: OpenRecording) -> Prepared:
    expect_environment(args.against, session.environments)
    prepared = await prepare_rerun(session, opened, args.against, changes_of(args, FROM_ENV_FILE))
    wrong = [mistake for mistake in prepared.draft.mistakes if mistake.severity == "error"]
    if wrong and opened.final.outcome is not Outcome.USAGE:
        how = (
            " Give it with AIRISK_CLIENT_SECRET, --env-file or --client-secret-stdin."
            if wrong[0].code == "client-secret-missing"
            else ""
        )
        raise UsageError(f"The recording cannot be run against {args.against}. {wrong[0].sentence}{how}")
    if (
        prepared.new_hosts
        and not args.send_secret_to_new_host
        and not await agrees(f"{prepared.warning} Send it there?")
    ):
        raise UsageError(
            f"{prepared.warning} Nothing was sent. If that is what you want, add --send-secret-to-new-host."
        )
    return prepared


def _compared(args: argparse.Namespace, opened: OpenRecording, run: Run, report: Report) -> int:
    """Print what has changed; exit 10 where something has."""
    before = opened.report(opened.final)
    codes = [[finding.code for finding in one.findings] for one in (before, report)]
    changed = differences(opened.final, run.state, *codes)
    outcome = _outcome(run, changed)
    code = 0 if outcome is not Outcome.DIFFERENT and not _interrupted(opened, run) else EXIT_CODES[outcome]
    sentence = sentence_of(changed)
    output.say(sentence)
    if run.recording is not None:
        output.say(f"Recorded in {run.recording}.")
    if args.json:
        output.put_json(
            {
                "format": output.FORMAT,
                "outcome": outcome.value,
                "exit_code": code,
                "runs": {
                    "recorded": run_json(opened.final, before, opened.path),
                    "live": run_json(run.state, report, run.recording),
                },
                "differences": [asdict(difference) for difference in changed],
                "verdict": sentence,
            }
        )
    else:
        readable = readable_differences(changed, opened.final, run.state)
        for difference in weightiest(readable):
            output.say(f"Most important: {line_of(difference)}")
        for difference in readable:
            output.put(line_of(difference))
        if not changed:
            output.put(sentence)
    return code


def _interrupted(opened: OpenRecording, run: Run) -> bool:
    """Whether a person cancelled the live run, so that it says nothing about the server."""
    return run.state.outcome is Outcome.CANCELLED and opened.final.outcome is not Outcome.CANCELLED


def _outcome(run: Run, changed: list[Difference]) -> Outcome:
    if run.state.outcome is Outcome.CANCELLED:
        return Outcome.CANCELLED
    counted = [one for one in changed if one.kind != "timing"]  # a busy machine is slow
    return Outcome.DIFFERENT if counted else run.state.ended_in
