"""The authorization endpoint answered with a page or a document of success in place of a redirect (protocol.md, step 1).

What a page is to a person, `insight.reading.pages` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, provided
from airisk_tui.insight.reading.blame import REFUSES, blamed, refusal_text, refuses_an_application
from airisk_tui.insight.reading.pages import (
    MAX_READ,
    has_form,
    kind_of,
    sent_on_by,
    shown_by,
    shows_listener,
    speaks_of,
)
from airisk_tui.insight.reading.reasons import CONSENT, SECOND_FACTOR, of_the_browser, of_the_login
from airisk_tui.insight.reading.run import MAX_WORDS, asks_to_log_in, authorization_unanswered, json_object
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import blaming, exchange, matched, own_values
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import MAX_PAGE, is_web_page
from airisk_tui.oauth.answer.server_error import visible_words
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.redirect.authorization import read_redirect
from airisk_tui.oauth.redirect.paste import is_of_an_error, read_paste
from airisk_tui.oauth.text.visible import decoded

fetched = RuleSet("Redirect URI fetched", authorization_unanswered, "authorization")
"""Asked before any other rule about the answer: a server that calls the redirect URI itself may answer with anything."""

rules = RuleSet("Answer page", authorization_unanswered, "authorization")


@fetched.add(
    "server-fetches-redirect",
    title="The server called the redirect URI itself and did not redirect: its answer ({status}) {sign}.",
    cause="This deployment calls the redirect URI from the server, as an older API reference describes, {result}.",
    fix=(
        Change("server", "have the deployment redirect the browser instead"),
        *provided("until then", Change("registration", "register a redirect URI that the server can reach")),
        Do("read the code there"),
    ),
    reference="protocol.md, step 1",
    unless="the answer neither spoke of such a call nor was the page of a listener",
)
def server_fetches_redirect(context: Context) -> Match | None:
    response, ours = exchange(context).response, context.inputs.redirect_uri
    if shows_listener(response):
        sign, result = "is the page of a listener such as this program's", "and passes on the page that it got there"
    elif speaks_of(response, ours):
        sign, result = "speaks of that call", f"where {quoted(ours)} is not this machine"
    else:
        return None
    body = Pointer("authorization-request", "body")
    said = Evidence("In its words", quoted(decoded(response.body.data[:MAX_PAGE]).strip()), body)
    return matched(context, said, sign=sign, result=result)


@rules.add(
    "page-sends-on",
    title="The server answered {status} with a page that sends the browser to the redirect URI by {means}; it did not redirect.",
    cause="Only a browser follows such a page. The direct mode reads answers and runs no page.",
    fix=(Rerun("browser"),),
    reference="RFC 6749 §4.1.2",
    unless="the page led elsewhere than to the redirect URI",
)
def page_sends_on(context: Context) -> Match | None:
    response = exchange(context).response
    means = sent_on_by(response, context.inputs.redirect_uri) if response.succeeded else None
    return None if means is None else matched(context, means=means)


@rules.add(
    "code-in-body",
    title="The server wrote the {what} into the body of its answer ({status}), {where}, and did not redirect.",
    cause="This deployment hands the answer over in the body: to a program, to a script on its own page, or to a person who copies it.",
    fix=(Rerun("paste"), Do("paste what the browser shows: the whole text, the address in it, or the code")),
    reference="protocol.md, step 1",
    unless="the code on the page stood in a link of another client, without the state of this run and without words about copying",
)
def code_in_body(context: Context) -> Match | None:
    response = exchange(context).response
    if not response.succeeded:
        return None
    text = decoded(response.body.data[:MAX_PAGE]).strip()
    found = _on_page(text, context) if is_web_page(response) else _in_text(text, context)
    if found is None:
        return None
    what, where = found
    return matched(context, Evidence("Found", where, Pointer("authorization-request", "body")), what=what, where=where)


def _in_text(text: str, context: Context) -> tuple[str, str] | None:
    """The answer that a body of JSON or plain text holds, read as if a person had pasted it, and its place."""
    inputs = context.inputs
    paste = read_paste(text, inputs.base_url, inputs.dialect, inputs.state)
    redirect = read_redirect(f"?{paste.query}", inputs.dialect)
    if paste.fault is not None or paste.kind == "code" or not (redirect.code or redirect.other_name):
        return _in_other_format(text, context)
    where = f"in the member {quoted(paste.member)}" if paste.member else "as its text"
    return ("code" if redirect.code else f"code, as {quoted(redirect.other_name or '')}"), where


_ELEMENT = pattern(r"<(?:\w+:)?(?P<name>code|authorization_?code)>\s*(?P<value>[^\s<]{6,})\s*</", re.IGNORECASE)
_CALL = pattern(r"[\w.$]+\(\s*(?P<json>\{.*\})\s*\);?", re.DOTALL)
_SCRIPTED = pattern(r"\bcode['\"]?\s*[:=,]\s*['\"][^'\"\s]{6,}['\"]")


def _in_other_format(text: str, context: Context) -> tuple[str, str] | None:
    """A code in an element of XML, or in JSON that a script's call stands around."""
    elements = {name.lower() for name in re.findall(r"<([\w:]+)>", text)}
    if (element := _ELEMENT.search(text)) and not is_of_an_error(element["value"], elements):
        return "code", f"in the element {quoted(element['name'])}"
    call = _CALL.fullmatch(text)
    return _in_text(call["json"], context) if call else None


