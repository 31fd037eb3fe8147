"""The callback address could not be listened on (threats.md L1, L3)."""

from __future__ import annotations

from airisk_tui.flow.events import ListenerFailed
from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import MAX_QUOTE, Evidence, Pointer, quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.oauth.mistakes import PRIVILEGED, is_loopback
from airisk_tui.oauth.text import shortened, visible
from airisk_tui.oauth.urls import default_port

rules = RuleSet(
    "Listener", lambda context: None if context.state.listener_failed else "the listener was not refused its address"
)

SPARE_PORTS = (8765, 8766, 8443, 9876)
"""Offered in this order; none is in a range that systems reserve (Windows excludes ranges from 49152 up, and 5357)."""

PASTE = "run again with --mode paste, which needs no listener: open the URL in a browser and paste the address that it ends on"

PASTE_AGAIN = "run again with --mode paste where something can be pasted, at a terminal or by writing the address to standard input"


def failure(context: Context) -> ListenerFailed:
    """The failure that the rules' precondition promises."""
    if context.state.listener_failed is None:
        raise ValueError("The listener did not fail.")
    return context.state.listener_failed


def port_of(uri: str) -> int:
    """The port that a URI means, or 0."""
    parts = split_url(uri)
    return (parts.port or default_port(parts.scheme)) if parts is not None else 0


def other_uri(context: Context) -> tuple[str, bool]:
    """A redirect URI on another port, and whether it is known to be registered."""
    taken = {failure(context).port, port_of(context.inputs.redirect_uri)}
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


def _matched(context: Context, **values: str) -> Match:
    failed = failure(context)
    uri, registered = other_uri(context)
    port = failed.port or port_of(context.inputs.redirect_uri)
    use = f"set --redirect-uri to {quoted(uri)}, which is registered"
    register = f"register {quoted(uri)} for the application and set --redirect-uri to it"
    decided = context.state.outcome is Outcome.LISTENER
    sentence = visible(shortened(failed.sentence, MAX_QUOTE))
    evidence = Evidence("The listener", sentence, Pointer("authorization-request", "parameter", "redirect_uri"))
    shown = {
        "port": str(port),
        "address": quoted(failed.address or context.inputs.redirect_uri),
        "paste": PASTE_AGAIN if context.inputs.mode == "paste" else PASTE,
    }
    shown |= {"other": use if registered else register, "sentence": sentence, **values}
    chosen = change("redirect_uri", uri) if registered else None
    return Match(shown, (evidence,), severity="error" if decided else "note", change=chosen)


@rules.add(
    Entry(
        code="port-busy",
        question="listener",
        title="Port {port} of the redirect URI is taken by {holder}.",
        cause="Another program, or another run of this one, listens on it.",
        fix="Stop {holder} and run again; or {other}; or {paste}.",
        reference="RFC 8252 §7.3",
    )
)
def port_busy(context: Context) -> Match | None:
    if failure(context).code != "busy":
        return None
    holder = failure(context).holder
    return _matched(context, holder=quoted(holder, 80) if holder else "another program")


@rules.add(
    Entry(
        code="port-privileged",
        question="listener",
        title="Listening on port {port} of the redirect URI needs a privilege that this program does not have.",
        cause="Ports below 1024 are privileged, and an https redirect URI without a port means port 443.",
        fix="Without changing anything at the server, {paste}. Otherwise {other}.",
        reference="RFC 8252 §7.3; protocol.md, step 1",
    )
)
def port_privileged(context: Context) -> Match | None:
    return _matched(context) if failure(context).code == "privileged" else None


@rules.add(
    Entry(
        code="port-excluded",
        question="listener",
        title="The system keeps port {port} of the redirect URI for itself.",
        cause="The port lies in a range that the system excludes (Hyper-V and WSL reserve such ranges).",
        fix="Do this: {other}; or {paste}.",
        reference="RFC 8252 §7.3",
    )
)
def port_excluded(context: Context) -> Match | None:
    return _matched(context) if failure(context).code == "excluded" else None


@rules.add(
    Entry(
        code="address-not-loopback",
        question="listener",
        title="The redirect URI {address} is not an address of this machine's own loopback.",
        cause="The listener binds loopback addresses only, so that nobody else can reach it.",
        fix="Either {paste}, or {other}.",
        reference="threats.md L1",
    )
)
def address_not_loopback(context: Context) -> Match | None:
    return _matched(context) if failure(context).code == "not-loopback" else None


@rules.add(
    Entry(
        code="address-unavailable",
        question="listener",
        title="The callback address could not be listened on: {sentence}",
        cause="This machine does not have that address, often ::1 where IPv6 is switched off.",
        fix="Either {paste}, or {other}.",
        reference="RFC 8252 §8.3",
    )
)
def address_unavailable(context: Context) -> Match | None:
    return _matched(context)
