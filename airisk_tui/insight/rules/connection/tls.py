"""The TLS connection could not be made, each cause by its name (threats.md C7)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.connection.transport import failure, fault, told
from airisk_tui.oauth.expiry import utc_text


def _tls(context: Context) -> str | None:
    if context.state.failure is None:
        return "no request failed to be answered"
    return None if fault(context).kind == "tls" else "it was not TLS that failed"


rules = RuleSet("TLS", _tls)


def _reason(context: Context, *parts: str) -> bool:
    return any(part in fault(context).reason for part in parts)


def _now(context: Context) -> str:
    return utc_text(context.state.utc + failure(context).at)


@rules.add(
    Entry(
        code="certificate-not-yet-valid",
        question="connection",
        title="The certificate of {place} is not valid yet; this machine's clock says {now}.",
        cause="This machine's clock is slow.",
        runner_up="The certificate was installed before its time.",
        fix="Set this machine's clock; if it is right, tell the administrator of {host}.",
        reference="RFC 5280 §4.1.2.5",
    )
)
def not_yet_valid(context: Context) -> Match | None:
    return told(context, now=_now(context)) if _reason(context, "not-yet") else None


@rules.add(
    Entry(
        code="certificate-expired",
        question="connection",
        title="The certificate of {place} has expired; this machine's clock says {now}.",
        cause="The server's certificate was not renewed.",
        runner_up="This machine's clock is fast.",
        fix="Have the administrator of {host} renew the certificate; if the clock above is wrong, set it.",
        reference="RFC 5280 §4.1.2.5",
    )
)
def expired(context: Context) -> Match | None:
    return told(context, now=_now(context)) if _reason(context, "expired") else None


@rules.add(
    Entry(
        code="certificate-wrong-host",
        question="connection",
        title="The certificate of {place} is made out to another name.",
        cause="The base URL {base_url} names the server by an alias or an address that is not in its certificate.",
        runner_up="A proxy or another server answers in its place.",
        fix="Use the host name that the certificate carries in the base URL (--base-url).",
        reference="RFC 9110 §4.3.4",
    )
)
def wrong_host(context: Context) -> Match | None:
    return told(context) if _reason(context, "hostname", "mismatch") else None


@rules.add(
    Entry(
        code="certificate-self-signed",
        question="connection",
        title="The certificate of {place} is signed by itself, so nobody vouches for it.",
        cause="It is a test server, or a proxy that reads TLS traffic.",
        fix="Get that certificate as a PEM file from the administrator of {host}, and set SSL_CERT_FILE to the file.",
        reference="RFC 9110 §4.3.4",
    )
)
def self_signed(context: Context) -> Match | None:
    return told(context) if _reason(context, "self-signed") else None


@rules.add(
    Entry(
        code="certificate-unknown-authority",
        question="connection",
        title="The certificate of {place} is signed by an authority that this machine does not trust.",
        cause="It is a private authority, of the company or of a proxy that reads TLS traffic.",
        runner_up="The server does not send its intermediate certificate.",
        fix="Set SSL_CERT_FILE to a PEM file with that authority's certificate, and run again.",
        reference="RFC 5280 §6.1",
    )
)
def unknown_authority(context: Context) -> Match | None:
    return told(context) if _reason(context, "unknown-ca", "unknown-authority", "issuer", "untrusted") else None


@rules.add(
    Entry(
        code="certificate-revoked",
        question="connection",
        title="The certificate of {place} was revoked by its authority.",
        cause="Its key was lost or stolen, or it was replaced.",
        fix="Send nothing there; have the administrator of {host} install a new certificate.",
        reference="RFC 5280 §5.3",
    )
)
def revoked(context: Context) -> Match | None:
    return told(context) if _reason(context, "revoked") else None


@rules.add(
    Entry(
        code="client-certificate-wanted",
        question="connection",
        title="The server at {place} wants a certificate from the client.",
        cause="The deployment, or a gateway in front of it, only lets known machines in.",
        fix="Ask the administrator of {host} for an address without client certificates; this program cannot present one.",
        reference="RFC 8446 §4.3.2",
    )
)
def client_certificate(context: Context) -> Match | None:
    return told(context) if _reason(context, "client-certificate") else None


@rules.add(
    Entry(
        code="tls-on-plain-port",
        question="connection",
        title="The server at {place} did not answer in TLS.",
        cause="The port speaks plain http, and the base URL {base_url} says https.",
        runner_up="The server only speaks a TLS version that is no longer accepted.",
        fix="Set the base URL (--base-url) to {plain}, or give the port on which the server speaks https.",
        reference="RFC 8446 §6.2",
    )
)
def plain_port(context: Context) -> Match | None:
    if not _reason(context, "wrong-version", "not-tls", "plain"):
        return None
    parts = split_url(failure(context).failed.request.url)
    plain = f"http://{parts.netloc}" if parts is not None and parts.netloc else "the http address"
    return told(context, plain=quoted(plain))


@rules.add(
    Entry(
        code="tls-failed",
        question="connection",
        title="The TLS connection to {place} could not be made.",
        cause="Server and client found no version, cipher or certificate that both accept.",
        runner_up="A proxy or firewall interferes with TLS.",
        fix="Run again from another network; if it fails there too, give the library's words below to the administrator of {host}.",
        reference="RFC 8446 §6.2",
    )
)
def tls_failed(context: Context) -> Match | None:
    match = told(context)
    if "handshake failure" not in fault(context).detail.lower():
        return match
    other = (
        "The server demands a certificate of the client (mutual TLS): up to TLS 1.2 many refuse with these very words."
    )
    return replace(match, runner_up=other)
