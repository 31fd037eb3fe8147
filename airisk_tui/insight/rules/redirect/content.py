"""An answer came, and holds no code that could be exchanged (threats.md L7; RFC 6749 §4.1.2)."""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.flow.triggers import BESIDE_AN_ANSWER
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, DropField, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import REFUSES
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import blaming
from airisk_tui.insight.rules.redirect import answer, answered, parameter, said, severity
from airisk_tui.insight.rules.redirect.refusal import ENTRIES
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import CODE_NAMES, NO_CODES, split_query
from airisk_tui.oauth.text.visible import decoded

rules = RuleSet("Redirect", answered, "redirect", severity_of=severity)


@rules.add(
    "duplicate-parameter",
    title="The redirect holds {names} more than once, so it is unclear which value is true; nothing was exchanged.",
    cause="The server, or something that rewrites its redirects, adds the parameter a second time.",
    runner_up="Somebody added a parameter of their own to the redirect.",
    fix=(
        *provided("if the redirect URI's own query holds {name}", Change("registration", "remove it there")),
        *provided("otherwise", Ask("give both values to the administrator")),
    ),
    reference="RFC 6749 §3.1; threats.md L7",
    unless="the answer had another run's state",
)
def duplicate_parameter(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "duplicate" or came.verification == "mismatch":
        return None
    names = came.redirect.duplicates
    evidence = tuple(Evidence(name, listed(came.redirect.params.all(name)), parameter(name)) for name in names)
    shown = {"names": listed(names), "name": quoted(names[0])}
    return Match(shown, evidence)


@rules.add(
    "answer-in-fragment",
    title="The answer stands behind the “#” of the redirect, which a browser sends to no server.",
    cause="The server answers as in the implicit flow: response_mode=fragment.",
    fix=(
        Rerun("paste"),
        Do("paste only the value of {name} from behind the “#”"),
        *provided("in the long run", Change("server", "have the server answer in the query")),
    ),
    reference="RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Type Encoding Practices §2.1",
    unless="the query held a code or an error, or the fragment neither",
)
def answer_in_fragment(context: Context) -> Match | None:
    came, code = answer(context), context.inputs.dialect.code
    codes = {code, *CODE_NAMES}
    found = [name for name, _ in came.redirect.fragment if name in (*codes, "error", "access_token", "id_token")]
    if came.redirect.kind != "empty" or not found:
        return None
    evidence = Evidence("Fragment", ", ".join(found), parameter(found[0]))
    error = came.redirect.fragment.get("error")
    if not error and not codes & set(found):
        asked = context.inputs.dialect.response_type
        return Match(
            {"name": quoted(found[0]), "asked": quoted(f"response_type={asked}") if asked else "no response_type"},
            (evidence,),
            cause="The server answered with {name}, as in the implicit flow, and with no code; {asked} was sent.",
            fix=(Change("server", "have the server answer with a code (response_type=code) in the query"),)
            if asked
            else (SetField("dialect.response_type", "code"), RERUN),
        )
    if not error:
        return Match({"name": quoted(found[0])}, (evidence,))
    words = said(error, came.redirect.fragment.get("error_description"))
    known = next((entry.fix for entry in ENTRIES if entry.code == error.replace("_", "-")), None)
    cause = "The server refused with {said}, and wrote that behind the “#”, as in the implicit flow."
    match = Match({"said": quoted(words)}, (evidence,), cause, fix=known or (Do("correct what the error names"),))
    blamed = blaming(context, words.lower(), match)
    return replace(match, values=blamed.values, fix=blamed.fix) if blamed is not None else match


@rules.add(
    "code-and-error",
    title="The redirect holds both a code and an error ({words}), which contradict each other; nothing was exchanged.",
    cause="The server is broken, or something on the way added one of the two.",
    fix=(RERUN, *provided("if it stays", Ask("give the whole redirect to the administrator"))),
    reference="RFC 6749 §4.1.2.1",
    unless="the redirect held one of the two",
    certainty="likely",
)
def code_and_error(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "both":
        return None
    words = quoted(came.redirect.error or "")
    code = Evidence("code", "present", parameter(context.inputs.dialect.code))
    return Match({"words": words}, (Evidence("error", words, parameter("error")), code))


@rules.add(
    "token-in-redirect",
    title="The redirect brings a token ({name}) and no code, as in the implicit flow; it was not used.",
    cause="The application is registered for the implicit flow, or the server knows no other: it ignores response_type=code.",
    fix=(
        SetField("params.response_type", "code"),
        RERUN,
        *provided("if that changes nothing", Change("registration", "have the authorization-code grant switched on")),
    ),
    reference="RFC 6749 §4.2.2; RFC 9700 §2.1.2",
    certainty="likely",
    unless="a code stood beside the token (OpenID Connect's hybrid flow)",
)
def token_in_redirect(context: Context) -> Match | None:
    came = answer(context)
    name = next((name for name in TOKENS if came.redirect.params.get(name)), None)
    if came.redirect.kind != "empty" or name is None:
        return None
    return Match({"name": quoted(name)}, (Evidence(name, "present", parameter(name)),))


TOKENS = ("access_token", "id_token", "token", "accessToken")
"""Parameters of the implicit flow (RFC 6749 §4.2.2; OpenID Connect Core §3.2.2.5), and other spellings of them."""


@rules.add(
    "code-not-filled-in",
    title="The redirect's code is “{word}”, which is no code; nothing was exchanged.",
    cause="A script or a template of the server's page built the redirect before it had a code, and wrote an empty variable in its place.",
    fix=(
        RERUN,
        *provided("if it comes again", Ask("give this exchange to the administrator: the code is not filled in")),
    ),
    reference="RFC 6749 §4.1.2",
    unless="the same word led to a token",
)
def code_not_filled_in(context: Context) -> Match | None:
    word = answer(context).redirect.code or ""
    if word.lower() not in NO_CODES:
        return None
    return Match({"word": word}, (Evidence("code", quoted(word), parameter(context.inputs.dialect.code)),))


@rules.add(
    "other-protocol",
    title="What came back is an answer of {protocol}, with {names}, and not one of OAuth 2.0's authorization-code flow.",
    cause="The address to which the browser was sent, or the application's registration, is one of {protocol}.",
    fix=(
        SetField("base_url", words="the address of the OAuth 2.0 endpoints"),
        *otherwise(Ask("have the administrator register {client_id} for OAuth 2.0's authorization-code flow")),
    ),
    reference="RFC 6749 §4.1.2",
    certainty="likely",
    unless="a code or an error of OAuth came beside it",
)
def other_protocol(context: Context) -> Match | None:
    came = answer(context)
    names = {name for name, value in came.redirect.params if value}
    found = next(((protocol, names & signs) for protocol, signs in PROTOCOLS if names & signs), None)
    if came.redirect.kind != "empty" or found is None:
        return None
    shown = listed(sorted(found[1]))
    return Match(
        {"protocol": found[0], "names": shown}, (Evidence("Parameters", shown, Pointer("redirect", "request")),)
    )


PROTOCOLS = (
    ("SAML 2.0", frozenset({"SAMLResponse", "SAMLart"})),
    ("WS-Federation", frozenset({"wresult", "wa"})),
    ("OpenID 2.0", frozenset({"openid.mode", "openid.ns"})),
    ("OAuth 1.0", frozenset({"oauth_token", "oauth_verifier"})),
)
"""Protocols that come back to an address as OAuth does, with the parameters that tell."""


@rules.add(
    "error-renamed",
    title="The redirect holds no “error”, but says {said}: the server refused, under names of its own.",
    cause="The server refused the request, for the reason that its words give.",
    fix=(
        Do("look these words up in the server's documentation"),
        *provided("if they do not help", Ask("give this exchange to the administrator")),
    ),
    reference="RFC 6749 §4.1.2.1",
    certainty="likely",
    unless="a code came, too",
)
def error_renamed(context: Context) -> Match | None:
    came = answer(context)
    told = [(name, value) for name, value in came.redirect.params if value and _tells_of_an_error(name, value)]
    if came.redirect.kind != "empty" or not told:
        return None
    words = ", ".join(f"{name}: {value}" for name, value in told[:4])
    match = Match({"said": quoted(words)}, (Evidence(told[0][0], quoted(told[0][1]), parameter(told[0][0])),))
    match = replace(match)
    return blaming(context, " ".join(value for _, value in told).lower(), match) or match


def _tells_of_an_error(name: str, value: str) -> bool:
    of_words = _WORDS_NAME.fullmatch(name) and " " in value
    return _ERROR_NAME.fullmatch(name) is not None or bool(of_words and _REFUSAL.search(value.lower()))


_ERROR_NAME = pattern(r"error\w+|err|err(?:code|msg)|fault\w*|failure\w*", re.IGNORECASE)
_WORDS_NAME = pattern(r"message|msg|reason|description|details?|status_?(?:message|text)", re.IGNORECASE)
_REFUSAL = pattern(
    rf"{REFUSES.pattern}|\b(?:denied|refused|fail\w*|error|expired|disabled|not (?:permitted|assigned))\b"
)


@rules.add(
    "form-repeated",
    severity="warning",
    question="",
    title="The browser sent a form of the server's page along to the redirect URI, as a POST with {names}.",
    cause="The server redirected with 307 or 308, which makes a browser repeat the POST of the log-in page, whatever was typed into it.",
    fix=(Change("server", "have the server redirect with 302 or 303, after which a browser sends no body"),),
    reference="RFC 9700 §4.12; RFC 9110 §15.4.8",
    certainty="likely",
    unless="the answer itself stood in the body (form_post)",
)
def form_repeated(context: Context) -> Match | None:
    came = answer(context)
    request = came.request
    if request is None or request.method != "POST" or came.via != "listener" or not request.body.data:
        return None
    if Params.parse(split_query(request.url)[0]).get(context.inputs.dialect.code) is None:
        return None
    names = [name for name, _ in Params.parse(decoded(request.body.data))][:6]
    shown = listed(names)
    return Match({"names": shown}, (Evidence("In the body", shown, Pointer("redirect", "body")),)) if names else None


@rules.add(
    "code-renamed",
    title="The redirect holds no {name}, but {suspect}, which looks like a code.",
    cause="This server has its own name for the code.",
    fix=(SetField("dialect.code", "{suspect}"), RERUN),
    reference="RFC 6749 §4.1.2",
    unless="the code stood there under its own name, too",
    certainty="likely",
)
def code_renamed(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "empty" or came.redirect.other_name is None:
        return None
    name, suspect = context.inputs.dialect.code, came.redirect.other_name
    evidence = pair("Name of the code", name, suspect, parameter(suspect))
    return Match({"name": quoted(name), "suspect": quoted(suspect)}, (evidence,))


@rules.add(
    "callback-by-program",
    title="A program, {agent}, and not a browser called the redirect URI, with neither a code nor an error.",
    cause="The server calls the redirect URI itself, as an older API reference describes, and does not redirect the browser.",
    runner_up="A scanner, a health check, or somebody at a command line tried the address.",
    fix=(
        Do("look at the browser"),
        *provided(
            "if it shows the page of this listener",
            Change("server", "have the deployment redirect the browser instead"),
        ),
        *provided("if it shows a login", Do("log in there")),
    ),
    reference="protocol.md, step 1",
    unless="the request had the name of a browser (Mozilla) or a browser's Fetch metadata",
)
def callback_by_program(context: Context) -> Match | None:
    came = answer(context)
    headers = came.request.headers if came.request is not None and came.via == "listener" else ()
    agent = header(headers, "user-agent")
    if came.redirect.kind != "empty" or came.redirect.other_name is not None or not headers:
        return None
    # Every browser calls itself Mozilla/5.0, and sends Fetch metadata to a loopback address (Fetch metadata §2.1).
    if "mozilla/" in (agent or "").lower() or header(headers, "sec-fetch-mode") is not None:
        return None
    place = Pointer("redirect", "header", "User-Agent") if agent else Pointer("redirect", "request")
    evidence = Evidence("User-Agent", brief(agent) if agent else "none", place)
    shown = {"agent": brief(agent) if agent else "which does not give its name"}
    return Match(shown, (evidence,))


@rules.add(
    "redirect-empty",
    title="The redirect came back with neither a code nor an error.",
    cause="The answer is in the fragment (behind “#”), which browsers do not send.",
    runner_up="The server is broken, or somebody opened the redirect URI by hand.",
    fix=(
        Do("look at the browser's address bar"),
        *provided("if a code stands behind the “#”", Rerun("paste"), Do("paste only its value")),
    ),
    reference="RFC 6749 §4.1.2",
    unless="the redirect held a code or an error under any name, in its query or its fragment",
    certainty="unknown",
)
def redirect_empty(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "empty":
        return None
    names = listed([name for name, _ in came.redirect.params.items]) or "none"
    match = Match(evidence=(Evidence("Parameters that came", names, Pointer("redirect", "request")),))
    bare = next((name for name in (context.inputs.dialect.code, "error") if came.redirect.params.get(name) == ""), None)
    if bare is not None:
        fix = (RERUN, *provided("if it stays", *_EVERY_REDIRECT))
        return match.with_values(name=quoted(bare)).because(_NO_VALUE, fix, "likely")
    strange = [
        name
        for name, value in came.redirect.params
        if name.lower() not in BESIDE_AN_ANSWER and value and not any(map(str.isspace, value))
    ]
    if strange == ["response"] and (came.redirect.params.get("response") or "").count(".") >= 2:
        return match.because(_JARM, _NO_JARM, "proven")
    if strange:
        return match.with_values(name=brief(strange[0])).because(_OWN_NAME, _IF_IT_IS_THE_CODE)
    if came.via == "listener":
        return match
    cut = "" if came.via == "direct" else "The address was not copied whole."
    return replace(match, cause=_NO_ANSWER, runner_up=cut, fix=_EVERY_REDIRECT)


_NO_ANSWER = "The server redirected before it had an answer, or omitted the answer."
_OWN_NAME = "This server has its own name for the code, perhaps {name}; or it redirected before it had an answer."
_IF_IT_IS_THE_CODE: Fix = (
    *provided("if {name} holds the code", SetField("dialect.code", "{name}"), RERUN),
    *provided("otherwise", Ask("give this exchange to the administrator")),
)
_NO_VALUE = "The redirect has {name} without a value: the server redirected before it had one, or lost it on the way."
_EVERY_REDIRECT: Fix = (
    Ask("give this exchange to the administrator: every redirect to the redirect URI must carry a code or an error"),
)
_JARM = "The server wrote its whole answer into one signed text, “response” (JARM), which this program does not read."
_NO_JARM: Fix = (
    Change("registration", "have the application registered for plain answers, without response_mode=jwt"),
    *provided("if this run asks for it", DropField("params.response_mode"), RERUN),
)
