"""The callback address could not be listened on. What each code means stands in `advice.listening`."""

from __future__ import annotations

from airisk_tui.flow.events import ListenerFailed
from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.advice.listening import (
    ALLOW,
    ENTRIES,
    OTHER_ADDRESS,
    OTHER_PORT,
    PASSED_ON,
    PASTE,
    STOP,
    values_of,
)
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import port_of, split_url
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import Fix, Rerun, SetField, otherwise
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Check, Entry, Match, Rule, RuleSet
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.mistakes import PRIVILEGED
from airisk_tui.oauth.text import visible

SPARE_PORTS = (8765, 8766, 8443, 9876)
"""Offered in this order; none is in a range that systems reserve (Windows excludes ranges from 49152 up, and 5357)."""

PASTE_AGAIN: Fix = (
    Rerun("paste", " where you can paste something, at a terminal or by writing the address to standard input"),
)
REGISTERED_PORT: Fix = (SetField("redirect_uri", "{uri}", words=", which is registered"),)


def failure_of(context: Context) -> ListenerFailed | None:
    """Why nothing listened, or None. A run in the paste mode whose redirect URI leads elsewhere never tried to listen; once
    nothing can be pasted any more, that is why it ended."""
    state = context.state
    if state.listener_failed is None and state.outcome is Outcome.LISTENER:
        return ListenerFailed(at=state.at, code="not-loopback")
    return state.listener_failed


rules = RuleSet("Listener", lambda context: None if failure_of(context) else "the listener was not refused its address")


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


def _check_of(entry: Entry) -> Check:
    def check(context: Context) -> Match | None:
        failed = failure_of(context)
        return _match(context, failed) if failed is not None and ENTRIES[failed.code] is entry else None

    return check


def _match(context: Context, failed: ListenerFailed) -> Match:
    """What to do changes as little as it can: a registered URI on another port, else the paste mode, else another registration."""
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
        (_evidence(failed, ours),),
        severity="error" if context.state.outcome is Outcome.LISTENER else "note",
        fix=(*ways[0], *(step for way in ways[1:] for step in otherwise(*way, when=way[0].when))),
    )


def _evidence(failed: ListenerFailed, redirect_uri: str) -> Evidence:
    place = visible(f"{failed.address} port {failed.port}") if failed.address else quoted(redirect_uri)
    said = f", {visible(failed.errno)[:20]}" if failed.errno else ""
    return Evidence(
        "The listener", f"{failed.code}: {place}{said}", Pointer("authorization-request", "parameter", "redirect_uri")
    )


rules.extend(Rule(entry, rules.needs, _check_of(entry)) for entry in ENTRIES.values())
