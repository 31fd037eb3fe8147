"""The verdict on two runs: one sentence, and the findings that are its reasons. It claims only what was observed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.reading.identity import Witness, acting, agrees, contradicting, is_certain, listed_ids, witnesses
from airisk_tui.flow.state import FlowState, ProbeResult
from airisk_tui.insight.comparison.fields import VOLATILE_CLAIMS, compare, differences
from airisk_tui.insight.finding import Evidence, Finding, Pointer
from airisk_tui.insight.fix import Ask, Do, Press, as_first, provided
from airisk_tui.insight.reading.refused_access import by_words, refusal
from airisk_tui.insight.reading.run import SHOWS_NOTHING, shows_nothing, token_json
from airisk_tui.insight.rule import Entry, Match, finding
from airisk_tui.insight.rules.access import HIDDEN
from airisk_tui.insight.rules.token.identity import place_of, side_by_side
from airisk_tui.insight.words.outcomes import OUTCOMES
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.lenient_json import json_object
from airisk_tui.oauth.text.visible import visible

ALIKE = Entry(
    code="tokens-alike",
    title="{what}: the server ignored the user id.",
    cause="The server ignored `userid` in one of the two steps.",
    runner_up="A proxy in between answers from a cache.",
    fix=(
        Do("check that both steps carry the same `userid`"),
        *provided("if they do", Ask("report it to the administrator")),
    ),
    reference="protocol.md, step 1; protocol.md, step 2",
    unless="the claims differed in more than times and signature",
)
ANOTHER = Entry(
    code="token-for-another-user",
    title="The token acts for {other}, but the run asked for {userid}.",
    cause="The server issued the token for another user than the one that `userid` named.",
    fix=(
        Do("compare it with the user's id in ListUsers"),
        *provided("if they are two people", Do("do not use the token"), Ask("tell the administrator")),
    ),
    reference="protocol.md, step 1",
    unless="any other claim, member or endpoint named the user that was asked for",
    certainty="likely",
)
TOO_WIDE = Entry(
    code="access-too-wide",
    title="{endpoint} accepted {who} ({status}), although the documentation says that it refuses it.",
    cause="The endpoint does not check which kind of token it gets.",
    fix=(Ask("report the endpoint and the token's kind to the administrator"),),
    reference="protocol.md, step 3",
    unless="the answer were a web page, or a refusal with a status of success",
    certainty="likely",
)
TOO_NARROW = Entry(
    code="access-too-narrow",
    title="{endpoint} refused {who} ({status}), although the documentation says that it accepts it.",
    cause="The {party} has no right to this endpoint on this deployment.",
    runner_up="A rule in front of the API refuses the request, whatever the token is.",
    fix=(Ask("ask the administrator what the {party} may do there"),),
    reference="protocol.md, step 3",
    unless="the words named the user or a policy, or something in front of the API had answered: then that is said",
)
TWO_TOKENS = (ALIKE, ANOTHER, TOO_WIDE, TOO_NARROW)
"""The findings that only two runs together show, in the order in which they are reported."""


class Verdict(Struct, frozen=True):
    """The outcome of a comparison. sentence: the summary, in one sentence; findings: its reasons; good: whether all is as documented."""

    sentence: str
    findings: tuple[Finding, ...] = ()
    good: bool = True


def judge(generic: FlowState, user: FlowState) -> Verdict:
    """The verdict over a generic and a user-specific run, with whatever was probed in them."""
    for state, name in ((generic, "generic"), (user, "user-specific")):
        if state.token is None:
            return _without_token(state, name)
    findings = tuple(_findings(generic, user))
    serious = [found for found in findings if found.severity != "note"]
    return Verdict(serious[0].title if serious else _harmony(generic, user), findings, not serious)


def judge_two(first: FlowState, second: FlowState) -> Verdict:
    """The verdict over two runs of a standard server: for whom the tokens are, and what the second allows more or less."""
    for state, name in ((first, "first"), (second, "second")):
        if state.token is None:
            return _without_token(state, name)
    return Verdict(f"{_for_whom(first, second)}{_allowed(first, second)}.")


def _without_token(state: FlowState, name: str) -> Verdict:
    return Verdict(
        f"The {name} run got no token ({OUTCOMES[state.ended_in]}), so there are no two tokens to compare.", (), False
    )


def _for_whom(first: FlowState, second: FlowState) -> str:
    subjects = [subject(state) for state in (first, second)]
    if not all(subjects):
        return "What came does not say for whom both tokens are"
    one, other = (brief(name) for name in subjects)
    return f"Both tokens are for {one}" if one == other else f"The first token is for {one}, the second for {other}"


def subject(state: FlowState) -> str:
    """For whom a token is: what it says itself, else the ID token beside it; "" where nothing tells."""
    witness = acting(state)
    if witness is not None:
        return witness.value
    claims = json_object(state.id_token.payload) if state.id_token is not None and state.id_token.payload else {}
    return str(claims.get("sub") or "")


def _allowed(first: FlowState, second: FlowState) -> str:
    """The scopes that the second token has beside the first, as far as the server says them (RFC 6749 §5.1)."""
    scopes = [_scope(state) for state in (first, second)]
    if scopes[0] == scopes[1]:
        return "; both allow the same" if scopes[0] else ""
    more, less = (" ".join(one) for one in (sorted(scopes[1] - scopes[0]), sorted(scopes[0] - scopes[1])))
    parts = [f"allows {brief(more)} as well" if more else "", f"does not allow {brief(less)}" if less else ""]
    return f"; the second {' and '.join(filter(None, parts))}"


def _scope(state: FlowState) -> set[str]:
    """The scope that the answer names; where it names none, the one that was asked for."""
    issued = state.token_answer.token if state.token_answer is not None else None
    named = issued.scope if issued is not None else None
    return set((named or (state.inputs.scope if state.inputs is not None else "") or "").split())


def judge_any(left: FlowState, right: FlowState) -> Verdict:
    """The verdict over any two runs: a generic and a user-specific one by `judge`, others by what differs."""
    kinds = [state.inputs.kind if state.inputs else None for state in (left, right)]
    if kinds == ["generic", "user-specific"]:
        return judge(left, right)
    rows = differences(compare(left, right))
    if not rows:
        return Verdict("The two runs differ only in what is new in every run.")
    asked = [row.field for row in rows if row.section == "Request"]
    came = [
        row.field if row.section == "Token" else f"{row.section}: {row.field}"
        for row in rows
        if row.section != "Request"
    ]
    otherwise = f"in what they asked for ({_few(asked)})" if asked else ""
    differing = f"in what came ({_few(came)})" if came else ""
    return Verdict(f"The two runs differ {' and '.join(filter(None, (otherwise, differing)))}.", (), False)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(visible(name) for name in names[:4]) + more


def userid(state: FlowState) -> str:
    """The user that the run asked for."""
    return (state.inputs.userid if state.inputs else None) or ""


def reached(state: FlowState, other: FlowState) -> dict[str, bool]:
    """Whether each endpoint accepted the run's own token; endpoints that neither accepted nor refused it are left out. One that
    answers 404 to this token and not to the other run's is there, and hides from this one."""
    there = {probe.endpoint.name for probe in _with_token(other) if probe.answer in ("accepted", "refused")}
    found: dict[str, bool] = {}
    for probe in _with_token(state):
        hidden = probe.answer == "absent" and probe.endpoint.name in there
        if hidden or probe.answer in ("accepted", "refused"):
            found[probe.endpoint.name] = probe.answer == "accepted"
    return found


