"""The browser at the redirect URI, which only another program's file shows: it never got there, or the
application there refused it."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.insight.advice.transport import place_of
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.filters import OWN_FINDINGS, in_front, leads_to_login, login_gateway
from airisk_tui.insight.reading.pages import has_form
from airisk_tui.insight.reading.reasons import FORGERY, says_more
from airisk_tui.insight.reading.run import asks_to_log_in, moved_to, quoted_refusal, summary, trace
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization.refused import failure_told
from airisk_tui.insight.rules.front.platform import challenges, sign_of_tunnel
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange, header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.urls import BAD_PORTS, differing_parts, host_of, port_of


def _shown(context: Context) -> bool:
    return context.state.callback_failure is not None or context.state.callback_exchange is not None


def _severity(context: Context) -> Severity | None:
    """The entry's severity, unless the code came to the client all the same."""
    return None if context.state.token_exchange is None else "note"


rules = RuleSet("The browser's way back", _shown, "callback", severity_of=_severity)

_PLACE = Pointer("redirect", "request")


def _failure(context: Context, *reasons: str) -> TransportFailed | None:
    """The failure when it is the browser's own, for one of these reasons."""
    failure = context.state.callback_failure
    fault = failure.failed.fault if failure is not None else None
    return failure if fault is not None and fault.kind == "browser" and fault.reason in reasons else None


def _matched(failure: TransportFailed, cause: str | None = None, fix: Fix | None = None) -> Match:
    fault = failure.failed.fault
    said = quoted(fault.library_text) if fault.library_text else "nothing"
    values = {"place": place_of(fault, failure.failed.request), "said": said}
    return Match(values, (Evidence("The browser said", said, _PLACE),), cause, fix=fix)


_FORGET = Do("delete the host's entry in the browser (in Chromium chrome://net-internals/#hsts)")


@rules.add(
    "callback-upgraded",
    title="The browser itself turned the redirect URI {redirect_uri} into https, and nothing answered there.",
    cause=(
        "The browser asks this host for nothing but https: it remembers that (HSTS), or its own list says so; the server redirected "
        "as it should."
    ),
    fix=(
        _FORGET,
        *otherwise(SetField("redirect_uri", words="one with 127.0.0.1 in place of localhost, and register it")),
    ),
    reference="RFC 6797 §8.3; RFC 8252 §8.3",
    unless="the file showed a request to the redirect URI as it was sent",
)
def callback_upgraded(context: Context) -> Match | None:
    failure = _failure(context, "https")
    if failure is None:
        return None
    went = (Evidence("The browser went to", quoted(failure.failed.fault.library_text), _PLACE),)
    of_https = SetField("redirect_uri", words="one of https, or of another host, and register it")
    named = host_of(context.inputs.redirect_uri) == "localhost"
    return Match(evidence=went, fix=None if named else (_FORGET, *otherwise(of_https)))


@rules.add(
    "callback-blocked",
    title="The browser blocked its own request to the redirect URI {redirect_uri}.",
    cause="An extension of the browser, or a rule of the page before, kept the request back; the server redirected as it should.",
    fix=(Do("run again in a private window without extensions, or allow the address in the blocker"),),
    reference="RFC 8252 §7.3",
    unless="the file gave the browser's error another name",
)
def callback_blocked(context: Context) -> Match | None:
    of_the_port = ("", "aborted") if port_of(context.inputs.redirect_uri) in BAD_PORTS else ()
    failure = _failure(context, "blocked", "form-action", *of_the_port)
    if failure is None:
        return None
    if failure.failed.fault.reason == "blocked":
        return _matched(failure, *_blocker(failure.failed.fault.library_text))
    if failure.failed.fault.reason in of_the_port:
        return replace(_matched(failure, *_OF_THE_PORT), certainty="likely")
    match = _matched(failure, _BY_THE_PAGE, _LET_FORMS_LEAD)
    policy = Evidence("Content-Security-Policy of that page", match.values["said"], _PLACE)
    return replace(match, title=_KEPT_BACK, evidence=(policy,), certainty="likely")


def _blocker(error: str) -> tuple[str, Fix] | tuple[()]:
    """The cause and the fix where Chromium's name of the error says what blocked the request (its net_error_list.h)."""
    return next((remedy for sign, remedy in _BLOCKERS.items() if sign in error.upper()), ())


