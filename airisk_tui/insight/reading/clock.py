"""Two clocks: this machine's and the server's, as its Date header tells it (RFC 9110 §6.6.1)."""

from __future__ import annotations

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.fix import RERUN, Ask, Change, Fix, provided
from airisk_tui.insight.reading.run import seconds
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.text.dates import read_date, utc_text

MAX_SKEW = 60.0
"""Seconds. Date has whole seconds and may be made before a slow body; below a minute nothing breaks (RFC 7519 §4.1.4
speaks of "a few minutes" of leeway)."""


def server_time(response: HttpResponse) -> float | None:
    """The response's Date in epoch seconds, or None; total over any header."""
    date = read_date(header(response.headers, "date") or "")
    return date.at if date is not None else None


def skew(state: FlowState) -> float | None:
    """The seconds by which the server's clock is ahead of this machine's, by the token response, or None."""
    if state.token_exchange is None or state.token_exchanged_at is None:
        return None
    theirs = server_time(state.token_exchange.response)
    return None if theirs is None else theirs - (state.utc + state.token_exchanged_at)


def differing(state: FlowState) -> dict[str, str] | None:
    """The values in texts about two clocks that differ by MAX_SKEW and more: skew, which, ours, theirs; None where they agree, or the
    server's is not known."""
    span = skew(state)
    if span is None or abs(span) < MAX_SKEW:
        return None
    ours, theirs = utc_text(our_now(state)), utc_text(server_now(state))
    return {"skew": seconds(span), "which": "ahead" if span > 0 else "behind", "ours": ours, "theirs": theirs}


SET_THE_CLOCK: Fix = (
    Change("machine", "set this machine's clock by NTP"),
    RERUN,
    *provided("if it is right ({ours})", Ask("tell the administrator")),
)


def server_now(state: FlowState) -> float:
    """When the token came, by the server's clock where it is known, else by this machine's."""
    return our_now(state) + (skew(state) or 0.0)


def earliest(state: FlowState) -> float:
    """When the token came, by the slower clock: what has expired by this clock has expired by both."""
    return min(our_now(state), server_now(state))


def latest(state: FlowState) -> float:
    """When the token came, by the faster clock: what is not yet valid by this clock is not valid by either."""
    return max(our_now(state), server_now(state))


def our_now(state: FlowState) -> float:
    """When the token came, by this machine's clock."""
    return state.utc + (state.token_exchanged_at or state.at)
