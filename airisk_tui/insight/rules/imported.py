"""A run that was read from another program's file (HAR): what the file leaves out, and what it shows beyond a run of ours.

What a file leaves out is not what a server did. So a body that was not recorded is called that, and nothing is concluded from it.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState, ProbeResult, is_marked
from airisk_tui.insight.advice.imported import BY_SCRIPT, OMISSIONS, WITH_BODIES, WITH_THE_OTHERS
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import Ask, Change, Do, Fix, otherwise, provided
from airisk_tui.insight.reading.blame import blamed, misses, refusal_text
from airisk_tui.insight.reading.filters import in_front, leads_to_login
from airisk_tui.insight.reading.reasons import of_the_browser, says_more
from airisk_tui.insight.reading.refused_access import matched
from airisk_tui.insight.reading.run import (
    NO_WORDS,
    asks_to_log_in,
    authorization_unanswered,
    moved_to,
    quoted_error,
    quoted_refusal,
    summary,
)
from airisk_tui.insight.reading.two_requests import token_fields
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import exchange as authorization
from airisk_tui.insight.rules.authorization import matched as authorization_answer
from airisk_tui.insight.rules.authorization.refused import unusable
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange, bearer_in, header, headers_named
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.mistakes import is_placeholder
from airisk_tui.oauth.text.characters import is_mark
from airisk_tui.oauth.urls import host_of, origin, path_of, query_of

rules = RuleSet[Context]("Another program's file", lambda context: context.state.imported is not None)


def _program(state: FlowState) -> str:
    return brief(state.imported.program) if state.imported is not None else "another program"


@rules.add(
    "token-answer-not-recorded",
    question="token",
    severity="warning",
    title="The file of {program} does not hold {what}, so nothing is known of the token.",
    cause="The program that wrote the file left the body out; that says nothing about the server.",
    fix=(WITH_BODIES,),
    reference="RFC 6749 §5.1",
    unless="the file held the body",
)
def token_answer_not_recorded(context: Context) -> Match | None:
    state = context.state
    answer, exchange = state.token_answer, state.token_exchange
    if answer is None or exchange is None or answer.kind != "not-recorded":
        return None
    size = exchange.response.body.size
    length = f"{size:,} bytes" if size else "of unknown length"
    body = f"the body of the token endpoint's answer ({answer.status})"
    values = {"program": _program(state), "what": body if answer.status else "the token endpoint's answer"}
    match = Match(values, (Evidence("The body", f"{length}, not recorded", Pointer("token-request", "body")),))
    if state.token is None and state.imported is not None and "apart" in state.imported.omissions:
        return match.because(_APART, (WITH_THE_OTHERS,))
    if state.token is None:
        return match if answer.status else match.because(_NO_ANSWER, certainty="unknown")
    title = "The file of {program} does not hold {what}; the token is known from the calls with it."
    return replace(match, severity="note", title=title)


_APART = (
    "The program that wrote the file put bodies into files of their own beside it, and only this one was handed over."
)
_NO_ANSWER = "The client got no answer, or the program that wrote the file left it out; the file does not say which."


@rules.add(
    "code-altered-by-client",
    question="token",
    title="The token request carries another code than the redirect brought.",
    cause="The client decoded or encoded the code once too often, cut it off, or took it from before or from another redirect on the way.",
    fix=(Change("client", "send the code exactly as the redirect brought it, decoded once"),),
    reference="RFC 6749 §4.1.3",
    unless="the code that was sent were the one that came, or one of the two were masked in the file",
)
def code_altered_by_client(context: Context) -> Match | None:
    state = context.state
    sent = token_fields(state).get("code") if state.token_exchange is not None else None
    if not sent or state.code is None or not state.code.fingerprint or sent == state.code.reference:
        return None
    view = state.view(sent)
    if state.code.characters == "redacted" or view is None or view.characters == "redacted":
        return None
    codes = pair("The code that came, and the one that was sent", state.code.reference, sent, names=("came", "sent"))
    return Match(evidence=(codes,))


@rules.add(
    "answer-kept-from-page",
    question="token",
    title="The token endpoint answered {status}, and the browser kept its answer from the page.",
    cause="The page is of another origin, {origin}, and the answer does not permit that origin: it has no Access-Control-Allow-Origin.",
    fix=(
        Change("client", "send the request from the application's server, where the answer can be read"),
        *otherwise(Ask("have the administrator permit the page's origin")),
    ),
    reference="RFC 6749 §10.3",
    unless="the file held the body of the answer, the answer permitted an origin, or the page used the token",
    certainty="likely",
)
def answer_kept_from_page(context: Context) -> Match | None:
    exchange = context.state.token_exchange
    if exchange is None or exchange.response.body.cut != "not-recorded" or not exchange.response.headers:
        return None
    page = header(exchange.request.headers, "origin") or ""
    permitted = header(exchange.response.headers, "access-control-allow-origin")
    used = context.state.token is not None or context.state.probes
    if used or not origin(page) or origin(page) == origin(exchange.request.url) or permitted is not None:
        return None
    values = {"status": str(exchange.response.status), "origin": quoted(page)}
    sent = Evidence("Origin", quoted(page), Pointer("token-request", "request"))
    return Match(values, (_answer("The answer", exchange), sent))


@rules.add(
    "token-request-by-get",
    question="token",
    title="The client sent its token request as a GET, and the token endpoint refused that ({status}).",
    cause="A token request is a POST, with its fields in the body; an address is written into the logs of servers and proxies.",
    fix=(
        Change("client", "send the token request as a POST, with its fields as a form in the body"),
        Do("have a new client secret made, if the address held it: others may have read it"),
    ),
    reference="RFC 6749 §3.2, §2.3.1",
    unless="the request were a POST with a body, or the answer judged a value: then the server has read the address",
)
def token_request_by_get(context: Context) -> Match | None:
    exchange = context.state.token_exchange
    if exchange is None or exchange.response.status < 400:
        return None
    request, status = exchange.request, exchange.response.status
    match = Match({"status": str(status)}, (_answer("The answer", exchange),))
    if request.method == "GET":
        return match if status in (404, 405, 501) else None
    in_address = [name for name in FIELDS if Params.parse(query_of(request.url)).get(name)]
    if request.body.data or request.body.cut is not None or not {"grant_type", "code"} & {*in_address}:
        return None
    words, error = refusal_text(exchange.response), read_error(exchange.response).code
    missed = any(misses(words, name) for name in FIELDS) or blamed(words) == "grant_type" or _OF_A_BODY.search(words)
    silent = (
        status in _OF_A_FORM and not says_more(exchange.response) and error in ("", "invalid_request", "invalid_client")
    )
    if in_front(exchange.response) is not None or not (missed or silent):
        return None
    sent = Evidence("In the address", ", ".join(in_address), Pointer("token-request", "request"))
    match = match.with_values(words=quoted_refusal(exchange.response)).with_evidence(sent)
    return replace(match, title=_IN_THE_ADDRESS, runner_up="" if missed else _READ_THERE, certainty="likely")


_OF_A_FORM = frozenset({400, 401, 404, 405, 411, 415, 422, 500, 501})
"""Statuses of a server that found no form."""
_OF_A_BODY = pattern(r"\bbody\b|\bforms?|payload|content.?(?:type|length)|media.?type|length required")
_READ_THERE = "The server reads the address as well, and refuses a value in it."
_IN_THE_ADDRESS = (
    "The client sent the fields of its token request in the address, without a body, and the token endpoint refused them ({status}): "
    "{words}."
)


@rules.add(
    "token-request-not-recorded",
    question="token",
    title="The token endpoint said {words}, and the file of {program} does not hold the body of the token request.",
    cause="The client sent no body, or nothing that says of which type it is (Content-Type), so that the server could not read it.",
    runner_up="The program that wrote the file left the body out, and a field was missing in it.",
    fix=(
        Change("client", "send the fields as a form, with Content-Type: application/x-www-form-urlencoded"),
        *otherwise(Do("record again with the bodies of the requests"), when="if it does"),
    ),
    reference="RFC 6749 §4.1.3",
    unless="the file held the body, or the server's words missed no field",
    certainty="unknown",
)
def token_request_not_recorded(context: Context) -> Match | None:
    answer, exchange = context.state.token_answer, context.state.token_exchange
    if answer is None or exchange is None or exchange.request.body.cut != "not-recorded" or answer.status < 400:
        return None
    words = refusal_text(exchange.response)
    if not any(misses(words, name) for name in FIELDS):
        return None
    values = {"words": quoted_error(answer.error), "program": _program(context.state)}
    typed = header(exchange.request.headers, "content-type")
    match = Match(values, (_answer("The answer", exchange),))
    return match if typed is None else replace(match, cause=_ALL_LEFT_OUT, runner_up=_NOT_SENT, fix=_WITH_REQUESTS)


FIELDS = ("grant_type", "code", "client_id", "client_secret", "redirect_uri", "code_verifier")
"""Fields of a token request (RFC 6749 §4.1.3, RFC 7636 §4.5)."""
_ALL_LEFT_OUT = "The program that wrote the file left the body out, so what was missing in it is not known."
_NOT_SENT = "The client sent no body."
_WITH_REQUESTS: Fix = (Do("record again with the bodies of the requests, and see whether the field stands there"),)


@rules.add(
    "code-exchanged-again",
    severity="warning",
    title="The same code was sent to the token endpoint {times}; the last answer was {status}, which said {words}.",
    cause="The client sends its token request again: its page is loaded or rendered twice, or it retries.",
    fix=(Change("client", "exchange each code once: a server may revoke the tokens of a code that comes again"),),
    reference="RFC 6749 §4.1.2",
    unless="the code were sent once",
)
def code_exchanged_again(context: Context) -> Match | None:
    again = context.state.exchanged_again
    if not again:
        return None
    last = again[-1].response
    words = "nothing against it" if last.status < 400 else quoted_error(read_error(last))
    values = {"times": f"{len(again) + 1} times", "status": str(last.status), "words": words}
    return Match(values, tuple(_answer("The answer", exchange) for exchange in again[:5]))


@rules.add(
    "refresh-refused",
    severity="warning",
    title="The token endpoint refused a refresh with {status}, and said {words}.",
    cause="The refresh token has expired, was revoked, or was used before.",
    runner_up="It was issued to another client.",
    fix=(
        Do("log in again, which gives a new refresh token"),
        *provided("if it is refused each time", Change("client", "keep the refresh token that each answer brings")),
    ),
    reference="RFC 6749 §6, §5.2",
    unless="the refresh brought a token, or the answer had no invalid_grant and no word of the refresh token",
)
def refresh_refused(context: Context) -> Match | None:
    refused = [one for one in context.state.refreshes if not one.response.succeeded]
    if not refused:
        return None
    last = refused[-1].response
    match = Match(
        {"status": str(last.status), "words": quoted_error(read_error(last))},
        tuple(_answer("The refresh", exchange) for exchange in refused[:5]),
    )
    if _OF_THE_GRANT.search(refusal_text(last)):
        return match
    if says_more(last):
        return match.because(_OTHER_REASON, _BY_ITS_WORDS, "unknown")
    return replace(match, certainty="unknown")


_OF_THE_GRANT = pattern(r"invalid_grant|refresh.?token")
_OTHER_REASON = "Its words give the reason, and they speak of no refresh token."
_BY_ITS_WORDS: Fix = (
    Do("correct what these words name"),
    *provided("if they do not fit a refresh", Do("log in again: the server may know no refreshes")),
)


@rules.add(
    "refreshed",
    severity="note",
    title="The token was refreshed: {count}.",
    cause="The client holds a refresh token, and used it.",
    fix=(Do("change nothing"),),
    reference="RFC 6749 §6",
)
def refreshed(context: Context) -> Match | None:
    good = [one for one in context.state.refreshes if one.response.succeeded]
    if not good:
        return None
    count = "once" if len(good) == 1 else f"{len(good)} times"
    return Match({"count": count}, tuple(_answer("The refresh", exchange) for exchange in good[:5]))


@rules.add(
    "file-incomplete",
    severity="note",
    title="The file of {program} does not show everything as it was: {count} left out or altered.",
    cause="The program that wrote the file, or somebody before passing it on, left it out.",
    fix=(Do("record again, and export the whole of it, where what is missing matters"),),
    reference="threats.md F4",
)
def file_incomplete(context: Context) -> Match | None:
    omissions = context.state.imported.omissions if context.state.imported is not None else ()
    if not omissions:
        return None
    count = "one thing is" if len(omissions) == 1 else f"{len(omissions)} things are"
    told = tuple(Evidence("The file", OMISSIONS[omission]) for omission in omissions)
    return Match({"program": _program(context.state), "count": count}, told)


def _answer(label: str, exchange: Exchange) -> Evidence:
    return Evidence(label, summary(exchange.response), Pointer("token-request", "response"))


def _refused_calls(context: Context, *statuses: int) -> list[tuple[ProbeResult, Exchange]]:
    """Calls that were answered 401 or 403, or with one of these statuses."""
    probes = [(probe, probe.exchange) for probe in context.state.probes if probe.exchange is not None]
    return [(probe, exchange) for probe, exchange in probes if exchange.response.status in (401, 403, *statuses)]


@rules.add(
    "another-token-refused",
    question="access",
    title="{endpoint} refused a token ({status}) that is not the one that this flow issued.",
    cause="The client sends a token that it had from before, and not the new one.",
    fix=(Change("client", "replace the stored token when a new one comes, and send that"),),
    reference="RFC 6750 §3.1",
    unless="the token that was sent were the one that the flow or a refresh brought, or were masked in the file",
    certainty="likely",
)
def another_token_refused(context: Context) -> Match | None:
    token, refreshes = context.state.token, context.state.refreshes
    if token is None or token.characters == "redacted":
        return None
    issued = "\n".join([token.reference, *(one.response.body.data.decode("latin-1") for one in refreshes)])
    for probe, exchange in _refused_calls(context, 400):
        sent = bearer_in(exchange.request.headers)
        if sent and sent not in issued and not is_marked(context.state, sent):
            told = matched(probe, exchange.response)
            label = "The token that was issued, and the one that was sent"
            tokens = pair(label, token.reference, sent, names=("issued", "sent"))
            return replace(told, evidence=(tokens, *told.evidence))
    return None


def _brought_nothing(context: Context) -> bool:
    state = context.state
    return state.imported is not None and state.authorization is not None and state.code is None


asked = RuleSet("Another program's authorization request", _brought_nothing, "authorization")
"""Asked before what the server said of it: it can only speak of what arrived."""


@asked.add(
    "authorization-request-broken",
    title="The authorization request in the file of {program} has {what}, and the server answered {status}.",
    cause="The application was not given this value, or does not find it: a variable or a setting is not there where it runs.",
    fix=(
        Change("client", "set its {name}: look where it reads it from (a variable, a file, the container's settings)"),
    ),
    reference="RFC 6749 §4.1.1",
    unless="the request carried client ID and redirect URI before “#”, or the status or the answer were of a path or of what is in front",
    certainty="likely",
)
def authorization_request_broken(context: Context) -> Match | None:
    response = authorization(context).response
    what, name, remedy = _broken(context, authorization(context))
    if not what or response.status in _OF_A_PLACE or in_front(response) is not None:
        return None
    request = Evidence("The request", what, _SENT_FIRST)
    match = authorization_answer(context, request, program=_program(context.state), what=what, name=name)
    if (words := quoted_refusal(response)) != NO_WORDS:
        match = match.with_evidence(Evidence("It says", words, Pointer("authorization-request", "response")))
    return match if not remedy else match.because(*remedy, "proven" if response.status >= 400 else "likely")


_SENT_FIRST = Pointer("authorization-request", "request")


_OF_A_PLACE = frozenset({404, 405, 429, 501, 502, 503, 504})
"""Statuses that come before anybody looks at the parameters."""


def _broken(context: Context, exchange: Exchange) -> tuple[str, str, tuple[str, Fix] | tuple[()]]:
    """What is wrong with the request, the parameter that it concerns, and the cause with its fix where it is no missing value."""
    inputs = context.inputs
    escaped = next((name for name, _ in inputs.params if name.startswith("amp;")), "")
    if escaped:
        return f"“&amp;” between its parameters, so that one is called {quoted(escaped)}", escaped, _ESCAPED
    given = {"client_id": inputs.client_id, "redirect_uri": inputs.redirect_uri}
    behind = Params.parse(exchange.request.url.partition("#")[2])
    if any(behind.get(name) and not value for name, value in given.items()):
        return "its parameters behind “#”", "client_id", _BEHIND_THE_FRAGMENT
    elsewhere = any(name in ("request", "request_uri") for name, _ in inputs.params)
    # RFC 6749 §3.1.2.3: a client with one registered redirect URI may leave it out.
    silent = exchange.response.status == 400 and not says_more(exchange.response)
    blames = silent or blamed(refusal_text(exchange.response)) == "redirect_uri"
    for name, value in given.items():
        absent = not value and not (elsewhere and name == "redirect_uri")
        empty = absent or (is_placeholder(value) and not is_mark(value))
        if empty and (name == "client_id" or blames):
            return f"{quoted(value)} as its {name}" if value else f"no {name}, or an empty one", name, ()
    return "", "", ()


_ESCAPED: tuple[str, Fix] = (
    "The address was taken from the source of a web page, where “&” is written as “&amp;”: the server finds what is behind each "
    "under another name.",
    (
        Change("client", "show and open its address with “&” alone"),
        *otherwise(Do("put “&” in the place of each “&amp;”, and open the address again")),
    ),
)
_BEHIND_THE_FRAGMENT: tuple[str, Fix] = (
    "A browser sends nothing that stands behind “#” to a server.",
    (Change("client", "write its parameters behind “?” (RFC 6749 §3.1)"),),
)


@asked.add(
    "login-asked-by-script",
    title="A script of a page made the authorization request ({sign}), and the server answered {status}, which leads nobody to a login.",
    cause=BY_SCRIPT[0],
    fix=BY_SCRIPT[1],
    reference="RFC 6749 §3.1; RFC 9110 §9.3.7",
    unless="the browser itself had asked (Sec-Fetch-Mode: navigate), a code came, or the server refused in words of its own",
    certainty="likely",
)
def login_asked_by_script(context: Context) -> Match | None:
    exchange, response = authorization(context), authorization(context).response
    sign = _of_a_script(exchange)
    if not sign or context.state.answer is not None or response.status > 501:
        return None
    permits = header(response.headers, "access-control-allow-origin") is not None
    preflight = exchange.request.method == "OPTIONS" and (response.status >= 300 or not permits)
    shown = response.succeeded and is_web_page(response)
    if not (preflight or response.redirects or shown):
        return None
    return authorization_answer(context, Evidence("The request", sign, _SENT_FIRST), sign=sign)


def _of_a_script(exchange: Exchange) -> str:
    """The header by which a script's request is known (Fetch), or ""."""
    sent = exchange.request.headers
    mode = (header(sent, "sec-fetch-mode") or "").lower()
    signs = (
        ("Access-Control-Request-Method", exchange.request.method == "OPTIONS"),
        ("X-Requested-With", True),
        ("Sec-Fetch-Mode", mode in ("cors", "same-origin")),
        ("Origin", not mode and exchange.request.method == "GET"),
    )
    found = ((name, header(sent, name)) for name, holds in signs if holds)
    return next((f"{name}: {brief(value)}" for name, value in found if value), "")


