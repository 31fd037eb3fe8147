"""No answer at all: name resolution, connection, proxy, and what is not HTTP. What each means stands in `advice.transport`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.flow.steps import step_of
from airisk_tui.insight.advice.tls import CLOCK_MATTERS
from airisk_tui.insight.advice.transport import ENTRIES, REQUESTS, entry_of, explained
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import seconds
from airisk_tui.insight.rule import Check, Entry, Match, Rule, RuleSet
from airisk_tui.oauth.dates import utc_text
from airisk_tui.oauth.text import visible
from airisk_tui.oauth.urls import origin

rules = RuleSet(
    "No connection", lambda context: None if context.state.failure is not None else "no request failed to be answered"
)
"""Rivals for one question: why did no answer come?"""


def check_of(entry: Entry) -> Check:
    """The check of a rule: whether the entry is the one that explains the fault of the run."""

    def check(context: Context) -> Match | None:
        failure = context.state.failure
        if failure is None or entry_of(failure.failed.fault) is not entry:
            return None
        match = explained(failure, context.inputs.base_url, answered_before=_answered_before(context, failure))
        return replace(match, evidence=tuple(_evidence(context, failure)))

    return check


def _answered_before(context: Context, failure: TransportFailed) -> bool:
    asked = context.state.authorization
    here = origin(failure.failed.request.url)
    return asked is not None and here != "" and origin(asked.request.url) == here


def _evidence(context: Context, failure: TransportFailed) -> Iterator[Evidence]:
    """The facts of a failure, those of the event and no others."""
    failed, fault = failure.failed, failure.failed.fault
    waited = seconds(failed.timing.total) if fault.kind == "timeout" else ""
    clock = utc_text(context.state.utc + failure.at) if entry_of(fault) in CLOCK_MATTERS else ""
    said = " ".join(part for part in (fault.exception, fault.errno) if part)
    facts = (
        (f"The {REQUESTS[failure.step]}", quoted(f"{failed.request.method} {failed.request.url.partition('?')[0]}")),
        ("Addresses tried", ", ".join(visible(address)[:80] for address in fault.tried[:8])),
        ("Waited", waited),
        ("This machine's clock", clock),
        ("Variable", fault.variable),
        ("Concerns", quoted(fault.subject) if fault.subject else ""),
        ("The answer began with", quoted(fault.received) if fault.received else ""),
        ("In the library's words", quoted(fault.library_text) if fault.library_text else ""),
        ("Raised as", quoted(said) if said else ""),
        ("OpenSSL's verify code", str(fault.verify_code or "")),
        ("Proxy", quoted(failed.connection.proxy) if failed.connection.proxy else ""),
    )
    place = Pointer(step_of(failure.step), "request")
    yield from (Evidence(label, text, place) for label, text in facts if text)


rules.extend(Rule(entry, rules.needs, check_of(entry)) for entry in ENTRIES)
