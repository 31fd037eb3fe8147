"""A counter-observation: a scenario in which a finding is told, and the smallest change that makes its cause false.

    unless("token-redirected", location("/Account/Login"))

takes the first scenario of that code, has the server redirect to a page to log in instead, and after that the same cause must not
be told: the finding is gone, or its cause is another, or it is less sure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, CallbackReceived, RunStarted, TransportFailed
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Finding
from airisk_tui.oauth.http import Body, HttpResponse
from tests.insight.plays import CHANGED, Log, report
from tests.insight.scenarios import SCENARIOS, Scenario
from tests.runs import callback, redirect, response

Change = Callable[[Log], Log]


Findings = Callable[[], tuple[Finding, ...]]


@dataclass(frozen=True)
class Counter:
    """code: of the finding; claimed: the findings of the scenario; tells: gives those of what is observed instead."""

    code: str
    claimed: Findings
    tells: Findings

    @cached_property
    def told(self) -> tuple[Finding, ...]:
        """Asked once for all tests of a process."""
        return self.tells()


COUNTERS: list[Counter] = []

_FIRST: dict[str, Scenario] = {}
_NAMED: dict[tuple[str, str], Scenario] = {}
for _scenario in SCENARIOS:
    _FIRST.setdefault(_scenario.code, _scenario)
    _NAMED[_scenario.code, _scenario.name] = _scenario


def unless(code: str, *changes: Change, of: str = "", **facts: Any) -> None:
    """Each change refutes the finding `code` of its first scenario, or of the one that is named; facts: changed for each of them, and
    alone where there is no change."""
    scenario = _NAMED[code, of] if of else _FIRST[code]
    instead(code, *(partial(changed, scenario, change) for change in changes or (same,)), of=of, **facts)


def instead(code: str, *states: Callable[[], FlowState], of: str = "", **facts: Any) -> None:
    """The same by other runs, where a change of one event is not enough."""
    scenario = _NAMED[code, of] if of else _FIRST[code]
    for state in states:
        told = partial(_told, state, scenario.facts | facts)
        COUNTERS.append(Counter(code, lambda: scenario.report.findings, told))


def _told(state: Callable[[], FlowState], facts: dict[str, Any]) -> tuple[Finding, ...]:
    return report(state(), **facts).findings


def changed(scenario: Scenario, change: Change) -> FlowState:
    """The run of a scenario with its events changed."""
    token = CHANGED.set(change)
    try:
        return scenario.state()
    finally:
        CHANGED.reset(token)


def same(log: Log) -> Log:
    """No change: the facts alone differ."""
    return log


def given(**inputs: Any) -> Change:
    """The run had other inputs."""
    return each(RunStarted, lambda event: replace(event, inputs=replace(event.inputs, **inputs)))


def each(kind: type[Any], change: Callable[[Any], AnyEvent]) -> Change:
    """Every event of one kind is changed."""
    return lambda log: tuple(change(event) if isinstance(event, kind) else event for event in log)


def edited(kind: type[Any], **members: Any) -> Change:
    """Every event of one kind has these members."""
    return each(kind, lambda event: replace(event, **members))


def swapped(kind: type[Any], *events: AnyEvent) -> Change:
    """The events of one kind did not happen, and these did in the place of the first."""

    def change(log: Log) -> Log:
        place = next((number for number, event in enumerate(log) if isinstance(event, kind)), len(log))
        rest = tuple(event for event in log[place:] if not isinstance(event, kind))
        return (*log[:place], *events, *rest)

    return change


def before_end(*events: AnyEvent) -> Change:
    """These happened, too, before the last event."""
    return lambda log: (*log[:-1], *events, log[-1])


def then(*events: AnyEvent) -> Change:
    """These happened afterwards."""
    return lambda log: (*log, *events)


def came(query: str) -> Change:
    """The callback had this query."""
    return each(
        CallbackReceived, lambda event: replace(callback(query, event.at, via=event.via), secrets=event.secrets)
    )


def fault(**members: Any) -> Change:
    """The request failed in another way."""

    def change(event: TransportFailed) -> TransportFailed:
        return replace(event, failed=replace(event.failed, fault=replace(event.failed.fault, **members)))

    return each(TransportFailed, change)


def answering(change: Callable[[HttpResponse], HttpResponse]) -> Change:
    """The last answer of a server was another one."""

    def of_log(log: Log) -> Log:
        place = max((number for number, event in enumerate(log) if hasattr(event, "exchange")), default=None)
        if place is None:
            return log
        event: Any = log[place]
        exchange = replace(event.exchange, response=change(event.exchange.response))
        return (*log[:place], replace(event, exchange=exchange), *log[place + 1 :])

    return of_log


def answer(whole: HttpResponse) -> Change:
    """The last answer was this one."""
    return answering(lambda _: whole)


def status(code: int) -> Change:
    """The last answer had this status."""
    return answering(lambda one: replace(one, status=code))


def said(words: str, kind: str = "text/plain") -> Change:
    """The last answer had the same status and other words."""

    def change(one: HttpResponse) -> HttpResponse:
        headers = tuple(pair for pair in one.headers if pair[0].lower() != "content-type")
        return replace(one, headers=(*headers, ("Content-Type", kind)), body=Body.of(words.encode()))

    return answering(change)


def header(name: str, value: str) -> Change:
    """The last answer had this header, alone of its name."""
    return answering(
        lambda one: replace(one, headers=(*(p for p in one.headers if p[0].lower() != name.lower()), (name, value)))
    )


def without(name: str) -> Change:
    """The last answer had no such header."""
    return answering(lambda one: replace(one, headers=tuple(p for p in one.headers if p[0].lower() != name.lower())))


def location(place: str) -> Change:
    """The last answer redirected there."""
    return answer(redirect(place))


def refusal(error: str, description: str = "", code: int = 400) -> HttpResponse:
    """An error document of RFC 6749 §5.2."""
    words = f',"error_description":"{description}"' if description else ""
    return response(code, f'{{"error":"{error}"{words}}}', "application/json")
