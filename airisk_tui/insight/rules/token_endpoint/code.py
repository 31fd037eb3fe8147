"""The token endpoint refused the code (`Invalid Code`, or RFC 6749 §5.2 invalid_grant): why?

The server says no more than that, so the answer comes from the age of the code, what the session did with it before, which
instance answered each step, and what stood beside the code in the redirect (findings.md). The code itself is sealed: all
that is known of it is its length, and whether it holds a space or an escape.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec.structs import replace

from airisk_tui.flow.phases import Phase
from airisk_tui.flow.state import FlowState, is_marked
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, provided
from airisk_tui.insight.reading.blame import all_blamed, blamed, of_a_one_time_code, without_lists
from airisk_tui.insight.reading.clues import of_another_server
from airisk_tui.insight.reading.meant import has_other_words, meant
from airisk_tui.insight.reading.run import (
    affinity,
    code_of,
    sealed_cookie,
    seconds,
    token_refused,
    two_instances,
    without_echo,
)
from airisk_tui.insight.reading.two_requests import odd_challenge, token_fields
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.rules.authorization import carried, of_challenge, own_values
from airisk_tui.insight.rules.token_endpoint import OTHER_BODY, answer, exchange, matched
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import spelled, visible_words
from airisk_tui.oauth.http import header
from airisk_tui.oauth.text.dates import utc_text

OLD_CODE = 60.0
"""Seconds. AIRisk only says "short-lived"; a minute is common, and RFC 6749 §4.1.2 allows ten at the most."""

FRESH = 5.0
"""Seconds. No server means a code to end so early."""

SLOW = 0.5
"""Seconds. An authorization request that took longer may have aged the code before it arrived."""

_REFUSED = pattern(
    r"(?:invalid|unknown|incorrect|wrong|bad)[ _-]?[\"'“]?(auth(?:ori[sz]ation)?[ _-]?)?code\b|invalid_grant"
    r"|(?<!status )(?<!error )\bcode\b.{0,40}\b(expired|used|redeemed|revoked|invalid|incorrect|unknown|not found)"
    r"|\breused\b.{0,20}\bcode\b"
    r"|(?:decrypt|decode|parse|recogni[sz]e|find|verify)\b.{0,30}\bcode\b|\bno (?:matching|such|valid|known) (?:\w+ )?code\b"
)
_EXPIRED = pattern(r"\bcode\b.{0,40}\bexpired|expired.{0,20}\bcode\b")
_USED = pattern(
    r"\b(already|been) (used|redeemed)\b|\bcode\b.{0,40}\b(already|been) revoked\b|\breused\b.{0,20}\bcode\b"
)
_ABOUT_CODES = pattern(
    r"\bcode\b|\bgrant\b|\bauthori[sz]ation\b|\bverif|\bexpired\b|\bredeemed\b|\bpkce\b|redirect|\btoken\b"
)
_BARE = pattern(r"bad request|unauthorized|invalid request|invalid grant|error|invalid")
_ON_A_PAGE = pattern(r"authori[sz]ation[ _]code|\bauth[ _]code|invalid_grant")
_ALTERNATIVE = pattern(
    r"\bor\W+(?:(?:it|has|have|is|was|were|been|already|be|may|the|authorization|code) )*(?:expired|used|redeemed)\b"
    r"|\b(?:expired|used|redeemed)\b\W*(?:\bor\b|/)|[/,] ?(?:expired|used|redeemed)\b"
    r"|\b(?:expired|used|redeemed), (?:\w+ )?(?:expired|used|redeemed|invalid|revoked)\b"
)


def _says(context: Context, what: re.Pattern[str]) -> bool:
    """Whether the server's words say this of the code, and not as one of several possibilities ("incorrect or expired")."""
    return meant(what, words_of(context)) is not None and not _ALTERNATIVE.search(words_of(context))


def words_of(context: Context) -> str:
    """The server's words in lower case, without what they repeat of our own request."""
    error = answer(context).error
    if error is None or error.form == "html":
        seen = visible_words(error.description).lower() if error is not None and answer(context).status >= 400 else ""
        return seen[:500] if _ON_A_PAGE.search(seen) else ""
    return without_echo(f"{spelled(error.code)} {error.description}".lower(), token_fields(context.state))[:500]


