"""No answer at all: name resolution, connection, TLS, proxy (findings.md's last two rows)."""

from __future__ import annotations

from airisk_tui.flow.events import TransportFailed
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import Evidence, Pointer, Step, quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.oauth.http import TransportFault
from airisk_tui.oauth.mistakes import is_loopback
from airisk_tui.oauth.text import visible
from airisk_tui.oauth.urls import origin


def _failed(context: Context) -> str | None:
    return None if context.state.failure is not None else "no request failed to be answered"


rules = RuleSet("No connection", _failed)
"""Rivals for one question: why did no answer come?"""

NAMES: dict[str, str] = {
    "authorization-request": "authorization request",
    "token-request": "token request",
    "access": "call",
}


def failure(context: Context) -> TransportFailed:
    """The failure that the rules' precondition promises."""
    if context.state.failure is None:
        raise ValueError("No request failed.")
    return context.state.failure


def fault(context: Context) -> TransportFault:
    """What the engine said of it."""
    return failure(context).failed.fault


def place(context: Context) -> str:
    """Host and port that were tried."""
    broken = fault(context)
    parts = split_url(failure(context).failed.request.url)
    host = broken.host or (parts.hostname if parts else "") or "the host"
    return visible(f"{host}:{broken.port}" if broken.port else host)[:200]


def told(context: Context, **values: str) -> Match:
    """The common evidence of a failure."""
    broken, failed = fault(context), failure(context)
    step: Step = failed.step
    tried = ", ".join(visible(address)[:80] for address in broken.tried[:8])
    evidence = [Evidence(f"The {NAMES[step]}", quoted(broken.message), Pointer(step, "request"))]
    if tried:
        evidence.append(Evidence("Addresses tried", tried, Pointer(step, "request")))
    if broken.detail:
        evidence.append(Evidence("In the library's words", quoted(broken.detail), Pointer(step, "request")))
    if failed.failed.connection.proxy:
        evidence.append(Evidence("Proxy", quoted(failed.failed.connection.proxy), Pointer(step, "request")))
    base = {
        "place": place(context),
        "request": NAMES[step],
        "host": place(context).rpartition(":")[0] or place(context),
    }
    return Match({**base, "base_url": quoted(context.inputs.base_url), **values}, tuple(evidence))


@rules.add(
    Entry(
        code="proxy-failed",
        question="connection",
        title="The proxy did not pass the {request} on to {place}.",
        cause="The proxy from the environment is wrong, is not reachable, or wants a login.",
        fix="Correct the variable HTTPS_PROXY (or HTTP_PROXY), or let {host} bypass it: NO_PROXY={host}",
        reference="RFC 9110 §9.3.6",
    )
)
def proxy_failed(context: Context) -> Match | None:
    return told(context) if fault(context).kind == "proxy" else None


@rules.add(
    Entry(
        code="name-not-found",
        question="connection",
        title="The name {host} has no address that this machine can find.",
        cause="The base URL {base_url} has a misspelt host.",
        runner_up="The name is only known inside a network that this machine is not in (VPN).",
        fix="Correct the host in the base URL (--base-url); if it is right letter by letter, connect to its network first.",
        reference="protocol.md, step 1",
    )
)
def name_not_found(context: Context) -> Match | None:
    return told(context) if fault(context).kind == "dns" else None


@rules.add(
    Entry(
        code="connection-refused",
        question="connection",
        title="Nothing accepts connections at {place}.",
        cause="The port in the base URL {base_url} is wrong.",
        runner_up="The server is down, or a firewall refuses on its behalf.",
        fix="Give the base URL (--base-url) with the port that the deployment listens on; no port means 443 for https and 80 for http.",
        reference="protocol.md, step 1",
    )
)
def connection_refused(context: Context) -> Match | None:
    if fault(context).kind != "refused":
        return None
    match = told(context)
    parts = split_url(failure(context).failed.request.url)
    if parts is not None and is_loopback(parts.hostname or ""):
        cause = (
            f"No server of this machine runs on {place(context)}: it was not started, or it listens on another port."
        )
        fix = "Start the server, or set the base URL (--base-url) to the one that it prints."
        return Match(match.values, match.evidence, cause=cause, fix=fix)
    return match


@rules.add(
    Entry(
        code="network-unreachable",
        question="connection",
        title="There is no network path to {place}.",
        cause="This machine is offline, or the VPN that leads there is not connected.",
        runner_up="The name resolves to an IPv6 address, and this network has no IPv6.",
        fix="Connect to the network (or VPN) that {host} belongs to, and run again.",
        reference="protocol.md, step 1",
    )
)
def network_unreachable(context: Context) -> Match | None:
    return told(context) if fault(context).kind == "unreachable" else None


