"""The authorization request was redirected, and not to the redirect URI (RFC 9110 §15.4)."""

from __future__ import annotations

import re

from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.filters import leads_to_login, login_gateway
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, Rerun, SetField, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import MAX_WORDS, authorization_unanswered, base_without, moved_to
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import blaming, exchange, matched
from airisk_tui.later import pattern
from airisk_tui.oauth.http import Exchange, header
from airisk_tui.oauth.params import Params


def _redirected(context: Context) -> bool:
    return authorization_unanswered(context) and 300 <= exchange(context).response.status < 400


rules = RuleSet("Redirected authorization request", _redirected, "authorization")

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that send a client on (RFC 9110 §15.4.2 to §15.4.9)."""


@rules.add(
    "location-unusable",
    title="The server redirected to {location}, where no browser can go: {what}.",
    cause="The server has a wrong address in its configuration, for its login page or for the redirect, or somebody slipped one in.",
    fix=(
        Do("do not open that address"),
        Ask("give this exchange to the administrator: the redirect must lead to {redirect_uri} or to a login page"),
    ),
    reference="RFC 9110 §10.2.2; RFC 6749 §4.1.2",
    unless="a browser would follow the address",
    certainty="likely",
)
def location_unusable(context: Context) -> Match | None:
    sent = exchange(context)
    location = header(sent.response.headers, "location")
    what = unusable(sent, location) if location is not None else None
    if location is None or what is None:
        return None
    place = Pointer("authorization-request", "header", "Location")
    match = matched(context, location=quoted(location, 80), what=what)
    return Match(match.values, (Evidence("Location", quoted(location), place), *match.evidence))


def unusable(sent: Exchange, location: str) -> str | None:
    """Why a browser would not follow a `Location`, or None when it would."""
    leads = moved_to(sent) or location
    parts = split_url(leads)
    if not location.strip():
        return "it is empty, which repeats the same request"
    if leads.partition("#")[0] == sent.request.url.partition("#")[0]:
        return "it repeats the same request"
    if parts is None:
        return "it is not a URL"
    if parts.scheme not in ("http", "https"):
        return f"its scheme is {quoted(parts.scheme, 40)}, and a redirect leads to http or https"
    return None if parts.hostname else "it names no host"


@rules.add(
    "base-url-redirects",
    title="The server redirected the authorization request to {location}.",
    cause="The base URL {base_url} is not the deployment's final address.",
    fix=(SetField("base_url", "{base}"), RERUN),
    reference="RFC 9110 §15.4",
    unless="the address did not end in the path of the authorization endpoint, or were the one that was asked",
)
def base_url_redirects(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    path = context.inputs.dialect.authorize_path
    place = (location or "").partition("#")[0].partition("?")[0]
    base = base_without(place.rstrip("/").lower(), path.lower())
    if base is None or place == exchange(context).request.url.partition("?")[0]:
        return None
    base, rest = place[: len(base)], place[len(base) :]
    match = matched(context, location=quoted(place), base=quoted(base), path=quoted(rest))
    if base != context.inputs.base_url.rstrip("/"):
        return match
    spelled = "The deployment spells the path of its authorization endpoint differently."
    return Match(match.values, match.evidence, cause=spelled, fix=(SetField("dialect.authorize_path", "{path}"), RERUN))


@rules.add(
    "error-redirect",
    title="The server redirected to {location}, its own page for errors, and not to the redirect URI{said}.",
    cause="The server refused the request and sends nobody to the redirect URI, which it does not trust: most often {redirect_uri} is not "
    "registered for {client_id}, or there is no such application.",
    runner_up="Another parameter of the request, which that page may name, is missing or wrong.",
    fix=(
        Rerun("browser"),
        Do("read what the page for errors says"),
        Do("compare the redirect URI and the client ID with the registration, character by character"),
    ),
    reference="RFC 6749 §4.1.2.1",
    unless="the words in that address named another parameter: then they decide",
    certainty="likely",
)
def error_redirect(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    parts = split_url(location or "")
    if location is None or parts is None or not _ERROR.search(f"{parts.path}?{parts.query}&{parts.fragment}"):
        return None
    if login_gateway(location):
        return None
    pairs = (*Params.parse(parts.query), *Params.parse(parts.fragment))
    words = " ".join(value for name, value in pairs if _WORDS.search(name))
    told = f": {quoted(words, MAX_WORDS)}" if words else ""
    match = matched(context, location=quoted(location.partition("?")[0]), said=told)
    return blaming(context, words.lower(), match) or match


_ERROR = pattern(
    r"[/_-](?:errors?|err)\b|^/?errors?\b|[?&]error|/oops\b|/failure\b|/denied\b|access[-_]?denied", re.IGNORECASE
)
_WORDS = pattern(r"error(?!id)|message|msg|reason|descri", re.IGNORECASE)
"""Names of the parameters of such a page that tell why."""


@rules.add(
    "login-redirect",
    title="The server redirected to {location}, which is not the redirect URI{what}.",
    cause="This deployment asks for a login first, and the direct mode cannot log in.",
    runner_up="A gateway in front of the deployment asks for a login of its own.",
    fix=(Rerun("browser"), Do("log in there")),
    reference="RFC 6749 §4.1.1",
    unless="the address were one of an error, the redirect URI, or the same endpoint elsewhere: all are looked for first; where nothing in "
    "it speaks of a log-in, both possibilities are said",
)
def login_redirect(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    if location is None or context.state.imported is not None:
        return None
    gateway, asks = login_gateway(location), leads_to_login(location)
    what = ": somebody has to log in there" if gateway or asks else ""
    match = matched(context, location=quoted(location.partition("?")[0]), what=what)
    if gateway:
        cause = f"{gateway} in front of the deployment asks for a login of its own, and did not ask the application."
        return match.because(cause, _PAST_GATEWAY, "likely")
    return match if asks else match.because(_PERHAPS, _LOOK, "unknown")


_PAST_GATEWAY: Fix = (
    Rerun("browser"),
    Do("log in there"),
    *provided(
        "for clients without a browser", Ask("have the administrator exempt the OAuth endpoints from that login")
    ),
)
_PERHAPS = (
    "Either somebody has to log in there, which the direct mode cannot do, or the base URL {base_url} leads to a web site that is "
    "elsewhere: the address does not tell."
)
_LOOK: Fix = (
    Rerun("browser"),
    *provided("if a login is shown", Do("log in")),
    *provided("if a web site is shown", SetField("base_url", words="the address of the API"), RERUN),
)


@rules.add(
    "redirect-without-location",
    title="The server answered {status} without a Location header, so the redirect leads nowhere.",
    cause="The server, or a proxy in front of it, is broken.",
    fix=(Ask("give this exchange to the administrator: a redirect must carry a Location"),),
    reference="RFC 9110 §10.2.2",
    unless="the answer had a Location header",
)
def redirect_without_location(context: Context) -> Match | None:
    return matched(context) if exchange(context).response.status in REDIRECTS else None


@rules.add(
    "redirect-undecided",
    title="The server answered {status}, {what}, which redirects nobody.",
    cause="{why}",
    fix=(
        Ask(
            "give this exchange to the administrator: the authorization endpoint must answer 302 with a Location, or refuse"
        ),
    ),
    reference="RFC 9110 §15.4",
    unless="the status were one that sends a client on",
)
def redirect_undecided(context: Context) -> Match | None:
    what, why = undecided(exchange(context).response.status)
    return matched(context, what=what, why=why)


def undecided(status: int) -> tuple[str, str]:
    """What a status between 300 and 399 means that is no redirect, and how it comes about."""
    if status == 304:
        why = "A cache in front of the server answered; a request without If-None-Match must never get this answer."
        return "“not modified”", why
    if status == 300:
        return "“multiple choices”", "The server offers several answers to the request and does not choose one."
    return "a status that no client can follow", "The server, or a proxy in front of it, is broken."
