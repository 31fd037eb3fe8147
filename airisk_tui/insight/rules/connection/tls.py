"""The TLS connection could not be made, each cause by its name. What each means stands in `advice.tls`."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.flow.steps import step_of
from airisk_tui.insight.advice.tls import (
    ABOVE_IT,
    CLOCK_MATTERS,
    ENTRIES,
    NOT_IN_FILE,
    OF_THE_SYSTEM,
    RENEW_CHAIN,
    UNKNOWN_AUTHORITY,
    into_file,
)
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Check, Entry, Match, Rule, RuleSet
from airisk_tui.insight.rules.connection.certificate import words_of
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
        if match is None or failure is None:
            return match
        match = _with_certificate(match, failure)
        if entry in CLOCK_MATTERS and _is_valid(failure, context.state.utc + failure.at):
            return replace(match, cause=ABOVE_IT, runner_up="", fix=RENEW_CHAIN, certainty="likely")
        fault, own = failure.failed.fault, context.state.known.ca_file
        if entry.code in NOT_IN_FILE and (own or (fault.variable and not OF_THE_SYSTEM.search(fault.subject))):
            file = (
                f"the environment's ca_file {quoted(own)}"
                if own
                else f"{fault.variable}'s file {quoted(fault.subject)}"
            )
            fix = into_file(entry, "environment" if own else "machine")
            match = replace(match, values={**match.values, "file": file}, cause=NOT_IN_FILE[entry.code], fix=fix)
        if entry is not UNKNOWN_AUTHORITY or not context.host.authorities:
            return match
        names = ", ".join(context.host.authorities)
        told = Evidence(
            "Set for other programs",
            f"{names}; this one reads SSL_CERT_FILE",
            Pointer(step_of(failure.step), "request"),
        )
        return replace(match, evidence=(*match.evidence, told))

    return with_variables


def _is_valid(failure: TransportFailed, now: float) -> bool:
    """Whether the certificate that the server showed is valid at a moment, so that it is not the one that was refused."""
    shown = failure.failed.connection.certificate
    return shown is not None and shown.not_before <= now <= shown.not_after


def _with_certificate(match: Match, failure: TransportFailed) -> Match:
    """With what the certificate that was refused says of itself."""
    shown = failure.failed.connection.certificate
    if shown is None:
        return match
    told = Evidence("The certificate", words_of(shown), Pointer(step_of(failure.step), "request"))
    return replace(match, evidence=(*match.evidence, told))


rules.extend(Rule(entry, rules.needs, _check_of(entry)) for entry in ENTRIES)
