"""An answer came back, and must not be believed or holds no code (threats.md L6, L7; RFC 6749 §4.1.2, §10.12)."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from urllib.parse import quote_plus, unquote, unquote_plus

from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import Answer
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity, pair, quoted
from airisk_tui.insight.observed import reached_code, setting
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.insight.rules.refusal import ENTRIES
from airisk_tui.oauth.expiry import utc_text


def subject(context: Context) -> Answer | None:
    """The answer in question: the one that settled the run, else the held one, else the last that was not believed."""
    return context.state.answer or context.state.held or context.state.doubtful


def answer(context: Context) -> Answer:
    """The answer that the family's precondition promises."""
    found = subject(context)
    if found is None:
        raise ValueError("No answer came.")
    return found


family = Family("Redirect", lambda context: None if subject(context) else "no redirect came")


def severity(context: Context) -> Severity:
    """An error once the run ended by it; a warning while it may still end well."""
    return "error" if context.state.outcome in (Outcome.RESPONSE_INVALID, Outcome.AUTHORIZATION_REFUSED) else "warning"


def parameter(name: str) -> Pointer:
    """A parameter of the redirect."""
    return Pointer("redirect", "parameter", name)


@family.rule(
    Entry(
        code="duplicate-parameter",
        question="redirect",
        title="The redirect brought {names} more than once, so it is not clear which one is true; nothing was exchanged.",
        cause="The server, or something that rewrites its redirects, adds the parameter a second time.",
        runner_up="Somebody added a parameter of theirs to the redirect.",
        fix="Remove {name} from the redirect URI's own query if it stands there; otherwise give both values to the administrator.",
        reference="RFC 6749 §3.1; threats.md L7",
    )
)
def duplicate_parameter(context: Context) -> Seen | None:
    came = answer(context)
    if came.redirect.kind != "duplicate" or came.verification == "mismatch":
        return None
    names = came.redirect.duplicates
    evidence = tuple(
        Evidence(name, " and ".join(quoted(value, 80) for value in came.redirect.params.all(name)[:4]), parameter(name))
        for name in names
    )
    shown = {"names": ", ".join(quoted(name) for name in names), "name": quoted(names[0])}
    return Seen(shown, evidence, severity=severity(context))


@family.rule(
    Entry(
        code="answer-in-fragment",
        question="redirect",
        title="The answer stands behind the “#” of the redirect, where no server can read it.",
        cause="The server answers in the way of the implicit flow: response_mode=fragment.",
        fix="Run again with --mode paste and paste only the value of {name} from behind the “#”; have the server answer in the query.",
        reference="RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Type Encoding Practices §2.1",
    )
)
def answer_in_fragment(context: Context) -> Seen | None:
    came = answer(context)
    found = [
        name for name, _ in came.redirect.fragment if name in (context.inputs.dialect.code, "error", "access_token")
    ]
    if came.redirect.kind != "empty" or not found:
        return None
    evidence = Evidence("Fragment", ", ".join(found), parameter(found[0]))
    error = came.redirect.fragment.get("error")
    if error:
        told = ": ".join(part for part in (error, came.redirect.fragment.get("error_description")) if part)
        cause = (
            f"The server refused with {quoted(told)}, and writes that in the way of the implicit flow, behind the “#”."
        )
        known = next(
            (entry.fix for entry in ENTRIES if entry.code == error.replace("_", "-")), "Correct what the error names."
        )
        fix = known.format_map({"client_id": quoted(context.inputs.client_id), "trace": ""})
        return Seen(evidence=(evidence,), cause=cause, fix=fix, severity=severity(context))
    return Seen({"name": quoted(context.inputs.dialect.code)}, (evidence,), severity=severity(context))