_SHOWN = pattern(r"[?&\s>\"']code=[^\s&<>\"']{6,}")
"""A code as pages for copying show it, in their title or text. A link of the page to another client's page has one, too, so
the state or the words beside it decide."""


def _on_page(text: str, context: Context) -> tuple[str, str] | None:
    state = context.inputs.state
    copies = re.search(r"copy (this|the)|paste (this|it)|authorization code", text, re.IGNORECASE)
    if _SHOWN.search(text) and (copies or (state and f"state={state}" in text)):
        return "code", "on a page that a person can copy it from"
    if state and state in text and _SCRIPTED.search(text) and "<form" not in text.lower():
        return "code", "in a script of its page"
    return None


@rules.add(
    "location-without-redirect",
    title="The server named the redirect URI in the header {name}, but answered {status}, which is no redirect.",
    cause="The server, or a proxy in front of it, sets the header without the status 302 that belongs to it.",
    fix=(Change("server", "have the server answer 302: no browser follows a Location header in any other answer"),),
    reference="RFC 9110 §10.2.2, §15.4",
    unless="the header named another address than the redirect URI",
)
def location_without_redirect(context: Context) -> Match | None:
    response, ours = exchange(context).response, context.inputs.redirect_uri
    name = next((name for name in ("Refresh", "Location") if ours in (header(response.headers, name) or "")), None)
    if name is None or not ours or not response.succeeded:
        return None
    place = Pointer("authorization-request", "header", name)
    match = matched(context, Evidence(name, "present", place), name=name)
    follow = (Rerun("browser", ": a browser follows a Refresh header"), Change("server", "have the server answer 302"))
    return match if name == "Location" else replace(match, fix=follow)


@rules.add(
    "page-names-error",
    title="The server answered {status} with a web page that names an error: {said}.",
    cause="The server refused the authorization request, and told the person in place of the client.",
    fix=(
        Change("registration", "change what the page names, in the request or in the application's registration"),
        RERUN,
    ),
    reference="RFC 6749 §4.1.2.1",
    unless="the page held no code of an error beyond what its scripts list: words alone leave open who speaks, and why",
    certainty="likely",
)
def page_names_error(context: Context) -> Match | None:
    response = exchange(context).response
    told = _complaint(response, own_values(context)) if is_web_page(response) else None
    if told is None:
        return None
    match, reason = matched(context, said=quoted(told, MAX_WORDS)), of_the_login(refusal_text(response))
    if reason is not None:
        return replace(match, cause=reason.cause, fix=reason.fix)
    return blaming(context, told.lower(), match) or match


_CODES = r"\b(?:redirect_uri_mismatch|invalid_(?:request|client|scope|redirect_uri)|unauthorized_client|unsupported_response_type)\b"
_COMPLAINT = pattern(rf"AADSTS[0-9]{{4,}}[^<\"]{{0,200}}|[^<>]{{0,160}}{_CODES}[^<>]{{0,120}}")
NAMES_ERROR = pattern(_CODES)


def _complaint(response: HttpResponse, own: Iterable[str]) -> str | None:
    """The words of a page about an error (RFC 6749 §4.1.2.1): Entra's code anywhere, as its pages are drawn by a script, another code or
    a complaint about redirect URI or client in the words that a person sees; where it asks nothing, that somebody is not let in."""
    text = decoded(response.body.data[:MAX_READ])
    words = visible_words(text)
    if found := _COMPLAINT.search(text if "AADSTS" in text else words):
        told = " ".join(unescape(found[0]).split())
        return told if found.start() == 0 or "AADSTS" in text else told.partition(" ")[2]
    for refusal in REFUSES.finditer(words.lower()):
        around = words[max(0, refusal.start() - 100) : refusal.end() + 120]
        if blamed(around.lower(), own) in ("redirect_uri", "client_id"):
            return around.strip()
    if has_form(response):
        return None
    reason = of_the_login(refusal_text(response))
    if reason is not None:
        return None if reason.sign in _ASKED_OF_PEOPLE else words[:200]
    lower = words.lower()
    # With 404 a hosting platform says that it has no application, either.
    of_one = _names_one(lower) or (refuses_an_application(lower) and response.status != 404)
    return words if of_one and len(words) < MAX_WORDS else None


