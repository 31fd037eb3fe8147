"""`airisk-tui replay RECORDING --against ENV`: the same inputs live, and what changed; exit 10 when something did."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless import output
from airisk_tui.headless.changes import rerun_changes_of, unknown_environment
from airisk_tui.headless.options import read_session, recorder_for
from airisk_tui.headless.pasting import stdin_line_by_line
from airisk_tui.headless.report import FORMAT, run_json
from airisk_tui.headless.run import follow
from airisk_tui.headless.terminal import none_among
from airisk_tui.headless.usage import UsageError
from airisk_tui.insight.explain import Report
from airisk_tui.oauth.text import visible
from airisk_tui.recording.differences import Difference, differences, line_of, readable_differences, sentence_of
from airisk_tui.session.explaining import explained
from airisk_tui.session.recordings import OpenRecording
from airisk_tui.session.rerun import Prepared, RerunRefused, prepare_rerun
from airisk_tui.session.session import Session


async def against(args: argparse.Namespace, opened: OpenRecording) -> int:
    """Run it again and tell what changed."""
    session = read_session(make_recorder=recorder_for(args))
    try:
        prepared = await _prepared(args, session, opened)
        for note in prepared.notes:
            output.say(note)
        run = await follow(session, prepared.draft)
        report = explained(session, run)
        return _tell(args, opened, run, report)
    finally:
        await session.aclose()


async def _prepared(args: argparse.Namespace, session: Session, opened: OpenRecording) -> Prepared:
    if args.against not in session.environments:
        raise unknown_environment(args.against, session.environments)
    try:
        prepared = await prepare_rerun(session, opened, args.against, rerun_changes_of(args))
    except RerunRefused as error:
        raise UsageError(str(error)) from error
    wrong = [mistake for mistake in prepared.draft.mistakes() if mistake.severity == "error"]
    if wrong and opened.final.outcome is not Outcome.USAGE:
        raise UsageError(f"The recording cannot be run against {visible(args.against)}. {wrong[0].sentence}")
    if prepared.new_hosts and not args.send_secret_to_new_host:
        sentence = (
            f"Against {visible(args.against)}, {', and '.join(map(visible, prepared.new_hosts))}, "
            "which is not the host that it came from."
        )
        if not await _agreed(sentence):
            raise UsageError(f"{sentence} Nothing was sent. If that is what you want, add --send-secret-to-new-host.")
    return prepared


async def _agreed(sentence: str) -> bool:
    """Ask the person, where there is one (threats.md F5)."""
    if none_among("stdin", "stderr"):
        return False
    output.say(f"{sentence} Send it there? Type yes to do so.")
    with stdin_line_by_line() as line:
        return (await line() or "").strip().lower() == "yes"


def _tell(args: argparse.Namespace, opened: OpenRecording, run: Run, report: Report) -> int:
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
                "format": FORMAT,
                "outcome": outcome.value,
                "exit_code": code,
                "runs": {
                    "recorded": _run(opened.final, before, opened.path),
                    "live": _run(run.state, report, run.recording),
                },
                "differences": [asdict(difference) for difference in changed],
                "verdict": sentence,
            }
        )
    else:
        for difference in readable_differences(changed, opened.final, run.state):
            output.put(line_of(difference))
        if not changed:
            output.put(sentence)
    return code


def _interrupted(opened: OpenRecording, run: Run) -> bool:
    """Whether the live run was ended by hand, so that it says nothing about the server."""
    return run.state.outcome is Outcome.CANCELLED and opened.final.outcome is not Outcome.CANCELLED


def _outcome(run: Run, changed: list[Difference]) -> Outcome:
    if run.state.outcome is Outcome.CANCELLED:
        return Outcome.CANCELLED
    return Outcome.DIFFERENT if changed else run.state.outcome or Outcome.CANCELLED


def _run(state: Any, report: Report, recording: object) -> dict[str, Any]:
    outcome = state.outcome or Outcome.CANCELLED
    return run_json(state, report, str(recording) if recording else None, outcome, EXIT_CODES[outcome])