@family.rule(
    Entry(
        code="state-altered",
        question="redirect",
        title="The state came back altered: {how}.",
        cause="The server, or something in front of it, does not return the state unmodified.",
        fix="Send a state that survives: {state}; tell the administrator that state must come back unmodified.",
        reference="RFC 6749 §4.1.2",
    )
)
def state_altered(context: Context) -> Seen | None:
    came = answer(context)
    if came.verification != "mismatch":
        return None
    sent, back = context.inputs.state or "", came.redirect.state or ""
    how = _alteration(sent, back)
    if how is None:
        return None
    kind = f"at most {len(back)} letters and digits" if how.startswith("cut") else "lower-case letters and digits only"
    return Seen({"how": how, "state": f"--state with {kind}"}, (_states(context, came),), severity=severity(context))


@family.rule(
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
def state_mismatch(context: Context) -> Seen | None:
    came = answer(context)
    if came.verification != "mismatch":
        return None
    evidence = [_states(context, came)]
    owner = next((run for run in context.earlier if run.inputs and run.inputs.state == came.redirect.state), None)
    if owner is not None:
        started = utc_text(owner.utc)
        evidence.append(Evidence("It belongs to", f"the run of {started} in this session", parameter("state")))
        cause = f"It is the answer to an earlier run, of {started}."
        return Seen(evidence=tuple(evidence), cause=cause, runner_up="", severity=severity(context))
    if came.via == "direct":
        cause = "The server sends a state of its own: nobody else could answer our own direct request."
        fix = "Run with --state none, knowing that the answer is then not tied to this run; tell the administrator."
        return Seen(evidence=tuple(evidence), cause=cause, runner_up="", fix=fix, severity=severity(context))
    return Seen(evidence=tuple(evidence), severity=severity(context))


@family.rule(
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
def state_missing(context: Context) -> Seen | None:
    came = answer(context)
    nothing = came.redirect.kind == "empty" and came.redirect.suspect is None
    if came.verification != "missing" or nothing or context.state.trusted_on_purpose:
        return None
    other = next((n for n, v in came.redirect.params if n.lower() == "state" and v == context.inputs.state), None)
    if other is not None:
        evidence = pair("Name of the state", "state", other, parameter(other))
        cause = f"The state came back as {quoted(other)}, and names of parameters are compared exactly."
        fix = "Have the server return it as “state”; until then, run with --state none, and the answer is not tied to this run."
        return Seen(evidence=(evidence,), cause=cause, runner_up="", fix=fix, severity=severity(context))
    gone = (Evidence("state", "sent, and not in the answer", parameter("state")),)
    fix = None
    if came.via == "direct":
        fix = "Send no state (--state none), knowing that the answer is then not tied to this run; tell the administrator."
    if came.redirect.kind == "error":
        return replace(_error_without_state(came, gone, fix), severity=severity(context))
    return Seen(evidence=gone, runner_up="" if fix else None, fix=fix, severity=severity(context))


def _error_without_state(came: Answer, gone: tuple[Evidence, ...], fix: str | None) -> Seen:
    """An error whose state is missing: told, and not believed, because anybody can send a browser here with one."""
    told = quoted(": ".join(part for part in (came.redirect.error, came.redirect.description) if part))
    return Seen(
        evidence=(*gone, Evidence("error", told, parameter("error"))),
        title=f"A refusal came, {told}, without the state that was sent, so it is not to be believed.",
        cause="This deployment does not return the state with its errors; then the refusal is true.",
        runner_up="" if fix else "Somebody sent the browser here with an error of theirs.",
        fix=fix,
    )


@family.rule(
    Entry(
        code="code-and-error",
        question="redirect",
        title="The redirect brought a code and an error ({words}) at once, which contradict each other; nothing was exchanged.",
        cause="The server is broken, or something on the way added one of them.",
        fix="Run again; if it stays, give the whole redirect to the administrator.",
        reference="RFC 6749 §4.1.2.1",
    )
)
def code_and_error(context: Context) -> Seen | None:
    came = answer(context)
    if came.redirect.kind != "both":
        return None
    told = quoted(came.redirect.error or "")
    evidence = (
        Evidence("error", told, parameter("error")),
        Evidence("code", "present", parameter(context.inputs.dialect.code)),
    )
    return Seen({"words": told}, evidence)


@family.rule(
    Entry(
        code="code-renamed",
        question="redirect",
        title="The redirect brought no {name}, and a {suspect} that looks like one.",
        cause="This server has its own name for the code.",
        fix="To read it, {setting}, and run again.",
        reference="RFC 6749 §4.1.2",
    )
)
def code_renamed(context: Context) -> Seen | None:
    came = answer(context)
    if came.redirect.kind != "empty" or came.redirect.suspect is None:
        return None
    name, suspect = context.inputs.dialect.code, came.redirect.suspect
    evidence = pair("Name of the code", name, suspect, parameter(suspect))
    values = {"name": quoted(name), "suspect": quoted(suspect), "setting": setting("code", suspect)}
    return Seen(values, (evidence,), severity=severity(context))


@family.rule(
    Entry(
        code="redirect-empty",
        question="redirect",
        title="The redirect came back with neither a code nor an error.",
        cause="The answer is in the fragment (behind “#”), which browsers do not send.",
        runner_up="The server is broken, or somebody opened the redirect URI by hand.",
        fix="Look at the browser's address bar: if a code stands behind the “#”, run with --mode paste and paste only its value.",
        reference="RFC 6749 §4.1.2",
    )
)
def redirect_empty(context: Context) -> Seen | None:
    came = answer(context)
    if came.redirect.kind != "empty":
        return None
    names = ", ".join(quoted(name, 40) for name, _ in came.redirect.params.items[:8]) or "none"
    evidence = (Evidence("Parameters that came", names, Pointer("redirect", "request")),)
    if came.via != "direct":
        return Seen(evidence=evidence, severity=severity(context))
    known = {"state", "iss", "session_state", "scope"}
    strange = [name for name, value in came.redirect.params if name.lower() not in known and value]
    if strange:
        name = quoted(strange[0], 40)
        cause = f"This server has its own name for the code, perhaps {name}; or it redirected before it had an answer."
        fix = f"If {name} holds the code, {setting('code', strange[0])}, and run again; otherwise give this exchange to the administrator."
        return Seen(evidence=evidence, cause=cause, runner_up="", fix=fix, severity=severity(context))
    cause = "The server redirected before it had an answer, or forgets to put one in."
    fix = "Give this exchange to the administrator: every redirect to the redirect URI must carry a code or an error."
    return Seen(evidence=evidence, cause=cause, runner_up="", fix=fix, severity=severity(context))


@family.rule(
    Entry(
        code="forged-answer",
        severity="warning",
        title="Beside the true answer came one with another state; it was ignored.",
        cause="An old browser tab answered, or somebody tried to slip in an answer of theirs.",
        fix="Nothing has to be changed; close old tabs of this flow.",
        reference="RFC 6749 §10.12; threats.md L6",
    )
)
def forged_answer(context: Context) -> Seen | None:
    doubtful = context.state.doubtful
    if doubtful is None or not reached_code(context.state) or doubtful.verification != "mismatch":
        return None
    return Seen(evidence=(_states(context, doubtful),))


@family.rule(
    Entry(
        code="state-not-verified",
        severity="note",
        title="The code was believed without its state being compared.",
        cause="{why}",
        fix="Nothing has to be changed; paste the whole address in place of the bare code to have the state compared.",
        reference="RFC 6749 §10.12; threats.md L12",
    )
)
def state_not_verified(context: Context) -> Seen | None:
    if context.state.answer is None:
        return None
    if context.state.trusted_on_purpose:
        return Seen({"why": "You continued on purpose with an answer whose state did not come back."})
    bare = context.state.answer.verification == "not-verified"
    return Seen({"why": "A bare code was pasted."}) if bare else None


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
