"""A run as the JSON document of `run --json` (command-line.md), and its findings as lines for stderr."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.flow.reading.checks import checks
from airisk_tui.flow.reading.identity import acting, token_kind
from airisk_tui.flow.reading.rail import StepExchange, exchanges, rail
from airisk_tui.flow.reading.steps import StepView
from airisk_tui.flow.server import Decided
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, ProbeResult
from airisk_tui.headless.shared import output
from airisk_tui.insight.advice.discovering import decisions
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding, to_json
from airisk_tui.insight.rendering import CERTAINTY, on_command_line
from airisk_tui.insight.words.checks import check_json
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.lenient_json import json_object


def run_json(
    state: FlowState,
    report: Report,
    recording: Path | None,
    outcome: Outcome | None = None,
    code: int | None = None,
) -> dict[str, Any]:
    """The document of `run --json`. outcome: the run's own where none is given; code: the exit code, the outcome's where none is given."""
    inputs = state.inputs
    outcome = outcome or state.ended_in
    return {
        "format": output.FORMAT,
        "outcome": outcome.value,
        "exit_code": EXIT_CODES[outcome] if code is None else code,
        "environment": inputs.environment if inputs else None,
        "kind": inputs.kind if inputs and not inputs.standard else None,
        "steps": [_step_json(step, state) for step in rail(state)],
        "code": {"fingerprint": state.code.fingerprint, "length": state.code.length} if state.code else None,
        "token": _token_json(state),
        "access": [_probe_json(probe, inputs) for probe in state.probes] or None,
        "then": [{"step": one.step, "status": _status(one.exchange)} for one in state.followed] or None,
        "settings": [{"name": one.name, "value": one.value or None, "from": one.by} for one in _settings(state)]
        or None,
        "checks": [check_json(check) for check in checks(state)] or None,
        "findings": [to_json(finding) for finding in report.findings],
        "not_checked": list(report.not_checked),
        "recording": str(recording) if recording is not None else None,
    }


def _settings(state: FlowState) -> tuple[Decided, ...]:
    """What a run against an issuer was given, and what it decided; () for AIRisk."""
    given, decided = state.given, decisions(state)
    if given is None or not decided:
        return ()
    named = ("issuer", "client_id", "redirect_uri")
    of = state.known.of_environment
    plain = (Decided(name, getattr(given, name), "environment" if name in of else "typed") for name in named)
    return (*plain, *decided)


def _step_json(step: StepView, state: FlowState) -> dict[str, Any]:
    took = None if step.started is None or step.finished is None else round((step.finished - step.started) * 1000, 1)
    made = [_exchange_json(one) for one in exchanges(state, step.name)]
    return {"name": step.name, "status": step.status, "milliseconds": took, "summary": step.summary, "exchanges": made}


def _exchange_json(one: StepExchange) -> dict[str, Any]:
    request = one.came.request
    return {
        "name": one.name,
        "method": request.method,
        "url": request.url.partition("?")[0],
        "status": _status(one.came if isinstance(one.came, Exchange) else None),
        "milliseconds": round(one.came.timing.total * 1000, 1),
    }


def _token_json(state: FlowState) -> dict[str, Any] | None:
    token, answer = state.token, state.token_answer
    if token is None or answer is None or answer.token is None or state.inputs is None:
        return None
    expiry = answer.token.expiry
    return {
        "kind": None if state.inputs.standard else token_kind(state),
        "acts_for": _acts_for_json(state),
        "shape": token.shape,
        "fingerprint": token.fingerprint,
        "length": token.length,
        "expires_at": utc_text(expiry.at) if expiry is not None and expiry.at is not None else None,
        "claims": json_object(token.payload) if token.payload else None,
    }


def _acts_for_json(state: FlowState) -> dict[str, Any] | None:
    """The user that the token acts for, as the server told it, and where; None where it did not."""
    witness = acting(state)
    if witness is None:
        return None
    told = {"told_by": witness.source, "path": witness.path, "endpoint": witness.endpoint or None}
    return {"id": witness.value, "application": witness.application, **told}


def _status(exchange: Exchange | None) -> int | None:
    return exchange.response.status if exchange is not None else None


def _probe_json(probe: ProbeResult, inputs: Inputs | None) -> dict[str, Any]:
    return {
        "endpoint": probe.endpoint.name,
        "credential": probe.credential,
        "status": _status(probe.exchange),
        "as-documented": probe.as_documented(inputs.kind) if inputs else None,
    }


def judged(outcome: Outcome, findings: Iterable[Finding], *, strict: bool) -> Outcome:
    """The outcome with regard to the findings: a run that brought all that was asked for is `different` where a finding counts."""
    if outcome not in (Outcome.TOKEN, Outcome.CODE):
        return outcome
    return Outcome.DIFFERENT if counting(findings, strict=strict) else outcome


def counting(findings: Iterable[Finding], *, strict: bool) -> tuple[Finding, ...]:
    """The findings because of which the exit code is not 0: the errors, and with `--strict` the warnings."""
    counts = ("error", "warning") if strict else ("error",)
    return tuple(finding for finding in findings if finding.severity in counts)


def exit_code(outcome: Outcome, expected: str | None) -> int:
    """The exit code. expected: the outcome that `--expect` names, for which it is 0 and otherwise 10; or None."""
    if expected is None:
        return EXIT_CODES[outcome]
    return 0 if outcome.value == expected else EXIT_CODES[Outcome.DIFFERENT]


def sentences(report: Report) -> list[str]:
    """The findings as lines for a person: errors and warnings in full, a line for each note, and one for all known departures.

    What could not be checked is only in the JSON, because it gives a person nothing to do.
    """
    lines: list[str] = []
    for finding in report.findings:
        if finding.severity != "note":
            lines += _lines_of(finding)
    notes = [finding for finding in report.findings if finding.severity == "note"]
    departures = [note for note in notes if note.group is not None]
    lines += [f"Note: {note.title}  [{note.code}]" for note in notes if note not in departures]
    if departures:
        lines.append(f"Notes: {len(departures)} known departures of AIRisk from the RFCs, which `--json` lists.")
    return lines


def _lines_of(finding: Finding) -> list[str]:
    lines = [f"{finding.severity.capitalize()}: {finding.title}"]
    for evidence in finding.evidence:
        if evidence.sent is not None and evidence.came is not None:
            ours, theirs = evidence.names
            wide = max(len(ours), len(theirs))
            lines += [
                f"  {evidence.label}: {ours:{wide}} {evidence.sent}",
                f"  {' ' * len(evidence.label)}  {theirs:{wide}} {evidence.came}",
            ]
        elif evidence.text:
            lines.append(f"  {evidence.label}: {evidence.text}")
    known = CERTAINTY[finding.certainty]
    lines.append(
        f"  Cause {known}. Either: {finding.cause}" if finding.undecided else f"  Cause: {finding.cause} ({known})"
    )
    if finding.runner_up:
        lines.append(f"  Or: {finding.runner_up}")
    lines.append(f"  Fix: {on_command_line(finding.fix)}  [{finding.code}, {finding.reference}]")
    return lines