def refuses_the_code(context: Context) -> bool:
    """Needs: the token endpoint refused the code."""
    words = words_of(context) if token_refused(context) else ""
    if of_another_token(context, words) or of_a_one_time_code(words):
        return False
    return _of_the_code(words) and blamed_in(context, words) in ("", "code")


def of_another_token(context: Context, words: str) -> bool:
    """Whether lower-case words speak of a token, as for a refresh, and of no code, where the request holds no such token."""
    told = without_lists(words)
    return (
        "code" not in told
        and _REFRESH.search(told) is not None
        and not token_fields(context.state).get("refresh_token")
        and context.inputs.bearer is None
    )


_REFRESH = pattern(
    r"\brefresh[ _-]?token\b|\btoken (?!request|endpoint|exchange|response)(?:\w+ ){0,3}(?:active|expired|revoked|invalid|inactive)\b"
    r"|\b(?:invalid|expired|revoked|inactive) (?:access )?token\b"
)


def blamed_in(context: Context, words: str) -> str:
    """The input that lower-case words blame; where they list several, the one that the error code names."""
    error = answer(context).error
    return blamed(words, own_values(context)) or blamed(error.code.lower() if error is not None else "")


def _of_the_code(words: str) -> bool:
    """Whether lower-case words refuse the code: `invalid_grant` does so alone or beside words about a code or a grant, but it
    stands beside other reasons, too ("user disabled")."""
    beside, grant, more = words.replace("invalid grant", "invalid_grant").partition("invalid_grant")
    if not grant:
        return meant(_REFUSED, words) is not None or ("code" in words and _OF_ANOTHER.search(words) is not None)
    told = f"{beside} {more}".strip(" :.")
    return not told or _BARE.fullmatch(told) is not None or _ABOUT_CODES.search(told) is not None


damaged = RuleSet("Damaged code", refuses_the_code, "token")
"""Asked before the other rules about the code: damage explains a refusal whatever else holds."""

rules = RuleSet("Code", refuses_the_code, "token")


def _knew_the_code(context: Context) -> bool:
    """Whether the server's own words say that it knew the code."""
    return _says(context, _EXPIRED) or _says(context, _USED)


def pasted(context: Context) -> bool:
    """Whether a person pasted the code."""
    came = context.state.answer
    return came is not None and came.via in ("paste", "bare-code")


def age(context: Context) -> float:
    """The code's age in seconds when it was sent; of a pasted one, the most that it can be."""
    state = context.state
    sent = (state.token_exchanged_at or state.at) - exchange(context).timing.total
    if state.answer is None:
        return 0.0
    if pasted(context):
        asked = state.entered(Phase.OPENING)
        asked = state.entered(Phase.WAITING) if asked is None else asked
        return max(0.0, sent - (asked or 0.0))
    return max(0.0, sent - state.answer.at)


def untied(context: Context) -> bool:
    """Whether the code was pasted and nothing ties it to this run: its age is unknown, and it may be another run's."""
    came = context.state.answer
    return pasted(context) and came is not None and came.verification != "match"


def _age_in_words(context: Context) -> str:
    return "an unknown time" if untied(context) else ("at most " if pasted(context) else "") + seconds(age(context))


_BY_HAND: Fix = (
    Change("server", "have the server percent-encode its code in the redirect, once"),
    *provided("until then", Rerun("paste"), Do("paste only the value of {name} from the address bar, {what}")),
)


@damaged.add(
    "code-decoded-wrongly",
    title="The token endpoint said {words}, and the code arrived with {sign} in it, which the server did not intend.",
    cause="{why}",
    runner_up="The code does hold it, and is refused for another reason.",
    fix=_BY_HAND,
    reference="RFC 6749 §4.1.2, appendix B; RFC 3986 §2.4",
    unless="the server's words said that it knew the code (expired, used), or the code held neither a space nor a percent escape",
)
def code_decoded_wrongly(context: Context) -> Match | None:
    view = context.state.code
    if view is None or view.oddity not in SIGNS or _knew_the_code(context):
        return None
    sign, why, what = SIGNS[view.oddity]
    evidence = Evidence("Code", f"{view.length} characters, with {sign}", Pointer("redirect", "parameter", "code"))
    return matched(context, evidence, sign=sign, why=why, what=what, name=quoted(context.inputs.dialect.code))


