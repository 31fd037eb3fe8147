"""`airisk-tui compare`: two runs side by side; against AIRisk, a generic and a user-specific one."""

from __future__ import annotations

import argparse
from copy import deepcopy
from typing import Any

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless.flow.narration import narrate
from airisk_tui.headless.flow.options import add_flow_options, draft_of, session_of
from airisk_tui.headless.flow.report import counting, run_json, sentences
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.parser import Parser
from airisk_tui.headless.shared.process import UsageError, signals_cancel_runs
from airisk_tui.headless.shared.table import table
from airisk_tui.insight.comparison.access import access_rows
from airisk_tui.insight.comparison.fields import compare as compared
from airisk_tui.insight.comparison.fields import differences, readable
from airisk_tui.insight.comparison.report import ANY, KINDS, comparison_json, comparison_markdown
from airisk_tui.insight.comparison.verdict import Verdict, judge, judge_any
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding, to_json
from airisk_tui.insight.words.outcomes import OUTCOMES
from airisk_tui.oauth.secret import Secret
from airisk_tui.session.recordings.checking import check_events
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import Pair, two_runs, two_tokens

SECOND_MISSING = (
    "This server has no user ids, so tell `compare` what differs in the second run: add --second, such as "
    "--second scope=“openid email”, --second client-id=ID, or --second param=prompt=login to sign in as somebody else."
)


async def compare(args: argparse.Namespace) -> int:
    """Make both runs and print what differs; exit 10 where a finding counts (command-line.md, Outcomes and exit codes)."""
    async with session_of(args) as session:
        draft = await draft_of(args, session)
        if not args.second and draft.standard:
            raise UsageError(SECOND_MISSING)
        if not args.second and not draft.userid:
            raise UsageError("`compare` needs the user of the second run: add --userid, such as --userid user_42.")
        if not args.second and args.with_bearer:
            _check_bearer(draft)
        second = await second_of(args, session, draft) if args.second else None
        pair = await pair_of(session, draft, second, with_bearer=args.with_bearer)
        return _report(args, session, pair, KINDS if second is None else ANY)


async def pair_of(session: Session, first: Draft, second: Draft | None, *, with_bearer: bool = False) -> Pair:
    """Make both runs, and narrate them; a signal cancels them. second: None for a generic and a user-specific run."""
    with signals_cancel_runs() as on_start:
        if second is not None:
            return await two_runs(session, first, second, narrate, on_start)
        return await two_tokens(session, first, first.userid, narrate, with_bearer=with_bearer, on_start=on_start)


async def second_of(args: argparse.Namespace, session: Session, first: Draft) -> Draft:
    """The draft of the second run: the first one with the changes of `--second`. Raises UsageError."""
    second = await draft_of(_with_second(args), session)
    same = (second.environment, second.client_id) == (first.environment, first.client_id)
    return second.to(client_secret=first.client_secret) if same else second


def _with_second(args: argparse.Namespace) -> argparse.Namespace:
    """The options, changed by those of `--second`. Raises UsageError for anything that is no option of a flow."""
    parser = Parser("compare", "", "")
    add_flow_options(parser)
    pairs = (one.partition("=") for one in args.second)
    options = [word for name, mark, value in pairs for word in (f"--{name}", *([value] if mark else []))]
    # A copy: argparse appends to the lists of the namespace that it is given, and the first run's options must stay.
    return parser.parse_args(options, deepcopy(args))


def _check_bearer(draft: Draft) -> None:
    """Raises UsageError before the first run if the second one could not be sent with a bearer token, which does not exist yet."""
    for mistake in draft.to(bearer=Secret("the generic token")).mistakes:
        if mistake.code == "bearer-and-basic":
            raise UsageError(mistake.sentence)


def _report(args: argparse.Namespace, session: Session, pair: Pair, names: tuple[str, str]) -> int:
    judged = judge if names == KINDS else judge_any
    verdict = judged(pair.generic.state, pair.user.state) if pair.user else _ended(session, pair.generic, names)
    counted = _counted(session, pair, verdict, strict=args.strict)
    outcome = _outcome(pair, counted)
    reasons = _reasons(counted, verdict) if outcome is Outcome.DIFFERENT else _unclear(session, pair)
    for line in (*_failures(session, pair), *reasons):
        output.say(line)
    if args.json or args.markdown or args.html or pair.user is None:
        output.say(verdict.sentence)
    if args.json:
        output.put_json(_document(session, pair, verdict, outcome, names))
    elif args.html:
        output.put_raw(_page(session, pair, verdict, names))
    elif args.markdown and pair.user:
        output.put(comparison_markdown(pair.generic.state, pair.user.state, names, verdict))
    else:
        _print(pair, verdict, names)
    return EXIT_CODES[outcome]


