"""The authorization request was redirected, and not to the redirect URI (RFC 9110 §15.4), or refused without a redirect, and not in
AIRisk's words (protocol.md, step 1, outcomes)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.filters import leads_to_login, login_gateway
from airisk_tui.insight.reading.reasons import of_the_browser, says_more
from airisk_tui.insight.reading.run import (
    MAX_WORDS,
    NO_WORDS,
    authorization_unanswered,
    base_of,
    base_without,
    moved_to,
    of_the_inside,
    quoted_refusal,
)
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.rules.authorization import blaming, exchange, matched
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import Exchange, header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.metadata import likely_issuer
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.visible import has_hidden
from airisk_tui.oauth.urls import host_of, path_of, split_url


def _redirected(context: Context) -> bool:
    return authorization_unanswered(context) and exchange(context).response.redirects


elsewhere = RuleSet("Redirected authorization request", _redirected, "authorization")

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that send a client on (RFC 9110 §15.4.2 to §15.4.9)."""


_MUST_LEAD = Ask("give this exchange to the administrator: the redirect must lead to {redirect_uri} or to a login page")


@elsewhere.add(
    "location-unusable",
    title="The server redirected to {location}, which no browser can follow: {what}.",
    cause="The server, or what rewrites its answers in front of it, puts the address together wrongly.",
    fix=(_MUST_LEAD, *otherwise(Rerun("browser"), when="if a browser works all the same")),
    reference="RFC 9110 §10.2.2; RFC 6749 §4.1.2",
    unless="a browser would follow the address, and come to another one",
    certainty="likely",
)
def location_unusable(context: Context) -> Match | None:
    sent = exchange(context)
    location = header(sent.response.headers, "location")
    what = unusable(sent, location) if location is not None else None
    if location is None or what is None:
        return None
    place = Pointer("authorization-request", "header", "Location")
    match = matched(context, Evidence("Location", quoted(location), place), location=brief(location), what=what)
    if what in (_SAME, _NESTED):
        return match.because(_IN_A_CIRCLE, _OUT_OF_IT, "likely")
    return match.because(_SLIPPED_IN, _NOT_THERE, "likely") if what.startswith(_SCHEME) else match


def unusable(sent: Exchange, location: str) -> str | None:
    """Why a browser cannot follow a `Location`, or None when it can."""
    leads = moved_to(sent) or location
    parts = split_url(leads)
    if not location.strip():
        return "it is empty"
    if leads.partition("#")[0] == sent.request.url.partition("#")[0]:
        return _SAME
    if parts is None:
        return "it is not a URL"
    if parts.scheme not in ("http", "https"):
        return f"{_SCHEME} {brief(parts.scheme)}, and a redirect leads to http or https"
    return _NESTED if _leads_back(sent.request.url, leads) else None if parts.hostname else "it names no host"


def _leads_back(ours: str, theirs: str) -> bool:
    """Whether an address is that of the same endpoint, with a request to it in one of its parameters."""
    place, _, query = theirs.partition("?")
    path = place.partition("://")[2].partition("/")[2]
    return place == ours.partition("?")[0] and f"/{path}?" in unquote(unquote(query))


_SCHEME = "its scheme is"
_SAME = "it is the same request again"
_NESTED = "it is the same endpoint again, with the request in a parameter, so that the address grows with each round"
_IN_A_CIRCLE = (
    "What redirects there does not see that the request already is what it asks for: its own log-in is not exempt from it, a cookie did "
    "not come back, or https arrives as http behind a proxy."
)
_OUT_OF_IT: Fix = (
    Rerun("browser", ", which keeps cookies"),
    *provided(
        "if it says that there are too many redirects",
        Ask(
            "have the administrator exempt the log-in's own address, and let the proxy pass host and scheme on (X-Forwarded-Host and "
            "-Proto)"
        ),
    ),
)
_SLIPPED_IN = "The server has a wrong address in its configuration, for its login page or for the redirect, or somebody slipped one in."
_NOT_THERE: Fix = (Do("do not open that address"), _MUST_LEAD)