@rules.add(
    Entry(
        code="no-answer-in-time",
        question="connection",
        title="The {request} to {place} was not answered in time.",
        cause="{why}",
        runner_up="The server is overloaded or still starting.",
        fix="{how}",
        reference="threats.md C1",
    )
)
def no_answer_in_time(context: Context) -> Match | None:
    if fault(context).kind != "timeout":
        return None
    why = "A firewall drops the connection, or the VPN that leads to the deployment is not connected."
    how = f"Connect to the network that {place(context)} belongs to; if the first request of the day is the slow one, run again."
    if fault(context).reason == "tls":
        why = "The port accepts connections and does not speak TLS: the base URL says https, and the port may speak plain http."
        how = f"Compare scheme and port of the base URL (--base-url) with the deployment's address: {quoted(_http(context))} may be right."
    elif fault(context).reason in ("read", "overall"):
        why = "The connection was accepted and nothing, or too little, came: the server, or a proxy in front of it, hangs."
        how = "Run again; if it stays, check the port in the base URL (--base-url), and give the time of this run to the administrator."
    return told(context, why=why, how=how)


def _http(context: Context) -> str:
    return "http://" + context.inputs.base_url.partition("://")[2]


@rules.add(
    Entry(
        code="connection-reset",
        question="connection",
        title="The connection to {place} was cut before the {request} was answered.",
        cause="The server, or a firewall or proxy in front of it, closed the connection on purpose or crashed.",
        runner_up="{otherwise}",
        fix="{how}",
        reference="protocol.md, step 2",
    )
)
def connection_reset(context: Context) -> Match | None:
    if fault(context).kind != "reset":
        return None
    base, step = context.inputs.base_url, failure(context).step
    again = "Run again: a new code is needed either way. " if step == "token-request" else "Run again. "
    otherwise = "It wants a certificate of the client (mutual TLS), which this program does not have."
    how = f"{again}If it is cut each time, give the time of this run to the administrator of {place(context)}."
    if _answered_before(context):
        otherwise = "A firewall in front of it does not let this kind of request through, although it let step 1 pass."
    elif base.startswith("https://") and step == "authorization-request" and failure(context).failed.connection.tls:
        otherwise = (
            "It wants a certificate of the client (mutual TLS), which this program does not have: since TLS 1.3 a server finds "
            "that out after the handshake, and may cut the connection over it."
        )
        how = (
            f"Run again. If it is cut each time at once, ask the administrator of {place(context)} whether it demands client "
            "certificates, and for an address that does not; otherwise give the time of this run."
        )
    elif base.startswith("http://"):
        otherwise = "The base URL is http and the port expects https."
        https = quoted("https://" + base.partition("://")[2])
        how = f"{again}If it is cut each time, set the base URL (--base-url) to {https}; then ask the administrator."
    return told(context, otherwise=otherwise, how=how)


def _answered_before(context: Context) -> bool:
    """Whether the same scheme, host and port answered step 1 of this run, so that they cannot be what is wrong."""
    asked = context.state.authorization
    here = origin(failure(context).failed.request.url)
    return asked is not None and here != "" and origin(asked.request.url) == here


@rules.add(
    Entry(
        code="answer-head-too-long",
        question="connection",
        title="The head of the answer from {place} is longer than 100 KiB, so it was not read.",
        cause="The server puts very much into its headers: a code or a state of enormous length, or thousands of headers or cookies.",
        runner_up="Something in front of it adds a header over and over.",
        fix="Give this exchange to the administrator: browsers and proxies take 8 to 256 KiB, so others will fail there, too.",
        reference="RFC 9112 §3, §5; threats.md C2",
    )
)
def answer_head_too_long(context: Context) -> Match | None:
    return told(context) if fault(context).reason == "head-too-large" else None


@rules.add(
    Entry(
        code="not-http",
        question="connection",
        title="What came from {place} is not an HTTP answer.",
        cause="Another service listens on that port.",
        runner_up="The port expects https and the base URL says http.",
        fix="Give the base URL (--base-url) with the scheme and port of the deployment's web address.",
        reference="RFC 9112 §2.1",
    )
)
def not_http(context: Context) -> Match | None:
    if fault(context).kind != "protocol":
        return None
    match = told(context)
    return match if context.inputs.base_url.startswith("http://") else Match(match.values, match.evidence, runner_up="")


@rules.add(
    Entry(
        code="request-impossible",
        question="connection",
        title="The {request} to {place} could not be sent from this machine.",
        cause="The address or a value in the request is one that no client can send.",
        fix="Correct what the library's words below name, in the base URL (--base-url) or in the field they speak of.",
        reference="RFC 9110 §4.2",
    )
)
def request_impossible(context: Context) -> Match | None:
    return told(context) if fault(context).kind == "local" else None
