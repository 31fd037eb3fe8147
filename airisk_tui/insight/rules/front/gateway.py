"""Something in front of an endpoint answered in its place, or says that the endpoint cannot work: the same in both steps.

A network's login, a filter and a firewall for web applications are known by signs, not by proofs.
"""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.fix import Ask, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import REFUSES, all_blamed, blamed, refusal_text, wants_https
from airisk_tui.insight.reading.filters import PORTAL, Does, in_front, request_filter
from airisk_tui.insight.reading.meant import meant
from airisk_tui.insight.reading.pages import kind_of
from airisk_tui.insight.reading.reasons import FORGERY, MAINTENANCE, pause_asked, pause_named, says_more
from airisk_tui.insight.reading.run import (
    authorization_unanswered,
    json_object,
    moved_to,
    quoted_refusal,
    retry_after,
    signed,
    token_refused,
)
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import exchange as authorization_exchange
from airisk_tui.insight.rules.authorization import matched as authorization_matched
from airisk_tui.insight.rules.authorization import own_values
from airisk_tui.insight.rules.authorization.page import NAMES_ERROR
from airisk_tui.insight.rules.front import iis, platform
from airisk_tui.insight.rules.front.endpoint import AGAIN, EitherEndpoint, Endpoint
from airisk_tui.insight.rules.token_endpoint import encoding_named
from airisk_tui.insight.rules.token_endpoint import exchange as token_exchange
from airisk_tui.insight.rules.token_endpoint import matched as token_matched
from airisk_tui.insight.words.quoting import around, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page, page
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.urls import origin, split_url

rules = EitherEndpoint()


@rules.add(
    "network-login",
    title="The login page of this machine's network answered the [name] request ({status}), and not the server.",
    cause="The network lets nothing through before somebody logs in (a captive portal); over plain http it answers in any server's place.",
    fix=(Do("log in to the network: open any page over http in a browser on this machine and do what it asks"), AGAIN),
    reference="RFC 8910 §1; RFC 6585 §6",
    unless="the base URL were one of https, where nobody can answer in a server's place, or the page spoke of no network",
    certainty="likely",
)
def _network_login(endpoint: Endpoint, context: Context) -> Match | None:
    base, exchange = split_url(context.inputs.base_url), endpoint.exchange(context)
    # Over https nobody can forge an answer.
    if base is None or base.scheme != "http" or is_loopback(base.hostname or ""):
        return None
    location = moved_to(exchange)
    if location is not None:
        away = origin(location) != origin(exchange.request.url) and PORTAL.search(location.lower())
        return endpoint.sign(endpoint.matched(context), location.partition("?")[0]) if away else None
    found = PORTAL.search(page(exchange.response)) if is_web_page(exchange.response) else None
    return endpoint.sign(endpoint.matched(context), found[0]) if found else None


@rules.add(
    "http-to-https-port",
    title="The server says that plain http arrived at its https port ({status}).",
    cause="The base URL {base_url} says http where the deployment speaks https.",
    fix=(SetField("base_url", "{base}"), AGAIN),
    reference="RFC 9110 §4.2.2",
    unless="the base URL were one of https: then something passes requests on; or the words were others",
)
def _https_port(endpoint: Endpoint, context: Context) -> Match | None:
    text, base = page(endpoint.response(context)), context.inputs.base_url
    if not any(words in text for words in PLAIN_TO_TLS):
        return None
    if base.startswith("https://"):
        fix = (_PASS_ON_SECURED, endpoint.rerun)
        return endpoint.matched(context, base="").because(_PASSED_ON_PLAINLY, fix, "likely")
    return endpoint.matched(context, base=quoted("https://" + base.removeprefix("http://")))


