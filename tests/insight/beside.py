"""What is said beside the findings, for `said.md`: of two runs, of a request that a person changes, of what the browser shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import get_args

from airisk_tui.flow.events import BrowserOpened
from airisk_tui.flow.fold import fold
from airisk_tui.flow.requests import HeldRequest, meant_request, values_in
from airisk_tui.flow.start.known import Host
from airisk_tui.insight.advice.editing import broken_rules
from airisk_tui.insight.browser_question import BrowserShows, advise_on_browser
from airisk_tui.insight.comparison.report import comparison_json, comparison_markdown
from airisk_tui.insight.comparison.verdict import judge_any
from airisk_tui.insight.context import Context
from airisk_tui.insight.rendering import on_command_line, on_screen
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.request.edit import EVERY_STEP, Action, Edit, Place
from airisk_tui.oauth.request.planned import PlannedRequest, edited
from tests.insight.plays import browser, inputs, run
from tests.recording.logs import LOGS
from tests.runs import URI, bound, stray

PAIRS = (
    ("browser-token", "user-specific-with-probes"),
    ("user-specific-with-probes", "direct-token-and-a-later-probe"),
    ("browser-token", "invalid-code"),
    ("by-its-issuer", "standard-dialect"),
    ("by-its-issuer", "on-another-device"),
    ("unauthorized", "cancelled"),
)


def compared() -> Iterator[str]:
    """Pairs of runs."""
    for first, second in PAIRS:
        left, right = fold(LOGS[first]), fold(LOGS[second])
        verdict = judge_any(left, right)
        yield f"### {first}, {second}\n"
        yield comparison_markdown(left, right, (first, second), verdict).replace("\n## ", "\n#### ")
        yield json.dumps(comparison_json(left, right, verdict), ensure_ascii=False, indent=1)


def changed() -> Iterator[str]:
    """Every request of a run, with each of its parts left out, set and repeated, and what rule that breaks."""
    for log, step in product(("by-its-issuer", "user-specific-with-probes"), EVERY_STEP):
        state = fold(LOGS[log])
        assert state.inputs is not None
        came = PlannedRequest("GET", ("",))
        meant = came if step == "redirect" else meant_request(state, state.inputs, step, LIST_USERS)
        values = values_in(state, state.inputs)
        held = HeldRequest(step, meant, meant, values)
        places: list[tuple[Place, str]] = [
            *(("param", name) for name, _ in meant.params),
            *(("body", name) for name, _ in meant.fields),
            *(("header", name) for name, _ in meant.headers),
            *(("param", name) for name in ("state", "client_secret", "code", "error", "access_token")),
            ("header", "Content-Length"),
            ("body", "grant_type"),
        ]
        edits = [Edit(step, place, name, action, "x") for place, name in places for action in get_args(Action)]
        edits += [Edit(step, "param", "state", "set", "ä"), Edit(step, "body", "", "set", "nothing")]
        edits += [Edit(step, "method", "", "set", method) for method in ("GET", "POST", "DELETE")]
        edits += [Edit(step, "encoding", "", "set", "json")]
        for edit in dict.fromkeys(edits):
            if notes := broken_rules(held, edited(meant, (edit,), step, values)):
                yield f"- {log}: {edit.action} {edit.text}: {' '.join(notes)}"


WAITING = {
    "anywhere": Context(state=browser()),
    "over SSH": Context(state=browser(), host=Host(ssh=True)),
    "in a container": Context(state=browser(), host=Host(container=True)),
    "where TLS came to http": Context(state=browser(stray("tls-on-http"))),
    "where no browser opened": Context(state=run(inputs(), bound(), BrowserOpened(at=0.2, ok=False))),
    "where another URI is registered": Context(state=browser(), registered=("http://127.0.0.1:8765/cb",)),
    "where it is registered": Context(state=browser(), registered=(URI,)),
    "with localhost": Context(state=browser(redirect_uri="http://localhost:8765/callback")),
    "with https": Context(state=browser(redirect_uri="https://localhost:8765/callback")),
    "on a public host": Context(state=browser(redirect_uri="https://app.example.com/cb", mode="paste")),
}


def asked() -> Iterator[str]:
    """What each answer to the question about the browser means."""
    for (where, context), shown in product(WAITING.items(), BrowserShows):
        advice = advise_on_browser(shown, context)
        yield f"- {shown} {where}: {advice.action}: {advice.explanation}"
        yield from (f"  - {fix}" for fix in dict.fromkeys((on_command_line(advice.fix), on_screen(advice.fix))))


BESIDE: dict[str, Callable[[], Iterator[str]]] = {
    "Of two runs": compared,
    "Of a request that is changed": changed,
    "Of what the browser shows": asked,
}
"""By heading."""
