"""The answers of the protected endpoints to the token (protocol.md, step 3). A generic token that is refused where the
documentation says so is no fault.

Every rule looks at the probes in order and speaks of the first that it fits; the matrix of endpoints is shown elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from airisk_tui.flow.reading.identity import acting, agrees
from airisk_tui.flow.state import ProbeResult
from airisk_tui.insight.advice.transport import entry_of, fault_sentence, values_of
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Press, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.clock import server_now
from airisk_tui.insight.reading.filters import leads_to_login, login_gateway
from airisk_tui.insight.reading.reasons import pause_asked, says_more
from airisk_tui.insight.reading.refused_access import (
    ENTRIES,
    FRESH,
    WITH_ANY_TOKEN,
    by_words,
    matched,
    reason_of,
    refusal,
)
from airisk_tui.insight.reading.run import (
    SHOWS_NOTHING,
    asks_to_log_in,
    json_object,
    json_reading,
    quoted_refusal,
    retry_after,
    shows_nothing,
)
from airisk_tui.insight.rule import Check, Entry, Match, Possible, Rule, RuleSet
from airisk_tui.insight.rules.token.response import expiry
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.endpoints import Expectation, are_aliases, lists_users
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.http import HttpResponse, header, headers_named
from airisk_tui.oauth.urls import split_url

rules = RuleSet[Context]("Access", lambda context: bool(context.state.probes), "access")


def _probes(context: Context) -> list[tuple[ProbeResult, HttpResponse]]:
    return [(probe, probe.exchange.response) for probe in context.state.probes if probe.exchange is not None]


def _with_token(context: Context) -> list[tuple[ProbeResult, HttpResponse]]:
    """The probes that carried the run's own token, and their answers."""
    return [(probe, response) for probe, response in _probes(context) if probe.credential == "token"]


Fits = Callable[[ProbeResult, HttpResponse], bool]


def _first(context: Context, fits: Fits) -> Match | None:
    """The match for the first probe with the run's own token that fits."""
    return next((_matched(context, *found) for found in _with_token(context) if fits(*found)), None)


def _by_words(context: Context, fits: Fits) -> Match | None:
    """The same, with what the words of the answer tell."""
    found = next((found for found in _with_token(context) if fits(*found)), None)
    return by_words(found[1], _matched(context, *found)) if found is not None else None


def _matched(context: Context, probe: ProbeResult, response: HttpResponse) -> Match:
    return matched(
        probe,
        response,
        kind=context.inputs.kind,
        credential=_CREDENTIALS.get(probe.credential, "the token"),
        pause=retry_after(response),
        words=quoted_refusal(response),
        location=quoted(header(response.headers, "location") or ""),
        path=quoted(probe.endpoint.path),
    )


_CREDENTIALS = {"none": "no token", "broken": "a broken token", "expired": "an expired token"}


RIGHT_PATH = SetField("endpoints")


def _documented(context: Context, probe: ProbeResult) -> Expectation:
    """The answer to the run's kind of token, by the documentation."""
    return probe.endpoint.expected(context.inputs.kind)


@rules.add(
    "unprotected-endpoint",
    question="",
    title="{endpoint} answered {status} to {credential}: the endpoint is not protected.",
    cause="The endpoint does not check the token.",
    fix=(Ask("tell the administrator at once: no client can change this"),),
    reference="RFC 6750 §3",
    unless="the answer were a refusal with a status of success, a page, or came to the run's own token",
)
def unprotected(context: Context) -> Match | None:
    accepted = ((p, r) for p, r in _probes(context) if p.credential != "token" and p.answer == "accepted")
    return next((_matched(context, *found) for found in accepted), None)


@rules.add(
    "token-outlived",
    title="{endpoint} refused the token ({status}), and the token had expired by then.",
    cause="The token's lifetime had ended when the endpoint was asked.",
    fix=(Rerun(words=" to get a new token"),),
    reference="RFC 6750 §3.1",
    unless="the token's end lay after the moment of the call, by the server's clock",
)
def token_outlived(context: Context) -> Match | None:
    end = expiry(context)
    at = end.at if end is not None else None
    if at is None or at <= server_now(context.state):
        return None
    return _first(context, lambda p, r: r.status == 401 and context.state.utc + p.at >= at)