@rules.add(
    "https-wanted",
    title="The [name] request was refused ({status}), and the answer says that https is required: {told}.",
    cause="The server takes requests over https only, and the base URL {base_url} is one of http.",
    runner_up="A proxy in front of it took the request over https and did not tell the server so (X-Forwarded-Proto).",
    fix=(
        SetField("base_url", "{base}"),
        AGAIN,
        *provided("if it stays", Ask("have the administrator see that the proxy tells the server of https")),
    ),
    reference="RFC 6749 §3.1, §3.2; RFC 9110 §4.2.2",
    certainty="likely",
    unless="the words spoke of the redirect URI",
)
def _https_wanted(endpoint: Endpoint, context: Context) -> Match | None:
    response, base = endpoint.response(context), context.inputs.base_url
    words = refusal_text(response)
    if response.status < 400 or not wants_https(words) or "redirect_uri" in all_blamed(words, own_values(context)):
        return None
    plain = base.startswith("http://")
    if not plain and not _OF_THE_REQUEST.search(words):
        return None
    secured = quoted("https://" + base.removeprefix("http://"))
    match = endpoint.matched(context, base=secured, told=quoted_refusal(response))
    return match if plain else match.because(_NOT_TOLD, _TELL_OF_HTTPS, "likely")


_OF_THE_REQUEST = pattern(r"\brequests?\b|connection|transport|utilize https|(?:ssl|tls|https) (?:is )?required")
"""Words about how a request came, and not about an address in it."""
_NOT_TOLD = "The request came over https, and what takes it in front of the server did not tell the server so (X-Forwarded-Proto)."
_TELL_OF_HTTPS: Fix = (
    Ask("have the administrator let the proxy send X-Forwarded-Proto, and the application believe it"),
    AGAIN,
)


