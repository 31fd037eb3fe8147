"""One scenario, the list of them all, and what several families build theirs from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.events import ListenerFailed, ListenerFault
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.explain import Report
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.params import Params
from tests.insight.plays import direct, inputs, report, run
from tests.runs import CODE, LOCATION, SECRET, URI, redirect, response, text


@dataclass(frozen=True)
class Scenario:
    """code: of the first finding; state: made when asked for; facts: what else the context knows; fix: words in its fix."""

    code: str
    state: Callable[[], FlowState]
    facts: dict[str, Any] = field(default_factory=dict)
    fix: str = ""
    also: tuple[str, ...] = ()
    name: str = ""

    @cached_property
    def report(self) -> Report:
        """What the rules say of it, asked once for all tests of a process."""
        return report(self.state(), **self.facts)


SCENARIOS: list[Scenario] = []


def case(code: str, state: Callable[[], FlowState], fix: str = "", *also: str, name: str = "", **facts: Any) -> None:
    SCENARIOS.append(Scenario(code, state, facts, fix, also, name or code))


def extra(**pairs: str) -> Params:
    return Params(tuple(pairs.items()))


def with_token_dialect(**names: Any) -> Dialect:
    return Dialect(**names)


def html(body: str, status: int = 200) -> HttpResponse:
    return response(status, f"<!DOCTYPE html><html>{body}</html>", "text/html")


LOCALHOST = "http://localhost:8765/callback"
HTTP = "http://airisk.example.com"
JSON = "application/json"
INVALID_CODE = text("Invalid Code")
GOT_IN = redirect(LOCATION)
GOT_CODE = direct(redirect(LOCATION), run_id="earlier", exchange=False)


def listener(code: ListenerFault, holder: str | None = None, **changes: Any) -> FlowState:
    return run(inputs(**changes), ListenerFailed(at=0.1, code=code, port=8765, holder=holder))


def sent(**changes: str) -> Params:
    fields = {
        "client_id": "demo-app",
        "client_secret": SECRET.reference,
        "redirect_uri": URI,
        "code": CODE.reference,
    }
    return extra(**(fields | changes))


def replace_server(answer: HttpResponse) -> HttpResponse:
    """Without the headers of Kestrel, which a filter does not send."""
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[1] != "Kestrel"))