@asked.add(
    "login-asked-in-frame",
    title="The authorization request was made in a frame of another page, and the server answered {status}: it wants somebody to log in.",
    cause="Nobody logs in in a hidden frame: the session at the server is over, or the browser keeps its cookies from such a frame.",
    fix=(
        Do("log in once more in the whole window"),
        Change(
            "client", "renew in a frame with prompt=none only, and open the login in the window after login_required"
        ),
    ),
    reference="RFC 9700 §4.16; OpenID Connect Core §3.1.2.1",
    unless="the request was of a whole window (Sec-Fetch-Dest: document), or the server redirected back",
    certainty="likely",
)
def login_asked_in_frame(context: Context) -> Match | None:
    exchange, state = authorization(context), context.state
    shown_in = header(exchange.request.headers, "sec-fetch-dest") or ""
    if shown_in not in ("iframe", "frame", "embed", "object") or state.answer is not None:
        return None
    response, location = exchange.response, moved_to(exchange)
    page = response.succeeded and is_web_page(response) and asks_to_log_in(response)
    forbids = state.imported.no_frames if state.imported is not None else ""
    if not (forbids or page or (location is not None and leads_to_login(location))):
        return None
    match = authorization_answer(context, Evidence("Sec-Fetch-Dest", shown_in, _SENT_FIRST))
    if not forbids:
        return match
    return replace(match, cause=_NO_FRAMES).with_evidence(Evidence("The page of the login", brief(forbids)))


