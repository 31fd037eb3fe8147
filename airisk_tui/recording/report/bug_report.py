"""A bug report for the server's administrator: requests, answers, trace ids and findings.

In Markdown every value is quoted so that it stays text (`oauth.text.markdown`). The texts are sealed, as in the log (threats.md F1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.markdown import MAX_BODY, fence, prose, span
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.recording.disk.codec import encode
from airisk_tui.recording.exchanges import LoggedRequest, changed_in, logged_requests
from airisk_tui.recording.sequence import as_mermaid, messages

ShowSecrets = Callable[[str], str]
"""Replaces references to a run's secrets by the form for people."""


def as_markdown(state: FlowState, events: Sequence[AnyEvent], findings: Sequence[Mapping[str, Any]]) -> str:
    """The report. findings: as `run --json` prints them (command-line.md)."""
    names = secret_names(state)

    def show(text: str) -> str:
        return secrets_named(text, names)

    parts = ["# OAuth flow report", *_facts(state, show), ""]
    if changed := changed_in(events):
        parts += ["## What was changed by hand", "", *(f"- {span(show(edit))}" for edit in changed), ""]
    parts += ["## What happened", ""]
    for number, step in enumerate(logged_requests(events), start=1):
        parts += [*_step(number, step, show), ""]
    parts += ["## Sequence", "", "```mermaid", as_mermaid(messages(events), names), "```", ""]
    traces = list(dict.fromkeys(trace_ids(events)))
    parts += ["## Trace ids", "", *([f"- {span(trace)}" for trace in traces] or ["None came."]), "", "## Findings", ""]
    for finding in findings:
        parts += [*_finding(finding), ""]
    if not findings:
        parts += ["None.", ""]
    return "\n".join(parts)


def as_json(state: FlowState, events: Sequence[AnyEvent], findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole run as one JSON value: outcome, events and findings."""
    return {
        "format": 1,
        "outcome": state.outcome.value if state.outcome else None,
        "phase": state.phase.value,
        "run_id": state.run_id,
        "utc": utc_text(state.utc),
        "trace_ids": list(dict.fromkeys(trace_ids(events))),
        "events": [{"event": type(event).__name__, **encode(event)} for event in events],
        "findings": [dict(finding) for finding in findings],
    }


def trace_ids(events: Iterable[AnyEvent]) -> Iterator[str]:
    """The server's trace ids, by which its support finds the stack trace (protocol.md)."""
    for step in logged_requests(events):
        if step.response is not None and step.response.status >= 400:
            trace = read_error(step.response).trace_id
            if trace:
                yield trace


def _facts(state: FlowState, show: ShowSecrets) -> Iterator[str]:
    yield ""
    yield f"- Outcome: {span(state.outcome.value if state.outcome else 'not finished')}"
    yield f"- Time: {span(utc_text(state.utc))}"
    if state.inputs is None:
        return
    inputs = state.inputs
    yield f"- Server: {span(show(inputs.base_url))}"
    yield f"- Client: {span(show(inputs.client_id))}"
    yield f"- Redirect URI: {span(show(inputs.redirect_uri))}"
    yield f"- Kind: {inputs.kind_name}" + (f", for the user {span(inputs.userid)}" if inputs.userid else "")
    yield f"- Token request as {inputs.encoding}, dialect {span(inputs.dialect.name)}, mode {inputs.mode}"


def _step(number: int, step: LoggedRequest, show: ShowSecrets) -> Iterator[str]:
    yield f"### {number}. {step.name}"
    yield ""
    if step.detail:
        yield f"- {span(step.detail)}"
    yield f"- At {step.event.at:.3f} s: {span(show(f'{step.request.method} {step.request.url}'))}"
    if step.fault is not None:
        said = f", {span(show(step.fault.library_text))}" if step.fault.library_text else ""
        yield f"- No answer: {step.fault.code}{said}"
    yield from _body("Sent", step.request.body, show)
    if step.response is not None:
        yield from _response(step.response, step.timing.total, show)


def _response(response: HttpResponse, seconds: float, show: ShowSecrets) -> Iterator[str]:
    yield f"- Answered {span(show(response.status_line))} after {seconds * 1000:.0f} ms"
    yield from (f"  - {span(show(f'{name}: {value}'))}" for name, value in response.headers)
    yield from _body("Came", response.body, show)


def _body(label: str, body: Body, show: ShowSecrets) -> Iterator[str]:
    if body.data:
        yield ""
        yield f"{label}, {body.size:,} bytes:"
        yield ""
        yield from fence(show(decoded(body.data[: MAX_BODY * 4])))


def _finding(finding: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {prose(str(finding.get('title', '')))}"
    yield ""
    yield f"- Code: {span(str(finding.get('code', '')))} ({prose(str(finding.get('severity', '')))})"
    for name in ("cause", "runner_up", "fix", "reference"):
        if finding.get(name):
            yield f"- {name.replace('_', ' ').capitalize()}: {prose(str(finding[name]))}"
    evidence = finding.get("evidence")
    for one in evidence if isinstance(evidence, (list, tuple)) else ():
        if isinstance(one, Mapping):
            yield f"  - {_evidence(one)}"


def _evidence(one: Mapping[str, Any]) -> str:
    words = [prose(str(one.get("label", "")))]
    words += [prose(str(one["text"]))] if one.get("text") else []
    words += [f"{name} {span(str(one[name]))}" for name in ("sent", "came") if one.get(name) is not None]
    return ", ".join(words)
