"""`airisk-tui bisect`: which input of a failing run makes it fail, found by live runs."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.fields import EMBEDDED, SANDBOX
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless import output
from airisk_tui.headless.flow_options import changes_of, check_environment, draft_of, session_of
from airisk_tui.headless.pasting import stdin_line_by_line
from airisk_tui.headless.process import UsageError, none_among
from airisk_tui.headless.recordings import opened_from
from airisk_tui.headless.replay import FROM_ENV_FILE
from airisk_tui.session.bisect import Bisection, bisect, most_runs
from airisk_tui.session.rerun import RerunRefused, prepare_rerun
from airisk_tui.session.session import Session
from airisk_tui.systems import on_signals


async def bisect_runs(args: argparse.Namespace) -> int:
    """Find the input and name it; exit 0 where one was found, else 10. Raises UsageError."""
    async with session_of(args) as session:
        environment = args.environment or _environment(args.good) or SANDBOX
        check_environment(environment, session.environments)
        good, bad = [await _draft(args, session, name, environment) for name in (args.good, args.bad)]
        if bad.client_secret is None:
            bad = bad.to(client_secret=good.client_secret)
        if good.environment in EMBEDDED and {good.redirect_uri, bad.redirect_uri} <= {
            *(good.registered or ()),
            *(bad.registered or ()),
        }:
            bad = bad.to(redirect_uri=good.redirect_uri)  # the embedded server had another port at each start
        most = most_runs(good, bad)
        if not args.yes and not await _agreed(most, environment):
            raise UsageError(
                f"Nothing was sent: up to {most} runs would be made, each with a code. Add --yes to agree beforehand."
            )
        live: list[Run] = []
        with on_signals(lambda: live[-1].cancel() if live else None):
            found = await bisect(session, good, bad, _tell)
    return _report(args, found)


def _tell(what: str, run: Run) -> None:
    output.say(f"{what}: {run.state.ended_in.value}")


def _environment(name: str) -> str | None:
    if Path(name).suffix == ".toml":
        return None
    inputs = opened_from(name).final.inputs
    return inputs.environment if inputs is not None else None


async def _draft(args: argparse.Namespace, session: Session, name: str, environment: str) -> Draft:
    """A recording's inputs, or those of a recipe, against the environment."""
    if Path(name).suffix == ".toml":
        return await _of_recipe(session, Path(name), environment)
    opened = opened_from(name)
    try:
        prepared = await prepare_rerun(session, opened, environment, changes_of(args, FROM_ENV_FILE))
    except RerunRefused as error:
        raise UsageError(str(error)) from error
    if prepared.new_hosts:
        raise UsageError(
            f"{name}: {', and '.join(prepared.new_hosts)}, which is not the host that it came from. Nothing was sent."
        )
    for note in prepared.notes:
        output.say(f"{name}: {note}")
    return prepared.draft


async def _of_recipe(session: Session, path: Path, environment: str) -> Draft:
    from airisk_tui.headless.recipe import with_recipe
    from airisk_tui.headless.suite import parsed_options

    options = parsed_options(with_recipe(["--recipe", str(path)]))
    if "environment" not in options and "base_url" not in options:
        options.environment = environment
    return await draft_of(options, session)


async def _agreed(most: int, environment: str) -> bool:
    """Ask the person, where there is one."""
    if none_among("stdin", "stderr"):
        return False
    output.say(
        f"Up to {most} runs are made against {environment}, each of which takes a code. Go on? Type yes to do so."
    )
    with stdin_line_by_line() as line:
        return (await line() or "").strip().lower() == "yes"


def _report(args: argparse.Namespace, found: Bisection) -> int:
    code = 0 if found.culprits else EXIT_CODES[Outcome.DIFFERENT]
    if args.json:
        document: dict[str, Any] = {
            "format": output.FORMAT,
            "exit_code": code,
            "outcomes": {"good": found.good or None, "bad": found.bad or None},
            "differences": [asdict(one) for one in found.differences],
            "culprits": list(found.culprits),
            "runs": found.runs,
            "verdict": found.sentence,
        }
        output.put_json(document)
    else:
        output.put(found.sentence)
    return code
