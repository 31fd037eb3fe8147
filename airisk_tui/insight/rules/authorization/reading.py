"""The answer to this program's own authorization request, as the rules about it read it."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.readings import summary, trace
from airisk_tui.insight.rule import Match
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.server_error import read_error


def exchange(context: Context) -> Exchange:
    """The direct authorization exchange that the precondition promises."""
    if context.state.authorization is None:
        raise ValueError("The authorization request was not answered.")
    return context.state.authorization


def matched(context: Context, **values: str) -> Match:
    """A match with the values that all rules here need, and the answer as evidence."""
    response = exchange(context).response
    evidence = Evidence("The answer", summary(response), Pointer("authorization-request", "response"))
    shown = {
        "status": str(response.status),
        "trace": trace(read_error(response)),
    }
    return Match(shown | values, (evidence,))
