"""Our own authorization request was redirected, and not to the redirect URI (RFC 9110 §15.4)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.changes import base_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.readings import authorization_unanswered, base_without, moved_to, setting
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.authorization.reading import exchange, matched
from airisk_tui.oauth.http import Exchange, header


def _redirected(context: Context) -> str | None:
    missing = authorization_unanswered(context)
    if missing is not None:
        return missing
    away = 300 <= exchange(context).response.status < 400
    return None if away else "the authorization request was not redirected"


rules = RuleSet("Redirected authorization request", _redirected)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that send a client on (RFC 9110 §15.4.2 to §15.4.9)."""


@rules.add(
    Entry(
        code="location-unusable",
        question="authorization",
        title="The server redirected to {location}, where no browser can go: {what}.",
        cause="A wrong address is configured at the server, for its login page or for the redirect, or somebody slipped one in.",
        fix="Do not open that address; give this exchange to the administrator: it must lead to {redirect_uri}, or to a login page.",
        reference="RFC 9110 §10.2.2; RFC 6749 §4.1.2",
    )
)
def location_unusable(context: Context) -> Match | None:
    sent = exchange(context)
    location = header(sent.response.headers, "location")
    what = unusable(sent, location) if location is not None else None
    if location is None or what is None:
        return None
    place = Pointer("authorization-request", "header", "Location")
    match = matched(context, location=quoted(location, 80), what=what, redirect_uri=quoted(context.inputs.redirect_uri))
    return Match(match.values, (Evidence("Location", quoted(location), place), *match.evidence))


def unusable(sent: Exchange, location: str) -> str | None:
    """Why a browser would not follow a `Location`, or None when it would."""
    leads = moved_to(sent) or location
    parts = split_url(leads)
    if not location.strip():
        return "it is empty, which means the same request over again"
    if leads.partition("#")[0] == sent.request.url.partition("#")[0]:
        return "it is the same request over again"
    if parts is None:
        return "it is no address"
    if parts.scheme not in ("http", "https"):
        return f"its scheme is {quoted(parts.scheme, 40)}, and a redirect leads to http or https"
    return None if parts.hostname else "it names no host"


@rules.add(
    Entry(
        code="base-url-redirects",
        question="authorization",
        title="The server sent the authorization request on to {location}.",
        cause="{why}",
        fix="{how}",
        reference="RFC 9110 §15.4",
    )
)
def base_url_redirects(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    path = context.inputs.dialect.authorize_path
    place = (location or "").partition("#")[0].partition("?")[0]
    base = base_without(place.rstrip("/").lower(), path.lower())
    if base is None or place == exchange(context).request.url.partition("?")[0]:
        return None
    base = place[: len(base)]
    if base == context.inputs.base_url.rstrip("/"):
        how = f"To ask there, {setting('authorize_path', place[len(base) :])}, and run again."
        return matched(context, location=quoted(place), why="The deployment spells the path differently.", how=how)
    why = f"The base URL is not the deployment's final address: it says {quoted(context.inputs.base_url)}."
    how = f"Set the base URL (--base-url) to {quoted(base)}, and run again."
    return replace(matched(context, location=quoted(place), why=why, how=how), change=base_to(context, base))


@rules.add(
    Entry(
        code="login-redirect",
        question="authorization",
        title="The server redirected to {location}, which is not the redirect URI: somebody has to log in there.",
        cause="This deployment lets a person log in first, and the direct mode cannot.",
        runner_up="A gateway in front of the deployment wants its own login.",
        fix="Run again with --mode browser, and log in there.",
        reference="RFC 6749 §4.1.1",
    )
)
def login_redirect(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    return None if location is None else matched(context, location=quoted(location.partition("?")[0]))


@rules.add(
    Entry(
        code="redirect-without-location",
        question="authorization",
        title="The server answered {status} without saying where to go (no Location header).",
        cause="The server, or a proxy in front of it, is broken.",
        fix="Give this exchange to the administrator: a redirect must carry a Location.",
        reference="RFC 9110 §10.2.2",
    )
)
def redirect_without_location(context: Context) -> Match | None:
    return matched(context) if exchange(context).response.status in REDIRECTS else None


@rules.add(
    Entry(
        code="redirect-undecided",
        question="authorization",
        title="The server answered {status}, {what}, which sends nobody on.",
        cause="{why}",
        fix="Give this exchange to the administrator: the authorization endpoint must answer 302 with a Location, or refuse.",
        reference="RFC 9110 §15.4",
    )
)
def redirect_undecided(context: Context) -> Match | None:
    what, why = undecided(exchange(context).response.status)
    return matched(context, what=what, why=why)


def undecided(status: int) -> tuple[str, str]:
    """What a status between 300 and 399 is that is no redirect, and how it comes about."""
    if status == 304:
        why = "A cache in front of the server answered; a request without If-None-Match must never be answered so."
        return "“not modified”", why
    if status == 300:
        return "“multiple choices”", "The server offers more than one answer to the request, and does not choose."
    return "a status that no client knows how to follow", "The server, or a proxy in front of it, is broken."