def _ended(session: Session, run: Run, names: tuple[str, str]) -> Verdict:
    """The verdict where the second run was not started."""
    first = session.explained(run).first
    why = first.title if first is not None else f"It ended: {OUTCOMES[run.state.ended_in]}."
    return Verdict(f"The {names[0]} run got no token, so the {names[1]} run was not started. {why}", (), False)


def _failures(session: Session, pair: Pair) -> list[str]:
    """The findings of the run without a token, in full."""
    failed = next((run for run in (pair.generic, pair.user) if run is not None and run.state.token is None), None)
    return sentences(session.explained(failed)) if failed is not None else []


def _counted(session: Session, pair: Pair, verdict: Verdict, *, strict: bool) -> tuple[Finding, ...]:
    """The findings because of which the exit code is not 0: those of the verdict, then those of the runs."""
    return counting((*verdict.findings, *_of_runs(session, pair)), strict=strict)


def _of_runs(session: Session, pair: Pair) -> list[Finding]:
    return [one for run in (pair.generic, pair.user) if run is not None for one in session.explained(run).findings]


def _unclear(session: Session, pair: Pair) -> list[str]:
    """Why an endpoint did not show what a token may do there, in full and each once."""
    told = {
        one.title: one
        for one in _of_runs(session, pair)
        if one.code.startswith("endpoint-") and one.severity == "warning"
    }
    return sentences(Report(tuple(told.values())))


def _reasons(counted: tuple[Finding, ...], verdict: Verdict) -> list[str]:
    """The counted findings in full, those of the verdict where there are any, so that exit 10 is never without a reason."""
    of_both = tuple(finding for finding in verdict.findings if finding in counted)
    return sentences(Report(of_both or tuple(dict.fromkeys(counted))))


def _outcome(pair: Pair, counted: tuple[Finding, ...]) -> Outcome:
    """The outcome of the first run without a token, else `different` where a finding counts, else `token`."""
    for run in (pair.generic, pair.user):
        if run is not None and run.state.token is None:
            return run.state.ended_in
        if run is not None and run.state.outcome is Outcome.CANCELLED:
            return Outcome.CANCELLED
    return Outcome.DIFFERENT if counted else Outcome.TOKEN


def _document(
    session: Session, pair: Pair, verdict: Verdict, outcome: Outcome, names: tuple[str, str]
) -> dict[str, Any]:
    return {
        "format": output.FORMAT,
        "outcome": outcome.value,
        "exit_code": EXIT_CODES[outcome],
        "runs": {names[0]: _run(session, pair.generic), names[1]: _run(session, pair.user)},
        **comparison_json(pair.generic.state, pair.user.state if pair.user else None, verdict, names),
    }


def _run(session: Session, run: Run | None) -> dict[str, Any] | None:
    return run_json(run.state, session.explained(run), run.recording) if run is not None else None


def _page(session: Session, pair: Pair, verdict: Verdict, names: tuple[str, str]) -> str:
    from airisk_tui.recording.report.page import ReportedRun, as_html

    runs = [
        ReportedRun(
            f"The {title} run",
            run.state,
            run.log,
            [to_json(finding) for finding in session.explained(run).findings],
            check_events(run.log).summary,
        )
        for title, run in zip(names, (pair.generic, pair.user), strict=True)
        if run is not None
    ]
    return as_html(runs, comparison_json(pair.generic.state, pair.user.state if pair.user else None, verdict, names))


def _print(pair: Pair, verdict: Verdict, names: tuple[str, str]) -> None:
    if pair.user is None:
        output.put(pair.generic.state.ended_in.value)
        return
    output.put(verdict.sentence)
    states = pair.generic.state, pair.user.state
    differing = readable(differences(compared(*states)), *states)
    rows = [(f"{row.section}: {row.field}", row.left, row.right) for row in differing]
    access = [(row.name, row.left, row.right) for row in access_rows(*states)]
    cells = [[("—" if cell is None else cell)[:60] for cell in line] for line in (*rows, *access)]
    for line in table(("", *names), cells, None):
        output.put(line)