@rules.add(
    "maintenance",
    title="The answer to the [name] request ({status}) says that the deployment is in maintenance: {told}.",
    cause="Whoever runs the deployment, or the proxy in front of it, has switched it off for a while and shows that page.",
    fix=(Do("wait {pause}"), AGAIN),
    reference="RFC 9110 §15.6.4",
    certainty="likely",
    unless="the page asked for a login: then its words about maintenance are a notice on a page that works",
)
def _maintenance(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    away = response.status >= 500 or response.status in (200, 403, 404)
    works = is_web_page(response) and kind_of(response) == "asks"
    if not away or works or not MAINTENANCE.search(refusal_text(response)):
        return None
    return endpoint.matched(context, pause=retry_after(response), told=quoted_refusal(response))


_PASSED_ON_PLAINLY = (
    "The request was sent over https, and what takes it in front of the deployment passes it on over plain http to a port of "
    "https."
)
_PASS_ON_SECURED = Ask("have the administrator pass requests on over https, or to the port of plain http")

PLAIN_TO_TLS = ("sent to https port", "http request to an https server", "speaking plain http to an ssl")
"""Words of nginx, Go's net/http and Apache when plain http reaches their https port."""


@rules.add(
    "rate-limited",
    title="The [name] endpoint asks for a pause ({status}{says}).",
    cause="Too many requests, or attempts to log in, came in a short time.",
    fix=(Do("wait {pause}"), AGAIN),
    reference="RFC 9110 §10.2.3; RFC 6585 §4",
    certainty="likely",
    unless="the answer had neither the status 429, nor Retry-After, nor words about too many requests",
    authorize=True,
)
def _rate_limited(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    if not pause_asked(response) and not pause_named(response):
        return None
    says = f": {quoted_refusal(response)}" if says_more(response) else ""
    match = endpoint.matched(context, pause=retry_after(response), says=says)
    return match if pause_asked(response) else match.because(_PAUSE_ALONE, certainty="unknown")


_PAUSE_ALONE = (
    "The answer names a pause (Retry-After) and no reason: too many requests, a deployment that starts, or maintenance."
)


_FORGERY_TITLE = (
    "The [name] request was refused ({status}) by a check of cookies against request forgery (CSRF): {told}."
)
_NO_FORGERY = "its words did not speak of CSRF, of request forgery, or of a cookie that is missing"


@rules.add(
    "forgery-check",
    only="token-request",
    title=_FORGERY_TITLE,
    cause="A check that is meant for forms in a browser stands before the token endpoint, and no client of OAuth has its cookie.",
    fix=(Ask("have the administrator exempt the token endpoint from that check"), AGAIN),
    reference="RFC 6749 §10.12",
    certainty="likely",
    unless=_NO_FORGERY,
)
@rules.add(
    "forgery-check",
    only="authorization-request",
    title=_FORGERY_TITLE,
    cause=(
        "The server, or a proxy that logs people in, expects a cookie that an earlier page of the log-in sets, and none came or an old "
        "one."
    ),
    fix=(
        Rerun("browser", " in a private window"),
        *provided("if it stays", Ask("give this exchange to the administrator: the cookie is lost on the way")),
    ),
    reference="RFC 6749 §10.12",
    certainty="likely",
    unless=_NO_FORGERY,
)
def _forgery_check(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    # Laravel's own status for a missing or old token of a form.
    of_laravel = response.status == 419 and endpoint.step == "token-request"
    refused = of_laravel or (response.status >= 400 and meant(FORGERY, refusal_text(response)) is not None)
    return endpoint.matched(context, told=quoted_refusal(response)) if refused else None


@rules.add(
    "deployment-stopped",
    title="The answer to the [name] request says that the web app is stopped ({status}).",
    cause="The deployment is switched off at its hosting, or has used up its plan; the hosting platform answers in its place.",
    fix=(Ask("have the administrator start the web app of {base_url}"), AGAIN),
    reference="protocol.md, the actors; RFC 9110 §15.5.4",
    unless="the words were not the hosting platform's for a web app that is stopped",
)
def _stopped(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    stopped = response.status in (403, 404, 503) and any(words in page(response) for words in STOPPED)
    if not stopped:
        return None
    match = endpoint.matched(context)
    return replace(match, runner_up=_NO_APP, certainty="likely") if "does not exist" in page(response) else match


_NO_APP = "The base URL {base_url} names an app that is not there, or no longer: the page says either."


@rules.add(
    "request-filtered",
    title="{who} answered the [name] request ({status}) in place of the server{says}.",
    cause="{does}",
    fix=(
        Ask(
            "show this exchange, with a request id if the page has one, to whoever runs it, and have requests from this machine "
            "to {base_url} let through",
            "whoever runs the filter",
        ),
    ),
    reference="RFC 9110 §15.5.4",
    certainty="likely",
    unless="neither a header nor the words of such a product were in the answer",
)
def _request_filter(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    found = request_filter(response)
    if found is None:
        return None
    front, value = found
    sign = f"{front.header}: {value}" if front.header else value
    says = f", and says {quoted_refusal(response)}" if says_more(response) and not is_web_page(response) else ""
    match = endpoint.sign(endpoint.matched(context, who=front.who, does=front.cause, says=says), sign, front.header)
    fix = _FIXES.get(front.does)
    if front.does == "challenges" and endpoint.step == "authorization-request":
        return replace(match, fix=_IN_A_BROWSER)
    return replace(match, fix=fix and (*fix, endpoint.rerun))


_EXEMPT: Fix = (Ask("have the administrator exempt the OAuth endpoints of {base_url} from it"),)
_IN_A_BROWSER: Fix = (Rerun("browser"), Do("do there what it asks"), *provided("for the token request", *_EXEMPT))
_FIXES: dict[Does, Fix] = {
    "asks": (
        *_EXEMPT,
        *otherwise(SetField("base_url", words="an address of the deployment that asks for no such login")),
    ),
    "demands": _EXEMPT,
    "challenges": _EXEMPT,
    "certificate": (Ask("have the administrator take that demand away from the OAuth endpoints of {base_url}"),),
    "malformed": (
        Do(
            "look in the address and the parameters for long values, colons, angle brackets and characters beyond ASCII"
        ),
        *otherwise(Ask("have the administrator look for this request in the log of what stands in front")),
    ),
}


STOPPED = (
    "web app is stopped",
    "site is stopped",
    "site disabled",
    "web app - unavailable",
    "web app is unavailable",
    "this container app is stopped",
)
"""Words of Azure's platforms for an app that is stopped or over its quota."""


@rules.add(
    "unavailable",
    title="{who} answered {status} in place of the [name] endpoint{says}.",
    cause="The application is starting, is overloaded, or does not run.",
    fix=(
        Rerun(words=" in a minute"),
        *provided("if it stays", Ask("have the administrator check whether the application of {base_url} runs{trace}")),
    ),
    reference="RFC 9110 §15.6.3 to §15.6.5",
    unless="the status were not one that gateways use, or the answer named maintenance, a filter or a start that failed",
    certainty="unknown",
    runner_up="The application crashes on this very request, or is in maintenance.",
    authorize=True,
)
def _unavailable(endpoint: Endpoint, context: Context) -> Match | None:
    response, proxy = endpoint.response(context), endpoint.exchange(context).connection.proxy
    status = response.status
    front, of_the_application = in_front(response), _of_the_application(response)
    away = front[0] if front is not None and front[0].does == "away" else None
    if away is None and (status not in (502, 503, 504, *CLOUDFLARE) or of_the_application):
        return None
    words = refusal_text(response)
    says = f", and says {quoted_refusal(response)}" if says_more(response) else ""
    match = endpoint.matched(context, proxy=quoted(proxy or ""), says=says)
    if away is None and status == 503:  # RFC 9110 §15.6.4: unlike 502 and 504, any server's own
        match = replace(match, title=f"The {endpoint.name} endpoint answered {{status}} (unavailable){{says}}.")
    else:
        match = match.with_values(who=away.who if away is not None else _by_name(response))
    if status in CLOUDFLARE:
        named = "cloudflare" in f"{header(response.headers, 'server')} {page(response)}".lower()
        fix = (_CERTIFY, endpoint.rerun) if status in (525, 526) else None
        return match.because(CLOUDFLARE[status], fix, "proven" if named else "likely")
    if away is not None and away.because:
        return match.because(away.because, certainty="likely")
    for sign, why in _WHY:
        if (found := sign.search(words)) is not None:
            return match.with_values(told=around(found)).because(why, certainty="likely")
    if proxy is not None:
        return replace(match, runner_up="The proxy {proxy}, which the request went through, could not reach it.")
    if status == 502:  # RFC 9110 §15.6.3: the server behind may have answered
        return replace(match, runner_up=_NOT_TAKEN)
    return match.because(_LATE, certainty="likely") if status == 504 else match


def _by_name(response: HttpResponse) -> str:
    """The proxy or gateway that answered, by the name that it gives itself."""
    server = header(response.headers, "server")
    return f"A proxy or gateway ({quoted(server)})" if server else "A proxy or gateway"


_LATE = "The application behind it did not answer in time: it is overloaded, waits for another server, or cannot be reached."
_WHY = (
    (
        pattern(r"\bsql|database|\bdb\b|\bredis\b|\bmongo"),
        "The application, or what answers for it, does not reach its database: it says {told}.",
    ),
    (
        pattern(r"certificate|\b(?:tls|ssl)\b|handshake"),
        "It could not make the TLS connection to what is behind it: it says {told}.",
    ),
    (pattern(r"time[ -]?out|timed[ -]out|in time\b|0x80072ee2"), _LATE),
    (
        pattern(r"name resolution|\bdns\b|no such host|could not be resolved|0x80072ee7"),
        "It cannot find the address of the application behind it (DNS): it says {told}.",
    ),
    (
        pattern(
            r"connection refused|connect error: 111|actively refused|0x80072efd|no healthy|no (?:available )?server\b"
        ),
        "Nothing takes connections where it looks for the application: that does not run yet, or listens at another port.",
    ),
)
"""Words of a gateway that has no answer, each with the reason that they give."""


def _of_the_application(response: HttpResponse) -> bool:
    """Whether the application itself answered: in JSON, with words that tell more than that something is away."""
    return json_object(response) is not None and says_more(response) and not _AWAY.search(refusal_text(response))


_AWAY = pattern(
    r"unavailable|gateway|upstream|backend|\bpeer\b|respond|name resolution|time[d ]*[ -]?out|overload|\bbusy\b"
    r"|\bno (?:healthy|server|route)|try again|later"
)
"""Words of gateways about the application behind them."""


CLOUDFLARE = {
    520: "Cloudflare got an answer from the deployment that it could not read, or none.",
    521: "Cloudflare reached the deployment's machine, and nothing accepted the connection there.",
    522: "Cloudflare could not connect to the deployment in time.",
    523: "Cloudflare found no way to the deployment: its address there is wrong, or the network between them is broken.",
    524: "Cloudflare connected to the deployment, and got no answer in time.",
    525: "Cloudflare could not make the TLS connection to the deployment.",
    526: "Cloudflare does not trust the deployment's certificate.",
    530: "Cloudflare could not resolve or reach the deployment behind it.",
}
"""Cloudflare's own statuses, each with what it means; the request was not at fault."""

_CERTIFY = Ask("have the administrator put a valid certificate for this host name on the server behind Cloudflare")

_NOT_TAKEN = (
    "The application answered, and the proxy did not take its answer: headers too large for it (nginx: proxy_buffer_size), or "
    "a connection that broke."
)


@rules.add(
    "server-error",
    only="authorization-request",
    authorize=True,
    title="The server failed internally while it processed the authorization request ({status}){says}.",
    cause="The server, or something in front of it, met an error of its own.",
    runner_up="It tried to call the redirect URI itself, as an older API reference describes, and cannot reach this machine.",
    fix=(
        Rerun("browser", ", which shows what a person gets"),
        *provided("if it stays", Ask("give the time of this run to the administrator{trace}")),
    ),
    reference="RFC 9110 §15.6; protocol.md, step 1",
    unless="the status were below 500, or a gateway's, or the answer named what stands in front, or a parameter of the request",
    certainty="unknown",
)
def _authorization_failed(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    words, a_page = refusal_text(response), is_web_page(response)
    if not 500 <= response.status < 600 or (a_page and NAMES_ERROR.search(words)):
        return None
    # A program throws an error for a redirect URI or a client that it does not take.
    if REFUSES.search(words) and blamed(words, own_values(context)) in ("redirect_uri", "client_id"):
        return None
    says = f", and says {quoted_refusal(response)}" if says_more(response) else ""
    match = endpoint.matched(context, says=says)
    # Only AIRisk is known to call the redirect URI, and a page that another web server or a network writes is not AIRisk's.
    return replace(match, runner_up="") if a_page and not signed(response) else match


@rules.add(
    "server-error",
    only="token-request",
    title="The token endpoint failed internally ({status}); its words: {words}.",
    cause="The server met an error of its own while it processed the token request.",
    runner_up="It cannot read a body in the encoding {encoding}.",
    fix=(
        AGAIN,
        *provided("if it stays", SetField("encoding", "{other}"), AGAIN),
        *provided("if that does not help", Ask("give the time of this run to the administrator{trace}")),
    ),
    reference="RFC 9110 §15.6",
    unless="the status were below 500, or a gateway's, or the words asked for another encoding",
    certainty="unknown",
)
def _token_request_failed(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    if not 500 <= response.status < 600 or encoding_named(context):
        return None
    match, words = endpoint.matched(context), refusal_text(response)
    # Another encoding helps only where the body was not understood, and words of something else speak against it.
    if not says_more(response) or _OF_THE_BODY.search(words) or not _OF_THE_INSIDE.search(words):
        return match
    return replace(match, runner_up="", fix=_TELL_THE_TIME, certainty="likely")


_OF_THE_BODY = pattern(
    r"content.?type|media.?type|\bjson\b|\bform\b|\bbody\b|\bpars|deserial|serializ|unexpected|null.?reference|object reference"
)
_OF_THE_INSIDE = pattern(
    r"\bsql|database|\bdb\b|connection|\bconnect\b|time.?out|\bredis\b|certificate|\bkey ?ring|data.?protection|decrypt|disk|memory"
    r"|exception\b(?! report)|stack ?trace|traceback|cryptograph"
    r"|permission|access is denied|backend|upstream|temporar|unavailable|file ?not ?found|could not load|dependenc|resolve service"
)
"""Words of a failure that the request has no part in, and of one that it has."""
_TELL_THE_TIME: Fix = (
    Ask("give the time of this run to the administrator{trace}: the server's words name what failed inside it"),
    *provided("once it works", Rerun(words=" with a new code")),
)


def _rules(name: str, endpoint: Endpoint) -> RuleSet[Context]:
    """The rules of an endpoint, in the order of certainty."""
    made = RuleSet(name, endpoint.needs)
    for each in (platform.rules, iis.rules, rules):
        made.extend(each.of(endpoint))
    return made


authorization = _rules(
    "In front of the authorization endpoint",
    Endpoint(
        step="authorization-request",
        name="authorization",
        prefix="",
        question="authorization",
        rerun=Rerun(),
        needs=authorization_unanswered,
        exchange=authorization_exchange,
        matched=authorization_matched,
    ),
)

token = _rules(
    "In front of the token endpoint",
    Endpoint(
        step="token-request",
        name="token",
        prefix="token-",
        question="token",
        rerun=Rerun(words=" with a new code"),
        needs=token_refused,
        exchange=token_exchange,
        matched=token_matched,
    ),
)