def _names_one(words: str) -> bool:
    """Whether lower-case words name one parameter of the request as only the protocol spells it: pages that work do not."""
    return len({found[0] for found in _SPELLED.finditer(words)}) == 1


_SPELLED = pattern(r"(?<![a-z_])(?:redirect_ur[il]|client_id|response_type|code_challenge(?:_method)?)(?![a-z_])")


_ASKED_OF_PEOPLE = (CONSENT, SECOND_FACTOR)
"""Reasons that ask a person to do something, on pages that work as they should."""


@rules.add(
    "login-page",
    title="The server answered {status} with a web page and did not redirect; the page says {shown}.",
    cause="A person has to log in or consent on that page, which the direct mode cannot do.",
    runner_up="A proxy or the network's own login page answered, or the base URL {base_url} leads to a web site.",
    fix=(Rerun("browser"), Do("do on that page what it asks")),
    reference="RFC 6749 §3.1",
    unless="the page had nothing to fill in, or came with a status of failure other than 401 and 403",
)
def login_page(context: Context) -> Match | None:
    response = exchange(context).response
    asks = is_web_page(response) and kind_of(response) == "asks"
    if not asks or context.state.imported is not None:
        return None
    match = matched(context, shown=shown_by(response))
    if response.succeeded:
        return match
    refused = response.status in (401, 403) and asks_to_log_in(response) and has_form(response)
    gives_reason = of_the_browser(refusal_text(response))
    return match.because(_ASKED_IN_FRONT, certainty="likely") if refused and not gives_reason else None


_ASKED_IN_FRONT = (
    "Something in front of the deployment, such as a log-in proxy, asks on that page for a login of its own."
)


@rules.add(
    "web-page",
    title="The server answered {status} with a web page and did not redirect; the page says {shown}.",
    cause="Those words are meant for a person, and are all that tells why.",
    runner_up="The base URL {base_url} leads to {what}, and not to the API.",
    fix=(
        Rerun("browser", ", and look whether the same page shows"),
        *provided("if it does", Do("act on what it says")),
        *provided("if it is a web site", SetField("base_url", words="the address of the API"), RERUN),
    ),
    reference="protocol.md, step 1",
    unless="the page asked for a log-in: then that is said",
    certainty="unknown",
)
def web_page(context: Context) -> Match | None:
    response = exchange(context).response
    if not (is_web_page(response) and response.succeeded) or context.state.imported is not None:
        return None
    if kind_of(response) != "program":
        return matched(context, what="a web site", shown=shown_by(response))
    match = matched(context, what="a web application, such as the platform's own front end", shown=shown_by(response))
    return match if visible_words(decoded(response.body.data[:MAX_READ])) else replace(match, cause=_DRAWN)


_DRAWN = "A script draws the login or consent page, which only a browser shows."


@rules.add(
    "answer-without-redirect",
    title="The server answered {status} without redirecting.",
    cause="Either the base URL {base_url} leads to something that is not an authorization server, or this deployment calls the "
    "redirect URI itself, as an older API reference describes.",
    fix=(
        Do("compare the base URL with the address of the API"),
        *provided("to see what a browser makes of it", Rerun("browser")),
        *provided("if it is right", Ask("have the administrator make the deployment redirect the browser")),
    ),
    reference="protocol.md, step 1",
    unless="the answer were a page, held the code, or named the redirect URI: all are looked for first",
    certainty="unknown",
)
def answer_without_redirect(context: Context) -> Match | None:
    response = exchange(context).response
    read = context.state.imported is not None and (is_web_page(response) or response.body.cut is not None)
    if read or not response.succeeded:
        return None
    if not json_object(response):
        return matched(context)
    words = quoted(decoded(response.body.data[:MAX_PAGE]).strip(), 300)
    return matched(context).with_evidence(Evidence("It says", words)).because(_AS_DATA, _IN_A_BROWSER, "unknown")


_AS_DATA = (
    "The server answers this program with data, as it answers a script: it may redirect only what looks like a browser, or the base URL "
    "leads to another endpoint."
)
_IN_A_BROWSER: Fix = (
    Rerun("browser"),
    *provided("if the browser shows the same", SetField("base_url", words="the address of the authorization server")),
)