_NO_FRAMES = (
    "The page of the login forbids to be shown in a frame, so that the frame stays empty. It came since the session at the server is over, "
    "or since the browser gives its cookies to no frame of another site."
)


def _unfinished(context: Context) -> bool:
    return context.state.imported is not None and authorization_unanswered(context)


unfinished = RuleSet("A log-in in another program's file", _unfinished, "authorization", severity="warning")


@unfinished.add(
    "login-not-in-file",
    title="The file ends before the server redirected back: it answered {status} with {what}.",
    cause="Whoever recorded it did not log in or consent, or stopped before that was done.",
    runner_up="The log-in failed, on this page or on one that is not in the file.",
    fix=(Do("record again, from before the log-in until the application shows its own page"),),
    reference="RFC 6749 §4.1.1",
    unless="the file held the redirect back to the application",
    certainty="unknown",
)
def login_not_in_file(context: Context) -> Match | None:
    exchange = context.state.authorization
    if exchange is None:
        return None
    response, location = exchange.response, moved_to(exchange)
    if location is not None and unusable(exchange, location) is not None:
        return None
    if location is not None:
        what = f"a redirect to {quoted(location.partition('?')[0])}"
    elif response.succeeded and (is_web_page(response) or response.body.cut == "not-recorded"):
        what = "a web page"
    else:
        return None
    match = authorization_answer(context, what=what)
    circle = context.state.imported.circle if context.state.imported is not None else ""
    refusal = context.state.imported.refused if context.state.imported is not None else None
    if lost := _not_kept(exchange, refusal):
        place = Pointer("authorization-request", "header", "Set-Cookie")
        match = match.with_evidence(Evidence("Set-Cookie", listed(lost), place))
        match = replace(match, title=_COOKIES, severity="error").because(_NOT_KEPT, _BY_HTTPS, "likely")
        return match if refusal is not None else replace(match, runner_up=_NOT_FINISHED, certainty="unknown")
    if refusal is not None:
        return _form_refused(refusal)
    if circle:
        match = replace(match.with_values(circle=quoted(circle)), severity="error")
        return match.because(_IN_A_CIRCLE, _OUT_OF_THE_CIRCLE, "likely")
    if location is not None and _ERROR_PAGE.search(path_of(location)):
        cause = "The server sent the browser to a page of its own for errors: it refused the authorization request."
        return replace(match, severity="error").because(cause, _READ_PAGE, "likely")
    return match


