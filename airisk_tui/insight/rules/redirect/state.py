"""An answer came whose state is not the one that was sent, or is missing (threats.md L6; RFC 6749 §10.12)."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from urllib.parse import quote_plus, unquote, unquote_plus

from airisk_tui.flow.state import Answer
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, pair, quoted
from airisk_tui.insight.readings import reached_code
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.redirect.reading import answer, no_answer, parameter, severity
from airisk_tui.oauth.expiry import utc_text

rules = RuleSet("State", no_answer)


@rules.add(
    Entry(
        code="state-altered",
        question="redirect",
        title="The state came back altered: {how}.",
        cause="The server, or something in front of it, does not return the state unmodified.",
        fix="Set --state to {kind}, which survive; tell the administrator that state must come back unmodified.",
        reference="RFC 6749 §4.1.2",
    )
)
def state_altered(context: Context) -> Match | None:
    came = answer(context)
    if came.verification != "mismatch":
        return None
    sent, back = context.inputs.state or "", came.redirect.state or ""
    how = _alteration(sent, back)
    if how is None:
        return None
    kind = f"at most {len(back)} letters and digits" if how.startswith("cut") else "lower-case letters and digits only"
    return Match({"how": how, "kind": kind}, (_states(context, came),), severity=severity(context))


@rules.add(
    Entry(
        code="state-mismatch",
        question="redirect",
        title="An answer came whose state is not the one that this run sent, so nothing was exchanged.",
        cause="It belongs to an old browser tab or to another run.",
        runner_up="Somebody tries to slip in a code of theirs.",
        fix="Close the other tabs of this flow, run again, and use only the tab that this run opens.",
        reference="RFC 6749 §10.12; threats.md L6",
    )
)
def state_mismatch(context: Context) -> Match | None:
    came = answer(context)
    if came.verification != "mismatch":
        return None
    evidence = [_states(context, came)]
    owner = next((run for run in context.earlier if run.inputs and run.inputs.state == came.redirect.state), None)
    if owner is not None:
        started = utc_text(owner.utc)
        evidence.append(Evidence("It belongs to", f"the run of {started} in this session", parameter("state")))
        cause = f"It is the answer to an earlier run, of {started}."
        return Match(evidence=tuple(evidence), cause=cause, runner_up="", severity=severity(context))
    if came.via == "direct":
        cause = "The server sends a state of its own: nobody else could answer our own direct request."
        fix = "Run with --state none, knowing that the answer is then not tied to this run; tell the administrator."
        return Match(evidence=tuple(evidence), cause=cause, runner_up="", fix=fix, severity=severity(context))
    return Match(evidence=tuple(evidence), severity=severity(context))


@rules.add(
    Entry(
        code="state-missing",
        question="redirect",
        title="The state that was sent did not come back, so the answer cannot be tied to this run.",
        cause="This deployment does not return the state; older ones do not.",
        runner_up="Somebody tries to slip in a code of theirs.",
        fix="Continue only if you have just approved this very request; to have no question next time, run with --state none.",
        reference="RFC 6749 §4.1.2",
    )
)
def state_missing(context: Context) -> Match | None:
    came = answer(context)
    nothing = came.redirect.kind == "empty" and came.redirect.other_name is None
    if came.verification != "missing" or nothing or context.state.trusted_on_purpose:
        return None
    other = next((n for n, v in came.redirect.params if n.lower() == "state" and v == context.inputs.state), None)
    if other is not None:
        evidence = pair("Name of the state", "state", other, parameter(other))
        cause = f"The state came back as {quoted(other)}, and names of parameters are compared exactly."
        fix = "Have the server return it as “state”; until then, run with --state none, and the answer is not tied to this run."
        return Match(evidence=(evidence,), cause=cause, runner_up="", fix=fix, severity=severity(context))
    gone = (Evidence("state", "sent, and not in the answer", parameter("state")),)
    how = STATE_NONE if came.via == "direct" else None
    if came.redirect.kind == "error":
        return replace(_error_without_state(came, gone, how), severity=severity(context))
    return Match(evidence=gone, runner_up="" if how else None, fix=how, severity=severity(context))


STATE_NONE = "Run with --state none, knowing that the answer is then not tied to this run; tell the administrator."


def _error_without_state(came: Answer, gone: tuple[Evidence, ...], fix: str | None) -> Match:
    """An error whose state is missing: told, and not believed, because anybody can send a browser here with one."""
    told = quoted(": ".join(part for part in (came.redirect.error, came.redirect.description) if part))
    return Match(
        evidence=(*gone, Evidence("error", told, parameter("error"))),
        title=f"A refusal came, {told}, without the state that was sent, so it is not to be believed.",
        cause="This deployment does not return the state with its errors; then the refusal is true.",
        runner_up="" if fix else "Somebody sent the browser here with an error of theirs.",
        fix=fix,
    )


@rules.add(
    Entry(
        code="forged-answer",
        severity="warning",
        title="Beside the true answer came one with another state; it was ignored.",
        cause="An old browser tab answered, or somebody tried to slip in an answer of theirs.",
        fix="Nothing has to be changed; close old tabs of this flow.",
        reference="RFC 6749 §10.12; threats.md L6",
    )
)
def forged_answer(context: Context) -> Match | None:
    doubtful = context.state.doubtful
    if doubtful is None or not reached_code(context.state) or doubtful.verification != "mismatch":
        return None
    return Match(evidence=(_states(context, doubtful),))


@rules.add(
    Entry(
        code="state-not-verified",
        severity="note",
        title="The code was believed without its state being compared.",
        cause="{why}",
        fix="Nothing has to be changed; paste the whole address in place of the bare code to have the state compared.",
        reference="RFC 6749 §10.12; threats.md L12",
    )
)
def state_not_verified(context: Context) -> Match | None:
    if context.state.answer is None:
        return None
    if context.state.trusted_on_purpose:
        return Match({"why": "You continued on purpose with an answer whose state did not come back."})
    bare = context.state.answer.verification == "not-verified"
    return Match({"why": "A bare code was pasted."}) if bare else None


def _states(context: Context, came: Answer) -> Evidence:
    return pair("state", context.inputs.state or "", came.redirect.state or "", parameter("state"))


def _alteration(sent: str, back: str) -> str | None:
    if not back:
        return None
    if (
        back in (unquote(sent), unquote_plus(sent, errors="replace"), quote_plus(sent), unescape(sent))
        or unquote(back) == sent
    ):
        return "it was decoded or encoded once too often"
    if sent.strip() == back.strip():
        return "spaces around it were added or removed"
    if sent.casefold() == back.casefold():
        return "upper and lower case were changed"
    if sent.startswith(back):
        return f"cut after {len(back)} of {len(sent)} characters"
    return None
