"""The token request did not reach the token endpoint, or the endpoint could not work (protocol.md, step 2)."""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.reading.filters import PORTAL, leads_to_login, login_gateway
from airisk_tui.insight.reading.pages import has_form, kind_of
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.run import (
    base_of,
    base_without,
    json_reading,
    moved_to,
    quoted_refusal,
    speaks_airisk,
    token_refused,
)
from airisk_tui.insight.rendering import bare
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization.refused import (
    OF_A_PATH,
    ONLY_WORDS,
    PATH_OR_BASE,
    REDIRECTS,
    SAYS_MORE,
    no_redirect,
    unusable,
)
from airisk_tui.insight.rules.token_endpoint import (
    OTHER_BODY,
    answer,
    encoding_named,
    exchange,
    matched,
    refusal,
    status,
)
from airisk_tui.insight.rules.token_endpoint.fields import named
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import MAX_PAGE, is_web_page, page
from airisk_tui.oauth.http import header
from airisk_tui.oauth.redirect.authorization import read_redirect
from airisk_tui.oauth.text.visible import decoded

rules = RuleSet("Token endpoint", token_refused, "token")

_RIGHT_PATH: Fix = (SetField("dialect.token_path", "/api/oauth2/Token"), RERUN)


@rules.add(
    "token-login",
    title="The token endpoint redirected the request to a login page ({status}), {location}; this program never passes a code on.",
    cause="The token endpoint stands behind a login for people, of the deployment or of a gateway, and no client can log in there.",
    runner_up="The base URL {base_url} leads to a web site and not to the API.",
    fix=(
        Ask("have the administrator take the login away from the token endpoint"),
        *otherwise(Ask("ask for the address of the API"), SetField("base_url", words="that address")),
    ),
    reference="RFC 6749 §3.2; threats.md C3",
    unless="the redirect or the page spoke of no log-in, or named a code, a client or a field",
)
def token_login(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    if location is None:
        return _login_page(context)
    gateway = login_gateway(location)
    if not gateway and not leads_to_login(location):
        return None
    match = matched(context, location=quoted(location.partition("?")[0]))
    if gateway:
        return match.because(f"{gateway} stands before the token endpoint, where no client can log in.")
    asked = context.state.authorization
    if asked is None or context.inputs.carry_cookies or not header(asked.response.headers, "set-cookie"):
        return match
    session = "Something in front of the token endpoint expects the session that began with the cookies of step 1."
    return replace(match, cause=session, fix=_CARRY_COOKIES)


_CARRY_COOKIES: Fix = (
    SetField("carry_cookies", "true"),
    Rerun("direct"),
    Ask("tell the administrator that a token endpoint must not need cookies"),
)


def _login_page(context: Context) -> Match | None:
    """A page that asks to log in, in place of an answer; a refusal in words of its own is none."""
    response = exchange(context).response
    asks = is_web_page(response) and status(context, 200, 401, 403) and kind_of(response) == "asks"
    of_the_network = PORTAL.search(page(response)) or exchange(context).connection.proxy is not None
    if not asks or not has_form(response) or of_the_network or named(context):
        return None
    title = "The token request was answered {status} with a page to log in, {words}, in place of a token."
    return replace(matched(context), title=title)


@rules.add(
    "token-redirected",
    title="The token endpoint redirected ({status}) to {location}; this program never passes a code on.",
    cause="The base URL is not the deployment's final address.",
    fix=(SetField("base_url", "{base}"), Rerun(words=" with a new code")),
    reference="RFC 9110 §15.4; threats.md C3",
    unless="the address were the one that was asked, led to a log-in, or were one that no client can follow: these are said",
)
def token_redirected(context: Context) -> Match | None:
    if answer(context).kind != "redirect" or answer(context).status not in REDIRECTS:
        return None
    location = moved_to(exchange(context))
    if location is None:
        return matched(context, location="nowhere").because(_BROKEN, (_NO_LOCATION,))
    what = unusable(exchange(context), header(exchange(context).response.headers, "location") or "")
    if location.partition("?")[0] == exchange(context).request.url and "error=" not in location:
        what = "it repeats the same request"
    if what is None:
        return _moved(context, location)
    cause = "The server, or a proxy in front of it, is broken: no client can follow this redirect, because {what}."
    fix = (Do("do not open that address"), _NO_REDIRECT)
    return replace(matched(context, location=brief(location), what=what), cause=cause, fix=fix)


_BROKEN = "The server, or a proxy in front of it, is broken."
_NO_LOCATION = Ask("give this exchange to the administrator: it redirects without a Location, and must not redirect")
_NO_REDIRECT = Ask("give this exchange to the administrator: a token endpoint must not redirect")


def _moved(context: Context, location: str) -> Match:
    """A redirect that a client could follow, and must not: only the final address may see the code."""
    place, told = re.split(r"[?#]", location, maxsplit=1)[0], read_redirect(location, context.inputs.dialect)
    match = matched(context, location=quoted(place))
    if told.error:
        match = match.with_values(said_so=quoted(": ".join(filter(None, (told.error, told.description)))))
        return replace(match, title=_SAID_IN_REDIRECT, cause=_IN_A_REDIRECT, fix=_AS_IT_SAYS)
    if place == context.inputs.redirect_uri.partition("?")[0]:
        return match.because(_ANOTHER_AUTHORIZATION, _TOKEN_PATH, "likely")
    base, ours = base_without(location, context.inputs.dialect.token_path), context.inputs.base_url.rstrip("/")
    if base is not None and base != ours:
        return match.with_values(base=quoted(base))
    if place.startswith(base_of(exchange(context).request.url) + "/"):
        path = place.removeprefix(ours) if place.startswith(ours + "/") else place
        cause = "The endpoint has moved to another path of the same server."
        fix = (SetField("dialect.token_path", "{path}"), RERUN)
        return replace(match.with_values(path=quoted(path)), cause=cause, fix=fix)
    return replace(match, cause=_LOGIN_OR_MOVED, fix=_FINAL_ADDRESS, certainty="unknown")


_ANOTHER_AUTHORIZATION = (
    "It answers as an authorization endpoint does, by a redirect to the redirect URI: the token path {url} leads to that one, and not to "
    "the token endpoint."
)
_TOKEN_PATH: Fix = (
    SetField("dialect.token_path", words=", with the path of the token endpoint"),
    RERUN,
    *otherwise(Ask("ask the administrator for that path")),
)
_LOGIN_OR_MOVED = "The address does not tell which: something in front asks for a login, or the deployment has moved."
_FINAL_ADDRESS: Fix = (
    Ask("ask for the final address of the deployment, which now leads to {location}"),
    SetField("base_url", words="that address"),
    *provided("to try with the cookies of step 1", SetField("carry_cookies", "true"), Rerun("direct")),
)
_SAID_IN_REDIRECT = "The token endpoint refused, and says so in a redirect ({status}) to {location}: {said_so}."
_IN_A_REDIRECT = "The server reports errors of its token endpoint in a redirect, too, and its words name the reason."
_AS_IT_SAYS: Fix = (
    Do("correct what {said_so} names"),
    *otherwise(Ask("give this exchange to the administrator: a token endpoint answers 400 with the error in JSON")),
)


@rules.add(
    "token-undecided",
    title="The token endpoint answered {status}, {what}, which is no answer to a token request.",
    cause="{why}",
    fix=(Ask("give this exchange to the administrator: it must be 200 with a token, or a refusal of 400 or 401"),),
    reference="RFC 9110 §15.4; RFC 6749 §5.1, §5.2",
    unless="the status were one that sends a client on",
)
def token_undecided(context: Context) -> Match | None:
    if answer(context).kind != "redirect":
        return None
    what, why = no_redirect(answer(context).status)
    return matched(context, what=what, why=why)


@rules.add(
    "token-url-doubled",
    title="The token request went to a path with /api twice, and the server does not know it ({status}).",
    cause="The base URL ends in /api, and the paths begin with it.",
    fix=(SetField("base_url", "{base}"), RERUN),
    reference="protocol.md, step 2",
    unless="the path had /api once, or the status were another than 404 and 405",
)
def token_url_doubled(context: Context) -> Match | None:
    url = exchange(context).request.url.partition("?")[0]
    if not status(context, 404, 405) or "/api/api/" not in url.lower():
        return None
    base = context.inputs.base_url.rstrip("/")
    if base.lower().endswith("/api"):
        return matched(context, base=quoted(base[: -len("/api")]))
    match = matched(context, base=quoted(base_of(url)))
    if not speaks_airisk(context):
        return replace(match, cause="The path of the token endpoint is wrong.", fix=_ASK_FOR_PATH)
    misprint = "The path of the token endpoint was copied from a page that misprints it."
    return replace(match, cause=misprint, fix=_RIGHT_PATH)


@rules.add(
    "token-not-found",
    title="There is no token endpoint at {url} ({status}{says}).",
    cause="This deployment has its token endpoint under another path.",
    runner_up="What stands in front of the deployment does not pass this path, or this method, on.",
    fix=(
        *provided(
            "some servers distinguish capital letters: to try it",
            SetField("dialect.token_path", "/api/oauth2/token"),
            RERUN,
        ),
        *provided("otherwise", Ask("ask the administrator for the path"), Do("use it as token_path")),
    ),
    reference="protocol.md, step 2",
    certainty="unknown",
    unless="the answer named a field of the request: then something read it there",
)
def token_not_found(context: Context) -> Match | None:
    if not status(context, 404, 405) or (status(context, 404) and named(context)):
        return None
    allow = header(exchange(context).response.headers, "allow")
    evidence = (Evidence("Allow", quoted(allow), Pointer("token-request", "header", "Allow")),) if allow else ()
    url, base = exchange(context).request.url.partition("?")[0], base_of(context.inputs.base_url)
    says = f": {quoted_refusal(exchange(context).response)}" if says_more(exchange(context).response) else ""
    match = matched(context, *evidence, base=quoted(base), says=says)
    if says and status(context, 404) and not OF_A_PATH.search(refusal(context)):
        match = replace(match, title=SAYS_MORE, cause=ONLY_WORDS, runner_up=PATH_OR_BASE)
    if not speaks_airisk(context) or says:
        match = replace(match, fix=_ASK_FOR_PATH if context.inputs.issuer else (*_ASK_FOR_PATH, *_BY_METADATA))
    elif not url.endswith("/api/oauth2/Token"):
        capital = "AIRisk's token endpoint is /api/oauth2/Token, with a capital T."
        return match.because(capital, _RIGHT_PATH, "likely")
    if base.rstrip("/") != context.inputs.base_url.rstrip("/") and context.state.authorization is None:
        longer = "The base URL has a path that does not belong there."
        return replace(match, cause=longer, fix=(SetField("base_url", "{base}"), RERUN))
    if not status(context, 405):
        return match
    return _method_refused(context, replace(match, runner_up="", certainty="likely"), allow)


_ASK_FOR_PATH: Fix = (
    Do("look for token_endpoint in /.well-known/openid-configuration of {base}, or ask the administrator for the path"),
    SetField("dialect.token_path", words=", with that path"),
    RERUN,
)
_BY_METADATA = provided("to have it read from the server's metadata", SetField("issuer", "{base}"), RERUN)
_TAKES_POST = pattern(r"\bPOST\b", re.IGNORECASE)
_NO_GET = pattern(
    r"\bget\b.{0,30}\bnot (?:allowed|supported|permitted)|not (?:allow|support|permit)\w*\b.{0,30}\bget\b"
)
"""A server that speaks of GET where a POST was sent (RFC 9110 §15.5.6: `Allow` lists what it does accept)."""

_ARRIVED_OTHERWISE = "{url} refused the method ({status}), and its answer shows that POST is what it accepts."
_TURNED = (
    "The POST did not arrive as one: a redirect inside the deployment, or a proxy in front of it, asked again with GET, and without "
    "the body."
)
_PATH = "The path belongs to another program, which says the same of every method."
_KEEP_POST: Fix = (
    SetField("base_url", words="the deployment's final address (https, and host name and path that it redirects to)"),
    RERUN,
    *provided(
        "if it stays", Ask("have the administrator look for a redirect (to https or a slash) before {url}{trace}")
    ),
)


def _method_refused(context: Context, match: Match, allow: str | None) -> Match:
    if _TAKES_POST.search(allow or "") or _NO_GET.search(refusal(context)):
        match = replace(match, title=_ARRIVED_OTHERWISE, certainty="likely")
        return replace(match, cause=_TURNED, runner_up=_PATH, fix=_KEEP_POST)
    iis = "iis" in (header(exchange(context).response.headers, "server") or "").lower()
    if iis and "TRACE" in (allow or "").upper():
        # The very list of IIS's module for files; WebDAV's is longer (PROPFIND, LOCK).
        title = "IIS, and not the application, answered the token request: its module for files (or WebDAV) takes no POST ({status})."
        match = replace(match, title=title, certainty="likely")
        return replace(match, cause=_OF_IIS, runner_up=_NO_APPLICATION, fix=_TO_THE_APPLICATION)
    return replace(
        match.with_values(accepts=f", and accepts only {brief(allow)}" if allow else ""),
        title="{url} does not accept POST ({status}), which a token request uses.",
        cause="This path is another endpoint{accepts}.",
        runner_up=_OF_IIS if iis else "Something in front of it blocks POST.",
        certainty="likely" if allow else "unknown",
    )


_NO_APPLICATION = "There is no application at this path: {url} is a file or a folder of a site."
_TO_THE_APPLICATION: Fix = (
    Ask(
        "have the administrator hand POST at {url} to the application: WebDAV removed for it, and its handler before the one for files"
    ),
    *otherwise(SetField("base_url", words="the address of the application")),
    Rerun(words=" with a new code"),
)
_OF_IIS = "A module of IIS (WebDAV, or the one for files) took the request, which never came to the application."


@rules.add(
    "json-surrounded",
    title="The token endpoint answered {status} with {name} in JSON, and with something else around it: {around}.",
    cause="The server's program, or a page that shows its answer, writes into the body beside the JSON, so that no client can read it.",
    fix=(Change("server", "have the token endpoint write one JSON object, and nothing before or after it"),),
    reference="RFC 6749 §5.1; RFC 8259 §2",
    unless="the body could be read as JSON, or did not hold the member of the token",
)
def json_surrounded(context: Context) -> Match | None:
    response, name = exchange(context).response, context.inputs.dialect.token.rpartition(".")[2]
    text = decoded(response.body.data[:MAX_PAGE])
    if not response.succeeded or f'"{name}"' not in text or json_reading(response.body.data).value is not None:
        return None
    around = text.partition("{")[0].strip() or text.rpartition("}")[2].strip()
    if not around or around == text.strip():
        return None
    return matched(context, name=quoted(name), around=brief(around))


@rules.add(
    "token-gateway",
    title="The token request was answered {status} with a web page in place of JSON: {words}.",
    cause="Something in front answered in place of the token endpoint: a proxy, a gateway, the network's login page.",
    runner_up="The base URL {base_url} leads to a web site and not to the API.",
    certainty="unknown",
    fix=(
        Do("open {base_url} in a browser, and do what the page there asks"),
        *provided("if it is a web site", SetField("base_url", words="the address of the API")),
        *OTHER_BODY,
    ),
    reference="RFC 6749 §5.2",
    unless="the page named a code, a client or a field of the token request, or held the token's JSON",
)
def token_gateway(context: Context) -> Match | None:
    if not is_web_page(exchange(context).response) or named(context):
        return None
    proxy = exchange(context).connection.proxy
    if proxy and context.inputs.base_url.startswith("http://"):  # through CONNECT only the server itself can answer
        host = base_of(context.inputs.base_url).partition("://")[2].partition(":")[0]
        evidence = Evidence("Proxy", quoted(proxy), Pointer("token-request", "request"))
        return replace(
            matched(context, evidence, host=bare(host)),
            cause="The proxy from the environment answered with a page of its own.",
            runner_up="The server wrote the page, and the proxy passed it on.",
            certainty="likely",
            fix=(
                SetVariable("NO_PROXY", "{host}", words=", so that the host bypasses the proxy"),
                *otherwise(Do("log in to the proxy in a browser"), RERUN),
            ),
        )
    if encoding_named(context):
        return None
    if not status(context, 401, 403, 406):
        return matched(context)
    return replace(
        matched(context),
        cause="Something in front of the deployment (a firewall, a gateway) refused the request, although it let step 1 pass.",
        runner_up="The application itself refused it, and shows a page for its errors.",
        fix=(Ask("ask the administrator to let this program's POST to the token endpoint pass"), *OTHER_BODY),
    )