def _told(entry: Entry) -> Check[Context]:
    """The check for a refusal whose reason the answer gives (`insight.reading.refused_access`)."""

    def check(context: Context) -> Match | None:
        for probe, _ in _with_token(context):
            expected = _documented(context, probe)
            if expected == "allowed" or (expected == "unknown" and entry is not FRESH):
                found = refusal(probe, context.state)
                if found is not None and found[0] is entry:
                    return found[1]
        return None

    return check


rules.extend(Rule(entry, rules.needs, _told(entry)) for entry in ENTRIES)


OTHER_USER: Fix = (
    Ask("ask the administrator what the user {userid} may do on this deployment{trace}"),
    *otherwise(SetField("userid", source="users"), Rerun(words=" as that user")),
)


@rules.add(
    "user-token-refused",
    title="{endpoint} refused the user-specific token ({status}), as it refuses a generic one.",
    cause="The server ignored the user id, so the token is a generic one.",
    runner_up="The user {userid} may not use this endpoint.",
    fix=(
        Press("ask-again", ", and see whether the two tokens name somebody else"),
        *provided("if they do", *OTHER_USER[:1]),
        *provided("if not", Ask("have the administrator see where the server reads the user id")),
    ),
    reference="protocol.md, step 3",
    unless="the token named the user that was asked for: then the user's rights are the reason",
)
def user_token_refused(context: Context) -> Match | None:
    if context.inputs.kind != "user-specific":
        return None

    def fits(probe: ProbeResult, response: HttpResponse) -> bool:
        only_users = probe.endpoint.generic == "refused" and _documented(context, probe) == "allowed"
        return response.status == 403 and only_users

    match, witness = _first(context, fits), acting(context.state)
    if match is None or witness is None or not agrees(context.state, witness):
        return _by_words(context, fits)
    cause = "The user {userid} has no right to it: the token names that user, so the user id was not ignored."
    return match.because(cause, OTHER_USER, "likely")


@rules.add(
    "access-refused",
    title="{endpoint} refused the {kind} token ({status}), although it is documented as allowed.",
    cause="The application or the user has no right to it on this deployment.",
    runner_up="A rule in front of the API refuses the request, whatever the token is.",
    fix=(
        Press("ask-again"),
        *provided("if it stays", Ask("ask the administrator to allow this endpoint to the application{trace}")),
    ),
    reference="RFC 6750 §3.1; protocol.md, step 3",
    unless="the words named the user, a policy or a log-in: then they decide",
    certainty="likely",
)
def access_refused(context: Context) -> Match | None:
    def fits(probe: ProbeResult, response: HttpResponse) -> bool:
        return probe.answer == "refused" and response.status != 401 and _documented(context, probe) == "allowed"

    return _by_words(context, fits)


@rules.add(
    "generic-token-accepted",
    question="",
    title="{endpoint} answered {status} to the {kind} token, although the documentation says that it refuses it.",
    cause="The deployment gives the application's own token the reach of a user.",
    runner_up="The token is user-specific after all: the server issued it for the person who is logged in.",
    fix=(
        Ask("tell the administrator"),
        *provided("until then", Change("client", "keep the generic token as carefully as a user's")),
    ),
    reference="protocol.md, step 3",
    unless="the answer were a web page, or a refusal with a status of success",
)
def generic_token_accepted(context: Context) -> Match | None:
    def fits(probe: ProbeResult, response: HttpResponse) -> bool:
        return probe.answer == "accepted" and _documented(context, probe) == "refused"

    match = _first(context, lambda p, r: fits(p, r) and not shows_nothing(r))
    empty = _first(context, fits)
    return match or (empty and replace(empty, runner_up=SHOWS_NOTHING))


