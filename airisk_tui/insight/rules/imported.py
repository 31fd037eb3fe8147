"""A run that was read from another program's file (HAR): what the file leaves out, and what it shows beyond a run of ours.

What a file leaves out is not what a server did. So a body that was not recorded is called that, and nothing is concluded from it.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState, ProbeResult, is_marked
from airisk_tui.insight.advice.imported import OMISSIONS, WITH_BODIES
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import Ask, Change, Do, Fix, otherwise, provided
from airisk_tui.insight.reading.blame import misses, refusal_text
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.refused_access import matched
from airisk_tui.insight.reading.run import authorization_unanswered, moved_to, quoted_error, summary
from airisk_tui.insight.reading.two_requests import token_fields
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import matched as authorization_answer
from airisk_tui.insight.rules.authorization.refused import unusable
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange, bearer_in, header
from airisk_tui.oauth.urls import origin, path_of

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
    if state.token is None:
        return match if answer.status else match.because(_NO_ANSWER, certainty="unknown")
    title = "The file of {program} does not hold {what}; the token is known from the calls with it."
    return replace(match, severity="note", title=title)


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
        Change("client", "send the token request as a POST"),
        Do("have a new client secret made, if the address held it: others may have read it"),
    ),
    reference="RFC 6749 §3.2, §2.3.1",
    unless="the request were a POST, or the answer were none of an address that takes no GET",
)
def token_request_by_get(context: Context) -> Match | None:
    exchange = context.state.token_exchange
    if exchange is None or exchange.request.method != "GET" or exchange.response.status not in (404, 405, 501):
        return None
    return Match({"status": str(exchange.response.status)}, (_answer("The answer", exchange),))


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
    if circle:
        match = replace(match.with_values(circle=quoted(circle)), severity="error")
        return match.because(_IN_A_CIRCLE, _OUT_OF_THE_CIRCLE, "likely")
    if location is not None and _ERROR_PAGE.search(path_of(location)):
        cause = "The server sent the browser to a page of its own for errors: it refused the authorization request."
        return replace(match, severity="error").because(cause, _READ_PAGE, "likely")
    return match


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