SIGNS = {
    "space": (
        "a space",
        "The redirect holds a “+” of the code as it is, where it means a space; the server must write it as %2B.",
        "where it shows a “+”",
    ),
    "escape": (
        "a percent escape",
        "The server, or a proxy that rewrites its redirects, encodes the code twice: one “%2B” or the like is left after decoding.",
        "with each %2B, %2F and %3D in it (or %252B …) replaced by the character that it stands for",
    ),
}
"""By what is odd in a code: what it is, how it came there, and how a person writes the code by hand."""


@damaged.add(
    "code-cut-at-ampersand",
    title="The token endpoint said {words}, and the redirect has a piece without a name after the code.",
    cause="The code holds a “&” that is not written as %26, so every reader takes it for the end of the code.",
    runner_up="The piece is a parameter of the server's own, and the code is refused for another reason.",
    fix=_BY_HAND,
    reference="RFC 6749 §4.1.2, appendix B; RFC 3986 §2.2",
    unless="the server's words said that it knew the code, or what follows the code were a parameter of the protocol",
)
def code_cut(context: Context) -> Match | None:
    came, name = context.state.answer, context.inputs.dialect.code
    pairs = pairwise(came.redirect.params) if came is not None and not _knew_the_code(context) else ()
    behind, value = next((after for before, after in pairs if before[0] == name), ("", ""))
    if value or behind in ("", "state", "iss", "error", "scope"):
        return None
    evidence = Evidence("Behind the code", f"a piece of {len(behind)} characters", Pointer("redirect", "request"))
    return matched(context, evidence, name=quoted(name), what="up to the parameter that follows it, with its “&”")


def of_pkce(context: Context, match: Match) -> Match | None:
    """The match where step 1 and step 2 show that verifier and challenge cannot fit; None where they may."""
    imported, remedy = context.state.imported, of_challenge(context)
    if remedy is not None:
        odd = Evidence("Code challenge", odd_challenge(context.state), _CHALLENGE)
        return replace(match.with_evidence(odd), cause=remedy[0], runner_up=_READ_ALL_THE_SAME, fix=remedy[1])
    if imported is not None and imported.verifier_fits is False:
        return match.because(_DOES_NOT_FIT, _SAME_PAIR, "proven")
    sent, recorded = token_fields(context.state), imported is not None and exchange(context).request.body.data
    redeemed = recorded and sent.get(context.inputs.dialect.code)
    if not redeemed or not carried(context, "code_challenge") or sent.get("code_verifier"):
        return None
    return match.because(_NO_VERIFIER, _SEND_VERIFIER, "proven")


_CHALLENGE = Pointer("authorization-request", "parameter", "code_challenge")
_READ_ALL_THE_SAME = "The server reads such a challenge, and refuses the code for another reason."
_DOES_NOT_FIT = (
    "The verifier in the file is not that of the challenge in step 1, by the method that it names (RFC 7636 §4.6)."
)
_SAME_PAIR: Fix = (
    Change(
        "client",
        "send the verifier whose challenge the same log-in sent (the stored one is of another attempt), and name the method that made it",
    ),
)
_NO_VERIFIER = "Step 1 sent a code challenge, and the token request has no verifier for it (RFC 7636 §4.5)."
_SEND_VERIFIER: Fix = (Change("client", "send the code_verifier of the same log-in with the code"),)


@damaged.add(
    "pkce-mismatch",
    title="The token endpoint said {words}, and nothing in the request can match the code challenge of step 1.",
    cause=_DOES_NOT_FIT,
    fix=_SAME_PAIR,
    reference="RFC 7636 §4.2, §4.6",
    unless="the server's words said that it knew the code (expired, used), or the two fitted or were masked in the file",
)
def pkce_mismatch(context: Context) -> Match | None:
    told = _knew_the_code(context) or _OF_ANOTHER.search(without_lists(words_of(context)))
    return None if told else of_pkce(context, matched(context))