_OF_THE_NETWORK: tuple[str, Fix] = (
    "The browser lets the page before reach this machine only where a person allows it; the server redirected as it should.",
    (Do("allow access to the local network for that page in the browser's settings for sites"), RERUN),
)
_OF_THE_PORT: tuple[str, Fix] = (
    "No browser sends a request to this port, which belongs to another protocol (WHATWG Fetch, “bad port”), whatever listens there; the "
    "server redirected as it should.",
    (SetField("redirect_uri", words="one with another port, such as 8765, and register it"),),
)
_BLOCKERS: dict[str, tuple[str, Fix]] = {
    "UNSAFE_PORT": _OF_THE_PORT,
    "PORT_ACCESS": _OF_THE_PORT,
    "NETWORK PORT": _OF_THE_PORT,
    "NETWORK_ACCESS": _OF_THE_NETWORK,
    "PRIVATE_NETWORK": _OF_THE_NETWORK,
    "BY_ADMINISTRATOR": (
        "A policy of the browser's administrator forbids the address; the server redirected as it should.",
        (Ask("have whoever administers the browser allow the address"), RERUN),
    ),
}

_KEPT_BACK = "The browser did not follow the redirect to {redirect_uri} that answered a form of the server's page."
_BY_THE_PAGE = "The page's Content-Security-Policy, {said}, holds for the redirect that answers its form, too."
_LET_FORMS_LEAD: Fix = (
    Change("server", "have that page's form-action name the origin of {redirect_uri}, or leave form-action out"),
)


@rules.add(
    "callback-unfinished",
    severity="warning",
    title="The file does not show that the redirect URI {redirect_uri} answered the browser.",
    cause="Nothing listened there, or the browser went on before an answer came; the file does not say which.",
    fix=(
        Do("look whether the client got the code"),
        *provided("if it did not", Do("start the client before the browser"), RERUN),
    ),
    reference="RFC 8252 §7.3",
    unless="the file showed an answer of the redirect URI, or named the browser's error",
    certainty="unknown",
)
def callback_unfinished(context: Context) -> Match | None:
    failure = _failure(context, "", "aborted", "cross-origin")
    return None if failure is None else replace(_matched(failure), severity=_severity(context))


@rules.add(
    "callback-unreached",
    title="The browser was sent back to {redirect_uri}, and could not reach {place}: {said}.",
    cause="Nothing listened there: the client had ended, was not started yet, or listens on another port.",
    runner_up="The browser is on another machine than the client.",
    fix=(Do("start the client, and keep it running until the browser comes back"), RERUN),
    reference="RFC 8252 §7.3, §8.3",
    unless="the file showed an answer of the redirect URI, or the browser blocked the request itself",
)
def callback_unreached(context: Context) -> Match | None:
    failure = context.state.callback_failure
    if failure is None or failure.failed.fault.kind == "browser":
        return None
    if failure.failed.fault.kind == "tls":
        cause = "What listens there does not speak TLS, or shows a certificate that the browser does not trust."
        return _matched(failure, cause, (SetField("redirect_uri", words="one with the scheme of the listener"),))
    if failure.failed.fault.kind != "refused" or not is_loopback(host_of(context.inputs.redirect_uri)):
        cause = "The way from the browser to the application is broken: its server, its name or the network between."
        return _matched(failure, cause, (Do("open the address of the application in the same browser"),))
    return _matched(failure)


_ITS_LOG: Fix = (Change("client", "look in the application's own log for this time{trace}"),)


@rules.add(
    "callback-failed",
    title="The redirect URI answered the browser with {status}, and said {words}.",
    cause="The application could not work with the answer; the server redirected as it should.",
    fix=_ITS_LOG,
    reference="RFC 6749 §4.1.2",
    unless="the redirect URI answered with a status below 400 and no sign of a tunnel, or with the words of what stands in front of it",
    certainty="likely",
)
def callback_failed(context: Context) -> Match | None:
    exchange = context.state.callback_exchange
    if exchange is None:
        return None
    if exchange.response.status < 400 and sign_of_tunnel(exchange.response) is None:
        return _led_to_failure(exchange)
    match, name = _failed(context, exchange), header(exchange.response.headers, "server") or ""
    airplay = name.lower().startswith("airtunes")
    here = is_loopback(host_of(exchange.request.url)) and not says_more(exchange.response)
    if not (airplay or (here and match.cause is match.runner_up is None)):
        return match
    match = match.with_values(port=str(port_of(exchange.request.url)))
    if name:
        match = match.with_evidence(Evidence("Server", quoted(name), _PLACE))
    if airplay:
        return match.because(_AIRPLAY, _ANOTHER_PORT, "proven")
    fix = (*(match.fix or _ITS_LOG), *otherwise(*_WHO_LISTENS, when=_NOT_IN_LOG))
    return replace(match, runner_up=_ANOTHER_PROGRAM, fix=fix)


