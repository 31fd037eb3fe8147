"""`airisk-tui run`: one flow without a screen."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from airisk_tui.engine.host import default_mode
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.headless import output
from airisk_tui.headless.flow_options import draft_of, session_of
from airisk_tui.headless.follow import follow
from airisk_tui.headless.next_command import next_command
from airisk_tui.headless.report import exit_code, judged, run_json, sentences
from airisk_tui.insight.checks import checked_lines
from airisk_tui.insight.explain import Report
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.session.session import Session

NO_BROWSER = (
    "There is no display here, so the server is asked directly, without a browser. `--mode browser` waits for one elsewhere, and "
    "`--mode paste` for the address that it ends on."
)


async def run(args: argparse.Namespace) -> int:
    """Run one flow as the options say; the exit code is the outcome's (command-line.md)."""
    async with session_of(args) as session:
        if note := _unplayed([] if "probes" in args else args.fault):
            output.say(note)
        done, report, outcome = await played(session, args)
        state = done.state
        code = exit_code(outcome, args.expect)
        for line in sentences(report):
            output.say(line)
        unknown = report.first if report.first is not None and report.first.certainty == "unknown" else None
        if unknown is not None and (command := next_command(unknown, args.typed)):
            output.say(f"Next: {command}")
        say_end(done, outcome, args.expect, code)
        if args.json:
            output.put_json(run_json(state, report, done.recording, outcome, code))
        elif args.print == "access-token" and state.token is not None:
            output.put_raw(session.raw_of(done, state.token) or "")
        elif args.print == "outcome":
            output.put(outcome.value)
        return code


class Played(NamedTuple):
    """A run that has ended, what is found in it, and its outcome in the light of that."""

    run: Run
    report: Report
    outcome: Outcome


async def played(session: Session, args: argparse.Namespace, probes: tuple[Endpoint, ...] = ()) -> Played:
    """Run one flow as the options say. probes: endpoints to call with its token."""
    draft = await draft_of(args, session)
    if "mode" not in args and default_mode() == "direct":
        output.say(NO_BROWSER)
        draft = draft.to(mode="direct")
    draft = draft.to(probes=tuple(dict.fromkeys((*draft.probes, *probes))))
    done = await follow(session, draft, wants_qr=getattr(args, "qr", False))
    report = session.explained(done)
    return Played(done, report, judged(done.state.ended_in, report.findings, strict=args.strict))


def _unplayed(names: list[str]) -> str | None:
    """A sentence about the faults that are not met here: without `--call` a run asks no endpoint with its token."""
    if not names:
        return None
    from airisk_tui.sandbox.faults import FAULTS

    late = [name for name in names if name in FAULTS and FAULTS[name].where == "access"]
    if not late:
        return None
    listed = " and ".join(f"“{name}”" for name in late)
    return (
        f"Note: {listed} is played when ListUsers or GetConversations is asked. `run` asks neither without "
        "`--call`; `airisk-tui compare` asks both."
    )


def say_end(run: Run, outcome: Outcome, expected: str | None, code: int) -> None:
    """The last lines: what came of it, and where it is recorded."""
    for line in (*checked_lines(run.state), *run.notices):
        output.say(line)
    if expected is not None:
        verdict = "as expected" if code == 0 else f"and {expected} was expected"
        output.say(f"Outcome: {outcome.value}, {verdict}.")
    else:
        output.say(f"Outcome: {outcome.value}.")
    if run.recording is not None:
        output.say(f"Recorded in {run.recording}.")
