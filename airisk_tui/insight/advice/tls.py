"""The TLS connection could not be made: what each reason of `TransportFault` means (threats.md C7)."""

from __future__ import annotations

from functools import partial
from typing import Literal

from msgspec.structs import replace

from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.rule import Entry, Match
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpRequest, TransportFault
from airisk_tui.oauth.urls import split_url

entry = partial(Entry, question="connection")
"""The entry of a cause why no answer came."""

NOT_YET_VALID = entry(
    code="certificate-not-yet-valid",
    title="The certificate of {place} is not valid yet.",
    cause="This machine's clock is slow.",
    runner_up="The certificate was installed before its time.",
    fix=(
        Change("machine", "set this machine's clock"),
        *provided("if it is right", Ask("tell the administrator of {host}", "the administrator of {host}")),
    ),
    reference="RFC 5280 §4.1.2.5",
    unless="OpenSSL named another reason, or this machine's time lay within that of the server's own certificate",
)
EXPIRED = entry(
    code="certificate-expired",
    title="The certificate of {place} has expired.",
    cause="The server's certificate was not renewed.",
    runner_up="This machine's clock is fast.",
    fix=(
        Ask("have the administrator of {host} renew the certificate", "the administrator of {host}"),
        *provided("if the clock below is wrong", Change("machine", "set it")),
    ),
    reference="RFC 5280 §4.1.2.5",
    unless="OpenSSL named another reason, or this machine's time lay within that of the server's own certificate",
)
WRONG_HOST = entry(
    code="certificate-wrong-host",
    title="The certificate of {place} is for another name.",
    cause="The base URL {base_url} names the server by an alias or an address that is not in its certificate.",
    runner_up="A proxy, another server or the login page of the network answers in its place.",
    fix=(
        SetField("base_url", words="a URL with the host name that the certificate carries"),
        RERUN,
        *otherwise(Do("log in to the network in a browser"), RERUN, when="if the network asks for a log-in"),
    ),
    reference="RFC 9110 §4.3.4",
    unless="OpenSSL named another reason than the host's name",
    certainty="unknown",
)
_TRUSTED: Fix = (
    SetField("ca_file", words="that file"),
    RERUN,
    *otherwise(SetVariable("SSL_CERT_FILE", words="a file that has it beside all other authorities")),
)
"""The fix that trusts a certificate: for one deployment, or for every program that reads the variable."""

SELF_SIGNED = entry(
    code="certificate-self-signed",
    title="The certificate of {place} is self-signed, so no authority vouches for it.",
    cause="It is a test server, or a proxy that reads TLS traffic.",
    fix=(
        Ask("get that certificate as a PEM file from the administrator of {host}", "the administrator of {host}"),
        *_TRUSTED,
    ),
    reference="RFC 9110 §4.3.4",
    unless="an authority had signed the certificate, or a file of authorities held it",
    certainty="likely",
)
UNKNOWN_AUTHORITY = entry(
    code="certificate-unknown-authority",
    title="The certificate of {place} is signed by an authority that the client does not trust.",
    cause="It is a private authority, of the company or of a proxy that reads TLS traffic.",
    runner_up="The server does not send its intermediate certificate.",
    fix=(
        Ask(
            "get that authority's certificate as a PEM file from the administrator of {host}",
            "the administrator of {host}",
        ),
        *_TRUSTED,
    ),
    reference="RFC 5280 §6.1",
    unless="a file of authorities held the one that signed it, or the certificate had signed itself",
)
NOT_IN_FILE = {
    SELF_SIGNED.code: "The certificate is not in {file}: it is a new one, or another server answers.",
    UNKNOWN_AUTHORITY.code: "Its authority is not in {file}: the certificate is from another one now.",
}
"""The cause where a file of authorities is given: the environment's own, or SSL_CERT_FILE's."""


OF_THE_SYSTEM = pattern(r"^/etc/|^/usr/|certifi|ca-certificates|ca-bundle|cacert\.pem|/cert\.pem$")
"""Paths of the bundles that systems bring, which never held a certificate of one's own."""


