"""Faults of listening and connecting, and changes of certificates. The sentences of each cause are in `insight.advice`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.events import ListenerFailed, TransportFailed
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.reading.steps import StepName, step_of
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.advice.listening import (
    ALLOW,
    OTHER_ADDRESS,
    OTHER_PORT,
    PASSED_ON,
    PASTE,
    STOP,
    values_of,
)
from airisk_tui.insight.advice.listening import ENTRIES as LISTENER_ENTRIES
from airisk_tui.insight.advice.tls import (
    ABOVE_IT,
    CLOCK_MATTERS,
    CONFIGURE,
    EXPIRED_TOO,
    MADE_BY_ITSELF,
    NOT_CONFIGURED,
    NOT_IN_FILE,
    NOT_RENEWED_EITHER,
    OF_A_FILTER,
    OF_A_PUBLIC_ONE,
    OF_THE_SYSTEM,
    OLD_LIST,
    PUBLIC,
    READS_TRAFFIC,
    RENEW_CHAIN,
    RENEW_FIRST,
    SELF_SIGNED,
    SEND_CHAIN,
    UNKNOWN_AUTHORITY,
    WRONG_HOST,
    into_file,
)
from airisk_tui.insight.advice.tls import ENTRIES as TLS_ENTRIES
from airisk_tui.insight.advice.transport import ENTRIES as TRANSPORT_ENTRIES
from airisk_tui.insight.advice.transport import REQUESTS, entry_of, explained
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.run import seconds
from airisk_tui.insight.rule import Check, Entry, Match, Rule, RuleSet
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.oauth.http import Exchange, FailedExchange, ServerCertificate
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.request.mistakes import PRIVILEGED
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import origin, port_of, split_url

SPARE_PORTS = (8765, 8766, 8443, 9876)
"""Offered in this order; none is in a range that systems reserve (Windows excludes ranges from 49152 up, and 5357)."""

PASTE_AGAIN: Fix = (
    Rerun("paste", " where you can paste something, at a terminal or by writing the address to standard input"),
)
REGISTERED_PORT: Fix = (SetField("redirect_uri", "{uri}", words=", which is registered"),)


def failure_of(context: Context) -> ListenerFailed | None:
    """The reason why nothing listened, or None. A run in the paste mode whose redirect URI leads elsewhere never tried to listen; once
    nothing can be pasted any more, that is why it ended."""
    state = context.state
    if state.listener_failed is None and state.outcome is Outcome.LISTENER:
        return ListenerFailed(at=state.at, code="not-loopback")
    return state.listener_failed


listener = RuleSet("Listener", lambda context: failure_of(context) is not None)


def other_uri(context: Context, taken: set[int]) -> tuple[str, bool]:
    """A redirect URI on a port that is not taken, and whether it is known to be registered."""
    for uri in context.registered or ():
        parts = split_url(uri.strip())
        port = port_of(uri.strip())
        if parts and is_loopback(parts.hostname or "") and port >= PRIVILEGED and port not in taken:
            return uri.strip(), True
    ours = split_url(context.inputs.redirect_uri)
    port = next(port for port in SPARE_PORTS if port not in taken)
    host = (ours.hostname if ours else None) or "127.0.0.1"
    host = f"[{host}]" if ":" in host else host
    return f"{ours.scheme if ours else 'http'}://{host}:{port}{(ours.path if ours else '') or '/callback'}", False


def _listener_check(entry: Entry) -> Check:
    def check(context: Context) -> Match | None:
        failed = failure_of(context)
        return (
            _not_listening(context, failed) if failed is not None and LISTENER_ENTRIES[failed.code] is entry else None
        )

    return check


def _not_listening(context: Context, failed: ListenerFailed) -> Match:
    """The ways of the fix, the smallest change first: a registered URI on another port, the paste mode, another registration."""
    ours = context.inputs.redirect_uri
    uri, registered = other_uri(context, {failed.port, port_of(ours)})
    paste = PASTE_AGAIN if context.inputs.mode == "paste" else PASTE
    ways = [STOP, paste] if failed.code == "busy" else [paste]
    if context.inputs.listen:
        ways = [*ways, OTHER_ADDRESS]
    elif failed.code == "not-loopback":
        ways = [*ways, PASSED_ON, OTHER_PORT]
    else:
        ways = [REGISTERED_PORT, *ways] if registered else [*ways, OTHER_PORT]
    ways += [ALLOW] if failed.code == "privileged" else []
    return Match(
        {**values_of(failed, ours, context.inputs.listen), "uri": quoted(uri)},
        (_listener_evidence(failed, ours),),
        severity="error" if context.state.outcome is Outcome.LISTENER else "note",
        fix=(*ways[0], *(step for way in ways[1:] for step in otherwise(*way, when=way[0].when))),
    )


def _listener_evidence(failed: ListenerFailed, redirect_uri: str) -> Evidence:
    place = visible(f"{failed.address} port {failed.port}") if failed.address else quoted(redirect_uri)
    said = f", {visible(failed.errno)[:20]}" if failed.errno else ""
    return Evidence(
        "The listener", f"{failed.code}: {place}{said}", Pointer("authorization-request", "parameter", "redirect_uri")
    )


listener.extend(Rule(entry, listener.needs, _listener_check(entry)) for entry in LISTENER_ENTRIES.values())


transport = RuleSet("No connection", lambda context: context.state.failure is not None)
"""Rivals for one question: why did no answer come?"""


def check_of(entry: Entry) -> Check:
    """The check of a rule: whether the entry is the one that explains the fault of the run."""

    def check(context: Context) -> Match | None:
        failure = context.state.failure
        if failure is None or entry_of(failure.failed.fault) is not entry:
            return None
        match = explained(failure, context.inputs.base_url, answered_before=_answered_before(context, failure))
        match = replace(match, evidence=tuple(_evidence(context, failure)))
        if _asked_itself(context, failure):
            place = context.host.elsewhere
            cause = f"This program runs in {place}, where {{host}} means that place itself, and nothing listens there on that port."
            return match.because(cause, _THERE_OR_HERE, "likely")
        return match.because(_PLAIN_PORT, _OWN_SCHEME) if _spoke_plainly(context, failure) else match

    return check


def _asked_itself(context: Context, failure: TransportFailed) -> bool:
    """Whether nothing listens on this machine's own address where a container, WSL or an SSH session has one of its own."""
    parts, around = split_url(failure.failed.request.url), context.host
    refused = failure.failed.fault.kind == "refused" and parts is not None and is_loopback(parts.hostname or "")
    return refused and (around.container or around.wsl or around.ssh)