def _failed(context: Context, exchange: Exchange) -> Match:
    """The match of an answer of 400 and above, read as the application's or as that of what stands in front of it."""
    response, code = exchange.response, context.state.code
    front, tunnel = in_front(response), sign_of_tunnel(response)
    values = {
        "status": str(response.status),
        "words": quoted_refusal(response),
        "trace": trace(read_error(response)),
        "who": front[0].who if front else "",
    }
    match = Match(values, (_answer(exchange),))
    if differing_parts(exchange.request.url, context.inputs.redirect_uri):
        went = Evidence("The code went to", quoted(exchange.request.url.partition("?")[0]), _PLACE)
        match = replace(match, title=_HANDED_ON, evidence=(went, *match.evidence))
        if exchange.request.method == "GET":
            match = replace(match, title=_LED_ON)
            if response.status in (400, 404, 414):
                return match.because(_IN_ITS_PATH, _LEAVE_IT)
    elif exchange.request.method == "GET" and code is not None and code.reference not in exchange.request.url:
        return replace(match, title=_TO_ITSELF).because(_GOES_ON_TO_ITSELF, _GO_ON_ELSEWHERE)
    if tunnel is not None:
        fix = _OPEN_TO_POSTS if exchange.request.method == "POST" else _OPEN_TUNNEL
        return match.with_values(sign=brief(tunnel[0])).because(_BY_A_TUNNEL, fix)
    known = next((one for one in _BY_WORDS if one[0].search(refusal_text(response))), None)
    if known is not None and (front is None or front[0].does == "malformed"):
        return match.because(known[1], (Change("client", known[2]),))
    if response.status in (401, 403) and _NOT_ADMITTED.search(refusal_text(response)):
        return match.because(_OTHER_ACCOUNTS, _ADMIT)
    if front is not None and front[0].does not in OWN_FINDINGS:
        return match.because(_IN_FRONT, _LET_THROUGH)
    if front is not None and front[0].because:
        return match.because(front[0].because, _LOG_IN_FRONT)
    if response.status in GATEWAYS:
        return replace(match, cause=_NOT_REACHED, runner_up=_NOT_TAKEN, fix=_LOG_IN_FRONT)
    if response.status == 405:
        took = header(response.headers, "allow")
        method, took = exchange.request.method, f" ({quoted(took)})" if took else ""
        fix = (_TAKE_POST if method == "POST" else _TAKE_GET, *_PASSED_ON)
        return replace(match.with_values(method=method, took=took), cause=_NO_METHOD, runner_up=_STATIC, fix=fix)
    if response.status == 404:
        return replace(match, cause=_NO_PATH, runner_up=_NO_ROUTE, fix=_ITS_PATH)
    shown = response.status in (401, 403) and asks_to_log_in(response) and has_form(response)
    if shown or (challenges(response) and not says_more(response)):
        return match.because(_ASKS, _EXEMPT)
    if is_web_page(response) and not says_more(response):
        fix = (*_ITS_LOG, *otherwise(*_LET_THROUGH, when=_NOT_IN_LOG))
        return replace(match, certainty="unknown", runner_up=_BARE, fix=fix)
    return match


def _led_to_failure(exchange: Exchange) -> Match | None:
    """The match where the redirect URI sent the browser on to an address that tells of a failure."""
    location = moved_to(exchange)
    told = failure_told(location) if location is not None else None
    if not told:
        return None
    values = {"status": str(exchange.response.status), "words": quoted(told), "trace": ""}
    title = "The redirect URI sent the browser on ({status}) to an address that tells of a failure: {words}."
    return Match(values, (_answer(exchange),), title=title)


