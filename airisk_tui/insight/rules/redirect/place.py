"""The answer went to another address than the redirect URI that was sent (RFC 6749 §3.1.2.3)."""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity, pair
from airisk_tui.insight.fix import PASTE, Ask, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.reasons import of_the_browser
from airisk_tui.insight.reading.run import moved_to
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import blaming, of_a_variable
from airisk_tui.insight.rules.redirect import answer, answered, said
from airisk_tui.insight.words.difference import uri_difference
from airisk_tui.insight.words.quoting import listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import spelled
from airisk_tui.oauth.http import header, headers_named
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.text.visible import visible_sealed

rules = RuleSet("Redirect's place", answered, "redirect")

_LOCATION = Pointer("authorization-request", "header", "Location")
_REGISTER = Change("registration", "register {ours}")


@rules.add(
    "location-repeated",
    severity="warning",
    question="",
    title="The answer holds {count} Location headers: this program read the first; another client takes the last, or none.",
    cause="The server, or a proxy in front of it, adds the header a second time.",
    runner_up="Somebody added a header of their own, through a value that the server writes into its answer.",
    fix=(Ask("give this exchange to the administrator: an answer may have one Location"),),
    reference="RFC 9110 §5.3, §10.2.2; threats.md L7",
    unless="the answer had one Location",
    needs=lambda context: context.state.authorization is not None,
)
def location_repeated(context: Context) -> Match | None:
    exchange = context.state.authorization
    locations = headers_named(exchange.response.headers, "location") if exchange is not None else ()
    if len(locations) < 2:
        return None
    shown = listed([_place(location) for location in locations])
    return Match({"count": str(len(locations))}, (Evidence("Location", shown, _LOCATION),))


@rules.add(
    "redirect-disguised",
    title="The server redirected to an address that is not what it looks like: {how}.",
    cause="The server builds the redirect from text that it does not check.",
    runner_up="Somebody disguises another host as the redirect URI in order to be sent the code.",
    fix=(
        Do("do not open that address"),
        Ask("give this exchange to the administrator: the redirect must lead to exactly {ours}"),
    ),
    reference="RFC 6749 §3.1.2.3; RFC 3986 §3.2.1, §7.6; RFC 9700 §4.1",
    unless="the address held neither a backslash nor a user name before its host",
)
def redirect_disguised(context: Context) -> Match | None:
    place = _location(context)
    host, browsed = _host(place), _host(place.replace("\\", "/"))
    if "\\" in place:
        # WHATWG URL §4.4 has browsers read a backslash as a slash; RFC 3986 does not know it.
        others = quoted(host) if host else "nowhere"
        how = f"because of its backslash a browser goes to {quoted(browsed)}, and another program to {others}"
    elif "@" in _authority(place):
        how = f"it has a user name before the “@”, and the host is {quoted(host)}"
    else:
        return None
    evidence = pair("Redirect URI", context.inputs.redirect_uri, place, _LOCATION)
    severity: Severity | None = None if answer(context).elsewhere else "warning"
    return Match({"how": how, "ours": quoted(context.inputs.redirect_uri)}, (evidence,), severity=severity)


@rules.add(
    "redirect-relative",
    title="The server redirected to {theirs}, without scheme and host, which leads back to the server and not to the redirect URI.",
    cause="The server, or a proxy that rewrites its redirects, drops scheme and host.",
    fix=(Change("server", "have the server redirect to the whole of {ours}"), *provided("until then", *PASTE)),
    reference="RFC 6749 §4.1.2; RFC 9110 §10.2.2",
    unless="the Location began with a scheme or a host, or led to the redirect URI",
)
def redirect_relative(context: Context) -> Match | None:
    came, exchange = answer(context), context.state.authorization
    location = header(exchange.response.headers, "location") if exchange else None
    if not came.elsewhere or exchange is None or location is None or _ABSOLUTE.match(location):
        return None
    leads, there, ours = _place(moved_to(exchange) or location), _place(location), context.inputs.redirect_uri
    evidence = pair("Redirect URI, and where a browser goes", ours, leads, _LOCATION, ("sent", "leads"))
    bare = (
        "The server redirected to parameters without an address before them, which leads back to the server: {leads}."
    )
    values = {"theirs": quoted(there), "ours": quoted(ours), "leads": quoted(leads)}
    return Match(values, (evidence,), title=None if there else bare)


