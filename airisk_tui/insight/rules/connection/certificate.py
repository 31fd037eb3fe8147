"""The certificate of the server: that it ends soon, and that it is another one than in the last good run (RFC 5280 §4.1.2.5)."""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow.state import FlowState
from airisk_tui.flow.steps import StepName, step_of
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import Ask, Do, Fix, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.oauth.dates import utc_text
from airisk_tui.oauth.http import Exchange, FailedExchange, ServerCertificate
from airisk_tui.oauth.text import visible
from airisk_tui.oauth.urls import origin

SOON = 21 * 86_400.0
"""Seconds before its end from which on a certificate is spoken of: automatic renewals begin 30 days before the end of 90."""


def seen(state: FlowState) -> Iterator[tuple[StepName, str, ServerCertificate]]:
    """Each certificate that a server showed in a run: the step, the server's origin, the certificate."""
    failure = state.failure
    asked: list[tuple[StepName, Exchange | FailedExchange | None]] = [
        *(("authorization-request", look.exchange) for look in state.discovery),
        ("authorization-request", state.authorization),
        ("token-request", state.token_exchange),
        *(("access", probe.exchange or probe.failed) for probe in state.probes),
    ]
    if failure is not None and failure.step != "redirect":
        asked.append((step_of(failure.step), failure.failed))
    for step, one in asked:
        if one is not None and one.connection.certificate is not None and one.connection.proxy is None:
            yield step, origin(one.request.url), one.connection.certificate


def _none_seen(context: Context) -> str | None:
    return None if any(seen(context.state)) else "no server showed a certificate"


rules = RuleSet("Certificate", _none_seen, severity="note")


def words_of(certificate: ServerCertificate) -> str:
    """The certificate in one line."""
    dates = ""
    if certificate.not_after:
        dates = f", valid from {utc_text(certificate.not_before)} to {utc_text(certificate.not_after)}"
    names = f"{quoted(certificate.subject)} by {quoted(certificate.issuer)}" if certificate.issuer else "unreadable"
    return f"{names}{dates}, SHA-256 {visible(certificate.sha256)[:64]}"


@rules.add(
    "certificate-ends-soon",
    title="The certificate of {host} ends in {days}, on {end}.",
    cause="It is valid until then only, and from then on nothing that verifies certificates can connect.",
    fix=(Ask("have the administrator of {host} renew the certificate", "the administrator of {host}"),),
    reference="RFC 5280 §4.1.2.5",
)
def certificate_ends_soon(context: Context) -> Match | None:
    now = context.state.utc + context.state.at
    for step, host, certificate in seen(context.state):
        left = certificate.not_after - now
        if context.state.utc and certificate.not_after and 0 < left < SOON:
            days = int(left // 86_400)
            shown = {
                "host": quoted(host),
                "days": f"{days} days" if days > 1 else "one day" if days else "less than a day",
                "end": utc_text(certificate.not_after),
            }
            return Match(shown, (Evidence("The certificate", words_of(certificate), Pointer(step, "request")),))
    return None


_REPLACED: Fix = provided("if nobody replaced it on purpose", Do("compare the fingerprints with the administrator's"))


@rules.add(
    "certificate-changed",
    title="{host} shows another certificate than in the last good run.",
    cause="It was renewed: the issuer is the same.",
    fix=_REPLACED,
    reference="RFC 5280 §6.1",
    certainty="likely",
    unless="the issuer were another one: then the server was moved, or something that reads TLS traffic answers",
)
def certificate_changed(context: Context) -> Match | None:
    before = {one.origin: one.certificate for one in context.state.known.certificates}
    if context.last_good is not None:
        before |= {host: certificate for _, host, certificate in seen(context.last_good)}
    for step, host, certificate in seen(context.state):
        then = before.get(host)
        if then is None or then.sha256 == certificate.sha256:
            continue
        place = Pointer(step, "request")
        evidence = (Evidence("Then", words_of(then), place), Evidence("Now", words_of(certificate), place))
        same = then.issuer == certificate.issuer
        cause = "The server was moved or given a certificate of another authority, or a proxy that reads TLS traffic answers."
        return Match(
            {"host": quoted(host)}, evidence, severity="note" if same else "warning", cause=None if same else cause
        )
    return None