def _form_refused(exchange: Exchange) -> Match:
    """A form of the log-in, which the server refused."""
    place, response = exchange.request.url.partition("?")[0], exchange.response
    values = {"place": quoted(place), "status": str(response.status), "words": quoted_refusal(response)}
    match = Match(values, (Evidence("The answer", summary(response)),), title=_FORM_REFUSED, severity="error")
    reason = of_the_browser(refusal_text(response))
    if reason is None:
        return match.because(_NO_REASON, _BEGIN_ANEW, "unknown")
    return match.because(reason.cause, (*reason.fix, *_BEGIN_ANEW), "likely")


_FORM_REFUSED = "The log-in ended at a form, to which {place} answered {status}, and said {words}."
_NO_REASON = "What the person sent there was not taken, and that answer is all that tells why."
_BEGIN_ANEW: Fix = provided(
    "to begin anew", Do("start the log-in at the application, in one tab, and go on without stepping back")
)


def _not_kept(exchange: Exchange, refusal: Exchange | None) -> list[str]:
    """The names of the cookies for https alone that came over plain http: a browser keeps none but those of this machine. refusal: the form
    that was refused afterwards; [] where that tells of something else than the session."""
    url = exchange.request.url
    if not url.startswith("http://") or is_loopback(host_of(url)):
        return []
    if refusal is not None and says_more(refusal.response) and not _OF_A_SESSION.search(refusal_text(refusal.response)):
        return []
    cookies = [one.partition(";") for one in headers_named(exchange.response.headers, "set-cookie")]
    secure = [pair.partition("=") for pair, _, rest in cookies if _SECURE.search(rest) and not _DELETED.search(rest)]
    return [name.strip() for name, _, value in secure if value.strip()]