_ABSOLUTE = pattern(r"[\"'<\s]*(?:[/\\]{2}|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
"""A scheme or a host comes first (RFC 3986 §4.2), be it within quotation marks."""


@rules.add(
    "error-elsewhere",
    title="The server redirected with an error to {theirs}, and not to the redirect URI: {words}.",
    cause="The server refused the request and tells it on a page of its own, because it does not trust the redirect URI or the client ID "
    "that was sent.",
    runner_up="The registration of the application names that address.",
    fix=(
        Do("compare the redirect URI and the client ID with the registration, character by character"),
        *otherwise(_REGISTER),
    ),
    reference="RFC 6749 §4.1.2.1",
    unless="a code came, too, or the state of this run with the error: such a redirect is an answer that went to the wrong address",
)
def error_elsewhere(context: Context) -> Match | None:
    came, there = answer(context), _there(context)
    error = came.redirect.error
    if not came.elsewhere or there is None or came.redirect.code or came.verification != "missing" or not error:
        return None
    words = said(error, came.redirect.description)
    values = {"theirs": quoted(there), "ours": quoted(context.inputs.redirect_uri), "words": quoted(words)}
    match = Match(values, (Evidence("error", quoted(words), _LOCATION),))
    blamed = blaming(context, words.lower(), match)
    if blamed is not None:
        return blamed
    reason = of_the_browser(spelled(words).lower())
    if reason is not None:
        return match.because(reason.cause, reason.fix, "likely")
    if error.lower() in _OF_THE_REQUEST:
        return match
    return replace(match, cause=_INSIDE, runner_up=_UNTRUSTED, fix=_LOOK_UP, certainty="likely")


_OF_THE_REQUEST = frozenset(
    {"invalid_request", "invalid_client", "unauthorized_client", "redirect_mismatch", "access_denied"}
)
"""Codes with which servers refuse the request itself (RFC 6749 §4.1.2.1)."""

_INSIDE = (
    "The log-in failed inside the server, which tells that to an application or a page of its own, in words of its own."
)
_UNTRUSTED = "It does not trust the redirect URI or the client ID that was sent."
_LOOK_UP: Fix = (
    Rerun("browser", " in a private window"),
    *provided("if it stays", Ask("give these words to the administrator")),
    *otherwise(Do("compare the redirect URI and the client ID with the registration")),
)


@rules.add(
    "redirect-foreign",
    title="The server redirected to {host}, which is neither this machine nor the host of the redirect URI: {spent}.",
    cause="The registration of the application, or the server, names that host: a misconfiguration.",
    runner_up="Somebody had the server redirect to a host of their own in order to be sent the code: an attack.",
    fix=(Do("find out first whose host {host} is"), Ask("give this exchange to the administrator"), _REGISTER),
    reference="RFC 6749 §3.1.2.3, §10.6; RFC 9700 §4.1",
    unless="the host were this machine's or the redirect URI's, or what came were an error without the state of this run",
)
def redirect_foreign(context: Context) -> Match | None:
    there, ours = _there(context), context.inputs.redirect_uri
    if not answer(context).elsewhere or there is None or not _foreign(context, there):
        return None
    code = answer(context).redirect.code is not None
    spent = "a browser would have sent the code there" if code else "a browser would have gone there with the answer"
    evidence = pair("Redirect URI", ours, there, _LOCATION)
    match = Match({"host": quoted(_host(there)), "ours": quoted(ours), "spent": spent}, (evidence,))
    return of_a_variable(ours, match) or match


@rules.add(
    "redirect-elsewhere",
    title="The server redirected to another address than the redirect URI that was sent: {difference} differs.",
    cause="The server used another of the URIs that are registered for the application.",
    runner_up="A proxy in front of the server rewrites its redirects.",
    fix=(
        SetField("redirect_uri", "{theirs}", words=", which the server used"),
        *otherwise(_REGISTER),
        *provided("if that is what is registered", *PASTE),
    ),
    reference="RFC 6749 §3.1.2.3",
    unless="the address were the redirect URI, character by character, or one of another host",
)
def redirect_elsewhere(context: Context) -> Match | None:
    there, ours = _there(context), context.inputs.redirect_uri
    if not answer(context).elsewhere or there is None:
        return None
    evidence = pair("Redirect URI", ours, there, _LOCATION)
    values = {"difference": visible_sealed(uri_difference(ours, there)), "ours": quoted(ours), "theirs": quoted(there)}
    match = Match(values, (evidence,))
    if not _host(there):
        return replace(match, fix=(Change("server", "have the server redirect to exactly {ours}"),))
    if not _of_the_web(there):
        return replace(match, fix=(_REGISTER, *provided("until then", *PASTE)))
    # A proxy that writes another scheme into a redirect is as usual as a second registered URI.
    either = there.partition(":")[2] == ours.partition(":")[2]
    return replace(match, certainty="unknown" if either else None)


def _location(context: Context) -> str:
    """The Location as it came, without query and fragment; "" when there is none."""
    exchange = context.state.authorization
    return _place(header(exchange.response.headers, "location") or "") if exchange is not None else ""


def _there(context: Context) -> str | None:
    """The address that a browser is led to, without query and fragment; None where it is not led anywhere."""
    exchange = context.state.authorization
    location = moved_to(exchange) if exchange is not None else None
    return _place(location) if location is not None else None


def _place(location: str) -> str:
    return location.partition("#")[0].partition("?")[0]


def _foreign(context: Context, place: str) -> bool:
    """Whether an address names a host that is neither this machine nor the redirect URI's."""
    host = _host(place)
    ours = is_loopback(host) or host == _host(context.inputs.redirect_uri)
    return _of_the_web(place) and bool(host) and not ours


def _of_the_web(place: str) -> bool:
    return place.partition(":")[0].lower() in ("http", "https")


def _host(place: str) -> str:
    """The host of an address, in lower case, or ""; total, also where `urlsplit` refuses the port."""
    after = _authority(place).rpartition("@")[2].lower()
    return after[1:].partition("]")[0] if after.startswith("[") else after.partition(":")[0]


def _authority(place: str) -> str:
    """The part between the two slashes and the path (RFC 3986 §3.2)."""
    return place.partition("//")[2].partition("/")[0]