def _answer(exchange: Exchange) -> Evidence:
    return Evidence("The answer", summary(exchange.response), _PLACE)


_AIRPLAY = "An AirPlay receiver has port {port} of that machine, and answered in the client's place: macOS has one on 5000 and 7000."
_ANOTHER_PORT: Fix = (
    SetField("redirect_uri", words="one with another port, and register it"),
    *otherwise(Change("machine", "switch the AirPlay receiver off in the settings (General, AirDrop & Handoff)")),
)
_ANOTHER_PROGRAM = "Another program has port {port} there, and answered in the client's place."
_WHO_LISTENS: Fix = (Do("look which program listens on port {port}"),)
_HANDED_ON = "The page at the redirect URI handed the code to its own server, which answered {status} and said {words}."
_LED_ON = "The redirect URI sent the browser on to an address with the code in its path, which answered {status} and said {words}."
_IN_ITS_PATH = (
    "The application, or what rewrites its addresses, made a path of the query that brought the answer: nothing reads it there, or it is "
    "longer than what a server takes in one segment of a path."
)
_LEAVE_IT: Fix = (
    Change("client", "exempt the redirect URI from its rule that rewrites addresses, so that it reads code and state"),
)
_NOT_ADMITTED = pattern(
    r"\binvalid account\b|\bnot an? (?:\w+ )?member\b|\b(?:account|user(?![ -]agent)|e-?mail)\b[^;\n]{0,40}"
    r"\b(?:not|isn't) (?:\w+ ){0,3}(?:allowed|authori[sz]ed|permitted|admitted|list)\b"
)
_OTHER_ACCOUNTS = (
    "What answers at the redirect URI does not admit the account that logged in, as its words say; the login succeeded."
)
_ADMIT: Fix = (
    Change("client", "admit the account, its domain or its group where that is set up"),
    *otherwise(Do("log in with another account, in a private window")),
)
_TO_ITSELF = (
    "The redirect URI sent the browser to itself once more, without the code, and answered {status} and said {words}."
)
_GOES_ON_TO_ITSELF = (
    "After the log-in the application goes on to its own callback path, where nothing is for a browser without a code."
)
_GO_ON_ELSEWHERE: Fix = (
    Change("client", "name another address than the redirect URI as the one to go on to after the log-in"),
    *otherwise(*_ITS_LOG, when="if it named another"),
)
_ASKS = "What answers at the redirect URI asks for a login of its own, before the application or in its place; it did not take the answer."
_EXEMPT: Fix = (
    Change(
        "client",
        "exempt the redirect URI from that log-in; where it is the log-in proxy's own callback, tell it the path at which it is asked",
    ),
)
_BY_A_TUNNEL = (
    "The service of the tunnel to the application answered in its place ({sign}): it asks for a log-in of its own, warns visitors, or "
    "does not reach the application."
)
_OPEN_TUNNEL: Fix = (
    Change("client", "let anybody through the tunnel (anonymous access), and keep the application running at its end"),
)
_OPEN_TO_POSTS: Fix = (
    *_OPEN_TUNNEL,
    *otherwise(
        Change(
            "client", "ask for response_mode=query: no cookie of a tunnel's log-in comes with a POST of another site"
        )
    ),
)
GATEWAYS = frozenset({502, 503, 504, 520, 521, 522, 523, 524, 525, 526})
"""Statuses of what stands in front, where the application gave no answer (RFC 9110 §15.6.3 to §15.6.5; the last are Cloudflare's)."""