@rules.add(
    "endpoint-not-found",
    severity="warning",
    title="{endpoint} answered {status}{tried}, so the run does not show what the token may do there.",
    cause="The deployment does not have this endpoint, or has it under another path.",
    runner_up="The base URL {base_url} has a path that does not belong there.",
    fix=(SetField("base_url", words="the address without the path"), *otherwise(RIGHT_PATH)),
    certainty="likely",
    reference="protocol.md, step 3",
    unless="another path of the same endpoint answered, or the status told of the token",
)
def endpoint_not_found(context: Context) -> Match | None:
    """A path that is not there refuses nobody, so this says nothing of the token."""
    for probe, response in _with_token(context):
        family = [other for other, _ in _probes(context) if are_aliases(probe.endpoint, other.endpoint)]
        hidden = _documented(context, probe) == "refused" or _names_something(response)
        if hidden or any(one.answer != "absent" for one in (probe, *family)):
            continue
        others = [quoted(one.endpoint.path) for one in family if one.endpoint != probe.endpoint]
        match = _matched(context, probe, response)
        match = match.with_values(tried=f", as did {' and '.join(others)}" if others else "")
        parts = split_url(context.inputs.base_url)
        if response.status == 405:
            return match.because(_METHOD, (RIGHT_PATH,))
        if _accepted_another(context, probe):
            return match.because(HIDDEN, (Ask("ask the administrator what the {kind} token may do there"),), "likely")
        if parts is None or not parts.path.strip("/"):
            match = replace(match, runner_up=_PERHAPS_HIDDEN, fix=(RIGHT_PATH,))
        return match
    return None


def _names_something(response: HttpResponse) -> bool:
    """Whether the words of a 404 say what is not there, and it is no path: then the endpoint is."""
    told = response.status == 404 and says_more(response) and not is_web_page(response)
    return told and not _OF_A_PATH.search(refusal_text(response))


_OF_A_PATH = pattern(
    r"\b(?:path|route\w*|ur[il]|page|(?:cannot|can't) get|endpoint|method|operation|action|controller|http resource)\b"
    r"|not found on (?:this|the) server|\bfile\b|\bbackend\b|\bversion\b"
)


def _accepted_another(context: Context, probe: ProbeResult) -> bool:
    """Whether the endpoint accepted the token of an earlier run against the deployment."""
    runs = (run for run in context.earlier if run.inputs and run.inputs.base_url == context.inputs.base_url)
    answered = (one for run in runs for one in run.probes if one.credential == "token")
    return any(one.endpoint.name == probe.endpoint.name and one.answer == "accepted" for one in answered)


HIDDEN = "The endpoint is there, and accepted another token: this one has no right to it."
_PERHAPS_HIDDEN = "It is there, and the API hides it from this token: some answer 404 where they mean 403."
_METHOD = "There is something at this path, and it takes no GET: another endpoint, or this one by another method."


@rules.add(
    "endpoint-elsewhere",
    question="",
    severity="note",
    title="{absent} answered {status}; {endpoint}, another path of the same endpoint, answered {answered}.",
    cause="Documentation and clients in use name several paths for this endpoint.",
    fix=(Change("client", "call {endpoint}"),),
    reference="protocol.md, step 3",
)
def endpoint_elsewhere(context: Context) -> Match | None:
    absent = [(probe, response) for probe, response in _with_token(context) if probe.answer == "absent"]
    for probe, response in absent:
        for other, answered in _probes(context):
            if are_aliases(probe.endpoint, other.endpoint) and other.answer in ("accepted", "refused"):
                statuses = {"status": str(response.status), "answered": str(answered.status)}
                return _matched(context, other, answered).with_values(absent=quoted(probe.endpoint.name), **statuses)
    return None


@rules.add(
    "endpoint-rate-limited",
    severity="warning",
    title="{endpoint} asks for a pause ({status}), so the run does not show what the token may do there.",
    cause="Too many requests came in a short time.",
    fix=(Do("wait {pause}"), Press("ask-again")),
    reference="RFC 6585 §4; RFC 9110 §10.2.3",
    unless="neither the status, nor Retry-After, nor the words asked for a pause",
)
def endpoint_rate_limited(context: Context) -> Match | None:
    return _first(context, lambda p, r: pause_asked(r))


@rules.add(
    "endpoint-failed",
    severity="warning",
    title="{endpoint} failed internally ({status}), so the run does not show what the token may do there.",
    cause="The server met an error of its own.",
    fix=(Press("ask-again"), *provided("if it stays", Ask("give the time of this run to the administrator{trace}"))),
    reference="RFC 9110 §15.6",
    unless="the status were below 500",
)
def endpoint_failed(context: Context) -> Match | None:
    match = _first(context, lambda p, r: r.status >= 500)
    if match is None or match.values["status"] not in ("502", "503", "504"):
        return match
    if match.values["status"] == "503":
        return replace(match, title=_UNAVAILABLE, cause=_BUSY)
    return replace(match, title=_OF_A_GATEWAY, cause=_BUSY_BEHIND, certainty="likely")


