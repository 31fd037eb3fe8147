"""The token endpoint refused the code (`Invalid Code`, or RFC 6749 §5.2 invalid_grant): why?

The server says no more than that, so the answer comes from the age of the code, what the session did with it before, and
which instance answered each leg (findings.md). The two legs are compared in `two_legs`.
"""

from __future__ import annotations

import re

from airisk_tui.flow.phases import Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.readings import (
    affinities,
    affinity,
    code_of,
    sealed_cookie,
    seconds,
    token_refused,
    without_echo,
)
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange, matched
from airisk_tui.insight.two_requests import token_fields
from airisk_tui.oauth.expiry import utc_text
from airisk_tui.oauth.http import header

OLD_CODE = 60.0
"""Seconds. AIRisk only says "short-lived"; a minute is common, and RFC 6749 §4.1.2 allows ten at the most."""

SLOW = 0.5
"""Seconds that the authorization request took, from which on it may have made the code old before it came."""

_REFUSED = re.compile(
    r"invalid[ _-]?(authori[sz]ation[ _-]?)?code\b|invalid_grant|\bcode\b.{0,40}\b(expired|used|redeemed|invalid|unknown|not found)"
)
_OTHER = re.compile(r"redirect_?ur[il]|user_?id|verifier|challenge|pkce")
_EXPIRED = re.compile(r"\bcode\b.{0,40}\bexpired|expired.{0,20}\bcode\b")
_USED = re.compile(r"\bcode\b.{0,40}\b(already|been) (used|redeemed)|\b(already|been) (used|redeemed)\b")


def told(context: Context) -> str:
    """The server's words in lower case, without what they repeat of our own request."""
    error = answer(context).error
    if error is None or error.form == "html":
        return ""
    return without_echo(f"{error.code} {error.description}".lower(), token_fields(context.state))[:500]


def _needs(context: Context) -> str | None:
    missing = token_refused(context)
    if missing is not None:
        return missing
    spoken = _REFUSED.search(told(context)) and not _OTHER.search(told(context))
    return None if spoken else "the token endpoint did not speak of the code"


rules = RuleSet("Code", _needs)


def found(context: Context) -> bool:
    """Whether the server's own words say that it knew the code."""
    return bool(_EXPIRED.search(told(context)) or _USED.search(told(context)))


def age(context: Context) -> tuple[float, bool]:
    """How old the code was when it was sent, and whether that is only the most that it can be (a pasted one)."""
    state = context.state
    sent = (state.token_exchanged_at or state.at) - exchange(context).timing.total
    if state.answer is None:
        return 0.0, False
    if state.answer.via in ("paste", "bare-code"):
        asked = state.entered(Phase.OPENING)
        asked = state.entered(Phase.WAITING) if asked is None else asked
        return max(0.0, sent - (asked or 0.0)), True
    return max(0.0, sent - state.answer.at), False


def untied(context: Context) -> bool:
    """Whether the code was pasted and nothing ties it to this run: its age is unknown, and it may be another run's."""
    came = context.state.answer
    return came is not None and came.via in ("paste", "bare-code") and came.verification != "match"


def _told_age(context: Context) -> str:
    old, at_most = age(context)
    return "an unknown time" if untied(context) else ("at most " if at_most else "") + seconds(old)


@rules.add(
    Entry(
        code="code-reused",
        question="token",
        title="The token endpoint said {words}, and this code had been sent before.",
        cause="A code works once. {when}",
        fix="Run again from the start to get a new code; do not paste or reload an old redirect.",
        reference="RFC 6749 §4.1.2",
    )
)
def code_reused(context: Context) -> Match | None:
    mine = code_of(context.state)
    earlier = next((run for run in context.earlier if mine and code_of(run) == mine and run.token_exchange), None)
    if earlier is not None:
        return matched(
            context,
            Evidence("Sent before", _when(earlier), Pointer("token-request", "parameter", "code")),
            when=_when(earlier),
        )
    return (
        matched(context, when="The server's own words say that it was used.") if _USED.search(told(context)) else None
    )


def _when(run: FlowState) -> str:
    moment = utc_text(run.utc + (run.token_exchanged_at or 0.0))
    result = "got a token for it" if run.token is not None else "was refused, too"
    return f"The run of {utc_text(run.utc)} sent it at {moment} and {result}."


@rules.add(
    Entry(
        code="code-expired",
        question="token",
        title="The token endpoint said {words}, {age} after the code came.",
        cause="{why}",
        runner_up="{else_}",
        fix="Run again, and let the code be exchanged at once: within a minute of the consent.",
        reference="RFC 6749 §4.1.2",
    )
)
def code_expired(context: Context) -> Match | None:
    said = _EXPIRED.search(told(context)) is not None
    if not said and (untied(context) or age(context)[0] < OLD_CODE):
        return None
    evidence = Evidence("Age of the code", _told_age(context), Pointer("redirect", "parameter", "code"))
    why = "The server's own words say that it expired." if said else "Codes are short-lived, and this one has expired."
    other = "" if said else "The code belongs to another application or deployment."
    return matched(context, evidence, age=_told_age(context), why=why, else_=other)