_NOT_REACHED = (
    "What stands in front of the application (a proxy, an ingress) did not reach it, or had no answer of it in time."
)
_NOT_TAKEN = (
    "The application answered, and what stands in front did not take its answer: its headers, cookies above all, were too large "
    "(nginx: proxy_buffer_size)."
)
_LOG_IN_FRONT: Fix = (
    Change("client", "look into the log of what stands in front of the application for this time{trace}"),
)
_NOT_IN_LOG = "if its own log does not have this request"
_PASSED_ON: Fix = provided(_NOT_IN_LOG, Change("client", "have the web server pass it on"))
_NO_PATH = "Nothing is at this path there: the application has no handler for {redirect_uri}."
_NO_ROUTE = "The router in front of the application has no rule for this host, this path, or https."
_NO_METHOD = "What is at this path there takes other methods{took} than the {method} that brought the answer."
_STATIC = "A web server of files answered in the application's place."
_TAKE_POST = Change(
    "client", "let its redirect URI take a POST (response_mode=form_post), or ask for response_mode=query"
)
_TAKE_GET = Change("client", "let its redirect URI take a GET, or ask for response_mode=form_post")
_ITS_PATH: Fix = (
    Change("client", "register the path at which the application waits for the answer, or have it wait at this one"),
    *provided(_NOT_IN_LOG, Change("client", "add the rule to the router in front of it")),
)
_BY_WORDS = (
    (
        pattern(r"(?:too (?:large|long|big)|request-uri too)\b"),
        "The redirect, with the cookies of that host, is longer than what stands in front of the application takes: cookies of unfinished "
        "log-ins pile up.",
        "delete the cookies of that host in the browser, have the application keep fewer of them, or raise the limit in front of it",
    ),
    (
        FORGERY,
        "The application did not find the cookie with the state that it had set when the log-in began.",
        "begin and end on the same host, over https, in the same browser, and let the cookie be sent on a redirect from another site "
        "(SameSite=None; Secure, or Lax)",
    ),
    (
        pattern(
            r"\b(?:unprotect|decrypt|decipher)\w*\b[^\n]{0,40}\bstate\b|\bstate\b[^\n]{0,40}\b(?:unprotect|decrypt|decipher)"
        ),
        "The application cannot read the state that it gets back: another instance of it, or another of its login providers at the same "
        "path, made it with other keys.",
        "share its keys among its instances (ASP.NET: data protection), and give each login provider a callback path of its own",
    ),
    (
        pattern(r"^\s*oauth flow failed\.?\s*$"),
        "Envoy's OAuth filter, in front of the application, did not take the answer: the cookie of this login is missing or replaced, as "
        "by a login in another tab, or its own token request failed.",
        "log in once more in one tab; if it stays, look into the log of the filter",
    ),
    (
        pattern(r"insecure_transport|(?:must|should|needs? to|has to) (?:\w+ ){0,2}https|https (?:is )?required"),
        "The application takes the answer for one over plain http: the proxy in front of it does not tell it of https.",
        "have the proxy send X-Forwarded-Proto and the application believe it, or use a redirect URI of https",
    ),
    (
        pattern(
            r"redeem\w*|(?:token|code) (?:exchange|request)|exchang\w+ (?:the |an? )?(?:authori[sz]ation )?code|getting (?:the )?token"
        ),
        "The application got the code, and its own request to the token endpoint failed.",
        "look at the answer of the token endpoint in the application's own log; the browser's file does not hold it",
    ),
)
"""Words of an application about its callback, in lower case, with the cause and what to change."""

_IN_FRONT = "{who} answered in the application's place; the server redirected as it should."
_BARE = "A web server or a firewall in front of it refused the redirect, for its length or a word in it."
_LET_THROUGH: Fix = (
    Change("client", "have whoever runs what stands in front of it let the redirect through; its log names the rule"),
)


@rules.add(
    "callback-led-to-login",
    severity="warning",
    title="The redirect URI answered the browser with another redirect ({status}), to a log-in: {location}.",
    cause="The application, or a log-in of the platform in front of it, did not recognise the answer, and began the log-in anew.",
    runner_up="The application logged the browser in, and that address is where it sends people then.",
    fix=(
        Change("client", "exempt the redirect URI from that log-in, and look whether the application gets the code"),
        *provided(
            "if the next request goes round in a circle", Do("delete the cookies of that host, and try once more")
        ),
    ),
    reference="RFC 6749 §4.1.2",
    unless="the client redeemed the code, or nothing in the address spoke of a log-in",
    certainty="likely",
)
def callback_led_to_login(context: Context) -> Match | None:
    exchange = context.state.callback_exchange
    location = moved_to(exchange) if exchange is not None else None
    if exchange is None or location is None or context.state.token_exchange is not None:
        return None
    code = context.state.code
    own = code is not None and code.reference in location.partition("?")[0]
    own = own or not differing_parts(location, context.inputs.redirect_uri)
    if own or not (leads_to_login(location) or login_gateway(location)):
        return None
    values = {"status": str(exchange.response.status), "location": quoted(location.partition("?")[0])}
    return Match(values, (_answer(exchange),))
