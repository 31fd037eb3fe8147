"""`airisk-tui check`: a suite of runs and comparisons with expected results, for CI (testing.md, Suites)."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from msgspec import Struct, field

from airisk_tui.engine.ports import SystemClock
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.headless.compare import pair_of, second_of
from airisk_tui.headless.flow.options import draft_of, is_new, session_of
from airisk_tui.headless.flow.report import judged, run_json, sentences
from airisk_tui.headless.flow.suite import Check, read_suite
from airisk_tui.headless.run import played
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.headless.shared.table import table, width
from airisk_tui.insight.comparison.fields import Row, compare, differences
from airisk_tui.insight.comparison.verdict import judge, judge_any
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.files import SYSTEM, reason, replace_whole
from airisk_tui.session.session import Session


class Done(Struct, frozen=True):
    """The result of a check. wrong: sentences about what is not as expected; runs: as `run --json` prints them; seconds: its duration;
    notes: the findings of a check that failed."""

    check: Check
    outcome: Outcome
    wrong: tuple[str, ...]
    runs: tuple[dict[str, Any], ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.wrong


async def check(args: argparse.Namespace) -> int:
    """Run the suite; exit 10 where something is not as expected, 0 where all is (command-line.md)."""
    suite = read_suite(args.suite)
    if args.junit is not None:
        _check_place(args.junit)
    done: list[Done] = []
    for one in suite:
        output.say(f"== {one.name}")
        done.append(await _played(one))
        for sentence in (*done[-1].wrong, *done[-1].notes):
            output.say(f"   {sentence}")
        cancelled = done[-1].outcome is Outcome.CANCELLED
        if cancelled or (done[-1].wrong and not args.keep_going):
            break
    code = _exit_code(done)
    if args.junit is not None:
        _check_place(args.junit)
        _write_report(args.junit, _junit(suite, done))
    if args.json:
        output.put_json(_document(args.suite, suite, done, code))
    else:
        for line in _lines(suite, done):
            output.put(line)
    return code


def _check_place(path: Path) -> None:
    """Raises UsageError where there is a file that is no JUnit report; a report may be replaced, as a CI server's workspace keeps one."""
    if is_new("--junit", path):
        return
    try:
        with path.open("rb") as file:
            replaceable = b"<testsuites" in file.read(200)
    except OSError:
        replaceable = False
    if not replaceable:
        raise UsageError(
            f"{path} exists already, and is no JUnit report. It was not changed; give another name with --junit."
        )