def into_file(entry: Entry, place: Literal["environment", "machine"]) -> Fix:
    """The fix that needs no other file. place: where the file belongs, the environment or the machine."""
    new, beside = ("new certificate", "in place of the old one"), ("authority's certificate", "beside what is there")
    what, how = new if entry is SELF_SIGNED else beside
    return (
        Ask(f"get the {what} as a PEM file from the administrator of {{host}}", "the administrator of {host}"),
        Change(place, f"put it into {{file}}, {how}"),
        RERUN,
    )


REVOKED = entry(
    code="certificate-revoked",
    title="The certificate of {place} was revoked by its authority.",
    cause="Its key was lost or stolen, or it was replaced.",
    fix=(
        Do("send nothing there"),
        Ask("have the administrator of {host} install a new certificate", "the administrator of {host}"),
    ),
    reference="RFC 5280 §5.3",
    unless="OpenSSL named another reason",
    certainty="likely",
)
CLIENT_CERTIFICATE_WANTED = entry(
    code="client-certificate-wanted",
    title="The server at {place} requires a certificate from the client.",
    cause="The deployment, or a gateway in front of it, accepts only known machines.",
    fix=(
        Ask(
            "ask the administrator of {host} for an address without client certificates, as this program cannot present one",
            "the administrator of {host}",
        ),
    ),
    reference="RFC 8446 §4.3.2",
    unless="the server's alert named another reason",
)
TLS_ON_PLAIN_PORT = entry(
    code="tls-on-plain-port",
    title="The server at {place} did not answer in TLS.",
    cause="The port does not speak TLS (most often it speaks plain http), and the base URL {base_url} says https.",
    runner_up="The server speaks only a TLS version that this program no longer accepts.",
    fix=(
        SetField("base_url", "{plain}"),
        *otherwise(SetField("base_url", words="a URL with the port on which the server speaks https")),
    ),
    reference="RFC 8446 §6.2",
    unless="the server answered the greeting of TLS in TLS",
)
TLS_FAILED = entry(
    code="tls-failed",
    title="The TLS connection to {place} could not be made.",
    cause="Server and client found no version, cipher or certificate that both accept.",
    runner_up="A proxy or firewall interferes with TLS.",
    fix=(
        Rerun(words=" from another network"),
        *provided(
            "if it fails there too",
            Ask("give the library's words below to the administrator of {host}", "the administrator of {host}"),
        ),
    ),
    reference="RFC 8446 §6.2",
    unless="the alert or OpenSSL's words named a reason that has a finding of its own",
    certainty="unknown",
)
CLOCK_MATTERS = (NOT_YET_VALID, EXPIRED)
"""Faults that depend on this machine's clock, which is part of their evidence."""

ABOVE_IT = (
    "The server's own certificate is valid now, so it is one above it that is not: an intermediate one that the server sends, or that of "
    "an authority."
)
RENEW_CHAIN: Fix = (
    Ask(
        "have the administrator of {host} look at the intermediate certificates that it sends",
        "the administrator of {host}",
    ),
    *otherwise(Change("machine", "update the system's certificates of authorities")),
)
"""Cause and fix where the time of this machine lies within that of the certificate that the server shows."""

EXPIRED_TOO = {
    SELF_SIGNED.code: "The certificate of {place} is self-signed, and it ended on {end}.",
    UNKNOWN_AUTHORITY.code: "The certificate of {place} ended on {end}, and its authority is not one that the client trusts.",
}
"""OpenSSL names the authority first, and a certificate that has ended is refused with every authority."""
NOT_RENEWED_EITHER = "It was not renewed; trusting it, or its authority, is not enough before it is."
RENEW_FIRST: Fix = (
    *provided("if this machine's clock is right", Ask("have the administrator of {host} renew the certificate first")),
    *provided("if its authority is still refused then", SetField("ca_file", words="a PEM file with it")),
)