def _with_token(state: FlowState) -> tuple[ProbeResult, ...]:
    return tuple(probe for probe in state.probes if probe.credential == "token")


def _findings(generic: FlowState, user: FlowState) -> Iterator[Finding]:
    yield from _identity(generic, user)
    told: dict[tuple[str, str], Finding] = {}
    for found in (*_access(generic), *_access(user), *_hidden(generic, user), *_hidden(user, generic)):
        first = told.setdefault((found.code, found.cause), found)
        if first is not found:
            told[found.code, found.cause] = replace(
                first, evidence=(*first.evidence, Evidence("Also", f"{found.title.partition(')')[0]})"))
            )
    yield from told.values()


def _identity(generic: FlowState, user: FlowState) -> Iterator[Finding]:
    assert generic.token is not None and user.token is not None  # noqa: S101 - `judge` has looked
    asked = userid(user)
    if generic.token.fingerprint and generic.token.fingerprint == user.token.fingerprint:
        yield _ignored("Both runs got the very same token", generic, user)
        return
    claims = token_json(generic, "payload"), token_json(user, "payload")
    if all(claims) and acting(user) is not None and _lasting(generic) == _lasting(user):
        yield _ignored("Both tokens are the same in all but their times and signature", generic, user)
        return
    other = contradicting(user)
    if other is not None and not any(agrees(user, witness) for witness in witnesses(user)):
        yield _another(other, asked, is_certain(user, other, listed_ids(generic, user)))


