"""The TLS connection could not be made, or the certificate of a server changed (threats.md C7)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.flow.reading.steps import StepName, step_of
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.advice.transport import (
    EXPIRED,
    NOT_YET_VALID,
    SELF_SIGNED,
    TLS_ENTRIES,
    TLS_FAILED,
    TLS_ON_PLAIN_PORT,
    UNKNOWN_AUTHORITY,
    WRONG_HOST,
    ask_host,
    entry_of,
)
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField, otherwise, provided
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.connection import matched
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import Exchange, FailedExchange, ServerCertificate
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import origin, split_url

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


certificate = RuleSet[Context]("Certificate", lambda context: any(seen(context.state)), severity="note")


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
    fix=(ask_host("have the administrator of {host} renew the certificate"),),
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


rules = RuleSet("TLS", _tls_failed)


def _explained(entry: Entry, context: Context) -> Match | None:
    """The cause of the fault of the run, if the entry is the one that explains it: the words of TLS first, then the certificate."""
    failure = context.state.failure
    if failure is None or entry_of(failure.failed.fault) is not entry:
        return None
    now, place = context.state.utc + failure.at, Pointer(step_of(failure.step), "request")
    match, shown = _by_words(entry, failure, matched(context, failure)), failure.failed.connection.certificate
    if entry in (NOT_YET_VALID, EXPIRED):
        match = match.with_evidence(Evidence("This machine's clock", utc_text(now), place))
    if _spoke_plainly(context, failure):
        match = match.because(_PLAIN_PORT, _OWN_SCHEME)
    if shown is not None:
        match = match.with_evidence(Evidence("The certificate", words_of(shown), place))
        if entry in (NOT_YET_VALID, EXPIRED) and shown.not_before <= now <= shown.not_after:
            return match.because(_ABOVE_IT, _RENEW_CHAIN, "likely")
        if entry in (SELF_SIGNED, UNKNOWN_AUTHORITY, WRONG_HOST) and _MADE_BY_ITSELF.search(shown.subject.lower()):
            return match.with_values(certificate=quoted(shown.subject)).because(_NOT_CONFIGURED, _CONFIGURE, "likely")
        match = _by_issuer(entry, shown.issuer, match)
        if entry.code in _EXPIRED_TOO and 0 < shown.not_after < now:
            match = replace(match.with_values(end=utc_text(shown.not_after)), title=_EXPIRED_TOO[entry.code])
            return match.because(_NOT_RENEWED_EITHER, _RENEW_FIRST, "likely")
    match = _by_file(entry, context, failure, match)
    if entry is not UNKNOWN_AUTHORITY or not context.host.authorities:
        return match
    names = f"{', '.join(context.host.authorities)}; this one reads SSL_CERT_FILE"
    return match.with_evidence(Evidence("Set for other programs", names, place))


rules.add_each(TLS_ENTRIES, _explained)


def _by_words(entry: Entry, failure: TransportFailed, match: Match) -> Match:
    """The match with the cause that the alert or OpenSSL's words name."""
    words = failure.failed.fault.library_text.lower()
    if entry is WRONG_HOST and "unrecognized" in words:
        return replace(match, title=_NO_SUCH_NAME).because(_NOT_SERVED, _ANOTHER_NAME, "proven")
    if entry is TLS_ON_PLAIN_PORT:
        parts = split_url(failure.failed.request.url)
        plain = f"http://{parts.netloc}" if parts is not None and parts.netloc else "the http address"
        return match.with_values(plain=quoted(plain))
    if entry is not TLS_FAILED:
        return match
    known = next((cause for sign, cause in _BY_WORDS if sign.search(words)), None)
    if known is not None:
        return match.because(known, _ASK_OR_ELSEWHERE)
    return replace(match, runner_up=_MUTUAL_TLS) if "handshake failure" in words else match


def _by_issuer(entry: Entry, issuer: str, match: Match) -> Match:
    """The match with the cause that the name of the certificate's authority gives away."""
    match = match.with_values(certificate=quoted(issuer))
    if entry in (SELF_SIGNED, UNKNOWN_AUTHORITY, WRONG_HOST) and _READS_TRAFFIC.search(issuer.lower()):
        return match.because(_OF_A_FILTER, certainty="likely")
    if entry is UNKNOWN_AUTHORITY and _PUBLIC.search(issuer.lower()):
        return replace(match, cause=_OF_A_PUBLIC_ONE, runner_up=_OLD_LIST, fix=_SEND_CHAIN)
    return match


def _by_file(entry: Entry, context: Context, failure: TransportFailed, match: Match) -> Match:
    """The match where a file of authorities is given: the environment's own, or SSL_CERT_FILE's."""
    fault, own = failure.failed.fault, context.state.known.ca_file
    if entry.code not in _NOT_IN_FILE or not (own or (fault.variable and not _OF_THE_SYSTEM.search(fault.subject))):
        return match
    file = f"the environment's ca_file {quoted(own)}" if own else f"{fault.variable}'s file {quoted(fault.subject)}"
    new, beside = ("new certificate", "in place of the old one"), ("authority's certificate", "beside what is there")
    what, how = new if entry is SELF_SIGNED else beside
    fix = (
        ask_host(f"get the {what} as a PEM file from the administrator of {{host}}"),
        Change("environment" if own else "machine", f"put it into {{file}}, {how}"),
        RERUN,
    )
    return replace(match.with_values(file=file), cause=_NOT_IN_FILE[entry.code], fix=fix)


_PLAIN_PORT = "The metadata names https there, and it came over plain http from the same host and port."
_OWN_SCHEME: Fix = (
    Ask("have the server write its addresses with the scheme that it speaks", whom="the operator of the server"),
)