_THERE_OR_HERE: Fix = (
    SetField(
        "base_url",
        words="the host name by which the server is reached from there (host.docker.internal, a service's name)",
    ),
    *otherwise(Do("start the server there"), RERUN),
)
_PLAIN_PORT = "The metadata names https there, and it came over plain http from the same host and port."
_OWN_SCHEME: Fix = (
    Ask("have the server write its addresses with the scheme that it speaks", whom="the operator of the server"),
)


def _spoke_plainly(context: Context, failure: TransportFailed) -> bool:
    """Whether TLS failed at a host and port whose metadata had come over plain http."""
    url, issuer = failure.failed.request.url, context.inputs.issuer
    here = failure.failed.fault.kind == "tls" and context.state.metadata is not None
    return here and issuer.startswith("http://") and origin(url) == origin("https://" + issuer.removeprefix("http://"))


def _answered_before(context: Context, failure: TransportFailed) -> bool:
    asked = context.state.authorization
    here = origin(failure.failed.request.url)
    return asked is not None and here != "" and origin(asked.request.url) == here


def _evidence(context: Context, failure: TransportFailed) -> Iterator[Evidence]:
    """The facts of a failure, those of the event and no others."""
    failed, fault = failure.failed, failure.failed.fault
    waited = seconds(failed.timing.total) if fault.kind == "timeout" else ""
    clock = utc_text(context.state.utc + failure.at) if entry_of(fault) in CLOCK_MATTERS else ""
    # Both files are trusted, and the fix names the environment's own where there is one.
    elsewhere = fault.kind == "tls" and bool(context.state.known.ca_file)
    said = " ".join(part for part in (fault.exception, fault.errno) if part)
    facts = (
        (f"The {REQUESTS[failure.step]}", quoted(f"{failed.request.method} {failed.request.url.partition('?')[0]}")),
        ("Addresses tried", ", ".join(visible(address)[:80] for address in fault.tried[:8])),
        ("Waited", waited),
        ("This machine's clock", clock),
        ("Variable", "" if elsewhere else fault.variable),
        ("Concerns", quoted(fault.subject) if fault.subject and not elsewhere else ""),
        ("The answer began with", quoted(fault.received) if fault.received else ""),
        (
            "In the library's words",
            quoted(fault.library_text) if fault.library_text and fault.reason != "preflight" else "",
        ),
        ("Raised as", quoted(said) if said and not fault.library_text else ""),
        ("OpenSSL's verify code", str(fault.verify_code or "") if not fault.reason else ""),
        ("Proxy", quoted(failed.connection.proxy) if failed.connection.proxy else ""),
    )
    place = Pointer(step_of(failure.step), "request")
    yield from (Evidence(label, text, place) for label, text in facts if text)


