"""`airisk-tui bisect`: finds the input that makes a run fail, by live runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import asdict

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.flow.start.fields import EMBEDDED, SANDBOX
from airisk_tui.flow.start.units import UnitDifference, unit_differences
from airisk_tui.headless.flow.options import changes_of, draft_of, expect_environment, session_of
from airisk_tui.headless.recordings import opened_from
from airisk_tui.headless.replay import FROM_ENV_FILE
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError, signals_cancel_runs
from airisk_tui.headless.shared.stdin import agrees
from airisk_tui.insight.words.outcomes import OUTCOMES
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import SecretView
from airisk_tui.session.bisect import UNKNOWN, Bisection, bisect, runs_for
from airisk_tui.session.rerun import prepare_rerun
from airisk_tui.session.session import Session


async def bisect_runs(args: argparse.Namespace) -> int:
    """Find the input; exit 0 where one was found, 130 where the search was cancelled, else 10. Raises UsageError."""
    async with session_of(args) as session:
        environment = args.environment or _environment(args.good) or SANDBOX
        expect_environment(environment, session.environments)
        first, second = [await _side(args, session, name, environment) for name in (args.good, args.bad)]
        good, bad = first.draft, second.draft
        unknown = _unknown(session, first, second)
        if bad.client_secret is None or any(one.name == "client_secret" for one in unknown):
            bad = bad.to(client_secret=good.client_secret)
        if good.environment in EMBEDDED and {good.redirect_uri, bad.redirect_uri} <= {
            *(good.registered or ()),
            *(bad.registered or ()),
        }:
            bad = bad.to(redirect_uri=good.redirect_uri)  # the embedded server has another port at each start
        await _check_agreed(args, len(unit_differences(good, bad)) or len(unknown), environment)
        with signals_cancel_runs() as on_start:
            found = await bisect(session, good, bad, on_start, _tell, unknown)
    return _report(args, found)


def _tell(what: str, run: Run) -> None:
    output.say(f"{what}: {OUTCOMES[run.state.ended_in]}")


def _environment(name: str) -> str | None:
    if Path(name).suffix == ".toml":
        return None
    inputs = opened_from(name).final.inputs
    return inputs.environment if inputs is not None else None


class _Side(NamedTuple):
    """One of the two runs. draft: what to run; recorded: the client secret of its recording; left_out: its edits that cannot be
    repeated, because they hold secrets."""

    draft: Draft
    recorded: SecretView | None = None
    left_out: tuple[Edit, ...] = ()


async def _side(args: argparse.Namespace, session: Session, name: str, environment: str) -> _Side:
    """The inputs of a recording or of a recipe, for the environment."""
    if Path(name).suffix == ".toml":
        return _Side(await _of_recipe(session, Path(name), environment))
    opened = opened_from(name)
    prepared = await prepare_rerun(session, opened, environment, changes_of(args, FROM_ENV_FILE))
    if prepared.new_hosts:
        raise UsageError(f"{name}: {prepared.warning} Nothing was sent.")
    for note in prepared.notes:
        output.say(f"{name}: {note}")
    inputs = opened.final.inputs
    secret = inputs.client_secret if inputs is not None else None
    return _Side(prepared.draft, secret if isinstance(secret, SecretView) else None, prepared.left_out)


def _unknown(session: Session, good: _Side, bad: _Side) -> list[UnitDifference]:
    """What the bad run sent and nobody can send again: a client secret that is not known here, and edits with secrets."""
    found = [UnitDifference(f"edit {edit.target}", None, UNKNOWN) for edit in bad.left_out if edit not in good.left_out]
    here = good.draft.client_secret
    if good.recorded is None or bad.recorded is None or here is None or good.recorded == bad.recorded:
        return found
    # Fingerprints can be compared only where the recordings were made with the key of this library: then the good run's is known here.
    known = {session.fingerprint(one) for one in (here, bad.draft.client_secret) if one is not None}
    if good.recorded.fingerprint in known and bad.recorded.fingerprint not in known:
        return [UnitDifference("client_secret", "one", UNKNOWN), *found]
    return found


async def _of_recipe(session: Session, path: Path, environment: str) -> Draft:
    from airisk_tui.headless.flow.suite import parsed_options, with_recipe

    options = parsed_options(with_recipe(["--recipe", str(path)]))
    if "environment" not in options and "base_url" not in options:
        options.environment = environment
    return await draft_of(options, session)


async def _check_agreed(args: argparse.Namespace, count: int, environment: str) -> None:
    """Raises UsageError where nobody agrees to so many runs."""
    if args.yes or count == 0:
        return
    likely, most = runs_for(count)
    runs = f"{likely} runs if a single input is the cause, and at most {most}"
    if not await agrees(f"The search takes {runs}, each with a code, against {environment}. Go on?"):
        raise UsageError(
            f"Nothing was sent, because the search takes {runs}, each with a code. Add --yes to agree in advance."
        )


def _report(args: argparse.Namespace, found: Bisection) -> int:
    none = Outcome.CANCELLED if found.cancelled else Outcome.DIFFERENT
    code = 0 if found.culprits else EXIT_CODES[none]
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