@rules.add(
    "code-reused",
    title="The token endpoint said {words}, and this code had been sent before.",
    cause="A code works once. {when}",
    fix=(Rerun(words=" from the start to get a new code"), Do("do not paste or reload an old redirect")),
    reference="RFC 6749 §4.1.2",
    unless="no earlier run had sent this code, and the words spoke of its use only as one of several reasons",
)
def code_reused(context: Context) -> Match | None:
    mine = code_of(context.state)
    earlier = next((run for run in context.earlier if mine and code_of(run) == mine and run.token_exchange), None)
    if earlier is not None:
        when = _when(earlier)
        return matched(context, Evidence("Sent before", when, Pointer("token-request", "parameter", "code")), when=when)
    if not _says(context, _USED):
        return None
    match = replace(
        matched(context, when=_SENT_BY_ANOTHER),
        title="The token endpoint said {words}: for the server this code is used up.",
    )
    return replace(match, runner_up=_REVOKED, certainty="likely") if "revoked" in words_of(context) else match


_SENT_BY_ANOTHER = "This run sent it once, so something else did before: another program, or something on the way that repeats requests."
_REVOKED = "The server ended the code itself: a new log-in of the same person, or a change of the application, did so."


def _when(run: FlowState) -> str:
    moment = utc_text(run.utc + (run.token_exchanged_at or 0.0))
    result = "got a token for it" if run.token is not None else "was refused, too"
    return f"The run of {utc_text(run.utc)} sent it at {moment} and {result}."


@rules.add(
    "code-expired",
    title="The token endpoint said {words}, {age} after the code came.",
    cause="Codes are short-lived, and this one has expired.",
    runner_up="The code belongs to another application or deployment.",
    fix=(RERUN, Do("have the code exchanged at once, within a minute of the consent")),
    reference="RFC 6749 §4.1.2",
    unless="the words spoke of expiry only as one of several reasons, and the code were younger than a minute",
)
def code_expired(context: Context) -> Match | None:
    said = _says(context, _EXPIRED)
    if not said and (untied(context) or age(context) < OLD_CODE):
        return None
    evidence = Evidence("Age of the code", _age_in_words(context), Pointer("redirect", "parameter", "code"))
    match = matched(context, evidence, age=_age_in_words(context))
    if said and not untied(context) and age(context) < FRESH:
        return match.because(_ENDED_AT_ONCE, _LIFETIME)
    return match.because("The server's own words say that it expired.") if said else match


_ENDED_AT_ONCE = (
    "The server's own words say that it expired, although it was sent at once: the code's lifetime, or the clocks of the server's "
    "instances, end it as soon as it is issued."
)
_LIFETIME: Fix = (
    RERUN,
    *provided("if it stays", Ask("ask the administrator for the code's lifetime and the servers' clocks{trace}")),
)


@rules.add(
    "affinity-lost",
    title="The token endpoint said {words} to a fresh code, and another instance answered than the one that issued it.",
    cause="The instances behind the load balancer do not share their codes, and the token request reached the wrong one.",
    runner_up="The code is refused for another reason, which the server does not give.",
    fix=(
        SetField("carry_cookies", "true"),
        Rerun("direct", ", which keeps both steps on one instance"),
        Ask("have the administrator share codes between the instances"),
    ),
    reference="protocol.md, the actors",
    unless="both steps met the same instance, or an earlier run got a token from two different ones",
)
def affinity_lost(context: Context) -> Match | None:
    instances = two_instances(context.state)
    if instances is None or any(run.token is not None and two_instances(run) for run in context.earlier):
        return None
    place = Pointer("token-request", "header", "Set-Cookie")
    first, second = (sealed_cookie(value) for value in instances)
    evidence = pair("ARRAffinity in step 1 and in step 2", first, second, place, ("step 1", "step 2"))
    if "arraffinity=" not in (header(exchange(context).request.headers, "cookie") or "").lower():
        return matched(context, evidence)
    sent = Evidence("Cookie", "the load balancer's own, of step 1", Pointer("token-request", "header", "Cookie"))
    return replace(matched(context, evidence, sent), cause=_IGNORED, fix=_WHY_IGNORED)