transport.extend(Rule(entry, transport.needs, check_of(entry)) for entry in TRANSPORT_ENTRIES)


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


certificate = RuleSet("Certificate", lambda context: any(seen(context.state)), severity="note")


def words_of(certificate: ServerCertificate) -> str:
    """The certificate in one line."""
    dates = ""
    if certificate.not_after:
        dates = f", valid from {utc_text(certificate.not_before)} to {utc_text(certificate.not_after)}"
    names = f"{quoted(certificate.subject)} by {quoted(certificate.issuer)}" if certificate.issuer else "unreadable"
    return f"{names}{dates}, SHA-256 {visible(certificate.sha256)[:64]}"


@certificate.add(
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


@certificate.add(
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


def _tls_failed(context: Context) -> bool:
    return context.state.failure is not None and context.state.failure.failed.fault.kind == "tls"


tls = RuleSet("TLS", _tls_failed)


def _tls_check(entry: Entry) -> Check:
    """As of any request without an answer; for an unknown authority with the variables that name authorities to other programs."""
    check = check_of(entry)

    def with_variables(context: Context) -> Match | None:
        match, failure = check(context), context.state.failure
        if match is None or failure is None:
            return match
        match = _with_certificate(match, failure)
        shown = failure.failed.connection.certificate
        if shown is not None and entry in (SELF_SIGNED, UNKNOWN_AUTHORITY, WRONG_HOST):
            if MADE_BY_ITSELF.search(shown.subject.lower()):
                named = {**match.values, "certificate": quoted(shown.subject)}
                return replace(match, values=named).because(NOT_CONFIGURED, CONFIGURE, "likely")
            if READS_TRAFFIC.search(shown.issuer.lower()):
                named = {**match.values, "certificate": quoted(shown.issuer)}
                match = replace(match, values=named).because(OF_A_FILTER, certainty="likely")
            elif entry is UNKNOWN_AUTHORITY and PUBLIC.search(shown.issuer.lower()):
                named = {**match.values, "certificate": quoted(shown.issuer)}
                match = replace(match, values=named, cause=OF_A_PUBLIC_ONE, runner_up=OLD_LIST, fix=SEND_CHAIN)
        expired = _expired(failure, context.state.utc + failure.at)
        if expired and entry in (SELF_SIGNED, UNKNOWN_AUTHORITY):
            return replace(match, title=EXPIRED_TOO[entry.code], values={**match.values, "end": expired}).because(
                NOT_RENEWED_EITHER, RENEW_FIRST, "likely"
            )
        if entry in CLOCK_MATTERS and _is_valid(failure, context.state.utc + failure.at):
            return match.because(ABOVE_IT, RENEW_CHAIN, "likely")
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


def _expired(failure: TransportFailed, now: float) -> str:
    """When the certificate that the server showed ended, if that is over; else ""."""
    shown = failure.failed.connection.certificate
    return utc_text(shown.not_after) if shown is not None and 0 < shown.not_after < now else ""


def _with_certificate(match: Match, failure: TransportFailed) -> Match:
    """With what the certificate that was refused says of itself."""
    shown = failure.failed.connection.certificate
    if shown is None:
        return match
    told = Evidence("The certificate", words_of(shown), Pointer(step_of(failure.step), "request"))
    return replace(match, evidence=(*match.evidence, told))


tls.extend(Rule(entry, tls.needs, _tls_check(entry)) for entry in TLS_ENTRIES)
