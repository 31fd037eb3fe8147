"""The TLS connection could not be made, each cause by its name. What each means stands in `advice.tls`."""

from __future__ import annotations

from airisk_tui.insight.advice.tls import ENTRIES
from airisk_tui.insight.context import Context
from airisk_tui.insight.rule import Rule, RuleSet
from airisk_tui.insight.rules.connection.transport import check_of


def _no_tls_failure(context: Context) -> str | None:
    if context.state.failure is None:
        return "no request failed to be answered"
    return None if context.state.failure.failed.fault.kind == "tls" else "it was not TLS that failed"


rules = RuleSet("TLS", _no_tls_failure)

rules.extend(Rule(entry, rules.needs, check_of(entry)) for entry in ENTRIES)