_OF_A_SESSION = pattern(r"cookie|session|expired|restart|start (?:again|over)|timed? ?out|csrf|forgery|state")
_SECURE = pattern(r"(?:^|;)\s*secure\s*(?:;|$)", re.IGNORECASE)
_DELETED = pattern(r"max-age=0\b|expires=[^;]*\b19[79]\d\b", re.IGNORECASE)
_COOKIES = "The log-in was answered {status} over plain http, with cookies for https alone (Secure), and the file holds no redirect back."
_NOT_KEPT = (
    "A browser keeps no Secure cookie that comes over plain http: the server does not find its log-in again when the form is sent, and "
    "says that cookies are missing, or begins anew."
)
_NOT_FINISHED = "Whoever recorded it stopped before the log-in was done, or it failed for another reason."
_BY_HTTPS: Fix = (
    Change(
        "server", "serve the log-in over https; behind a proxy that ends TLS, have the client use its https address"
    ),
    *otherwise(Change("server", "let it set cookies without Secure while it is used over http, for a trial alone")),
)
_ERROR_PAGE = pattern(r"error|denied|fail", re.IGNORECASE)
_IN_A_CIRCLE = (
    "The browser was redirected in a loop: {circle} sent it to the same place again. A page of the log-in does not see its cookie or "
    "its session, or takes the request for one of plain http or of another host."
)
_OUT_OF_THE_CIRCLE: Fix = (
    Do("delete the cookies of that host, and try once more"),
    *provided(
        "if it stays",
        Ask("have the administrator see that the proxy passes on host and scheme (X-Forwarded-Host and -Proto)"),
    ),
)
_READ_PAGE: Fix = (Do("read that page in the file or in the browser, and change what it names"),)


refused = RuleSet("Calls in another program's file", rules.needs, "access", severity="warning")
"""Asked last: what is documented of an endpoint says more."""


@refused.add(
    "call-refused",
    title="{endpoint} refused the token ({status}), and nothing is documented of that endpoint.",
    cause="The token has expired or was revoked by then, or it is not meant for this endpoint.",
    fix=(
        Do("compare what the answer says with the token's claims and lifetime"),
        Ask("ask the administrator whether the application may call this endpoint{trace}"),
    ),
    reference="RFC 6750 §3.1",
    unless="the answer gave a reason, or the endpoint accepted the token",
    certainty="unknown",
)
def call_refused(context: Context) -> Match | None:
    calls = _refused_calls(context)
    if not calls or calls[-1][0].endpoint.generic != "unknown":
        return None
    return matched(calls[-1][0], calls[-1][1].response)
