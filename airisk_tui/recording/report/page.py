"""One offline HTML page to share: a run, or two side by side, with steps, findings, the sequence and every exchange.

The page has no script and loads nothing (its Content-Security-Policy forbids both). Jinja escapes every value, and every text is
sealed as in the log (threats.md F1), so no server's text becomes markup, and the page contains no secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.reading.rail import rail
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.oauth.http import Body, Headers
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.markdown import MAX_BODY, MAX_VALUE
from airisk_tui.oauth.text.visible import decoded, shortened, visible
from airisk_tui.recording.exchanges import LoggedRequest, changed_in, logged_requests
from airisk_tui.recording.report.bug_report import trace_ids
from airisk_tui.recording.sequence import PARTIES, label_of, messages
from airisk_tui.version import __version__

if TYPE_CHECKING:
    from jinja2 import Template

ROW = 34
"""Pixels from one arrow of the sequence to the next."""

COLUMN = 320
"""Pixels from one lifeline to the next."""


class ReportedRun(NamedTuple):
    """A run of the page. findings: as `run --json` prints them; sealed: the sentence that says what was sealed in it."""

    title: str
    state: FlowState
    events: Sequence[AnyEvent]
    findings: Sequence[Mapping[str, Any]]
    sealed: str


def as_html(runs: Sequence[ReportedRun], comparison: Mapping[str, Any] | None = None) -> str:
    """The page. comparison: what `compare --json` prints beside the runs, when there are two."""
    return _template().render(runs=[_run(run) for run in runs], comparison=comparison, version=__version__)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = _shown
    return environment.from_string(files(__package__).joinpath("page.html").read_text("utf-8"))


def _shown(value: object) -> str:
    """A value of a finding or a comparison, in the form for people."""
    return "—" if value is None else visible(shortened(secrets_named(str(value)), MAX_VALUE))


def _run(run: ReportedRun) -> dict[str, Any]:
    state, names = run.state, secret_names(run.state)

    def show(text: str, limit: int = MAX_VALUE, *, lines: bool = False) -> str:
        return visible(shortened(secrets_named(text, names), limit), lines=lines)

    def headers(given: Headers) -> list[tuple[str, str]]:
        return [(show(name), show(value)) for name, value in given]

    def body(given: Body) -> tuple[int, str]:
        # A character has four bytes at most (RFC 3629 §3): a large body is not decoded as a whole.
        return given.size, show(decoded(given.data[: MAX_BODY * 4]), MAX_BODY, lines=True)

    def exchange(logged: LoggedRequest) -> dict[str, Any]:
        request, response = logged.request, logged.response
        return {
            "name": show(logged.title),
            "at": f"{logged.event.at:.3f} s",
            "line": show(f"{request.method} {request.url}"),
            "headers": headers(request.headers),
            "body": body(request.body),
            "fault": logged.fault.code if logged.fault else None,
            "answer": show(response.status_line) if response else None,
            "failed": logged.fault is not None or (response is not None and response.status >= 400),
            "took": f"{logged.timing.total * 1000:.0f} ms",
            "answer_headers": headers(response.headers) if response else [],
            "answer_body": body(response.body) if response else (0, ""),
        }

    inputs = state.inputs
    facts = [("Outcome", state.outcome.value if state.outcome else "not finished"), ("Time", utc_text(state.utc))]
    if inputs is not None:
        facts += [
            ("Server", show(inputs.base_url)),
            ("Client", show(inputs.client_id)),
            ("Redirect URI", show(inputs.redirect_uri)),
            ("Kind", inputs.kind_name + (f", for the user {show(inputs.userid)}" if inputs.userid else "")),
            ("Mode", inputs.mode),
        ]
    facts += [("Trace id", show(trace)) for trace in dict.fromkeys(trace_ids(run.events))]
    return {
        "title": run.title,
        "facts": facts,
        "steps": [(step.title, step.status, show(step.summary)) for step in rail(state)],
        "changed": [show(edit) for edit in changed_in(run.events)],
        "findings": run.findings,
        "sequence": _sequence(run, names),
        "exchanges": [exchange(logged) for logged in logged_requests(run.events)],
        "sealed": run.sealed,
    }


def _sequence(run: ReportedRun, names: Mapping[str, str]) -> dict[str, Any]:
    """The places of the lifelines and the arrows, in pixels."""
    place = {party: 90 + COLUMN * index for index, party in enumerate(PARTIES)}
    arrows = [
        {
            "x1": place[one.sender],
            "x2": place[one.receiver] + (-4 if place[one.receiver] > place[one.sender] else 4),
            "y": 60 + ROW * index,
            "middle": (place[one.sender] + place[one.receiver]) / 2,
            "label": label_of(one, names),
            "failed": one.failed,
            "seen": one.seen,
        }
        for index, one in enumerate(messages(run.events))
    ]
    height = 60 + ROW * len(arrows)
    return {"lines": [(PARTIES[party], x) for party, x in place.items()], "arrows": arrows, "height": height}