_UNAVAILABLE = "{endpoint} answered 503, so the run does not show what the token may do there."
_BUSY = "The application, or the one behind a gateway, is starting, is overloaded, or does not run."
_OF_A_GATEWAY = (
    "A proxy or gateway answered {status} in place of {endpoint}, so the run does not show what the token may do there."
)
_BUSY_BEHIND = "The application behind it is starting, is overloaded, or does not run."


@rules.add(
    "endpoint-unclear",
    severity="warning",
    title="{endpoint} answered {status}, which is no refusal of the token that the protocol knows: {words}.",
    cause="Its words are all that tells the reason, such as a parameter that the endpoint requires.",
    fix=(
        Do("look in the API's documentation for what the endpoint requires"),
        *otherwise(RIGHT_PATH),
        *WITH_ANY_TOKEN,
    ),
    reference="RFC 9110 §15.5",
    certainty="unknown",
    unless="the words spoke of the token",
)
def endpoint_unclear(context: Context) -> Match | None:
    def fits(probe: ProbeResult, response: HttpResponse) -> bool:
        refused = 400 <= response.status < 500 or (response.status < 300 and not _is_page(response))
        named = _documented(context, probe) != "refused" and _names_something(response)
        told = probe.answer == "other" or (probe.answer == "absent" and named)
        return told and refused and not pause_asked(response)

    found = next(((probe, response) for probe, response in _with_token(context) if fits(probe, response)), None)
    return None if found is None else _because(context, found[1], _matched(context, *found))


def _because(context: Context, response: HttpResponse, match: Match) -> Match:
    """The match of an answer that is no refusal of the token, with what its status or its words tell."""
    words = refusal_text(response)
    if response.status == 407:
        return replace(match, cause=_BY_THE_PROXY, fix=_LOG_IN)
    if response.status == 406 and ("accept" in words or not says_more(response)):
        return match.undecided(*_NOT_THIS_TYPE)
    if response.status == 431 or _TOO_LARGE.search(words):
        size = context.state.token.length if context.state.token is not None else 0
        return match.with_values(size=f"{size:,}").because(
            "The server takes no header so large: the token alone has {size} characters.", _SMALLER, "likely"
        )
    if (reason := reason_of(words)) is not None:
        return match.because(reason.cause, reason.fix, "likely")
    return replace(match, cause=_NOT_THERE, runner_up=_OTHER_PATH, fix=_WHAT_IS) if response.status == 404 else match


_NOT_THIS_TYPE = (
    Possible(
        "The API does not answer in the type that the call asks for in its Accept header.",
        (
            Do("ask for another type, or for any (*/*), by an edit of the call's Accept header (probe.header)"),
            Press("ask-again"),
        ),
    ),
    Possible(
        "A filter in front of the API refuses the call with this status.",
        (Ask("ask the administrator what answers 406 there{trace}"),),
        "if it stays",
    ),
)
_TOO_LARGE = pattern(r"\bheaders?\b[^.\n]{0,30}\btoo (?:large|long|big)")
_SMALLER: Fix = (
    Ask(
        "have the administrator put fewer claims (groups, roles) into the token, or raise the server's limit for headers"
    ),
    *otherwise(Do("ask for a smaller scope"), RERUN),
)
_NOT_THERE = "The endpoint is there, and what its words name is not, for this user or this application."
_OTHER_PATH = "The endpoint has another path."
_WHAT_IS: Fix = (Ask("ask the administrator about what these words name{trace}"), *otherwise(RIGHT_PATH))


_BY_THE_PROXY = "A proxy on the way asks for a login of its own before it lets the request through."
_LOG_IN: Fix = (Do("log in to the proxy, or set its user and password in the proxy's variable"), Press("ask-again"))


@rules.add(
    "endpoint-login",
    severity="warning",
    title="{endpoint} answered {status} with a login instead of data, so the run does not show what the token may do there.",
    cause="The API did not check the token and sends every request to a login page.",
    runner_up="A gateway in front of it does so.",
    fix=(
        SetField("base_url", words="the address of the API"),
        *otherwise(Change("proxy", "have the gateway in front of it let bearer tokens through")),
    ),
    reference="RFC 6750 §3",
    unless="neither the page nor the address spoke of a log-in",
)
def endpoint_login(context: Context) -> Match | None:
    return _first(context, lambda p, r: _redirects_to_login(r) or (_is_page(r) and asks_to_log_in(r)))