_IGNORED = "The token request carried the cookie of the instance that issued the code; the load balancer ignored it."
_WHY_IGNORED: Fix = (
    Rerun(words=", which may meet one instance in both steps"),
    Ask(
        "have the administrator share codes between the instances, or find out why the load balancer ignores its ARRAffinity cookie"
    ),
)


@rules.add(
    "affinity-left-out",
    title="The token endpoint said {words} to a fresh code, and the token request did not carry the load balancer's cookie of step 1.",
    cause="Another instance answered, which does not know the code: the cookie leads to the one that issued it.",
    runner_up="For the server the code is used or expired, or was issued to another application.",
    fix=(
        SetField("carry_cookies", "true"),
        Rerun("direct"),
        *provided("if it is refused again", Ask("give the time of this run to the administrator{trace}")),
    ),
    reference="protocol.md, the actors",
    unless="the token request carried a cookie, or an earlier run got a token without one",
)
def affinity_left_out(context: Context) -> Match | None:
    asked, sent = context.state.authorization, exchange(context)
    instance = affinity(asked.response.headers) if asked is not None else None
    if instance is None or header(sent.request.headers, "cookie") is not None or affinity(sent.response.headers):
        return None
    if any(run.token is not None and run.inputs and not run.inputs.carry_cookies for run in context.earlier):
        return None
    place = Pointer("authorization-request", "header", "Set-Cookie")
    return matched(context, Evidence("ARRAffinity in step 1", sealed_cookie(instance), place))


_PASTE_WHOLE: Fix = (Rerun("paste"), Do("paste the whole address from the browser's address bar"))


@rules.add(
    "code-damaged",
    title="The token endpoint said {words}, and the pasted code has another length than this server's codes.",
    cause="Part of the code was lost or added when it was copied: {length} characters instead of {usual}.",
    fix=_PASTE_WHOLE,
    reference="threats.md L12",
    unless="the code were not pasted, or this server's codes had more than one length",
    certainty="likely",
)
def code_damaged(context: Context) -> Match | None:
    code, base = context.state.code, context.inputs.base_url
    here = (run for run in context.earlier if run.inputs and run.inputs.base_url == base and run.token)
    usual = {run.code.length for run in here if run.code is not None}
    if code is None or not pasted(context) or len(usual) != 1 or code.length in usual:
        return None
    return matched(context, length=str(code.length), usual=str(usual.pop()))


@rules.add(
    "code-pasted",
    title="The token endpoint said {words} to a code that was pasted {when} into the run, and nothing ties it to this run.",
    cause="The pasted text is not the whole code, or the code is another run's.",
    runner_up="It had expired before it was pasted: codes are short-lived.",
    fix=(*_PASTE_WHOLE, Do("do so as soon as the browser is there")),
    reference="RFC 6749 §4.1.2; threats.md L12",
    unless="the state came with the code and was the right one",
)
def code_pasted(context: Context) -> Match | None:
    came, code = context.state.answer, context.state.code
    if not untied(context) or came is None or context.state.imported is not None:
        return None
    when, length = seconds(came.at), f"{code.length} characters" if code is not None else "unknown"
    place = Pointer("redirect", "parameter", "code")
    age = Evidence("Age of the code", f"unknown; it was pasted {when} into the run", place)
    return matched(context, age, Evidence("Length of the code", length, place), when=when)


