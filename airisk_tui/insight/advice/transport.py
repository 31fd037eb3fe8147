"""A request of ours got no answer: what each code of `TransportFault` means (threats.md C7). `tls` has those of TLS."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.insight.advice import tls
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import quoted
from airisk_tui.insight.rule import Entry, Match
from airisk_tui.oauth.http import HttpRequest, TransportFault
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.text import visible

REQUESTS = {
    "authorization-request": "authorization request",
    "token-request": "token request",
    "access": "call",
}
"""What the request of each step is called."""

PROXY_FAILED = Entry(
    code="proxy-failed",
    question="connection",
    title="The proxy did not pass the {request} on to {place}.",
    cause="The proxy from the environment is wrong, is not reachable, or wants a login.",
    fix="Correct the variable HTTPS_PROXY (or HTTP_PROXY), or let {host} bypass it: NO_PROXY={host}",
    reference="RFC 9110 §9.3.6",
)
NAME_NOT_FOUND = Entry(
    code="name-not-found",
    question="connection",
    title="The name {host} has no address that this machine can find.",
    cause="The base URL {base_url} has a misspelt host.",
    runner_up="The name is only known inside a network that this machine is not in (VPN).",
    fix="Correct the host in the base URL (--base-url); if it is right letter by letter, connect to its network first.",
    reference="protocol.md, step 1",
)
CONNECTION_REFUSED = Entry(
    code="connection-refused",
    question="connection",
    title="Nothing accepts connections at {place}.",
    cause="The port in the base URL {base_url} is wrong.",
    runner_up="The server is down, or a firewall refuses on its behalf.",
    fix="Give the base URL (--base-url) with the port that the deployment listens on; no port means 443 for https and 80 for http.",
    reference="protocol.md, step 1",
)
NETWORK_UNREACHABLE = Entry(
    code="network-unreachable",
    question="connection",
    title="There is no network path to {place}.",
    cause="This machine is offline, or the VPN that leads there is not connected.",
    runner_up="The name resolves to an IPv6 address, and this network has no IPv6.",
    fix="Connect to the network (or VPN) that {host} belongs to, and run again.",
    reference="protocol.md, step 1",
)
NO_ANSWER_IN_TIME = Entry(
    code="no-answer-in-time",
    question="connection",
    title="The {request} to {place} was not answered in time.",
    cause="{why}",
    runner_up="The server is overloaded or still starting.",
    fix="{how}",
    reference="threats.md C1",
)
CONNECTION_RESET = Entry(
    code="connection-reset",
    question="connection",
    title="The connection to {place} was cut before the {request} was answered.",
    cause="The server, or a firewall or proxy in front of it, closed the connection on purpose or crashed.",
    runner_up="{otherwise}",
    fix="{how}",
    reference="protocol.md, step 2",
)
ANSWER_HEAD_TOO_LONG = Entry(
    code="answer-head-too-long",
    question="connection",
    title="The head of the answer from {place} is longer than 100 KiB, so it was not read.",
    cause="The server puts very much into its headers: a code or a state of enormous length, or thousands of headers or cookies.",
    runner_up="Something in front of it adds a header over and over.",
    fix="Give this exchange to the administrator: browsers and proxies take 8 to 256 KiB, so others will fail there, too.",
    reference="RFC 9112 §3, §5; threats.md C2",
)
NOT_HTTP = Entry(
    code="not-http",
    question="connection",
    title="What came from {place} is not an HTTP answer.",
    cause="Another service listens on that port.",
    runner_up="The port expects https and the base URL says http.",
    fix="Give the base URL (--base-url) with the scheme and port of the deployment's web address.",
    reference="RFC 9112 §2.1",
)
REQUEST_IMPOSSIBLE = Entry(
    code="request-impossible",
    question="connection",
    title="The {request} to {place} could not be sent from this machine.",
    cause="{why}",
    fix="{how}",
    reference="RFC 9110 §4.2",
)
ENTRIES = (
    PROXY_FAILED,
    NAME_NOT_FOUND,
    CONNECTION_REFUSED,
    NETWORK_UNREACHABLE,
    NO_ANSWER_IN_TIME,
    CONNECTION_RESET,
    ANSWER_HEAD_TOO_LONG,
    NOT_HTTP,
    REQUEST_IMPOSSIBLE,
)
_OF_KIND = {
    "proxy": PROXY_FAILED,
    "dns": NAME_NOT_FOUND,
    "refused": CONNECTION_REFUSED,
    "unreachable": NETWORK_UNREACHABLE,
    "timeout": NO_ANSWER_IN_TIME,
    "reset": CONNECTION_RESET,
    "protocol": NOT_HTTP,
    "local": REQUEST_IMPOSSIBLE,
}

IMPOSSIBLE = {
    "method": (
        "The method is not a word such as GET or POST.",
        "Correct the method.",
    ),
    "url": (
        "The address is not one with http:// or https://, a host, and at most a port up to 65535.",
        "Correct the address: the base URL (--base-url), or the endpoint's path.",
    ),
    "userinfo": (
        "The address holds a user name or a password before its host.",
        "Take the user name and the password out of the base URL (--base-url).",
    ),
    "header": (
        "A header's value holds characters that HTTP does not allow: a line break, a control character, or one beyond ISO-8859-1.",
        "Remove these characters from the header named below.",
    ),
    "ca-file": (
        "The certificates to trust could not be loaded.",
        "Let the environment's ca_file, SSL_CERT_FILE or SSL_CERT_DIR name a readable PEM file.",
    ),
    "resources": (
        "This machine has no sockets or no memory left.",
        "Close other programs, and run again.",
    ),
}
"""Cause and fix for each reason of a fault on our own side."""

OTHERWISE_IMPOSSIBLE = (
    "The address or a value in the request is one that no client can send.",
    "Correct what the library's words below name, in the base URL (--base-url) or in the field they speak of.",
)


def entry_of(fault: TransportFault) -> Entry:
    """The finding that explains a fault; total."""
    if fault.kind == "tls":
        return tls.entry_of(fault)
    return ANSWER_HEAD_TOO_LONG if fault.reason == "head-too-large" else _OF_KIND[fault.kind]


def place_of(fault: TransportFault, request: HttpRequest) -> str:
    """Host and port that were tried, as "host:443", fit to be shown."""
    parts = split_url(request.url)
    host = fault.host or (parts.hostname if parts else "") or "the host"
    return visible(f"{host}:{fault.port}" if fault.port else host)[:200]


def values_of(fault: TransportFault, request: HttpRequest, step: str) -> dict[str, str]:
    """The values that every title takes."""
    place = place_of(fault, request)
    return {"place": place, "host": place.rpartition(":")[0] or place, "request": REQUESTS.get(step, "request")}


def fault_sentence(fault: TransportFault, request: HttpRequest, step: str = "") -> str:
    """What happened, in one sentence without advice. step: the name of the step that the request belongs to."""
    return entry_of(fault).title.format_map(values_of(fault, request, step))


def explained(failure: TransportFailed, base_url: str, *, answered_before: bool = False) -> Match:
    """What the entry of a fault says of this one. answered_before: whether the same server answered an earlier request of the
    run, so that its scheme, host and port cannot be what is wrong."""
    fault, request = failure.failed.fault, failure.failed.request
    match = Match({**values_of(fault, request, failure.step), "base_url": quoted(base_url)})
    if fault.kind == "tls":
        return tls.explained(fault, request, match)
    if fault.kind == "refused":
        return _refused(failure, match)
    if fault.kind == "timeout":
        return _late(fault, base_url, match)
    if fault.kind == "reset":
        return _reset(failure, base_url, answered_before, match)
    if fault.kind == "local":
        why, how = IMPOSSIBLE.get(fault.reason, OTHERWISE_IMPOSSIBLE)
        return _with(match, why=why, how=how)
    return _not_http(fault, base_url, match) if fault.kind == "protocol" else match


def _with(match: Match, **values: str) -> Match:
    return replace(match, values={**match.values, **values})


def _refused(failure: TransportFailed, match: Match) -> Match:
    parts = split_url(failure.failed.request.url)
    if parts is None or not is_loopback(parts.hostname or ""):
        return match
    cause = (
        f"No server of this machine runs on {match.values['place']}: it was not started, or it listens on another port."
    )
    return replace(
        match, cause=cause, fix="Start the server, or set the base URL (--base-url) to the one that it prints."
    )


def _late(fault: TransportFault, base_url: str, match: Match) -> Match:
    if fault.reason == "tls":
        http = quoted("http://" + base_url.partition("://")[2])
        return _with(
            match,
            why="The port accepts connections and does not speak TLS: the base URL says https, and the port may speak plain http.",
            how=f"Compare scheme and port of the base URL (--base-url) with the deployment's address: {http} may be right.",
        )
    if fault.reason in ("read", "overall"):
        return _with(
            match,
            why="The connection was accepted and nothing, or too little, came: the server, or a proxy in front of it, hangs.",
            how="Run again; if it stays, check the port in the base URL (--base-url), and give the time of this run to the administrator.",
        )
    return _with(
        match,
        why="A firewall drops the connection, or the VPN that leads to the deployment is not connected.",
        how=f"Connect to the network that {match.values['place']} belongs to; if the first request of the day is the slow one, run again.",
    )


def _reset(failure: TransportFailed, base_url: str, answered_before: bool, match: Match) -> Match:
    place = match.values["place"]
    again = "Run again: a new code is needed either way. " if failure.step == "token-request" else "Run again. "
    otherwise = "It wants a certificate of the client (mutual TLS), which this program does not have."
    how = f"{again}If it is cut each time, give the time of this run to the administrator of {place}."
    if answered_before:
        otherwise = "A firewall in front of it does not let this kind of request through, although it let step 1 pass."
    elif base_url.startswith("https://") and failure.step == "authorization-request" and failure.failed.connection.tls:
        # RFC 8446 §4.4.2: the server asks for the certificate inside the handshake that the client already believes done.
        otherwise = (
            "It wants a certificate of the client (mutual TLS), which this program does not have: since TLS 1.3 a server finds "
            "that out after the handshake, and may cut the connection over it."
        )
        how = (
            f"Run again. If it is cut each time at once, ask the administrator of {place} whether it demands client "
            "certificates, and for an address that does not; otherwise give the time of this run."
        )
    elif base_url.startswith("http://"):
        otherwise = "The base URL is http and the port expects https."
        https = quoted("https://" + base_url.partition("://")[2])
        how = f"{again}If it is cut each time, set the base URL (--base-url) to {https}; then ask the administrator."
    return _with(match, otherwise=otherwise, how=how)


def _not_http(fault: TransportFault, base_url: str, match: Match) -> Match:
    plain = base_url.startswith("http://")
    if fault.reason == "tls-on-http" and plain:
        https = quoted("https://" + base_url.partition("://")[2])
        return replace(
            match,
            cause="The port speaks TLS, and the base URL says http.",
            runner_up="",
            fix=f"Set the base URL (--base-url) to {https}.",
        )
    return match if plain else replace(match, runner_up="")