def _spoke_plainly(context: Context, failure: TransportFailed) -> bool:
    """Whether TLS failed at a host and port whose metadata had come over plain http."""
    url, issuer = failure.failed.request.url, context.inputs.issuer
    return (
        context.state.metadata is not None
        and issuer.startswith("http://")
        and origin(url) == origin("https://" + issuer.removeprefix("http://"))
    )


_NOT_IN_FILE = {
    SELF_SIGNED.code: "The certificate is not in {file}: it is a new one, or another server answers.",
    UNKNOWN_AUTHORITY.code: "Its authority is not in {file}: the certificate is from another one now.",
}
"""The cause where a file of authorities is given: the environment's own, or SSL_CERT_FILE's."""


_OF_THE_SYSTEM = pattern(r"^/etc/|^/usr/|certifi|ca-certificates|ca-bundle|cacert\.pem|/cert\.pem$")
"""Paths of the bundles that systems bring, which never held a certificate of one's own."""


_ABOVE_IT = (
    "The server's own certificate is valid now, so it is one above it that is not: an intermediate one that the server sends, or that of "
    "an authority."
)
_RENEW_CHAIN: Fix = (
    ask_host("have the administrator of {host} look at the intermediate certificates that it sends"),
    *otherwise(Change("machine", "update the system's certificates of authorities")),
)
"""Cause and fix where the time of this machine lies within that of the certificate that the server shows."""

_EXPIRED_TOO = {
    SELF_SIGNED.code: "The certificate of {place} is self-signed, and it ended on {end}.",
    UNKNOWN_AUTHORITY.code: "The certificate of {place} ended on {end}, and its authority is not one that the client trusts.",
}
"""OpenSSL names the authority first, and a certificate that has ended is refused with every authority."""
_NOT_RENEWED_EITHER = "It was not renewed; trusting it, or its authority, is not enough before it is."
_RENEW_FIRST: Fix = (
    *provided(
        "if this machine's clock is right", ask_host("have the administrator of {host} renew the certificate first")
    ),
    *provided("if its authority is still refused then", SetField("ca_file", words="a PEM file with it")),
)

_MADE_BY_ITSELF = pattern(
    r"ingress controller fake certificate|traefik default cert|cn=caddy local|openshift-ingress|router-operator"
)
"""Names of the certificates that routers make for host names for which they have none."""
_NOT_CONFIGURED = (
    "The router in front of the deployment (an ingress) has no certificate for this host name, and shows the one that it made for itself: "
    "{certificate}."
)
_CONFIGURE: Fix = (
    SetField("base_url", words="the host name under which the deployment is published"),
    *otherwise(ask_host("have the administrator of {host} give the ingress a certificate for that host name")),
    RERUN,
)
_READS_TRAFFIC = pattern(
    r"zscaler|netskope|fortinet|fortigate|blue ?coat|symantec web security|palo ?alto|umbrella|mcafee web|forcepoint|sophos|kaspersky"
    r"|avast|bitdefender|eset ssl|adguard|charles proxy|do_not_trust_fiddler|mitmproxy|portswigger|burp|squid|websense|check ?point"
)
"""Names of authorities with which filters and recording proxies sign the certificates that they make for every host."""
_PUBLIC = pattern(
    r"let's encrypt|isrg|digicert|sectigo|comodo|usertrust|globalsign|geotrust|rapidssl|thawte|go ?daddy|starfield|entrust|zerossl"
    r"|google trust|o=amazon|microsoft azure|certum|actalis|buypass|harica|swisssign|quovadis|d-trust|ssl\.com|identrust|telesec"
)
"""Names of authorities that every system trusts, in the issuer of a server's certificate."""
_OF_A_PUBLIC_ONE = (
    "The server does not send its intermediate certificate: its own is from {certificate}, a public authority, to which browsers often "
    "find the way by themselves."
)
_OLD_LIST = "The list of authorities that this program was given (the system's, or SSL_CERT_FILE's) is old, or leaves that one out."
_SEND_CHAIN: Fix = (
    ask_host(
        "have the administrator of {host} let it send the whole chain (the file that is often called fullchain.pem)"
    ),
    RERUN,
    *otherwise(Change("machine", "update the system's certificates of authorities"), RERUN),
)
_OF_A_FILTER = "Something on this network, or on this machine, reads TLS traffic and signs for every server: {certificate} signed this one."

_BY_WORDS = (
    (
        pattern(r"legacy.renegotiation"),
        "What answers there, often a firewall or a load balancer, knows TLS without RFC 5746 only (secure renegotiation), and the "
        "library of the client refuses that.",
    ),
    (
        pattern(r"unsupported.protocol|protocol.version|no.protocols.available"),
        "Server and client have no version of TLS in common: the client takes TLS 1.2 and above.",
    ),
    (
        pattern(r"(?:dh|ee|ca).key.too.(?:small|weak)|md.too.weak"),
        "A key or a signature of the server is too weak for the library of the client.",
    ),
)
"""Causes by OpenSSL's own words, in lower case."""
_NO_SUCH_NAME = "The server at {place} says in TLS that it knows no such host name."
_NOT_SERVED = "It has no site, or no certificate, for {host} (the alert “unrecognized name”)."
_ANOTHER_NAME: Fix = (
    SetField("base_url", words="the host name under which the deployment is published"),
    *otherwise(Ask("have the administrator bind {host} to the deployment")),
    RERUN,
)
_ASK_OR_ELSEWHERE: Fix = (ask_host("have the administrator of {host} bring TLS up to date on what answers at {place}"),)


_MUTUAL_TLS = (
    "The server requires a certificate of the client (mutual TLS): up to TLS 1.2 many refuse with these very words."
)