@rules.add(
    "code-refused",
    title="The token endpoint said {words} to a code that was {age} old, at its first use, with the same values in both steps.",
    cause="The server {reason}: {lifetime}, its instances do not share their codes, or something else has redeemed the code.",
    runner_up="It was issued to another application, or was decoded once too often (+, &, %).",
    fix=(
        Rerun("direct", ", which exchanges the code at once"),
        *provided("if it is refused again", Ask("give the time of this run to the administrator{trace}")),
    ),
    reference="RFC 6749 §5.2; protocol.md, step 2",
    unless="the words, the code's age or characters, an earlier run, or the instances named a reason: all are looked for first",
    certainty="unknown",
)
def code_refused(context: Context) -> Match | None:
    words, old, asked = words_of(context), age(context), context.state.authorization
    slow = asked.timing.total if asked is not None else 0.0
    old_for = f"{seconds(old)} to {seconds(old + slow)}" if slow >= SLOW else _age_in_words(context)
    evidence = Evidence("Age of the code", old_for, Pointer("redirect", "parameter", "code"))
    short, clock = "it lives shorter than that", "the server's clock or the code's lifetime ended the code at once"
    others = set(all_blamed(words)) - {"code"}
    if others or _ALTERNATIVE.search(words) or _OR_ANOTHER.search(words):
        reason = "leaves open which of its reasons holds"
    else:
        unread = "does not say why in words that are known here"
        reason = unread if has_other_words(words) else "says no more about it"
    match = matched(context, evidence, age=old_for, lifetime=short if old + slow >= SLOW else clock, reason=reason)
    sent = token_fields(context.state)
    masked = any(is_marked(context.state, sent.get(name) or "") for name in ("code", "redirect_uri"))
    if context.state.imported is not None and (untied(context) or masked):
        match = match.with_values(lifetime="its lifetime has ended")
        match = replace(match, title=_UNSEEN, evidence=match.evidence[1:])
    if others:
        match = match.because(OF_SEVERAL, EACH_OF_THEM)
    if _OF_ANOTHER.search(without_lists(words)) and not _OR_ANOTHER.search(words):
        return match.because(_ANOTHERS, _WHICH_CLIENT, "likely")
    if not others and (elsewhere := of_another_server(context.state, match)) is not None:
        return elsewhere[0].undecided(elsewhere[1], Possible(_ENDED, _AND_THEN))
    if "issuer" in words:
        return match.because(_OTHER_ISSUER, _ONE_ADDRESS, "likely")
    return replace(match, fix=_OTHER_ENCODING) if context.inputs.mode == "direct" and not others else match


_ENDED = "The server {reason}: {lifetime}, or something else has redeemed the code."
_AND_THEN: Fix = (Ask("give the time of this run to the administrator{trace}"),)
OF_SEVERAL = "The server's words name several reasons, and leave open which of them holds."
EACH_OF_THEM: Fix = (
    RERUN,
    *provided(
        "if it is refused again", Do("compare what these words name with the registration, character by character")
    ),
    *OTHER_BODY,
    *provided("otherwise", Ask("give the time of this run to the administrator{trace}")),
)
_UNSEEN = "The token endpoint said {words} to the code, and the file does not show all that led to it."
_OF_ANOTHER = pattern(
    r"\b(?:another|a different|other) (?:client|application|app)\b"
    r"|\b(?:can)?not (?:be used by|issued (?:to|for)|belong to) (?:this|the) (?:client|app)"
)
_OR_ANOTHER = pattern(r"\bor\b[^.]{0,30}\b(?:another|a different|other|this|the) (?:client|application|app)\b")
"""The same as one of several reasons."""

_OTHER_ISSUER = "The server has two addresses, or a proxy hides its own: it calls itself otherwise in each step."
_ONE_ADDRESS: Fix = (Ask("have the administrator set a fixed issuer (or X-Forwarded-Proto and -Host){trace}"),)
_ANOTHERS = "The code belongs to another application than {client_id}, as the server's words say."
_WHICH_CLIENT: Fix = (
    RERUN,
    *provided("if it stays", Ask("ask the administrator to which application the codes for {client_id} go{trace}")),
)
_OTHER_ENCODING: Fix = (
    RERUN,
    *provided(
        "if that does not help",
        SetField("encoding", "{other}"),
        Do("run once more: nothing is decoded in the same way"),
    ),
    *provided("if it is refused again", Ask("give the time of this run to the administrator{trace}")),
)