@elsewhere.add(
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
    return match.because(spelled, (SetField("dialect.authorize_path", "{path}"), RERUN))


@elsewhere.add(
    "error-redirect",
    title="The server redirected to {location}, its own page for errors, and not to the redirect URI{said}.",
    cause="Nothing in that address tells why: a server answers so where it does not trust the redirect URI or the client ID, and where "
    "another parameter is wrong.",
    fix=(
        Rerun("browser"),
        Do("read what the page for errors says"),
        Do("compare the redirect URI and the client ID with the registration, character by character"),
    ),
    reference="RFC 6749 §4.1.2.1",
    unless="the words in that address named another parameter: then they decide",
    certainty="unknown",
)
def error_redirect(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    words = failure_told(location or "")
    if location is None or words is None or login_gateway(location):
        return None
    told = f": {quoted(words, MAX_WORDS)}" if words else ""
    match = matched(context, location=quoted(location.partition("?")[0]), said=told)
    blamed = blaming(context, words.lower(), match)
    return blamed or (match.because(_THEIR_WORDS, certainty="unknown") if " " in words else match)


_THEIR_WORDS = "Its own words are all that tells the reason: they name no part of the request that is known here."


def failure_told(location: str) -> str | None:
    """The words in the parameters of an address that speaks of a failure, "" without any; None for another address."""
    parts = split_url(location)
    if parts is None or not _ERROR.search(f"{parts.path}?{parts.query}&{parts.fragment}"):
        return None
    pairs = (*Params.parse(parts.query), *Params.parse(parts.fragment))
    return " ".join(value for name, value in pairs if _WORDS.search(name))


_ERROR = pattern(
    r"[/_-](?:errors?|err)\b|^/?errors?\b|[?&]error|[?&](?:result|status|outcome)=(?:fail|error|denied)|/oops\b|/failure\b|/denied\b|access[-_]?denied",
    re.IGNORECASE,
)
_WORDS = pattern(r"error(?!id)|message|msg|reason|descri", re.IGNORECASE)
"""Names of the parameters of such a page that tell why."""


@elsewhere.add(
    "login-redirect",
    title="The server redirected to {location}, which is not the redirect URI{what}.",
    cause="This deployment asks for a login first, and the direct mode cannot log in.",
    runner_up="A gateway in front of the deployment asks for a login of its own.",
    fix=(
        Rerun("browser"),
        Do("log in there"),
        *provided("if nothing answers there", Ask("have the administrator correct that address{trace}")),
    ),
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
    ours, theirs = (host_of(url) for url in (context.inputs.base_url, location))
    if of_the_inside(theirs) and not of_the_inside(ours):
        return replace(match, cause=_OF_THE_INSIDE, runner_up=_REACHABLE, fix=_PUBLIC_ADDRESS)
    if not asks:
        return match.undecided(_LOGIN_ELSEWHERE, _SITE_ELSEWHERE)
    strange = location.startswith("http://") and theirs.split(".")[-2:] != ours.split(".")[-2:]
    return replace(match, runner_up=_OF_THE_INSIDE) if strange else match


_OF_THE_INSIDE = (
    "The server builds this address from its internal one (the name or address of its container), because the proxy in front of it does "
    "not pass on the public one."
)
_REACHABLE = "The browser reaches that address, from inside the same network, and a login is there."
_PUBLIC_ADDRESS: Fix = (
    Ask(
        "have the administrator set the server's public address, or have the proxy pass it on (X-Forwarded-Host and -Proto){trace}"
    ),
    *otherwise(Rerun("browser"), Do("log in there, if the browser reaches it")),
)


_PAST_GATEWAY: Fix = (
    Rerun("browser"),
    Do("log in there"),
    *provided(
        "for clients without a browser", Ask("have the administrator exempt the OAuth endpoints from that login")
    ),
)
_LOGIN_ELSEWHERE = Possible(
    "Somebody has to log in there, which the direct mode cannot do.",
    (Rerun("browser"), *provided("if a login is shown", Do("log in"))),
)
_SITE_ELSEWHERE = Possible(
    "The base URL {base_url} leads to a web site that is elsewhere.",
    (SetField("base_url", words="the address of the API"), RERUN),
    "if a web site is shown",
)


@elsewhere.add(
    "redirect-without-location",
    title="The server answered {status} without a Location header, so the redirect leads nowhere.",
    cause="The server, or a proxy in front of it, is broken.",
    fix=(Ask("give this exchange to the administrator: a redirect must carry a Location"),),
    reference="RFC 9110 §10.2.2",
    unless="the answer had a Location header",
)
def redirect_without_location(context: Context) -> Match | None:
    return matched(context) if exchange(context).response.status in REDIRECTS else None


@elsewhere.add(
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
    what, why = no_redirect(exchange(context).response.status)
    return matched(context, what=what, why=why)


def no_redirect(status: int) -> tuple[str, str]:
    """The meaning of a status between 300 and 399 that is no redirect, and how it comes about."""
    if status == 304:
        why = "A cache in front of the server answered; a request without If-None-Match must never get this answer."
        return "“not modified”", why
    if status == 300:
        return "“multiple choices”", "The server offers several answers to the request and does not choose one."
    return "a status that no client can follow", "The server, or a proxy in front of it, is broken."


rules = RuleSet("Authorization request", authorization_unanswered, "authorization")


@rules.add(
    "base-url-doubled",
    title="The authorization request went to a path with /api twice, and the server does not know it ({status}).",
    cause="The base URL {base_url} ends in /api, and the paths begin with it.",
    fix=(SetField("base_url", "{base}"), RERUN),
    reference="protocol.md, step 2",
    unless="the base URL did not end in /api, or the status were another than 404 and 405",
)
def base_url_doubled(context: Context) -> Match | None:
    base = context.inputs.base_url.rstrip("/")
    if exchange(context).response.status not in (404, 405) or not base.lower().endswith("/api"):
        return None
    return matched(context, base=quoted(base[: -len("/api")]))


_ASK_ADDRESS: Fix = (
    Ask("ask the administrator for the address of the server's API, path included"),
    SetField("base_url", words="that address"),
)
_BY_ISSUER: Fix = provided("if the server is no AIRisk deployment", SetField("issuer", "{issuer}"))


@rules.add(
    "authorize-not-found",
    title="There is no authorization endpoint at {url} ({status}{says}).",
    cause="The base URL is not that of the deployment, or its path is too long.",
    runner_up="The deployment has its authorization endpoint under another path.",
    fix=(SetField("base_url", "{base}"), *_BY_ISSUER, *provided("otherwise", _ASK_ADDRESS[0])),
    elsewhere=(SetField("base_url", "{base}"), *provided("otherwise", _ASK_ADDRESS[0])),
    reference="protocol.md, step 1",
    certainty="unknown",
    unless="the status were another than 404 and 405, or a gateway, a tunnel or a platform had answered: these are looked for first",
)
def authorize_not_found(context: Context) -> Match | None:
    response, address = exchange(context).response, context.inputs.base_url
    if response.status not in (404, 405):
        return None
    base, named = base_of(address), likely_issuer(address)
    says = f": {quoted_refusal(response)}" if says_more(response) else ""
    url = quoted(exchange(context).request.url.partition("?")[0])
    match = matched(context, url=url, base=quoted(base), issuer=named or address, says=says)
    if response.status == 405:
        match = replace(match, title="{url} does not accept GET ({status}), which an authorization request uses.")
    if context.inputs.issuer:
        return match.because(_NAMED, _TELL_THEM, "likely")
    if says and response.status == 404 and not OF_A_PATH.search(refusal_text(response)):
        fix = (Rerun("browser"), *_ASK_ADDRESS, *_BY_ISSUER)
        return replace(match, title=SAYS_MORE, cause=ONLY_WORDS, runner_up=PATH_OR_BASE, fix=fix)
    path = unquote(path_of(exchange(context).request.url))
    if path != "".join(path.split()) or has_hidden(path):
        match = match.because(_SPACE_IN_PATH, _WITHOUT_SPACE, "likely")
        return replace(match, runner_up=PATH_OR_BASE)
    if named and not context.inputs.standard:
        return match.because(_ANOTHER, (SetField("issuer", "{issuer}"), RERUN), "likely")
    if base != address.rstrip("/"):
        return match
    return replace(match, fix=_ASK_ADDRESS if context.inputs.standard else (*_ASK_ADDRESS, *_BY_ISSUER))


_SPACE_IN_PATH = (
    "The path has a space in it, or a character that nobody sees, from where the address was wrapped or copied."
)
_WITHOUT_SPACE: Fix = (
    SetField("base_url", words="the address without the space, if it stands there"),
    *otherwise(Do("copy the address in one piece, without the space, and open it again")),
)
SAYS_MORE = "The server answered 404 at {url}{says}."
ONLY_WORDS = "Its own words are all that tells why: an application that is there may say 404, too."
PATH_OR_BASE = "The path is another one, or the base URL is not that of the deployment."
OF_A_PATH = pattern(
    r"\b(?:path|route\w*|url|page|cannot get|endpoint|resource|realm|tenant)\b|not found on this server"
)
"""Words of a 404 that speak of where something is."""
_NAMED = "The server's metadata, or a person, named an endpoint that is not there."
_TELL_THEM: Fix = (
    Ask("ask them where the authorization endpoint is", whom="the operator of the server"),
    SetField("dialect.authorize_path", words="its path"),
    RERUN,
)
_ANOTHER = "The base URL is that of another OAuth server than AIRisk, or of its metadata: such a server is known by its issuer."


@rules.add(
    "gateway-refused",
    title="The request was refused with {status}{says}.",
    cause="Nothing in the answer tells who refused it, and why.",
    fix=(
        Rerun("browser", ", which shows whether a login is asked for"),
        *otherwise(Do("connect to the network (VPN) from which the deployment may be used"), RERUN),
        *otherwise(Ask("have the administrator look for this request in the log of what stands in front")),
    ),
    reference="RFC 9110 §15.5.2, §15.5.4",
    unless="the answer said more than what any server says beside these statuses",
    certainty="unknown",
)
def gateway_refused(context: Context) -> Match | None:
    response = exchange(context).response
    if response.status not in (401, 403) or says_more(response) or of_the_browser(refusal_text(response)):
        return None
    here = is_loopback(host_of(context.inputs.redirect_uri)) and response.status == 403
    first = _LOGIN_IN_FRONT if response.status == 401 else _ADMITS_OTHERS
    words = quoted_refusal(response)
    says = " and without a word" if words == NO_WORDS else f": {words}"
    others = (_TAKEN_FOR_AN_ATTACK, _ANOTHER_SERVER) if here else (_ANOTHER_SERVER,)
    return matched(context, says=says).undecided(first, *others)


_ADMITS_OTHERS = Possible("A firewall or an access restriction in front admits other machines or networks only.")
_TAKEN_FOR_AN_ATTACK = Possible(
    "A rule of a firewall takes the redirect URI, which leads to this machine, for an attack."
)
_LOGIN_IN_FRONT = Possible("Something in front of the deployment, or its web server, asks for a login of its own.")
_ANOTHER_SERVER = Possible("The base URL {base_url} leads to another kind of server.")


@rules.add(
    "authorize-refused",
    title="The server answered the authorization request with {status} and did not redirect.",
    cause="The server refused the request and gave no reason beyond the status.",
    runner_up="The base URL {base_url} leads to another kind of server.",
    fix=(
        Rerun("browser", " to see the page that a person gets"),
        Ask("give this exchange to the administrator{trace}"),
    ),
    reference="RFC 9110 §15",
    unless="the answer named a parameter, a log-in, a policy or what stands in front: all are looked for first",
    certainty="unknown",
)
def authorize_refused(context: Context) -> Match | None:
    response = exchange(context).response
    match = matched(context, said=quoted_refusal(response))
    if not response.body.data.strip():
        return match
    reason = of_the_browser(refusal_text(response))
    if reason is not None:
        return match.because(f"{reason.cause} It says {{said}}.", reason.fix, "likely")
    said = replace(
        match, title="The server answered the authorization request with {status} and did not redirect; it says {said}."
    )
    return blaming(context, refusal_text(response), said) or match.because(
        "Its own words are all that tells the reason: {said}."
    )