MADE_BY_ITSELF = pattern(
    r"ingress controller fake certificate|traefik default cert|cn=caddy local|openshift-ingress|router-operator"
)
"""Names of the certificates that routers make for host names for which they have none."""
NOT_CONFIGURED = (
    "The router in front of the deployment (an ingress) has no certificate for this host name, and shows the one that it made for itself: "
    "{certificate}."
)
CONFIGURE: Fix = (
    SetField("base_url", words="the host name under which the deployment is published"),
    *otherwise(
        Ask(
            "have the administrator of {host} give the ingress a certificate for that host name",
            "the administrator of {host}",
        )
    ),
    RERUN,
)
READS_TRAFFIC = pattern(
    r"zscaler|netskope|fortinet|fortigate|blue ?coat|symantec web security|palo ?alto|umbrella|mcafee web|forcepoint|sophos|kaspersky"
    r"|avast|bitdefender|eset ssl|adguard|charles proxy|do_not_trust_fiddler|mitmproxy|portswigger|burp|squid|websense|check ?point"
)
"""Names of authorities with which filters and recording proxies sign the certificates that they make for every host."""
PUBLIC = pattern(
    r"let's encrypt|isrg|digicert|sectigo|comodo|usertrust|globalsign|geotrust|rapidssl|thawte|go ?daddy|starfield|entrust|zerossl"
    r"|google trust|o=amazon|microsoft azure|certum|actalis|buypass|harica|swisssign|quovadis|d-trust|ssl\.com|identrust|telesec"
)
"""Names of authorities that every system trusts, in the issuer of a server's certificate."""
OF_A_PUBLIC_ONE = (
    "The server does not send its intermediate certificate: its own is from {certificate}, a public authority, to which browsers often "
    "find the way by themselves."
)
OLD_LIST = "The list of authorities that this program was given (the system's, or SSL_CERT_FILE's) is old, or leaves that one out."
SEND_CHAIN: Fix = (
    Ask(
        "have the administrator of {host} let it send the whole chain (the file that is often called fullchain.pem)",
        "the administrator of {host}",
    ),
    RERUN,
    *otherwise(Change("machine", "update the system's certificates of authorities"), RERUN),
)
OF_A_FILTER = "Something on this network, or on this machine, reads TLS traffic and signs for every server: {certificate} signed this one."

_OF_REASON: dict[str, Entry] = {
    "certificate-not-yet-valid": NOT_YET_VALID,
    "certificate-expired": EXPIRED,
    "hostname-mismatch": WRONG_HOST,
    "self-signed": SELF_SIGNED,
    "unknown-ca": UNKNOWN_AUTHORITY,
    "certificate-revoked": REVOKED,
    "client-certificate": CLIENT_CERTIFICATE_WANTED,
    "wrong-version": TLS_ON_PLAIN_PORT,
}


ENTRIES = (*_OF_REASON.values(), TLS_FAILED)


def entry_of(fault: TransportFault) -> Entry:
    """The finding that explains a fault of the kind "tls"; total."""
    return _OF_REASON.get(fault.reason, TLS_FAILED)


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
_ASK_OR_ELSEWHERE: Fix = (
    Ask(
        "have the administrator of {host} bring TLS up to date on what answers at {place}",
        "the administrator of {host}",
    ),
)


def explained(fault: TransportFault, request: HttpRequest, match: Match) -> Match:
    """The finding about this fault, by its entry. match: with the values that all faults share."""
    entry = entry_of(fault)
    if entry is WRONG_HOST and "unrecognized" in fault.library_text.lower():
        return replace(match, title=_NO_SUCH_NAME).because(_NOT_SERVED, _ANOTHER_NAME, "proven")
    if entry is TLS_ON_PLAIN_PORT:
        parts = split_url(request.url)
        plain = f"http://{parts.netloc}" if parts is not None and parts.netloc else "the http address"
        return replace(match, values={**match.values, "plain": quoted(plain)})
    known = next((cause for sign, cause in _BY_WORDS if sign.search(fault.library_text.lower())), None)
    if entry is TLS_FAILED and known is not None:
        return match.because(known, _ASK_OR_ELSEWHERE)
    if entry is TLS_FAILED and "handshake failure" in fault.library_text.lower():
        wanted = "The server requires a certificate of the client (mutual TLS): up to TLS 1.2 many refuse with these very words."
        return replace(match, runner_up=wanted)
    return match