@rules.add(
    "endpoint-web-page",
    severity="warning",
    title="{endpoint} answered {status} with a web page instead of data, so the run does not show what the token may do there.",
    cause="The API does not know this path, and the server gives its start page for every path that it does not know.",
    runner_up="The base URL {base_url} is that of the web application, and the API is elsewhere.",
    fix=(SetField("base_url", words="the address of the API"), *otherwise(RIGHT_PATH)),
    reference="protocol.md, step 3",
    unless="the answer were data, or asked for a log-in",
)
def endpoint_web_page(context: Context) -> Match | None:
    return _first(context, lambda p, r: _is_page(r))


@rules.add(
    "endpoint-moved",
    severity="warning",
    title="{endpoint} answered {status}, a redirect to {location}, which is not followed: a token goes nowhere by itself.",
    cause="The API lives at that address.",
    fix=(SetField("base_url", words="the address that it redirects to, without {path}"), *otherwise(RIGHT_PATH)),
    certainty="likely",
    reference="RFC 9110 §15.4",
    unless="the answer were no redirect, or led to a log-in",
)
def endpoint_moved(context: Context) -> Match | None:
    return _first(context, lambda p, r: r.redirects and bool(header(r.headers, "location")))


def _is_page(response: HttpResponse) -> bool:
    return response.succeeded and is_web_page(response)


def _redirects_to_login(response: HttpResponse) -> bool:
    location = header(response.headers, "location") or ""
    return response.redirects and (leads_to_login(location) or login_gateway(location) != "")


@rules.add(
    "endpoint-no-answer",
    title="{endpoint} did not answer: {words}",
    cause="The connection broke, or the endpoint takes longer than this program waits.",
    fix=(Press("ask-again", ": the token is valid"),),
    certainty="likely",
    reference="protocol.md, step 3",
    unless="an answer came, whatever it says",
)
def endpoint_no_answer(context: Context) -> Match | None:
    lost = next(((probe.endpoint.name, probe.failed) for probe in context.state.probes if probe.failed), None)
    if lost is None:
        return None
    name, failed = lost
    said = fault_sentence(failed.fault, failed.request, "access")
    evidence = Evidence(quoted(name), said, Pointer("access", "request", name))
    match = Match({"endpoint": quoted(name), "words": said}, (evidence,))
    if failed.fault.kind != "browser":
        return match
    entry = entry_of(failed.fault)  # in another program's file: the browser itself kept the request or its answer back
    match = replace(match.with_values(**values_of(failed.fault, failed.request, "access")), runner_up=entry.runner_up)
    return replace(match, cause=entry.cause, fix=entry.fix, certainty=entry.certainty)


@rules.add(
    "list-users-empty",
    question="",
    severity="warning",
    title="{endpoint} answered with an empty list, so there is no user to choose.",
    cause="This token is shown no users on this deployment.",
    fix=(Ask("ask the administrator to assign users to the application"), Press("ask-again")),
    reference="protocol.md, step 3",
    unless="the list held a user",
)
def list_users_empty(context: Context) -> Match | None:
    def fits(probe: ProbeResult, response: HttpResponse) -> bool:
        if probe.answer != "accepted" or not lists_users(probe.endpoint, context.inputs.dialect):
            return False
        value = json_reading(response.body.data).value
        lists = [part for part in (json_object(response) or {}).values() if isinstance(part, list)]
        return value == [] or lists == [[]]

    return _first(context, fits)


@rules.add(
    "generic-token-refused",
    question="",
    severity="note",
    title="{endpoint} refused the generic token ({status}), as documented: it accepts user-specific tokens only.",
    cause="A generic token reaches ListUsers and nothing else.",
    fix=(*provided("to reach it", SetField("userid", source="users"), RERUN),),
    reference="protocol.md, step 3",
)
def generic_token_refused(context: Context) -> Match | None:
    if context.inputs.kind != "generic":
        return None
    return _first(context, lambda p, r: r.status in (401, 403) and p.endpoint.generic == "refused" and not _invalid(r))


def _invalid(response: HttpResponse) -> bool:
    """Whether the endpoint says that the token itself is invalid (RFC 6750 §3.1): then its kind is not the reason."""
    return any("invalid_token" in value for value in headers_named(response.headers, "www-authenticate"))
