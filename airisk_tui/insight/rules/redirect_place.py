"""The answer went to another address than the redirect URI that was sent (RFC 6749 §3.1.2.3)."""

from __future__ import annotations

import re

from airisk_tui.insight.changes import redirect_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import uri_difference
from airisk_tui.insight.finding import Pointer, pair, quoted
from airisk_tui.insight.observed import moved_to
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.insight.rules.redirect_read import answer, no_answer
from airisk_tui.oauth.http import header
from airisk_tui.oauth.text import visible

family = Family("Redirect's place", no_answer)

_PASTED = "run with --mode paste and paste the address that the browser ends at"
"""What works whatever is wrong with the address: its query is all that is read."""


@family.rule(
    Entry(
        code="redirect-relative",
        question="redirect",
        title="The server redirected to {theirs}, without scheme and host: that leads back to itself, not to the redirect URI.",
        cause="The server, or a proxy that rewrites its redirects, drops scheme and host.",
        fix="Have the server redirect to the whole of {ours}; until then, {pasted}.",
        reference="RFC 6749 §4.1.2; RFC 9110 §10.2.2",
    )
)
def redirect_relative(context: Context) -> Seen | None:
    came, exchange = answer(context), context.state.authorization
    location = header(exchange.response.headers, "location") if exchange else None
    if not came.elsewhere or exchange is None or location is None or _ABSOLUTE.match(location):
        return None
    leads = (moved_to(exchange) or location).partition("#")[0].partition("?")[0]
    there, ours = location.partition("#")[0].partition("?")[0], context.inputs.redirect_uri
    evidence = pair("Redirect URI, and where a browser goes", ours, leads, _LOCATION, ("sent", "leads"))
    title = None if there else NO_PLACE.format(place=quoted(leads))
    return Seen({"theirs": quoted(there), "ours": quoted(ours), "pasted": _PASTED}, (evidence,), title=title)


_ABSOLUTE = re.compile(r"[/\\]{2}|[a-z][a-z0-9+.-]*:", re.IGNORECASE)
"""A scheme or a host comes first (RFC 3986 §4.2)."""

_LOCATION = Pointer("authorization-request", "header", "Location")
NO_PLACE = (
    "The server redirected to its parameters alone, without an address before them: that leads back to itself, {place}."
)


@family.rule(
    Entry(
        code="redirect-elsewhere",
        question="redirect",
        title="The server redirected to another address than the redirect URI that was sent: {difference} differs.",
        cause="The server used another of the URIs registered for the application.",
        runner_up="A proxy in front of the server rewrites its redirects.",
        fix="Set --redirect-uri to {theirs}, which the server used, or register {ours}; if that is what is registered, {pasted}.",
        reference="RFC 6749 §3.1.2.3",
    )
)
def redirect_elsewhere(context: Context) -> Seen | None:
    came, exchange = answer(context), context.state.authorization
    location = moved_to(exchange) if exchange else None
    if not came.elsewhere or location is None:
        return None
    there = location.partition("#")[0].partition("?")[0]
    ours = context.inputs.redirect_uri
    evidence = pair("Redirect URI", ours, there, Pointer("authorization-request", "header", "Location"))
    values = {"difference": visible(uri_difference(ours, there)), "ours": quoted(ours), "theirs": quoted(there)}
    values["pasted"] = _PASTED
    return Seen(values, (evidence,), change=redirect_to(there))
