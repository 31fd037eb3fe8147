"""The TLS connection could not be made, each cause by its name. What each means stands in `advice.tls`."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.advice.tls import ENTRIES, UNKNOWN_AUTHORITY
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.rule import Check, Entry, Match, Rule, RuleSet
from airisk_tui.insight.rules.connection.transport import check_of


def _no_tls_failure(context: Context) -> str | None:
    if context.state.failure is None:
        return "no request failed to be answered"
    return None if context.state.failure.failed.fault.kind == "tls" else "it was not TLS that failed"


rules = RuleSet("TLS", _no_tls_failure)


def _check_of(entry: Entry) -> Check:
    """As of any request without an answer; for an unknown authority with the variables that name authorities to other programs."""
    check = check_of(entry)

    def with_variables(context: Context) -> Match | None:
        match, failure = check(context), context.state.failure
        if match is None or failure is None or not context.host.authorities:
            return match
        names = ", ".join(context.host.authorities)
        told = Evidence(
            "Set for other programs", f"{names}; this one reads SSL_CERT_FILE", Pointer(failure.step, "request")
        )
        return replace(match, evidence=(*match.evidence, told))

    return with_variables if entry is UNKNOWN_AUTHORITY else check


rules.extend(Rule(entry, rules.needs, _check_of(entry)) for entry in ENTRIES)