def _write_report(path: Path, text: str) -> None:
    try:
        replace_whole(SYSTEM, path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{path} could not be written: {reason(error)}.") from error


def _exit_code(done: list[Done]) -> int:
    if done[-1].outcome is Outcome.CANCELLED and done[-1].wrong:
        return EXIT_CODES[Outcome.CANCELLED]
    return 0 if all(one.passed for one in done) else EXIT_CODES[Outcome.DIFFERENT]


async def _played(one: Check) -> Done:
    clock = SystemClock()
    began = clock.monotonic()
    async with session_of(one.options) as session:
        done = await (_run(session, one) if one.kind == "run" else _comparison(session, one))
    return Done(done.check, done.outcome, done.wrong, done.runs, clock.monotonic() - began, done.notes)


async def _run(session: Session, one: Check) -> Done:
    asked = dict.fromkeys((*one.reaches, *one.refused))
    live, report, outcome = await played(session, one.options, tuple(map(_endpoint, asked)))
    wrong = [*_outcome(one, outcome), *_findings(one, report.findings), *_reached(one, live.state)]
    return _result(one, outcome, wrong, [(live, report)])


def _endpoint(name: str) -> Endpoint:
    method, _, path = name.partition(" ")
    return Endpoint(method, path)


async def _comparison(session: Session, one: Check) -> Done:
    draft = await draft_of(one.options, session)
    second = await second_of(one.options, session, draft) if one.options.second else None
    pair = await pair_of(session, draft, second)
    runs = [(run, session.explained(run)) for run in (pair.generic, pair.user) if run is not None]
    findings = [finding for _, report in runs for finding in report.findings]
    outcome = next((run.state.ended_in for run, _ in runs if run.state.token is None), Outcome.TOKEN)
    compared: set[str] = set()
    differing: set[str] = set()
    if pair.user is not None and pair.user.state.token is not None:
        states = pair.generic.state, pair.user.state
        findings = [*(judge_any if second else judge)(*states).findings, *findings]
        outcome = judged(outcome, findings, strict=one.options.strict)
        rows = compare(*states)
        compared = {_name_of(row) for row in rows}
        differing = {_name_of(row) for row in differences(rows)}
    same = [
        f"“{name}” was expected to differ, but {'is the same' if name in compared else 'neither run has it'}."
        for name in one.differs
        if name not in differing
    ]
    return _result(one, outcome, [*_outcome(one, outcome), *_findings(one, findings), *same], runs)


def _name_of(row: Row) -> str:
    return f"{row.section.lower()}.{row.field}"


def _result(one: Check, outcome: Outcome, wrong: list[str], runs: list[tuple[Run, Report]]) -> Done:
    printed = tuple(run_json(run.state, report, run.recording) for run, report in runs)
    explains = tuple(line for _, report in runs for line in sentences(report)) if wrong else ()
    return Done(one, outcome, tuple(wrong), printed, notes=explains)


def _outcome(one: Check, outcome: Outcome) -> Iterator[str]:
    if outcome.value != one.expect:
        yield f"The outcome “{one.expect}” was expected, and the run ended in “{outcome.value}”."


def _findings(one: Check, findings: Iterable[Finding]) -> Iterator[str]:
    there = {finding.code: finding for finding in findings}
    for code in one.present:
        if code not in there:
            yield f"The finding {code} was expected, but was not found."
    for code in one.absent:
        if code in there:
            yield f"The finding {code} was not expected, but was found: {there[code].title}"


def _reached(one: Check, state: FlowState) -> Iterator[str]:
    """Sentences about endpoints that did not answer as expected; none without a token, which the outcome says."""
    if state.token is None:
        return
    answers = {probe.endpoint.name: probe for probe in state.probes if probe.credential == "token"}
    for wanted, names in (("accepted", one.reaches), ("refused", one.refused)):
        for name in names:
            probe = answers.get(name)
            if probe is None or probe.answer != wanted:
                came = probe.exchange.response.status_line if probe and probe.exchange else "nothing"
                yield f"{name} was expected to be {wanted}; it answered {came}."


def _lines(suite: tuple[Check, ...], done: list[Done]) -> Iterator[str]:
    rows = [
        ("passed" if one.passed else "FAILED", visible(one.check.name), one.outcome.value, f"{one.seconds:.1f} s")
        for one in done
    ]
    rows += [("not run", visible(left.name), "", "") for left in suite[len(done) :]]
    yield from table(("result", "check", "outcome", "took"), rows, width())
    yield f"{sum(one.passed for one in done)} of {len(suite)} checks passed."


def _document(path: Path, suite: tuple[Check, ...], done: list[Done], code: int) -> dict[str, Any]:
    checks = [
        {
            "name": one.check.name,
            "kind": one.check.kind,
            "passed": one.passed,
            "expected": one.check.expect,
            "outcome": one.outcome.value,
            "wrong": list(one.wrong),
            "seconds": round(one.seconds, 3),
            "runs": list(one.runs),
        }
        for one in done
    ]
    not_run = [one.name for one in suite[len(done) :]]
    return {"format": output.FORMAT, "exit_code": code, "suite": str(path), "checks": checks, "not_run": not_run}


def _junit(suite: tuple[Check, ...], done: list[Done]) -> str:
    """The JUnit report of a suite, with a test case for each check, as Jenkins, GitLab and GitHub's actions read it."""
    root = ElementTree.Element("testsuites")
    failed = sum(not one.passed for one in done)
    counts = {"tests": len(suite), "failures": failed, "skipped": len(suite) - len(done)}
    tests = ElementTree.SubElement(root, "testsuite", {"name": "airisk-tui", **{k: str(n) for k, n in counts.items()}})
    for one in done:
        case = ElementTree.SubElement(tests, "testcase", _case(one.check.name) | {"time": f"{one.seconds:.3f}"})
        if one.wrong:
            failure = ElementTree.SubElement(case, "failure", {"message": _plain(one.wrong[0])})
            failure.text = _plain("\n".join((*one.wrong, *one.notes)))
    for left in suite[len(done) :]:
        ElementTree.SubElement(ElementTree.SubElement(tests, "testcase", _case(left.name)), "skipped")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(name: str) -> dict[str, str]:
    return {"name": visible(name), "classname": "airisk-tui"}


def _plain(text: str) -> str:
    """The text without control characters, which XML cannot hold (XML 1.0 §2.2)."""
    return visible(text, lines=True)