@rules.add(
    Entry(
        code="affinity-lost",
        question="token",
        title="The token endpoint said {words} to a fresh code, and another instance answered than the one that issued it.",
        cause="{why}",
        runner_up="The code is refused for another reason that the server does not tell.",
        fix="{how}",
        reference="protocol.md, the actors",
    )
)
def affinity_lost(context: Context) -> Match | None:
    instances = affinities(context.state)
    if instances is None or instances[0] == instances[1]:
        return None
    harmless = any(
        run.token is not None and (pairs := affinities(run)) and pairs[0] != pairs[1] for run in context.earlier
    )
    if harmless:
        return None
    place = Pointer("token-request", "header", "Set-Cookie")
    first, second = (sealed_cookie(value) for value in instances)
    evidence = pair("ARRAffinity in step 1 and in step 2", first, second, place, ("step 1", "step 2"))
    why = (
        "The instances behind the load balancer do not share their codes, and the token request went to the wrong one."
    )
    how = "Run again with --mode direct --carry-cookies, which stays on one instance; have the administrator share codes between them."
    if _carried(context):
        why = "The token request carried the cookie of the instance that issued the code, and the load balancer did not go by it."
        how = (
            "Run again: the next run may meet one instance in both steps; have the administrator share codes between the "
            "instances, or see why the load balancer does not go by its ARRAffinity cookie."
        )
        sent = Evidence("Cookie", "the load balancer's own, of step 1", Pointer("token-request", "header", "Cookie"))
        return matched(context, evidence, sent, why=why, how=how)
    return matched(context, evidence, why=why, how=how)


def _carried(context: Context) -> bool:
    """Whether the token request carried the load balancer's cookie of step 1."""
    return "arraffinity=" in (header(exchange(context).request.headers, "cookie") or "").lower()


@rules.add(
    Entry(
        code="affinity-left-out",
        question="token",
        title="The token endpoint said {words} to a fresh code, and the token request did not carry the load balancer's cookie of step 1.",
        cause="Likely another instance answered, which does not know the code: the cookie leads to the one that issued it.",
        runner_up="The server counts the code as used or expired, or as issued to another application.",
        fix="Run again with --mode direct --carry-cookies; if it is refused again, give the time of this run to the administrator{trace}.",
        reference="protocol.md, the actors",
    )
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


@rules.add(
    Entry(
        code="code-damaged",
        question="token",
        title="The token endpoint said {words}, and the pasted code has another length than this server's codes.",
        cause="Part of the code was lost or added when it was copied: {length} characters instead of {usual}.",
        fix="Run again with --mode paste, and paste the whole address from the browser's address bar.",
        reference="threats.md L12",
    )
)
def code_damaged(context: Context) -> Match | None:
    code, came = context.state.code, context.state.answer
    if code is None or came is None or came.via not in ("paste", "bare-code"):
        return None
    same = (
        run for run in context.earlier if run.inputs and run.inputs.base_url == context.inputs.base_url and run.token
    )
    usual = {run.code.length for run in same if run.code is not None}
    if len(usual) != 1 or code.length in usual:
        return None
    return matched(context, length=str(code.length), usual=str(usual.pop()))


@rules.add(
    Entry(
        code="code-pasted",
        question="token",
        title="The token endpoint said {words} to a code that was pasted {when} into the run, and nothing ties it to this run.",
        cause="What was pasted is not the whole code, or it is another run's.",
        runner_up="It had expired before it was pasted: codes are short-lived.",
        fix="Run again with --mode paste, and paste the whole address that the browser ends on as soon as it is there.",
        reference="RFC 6749 §4.1.2; threats.md L12",
    )
)
def code_pasted(context: Context) -> Match | None:
    came, code = context.state.answer, context.state.code
    if not untied(context) or came is None:
        return None
    when, length = seconds(came.at), f"{code.length} characters" if code is not None else "unknown"
    place = Pointer("redirect", "parameter", "code")
    return matched(
        context,
        Evidence("Age of the code", f"unknown; it was pasted {when} into the run", place),
        Evidence("Length of the code", length, place),
        when=when,
    )


@rules.add(
    Entry(
        code="code-refused",
        question="token",
        title="The token endpoint said {words} to a code that was {age} old, at its first use, with the same values in both steps.",
        cause="The server does not find the code, and says no more: {lifetime}, its instances do not share their codes, or "
        "something else has redeemed it.",
        runner_up="{otherwise}",
        fix="{how}; if it is refused again, give the time of this run to the administrator{trace}.",
        reference="RFC 6749 §5.2; protocol.md, step 2",
    )
)
def code_refused(context: Context) -> Match | None:
    old, asked = age(context)[0], context.state.authorization
    slow = asked.timing.total if asked is not None else 0.0
    told = f"{seconds(old)} to {seconds(old + slow)}" if slow >= SLOW else _told_age(context)
    evidence = Evidence("Age of the code", told, Pointer("redirect", "parameter", "code"))
    otherwise = "It was issued to another application"
    otherwise += ", or a character of it (+, &, %) was changed on the way by decoding it once too often."
    how = "Run again with --mode direct, which exchanges at once"
    if context.inputs.mode == "direct":
        other = "json" if context.inputs.encoding == "form" else "form"
        how = (
            f"Run again, and if that does not help, once with --body {other}, where nothing is decoded in the same way"
        )
    lifetime = (
        "it lives shorter than that" if old + slow >= SLOW else "its clock or its lifetime ended the code at once"
    )
    return matched(context, evidence, age=told, otherwise=otherwise, how=how, lifetime=lifetime)