def _another(other: Witness, asked: str, known: bool) -> Finding:
    values = {"place": place_of(other), "other": brief(other.value), "userid": brief(asked)}
    match = Match(values, (side_by_side(asked, other),))
    if not known:
        title = "The token was asked for {userid}, and {place} names {other}."
        cause = "The platform uses another id for the user inside its tokens."
        match = replace(match, severity="warning", title=title, cause=cause, runner_up=ANOTHER.cause)
    return finding(ANOTHER, match)


def _lasting(state: FlowState) -> dict[str, Any]:
    return {name: value for name, value in token_json(state, "payload").items() if name not in VOLATILE_CLAIMS}


def _ignored(what: str, generic: FlowState, user: FlowState) -> Finding:
    evidence = (
        Evidence("userid sent", quoted(userid(user)), Pointer("authorization-request", "parameter", "userid")),
        Evidence("generic token", generic.token.fingerprint if generic.token else ""),
        Evidence("user-specific token", user.token.fingerprint if user.token else ""),
        *((Evidence("both name", quoted(subject(user))),) if subject(user) else ()),
    )
    return finding(ALIKE, Match({"what": what}, evidence))


def _access(state: FlowState) -> Iterator[Finding]:
    kind = state.inputs.kind if state.inputs else "generic"
    for probe in state.probes:
        if probe.exchange is None or probe.as_documented(kind) is not False:
            continue
        told = refusal(probe, state)
        found = finding(*told, state) if told else _unexpected(state, probe, probe.exchange.response)
        others = [step for step in found.fix if not isinstance(step, Press)]  # this comparison has asked again
        yield replace(found, fix=as_first(*others) or found.fix)


def _hidden(state: FlowState, other: FlowState) -> Iterator[Finding]:
    """A finding for each endpoint that is documented as open to this run's token and is there for the other one alone."""
    kind = state.inputs.kind if state.inputs else "generic"
    accepted = {probe.endpoint.name for probe in _with_token(other) if probe.answer == "accepted"}
    for probe in _with_token(state):
        open_to_it = probe.answer == "absent" and probe.endpoint.expected(kind) == "allowed"
        if probe.exchange is not None and open_to_it and probe.endpoint.name in accepted:
            match = _matched(probe, kind, probe.exchange.response)
            yield finding(TOO_NARROW, replace(match.because(HIDDEN, certainty="likely"), title=_ONE_ALONE))


_ONE_ALONE = "{endpoint} answered {status} to {who}, and accepted the other token."
CREDENTIALS = {"none": "a request without a token", "broken": "a broken token", "expired": "an expired token"}


def _unexpected(state: FlowState, probe: ProbeResult, response: HttpResponse) -> Finding:
    match = _matched(probe, state.inputs.kind if state.inputs else "generic", response)
    if probe.answer != "accepted":
        return finding(TOO_NARROW, by_words(response, match), state)
    return finding(TOO_WIDE, replace(match, runner_up=SHOWS_NOTHING) if shows_nothing(response) else match)


def _matched(probe: ProbeResult, kind: str, response: HttpResponse) -> Match:
    values = {
        "party": "application" if kind == "generic" else "user",
        "who": CREDENTIALS.get(probe.credential, f"the {kind} token"),
        "endpoint": visible(probe.endpoint.name),
        "status": str(response.status),
    }
    place = Pointer("access", "response", probe.endpoint.name)
    return Match(values, (Evidence("status", str(response.status), place),))


def _harmony(generic: FlowState, user: FlowState) -> str:
    asked = brief(userid(user))[1:-1]
    a, b = reached(generic, user), reached(user, generic)
    more = [name for name in b if b[name] and a.get(name) is False]
    witness = acting(user)
    if witness is not None and agrees(user, witness):
        start = f"The user-specific token acts for {asked}"
    else:
        start = f"The user-specific token was asked for {asked}, and is another one than the generic token"
    if not (a and b):
        asked_both = generic.probes and user.probes
        why = "no endpoint accepted or refused them" if asked_both else "no protected endpoint was asked"
        return f"{start}; what the two may do is not known: {why}."
    of_users = {probe.endpoint.name for probe in user.probes if probe.endpoint.generic == "refused"}
    if of_users and not of_users & b.keys() and not more:
        return f"{start}; what it may do beyond is not known: no endpoint for users alone accepted or refused it."
    if not more:
        return f"{start} and reaches the same endpoints as the generic one."
    plural = "endpoint" if len(more) == 1 else "endpoints"
    return f"{start} and reaches {len(more)} {plural} that the generic one does not."
