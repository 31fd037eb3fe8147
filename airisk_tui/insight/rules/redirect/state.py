"""An answer came whose state is not the one that was sent, or is missing (threats.md L6; RFC 6749 §10.12)."""

from __future__ import annotations

from html import unescape
from urllib.parse import quote_plus, unquote, unquote_plus

from msgspec.structs import replace

from airisk_tui.flow.state import Answer
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Press, SetField, provided
from airisk_tui.insight.reading.run import reached_code
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.rules.redirect import answer, answered, parameter, said, severity
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.redirect.paste import LINES
from airisk_tui.oauth.secret import written_length
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.urls import authority_of, host_of, origin, port_of

rules = RuleSet("State", answered, "redirect", severity_of=severity)

_SOMEBODY = "Somebody tries to slip in a code of their own."
_UNMODIFIED = Ask("tell the administrator that the state must come back unmodified")
_UNTIED = (SetField("state", "none", words=", knowing that nothing ties the answer to this run then"), _UNMODIFIED)


@rules.add(
    "state-altered",
    title="The state came back altered: {how}.",
    cause="The server, or something in front of it, does not return the state unmodified.",
    fix=(SetField("state", words="{kind}, which come back unaltered"), _UNMODIFIED),
    reference="RFC 6749 §4.1.2",
    unless="the state that came were no change of the one that was sent: cut, in other letters, with spaces, encoded or within a text",
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
    match = Match({"how": how, "kind": kind}, (_states(context, came),))
    if how.startswith("cut") and came.via == "paste":
        cause = "The end of the address was cut off when it was copied: by the terminal, the selection, or a field that is too short."
        return replace(match, cause=cause, fix=(RERUN, Do("copy the whole address, and paste it")))
    return replace(match, fix=_UNTIED) if how.startswith(_WITHIN) else match


@rules.add(
    "state-mismatch",
    title="An answer came whose state is not the one that this run sent, so nothing was exchanged.",
    cause="It answers an old browser tab or another run.",
    runner_up=_SOMEBODY,
    fix=(Do("close the other tabs of this flow"), RERUN, Do("use only the tab that this run opens")),
    reference="RFC 6749 §10.12; threats.md L6",
    unless="the state were that of an earlier run of this session, an altered one, or empty: then that is said",
)
def state_mismatch(context: Context) -> Match | None:
    came = answer(context)
    if came.verification != "mismatch":
        return None
    match = Match(evidence=(_states(context, came),))
    owner = next((run for run in context.earlier if run.inputs and run.inputs.state == came.redirect.state), None)
    if owner is not None:
        started = utc_text(owner.utc)
        belongs = Evidence("It belongs to", f"the run of {started} in this session", parameter("state"))
        cause = f"It is the answer to an earlier run, of {started}."
        return replace(match, evidence=(*match.evidence, belongs), cause=cause, runner_up="")
    if not came.redirect.state:
        cause = "The parameter state came back empty: the server, or something in front of it, loses its value."
        return match.because(cause, _UNTIED)
    if came.via == "direct":
        cause = "The server sends a state of its own: this answer is the one to that very request."
        return match.because(cause, _UNTIED)
    return _of_another_login(context, came, match)


def _of_another_login(context: Context, came: Answer, match: Match) -> Match:
    """The match for an address of another host or port than the redirect URI's, where it is one."""
    theirs = came.request.url.partition("?")[0] if came.request is not None else ""
    scheme, ours = context.inputs.redirect_uri.partition(":")[0], authority_of(context.inputs.redirect_uri)
    if not origin(theirs) or _same_place(theirs, context.inputs.redirect_uri):
        return match
    place = Evidence("Its address begins with", quoted(theirs), parameter("state"))
    match = match.with_values(theirs=quoted(theirs), ours=quoted(f"{scheme}://{ours}"))
    evidence = (*match.evidence, place)
    return replace(match, evidence=evidence, cause=_OTHER_LOGIN, runner_up=_EARLIER_URI, fix=_OUR_ADDRESS)


def _same_place(one: str, other: str) -> bool:
    """Whether two addresses are of one place, by whichever name this machine is called."""
    hosts = host_of(one), host_of(other)
    return port_of(one) == port_of(other) and (hosts[0] == hosts[1] or all(map(is_loopback, hosts)))


_OTHER_LOGIN = (
    "It is the answer to another program's login: it went to {theirs}, and this run's redirect URI is at {ours}."
)
_EARLIER_URI = "An earlier run sent another redirect URI."
_OUR_ADDRESS: Fix = (RERUN, Do("log in in the tab that it opens"), Do("paste the address that begins with {ours}"))


_NOT_RETURNED = "This deployment does not return the state; older ones do not."
_IF_YOURS = Press("continue", " only if you have just approved this very request")


@rules.add(
    "state-missing",
    title="The state that was sent did not come back, so nothing ties the answer to this run.",
    cause=_NOT_RETURNED,
    runner_up=_SOMEBODY,
    fix=(_IF_YOURS, *provided("to avoid this question in later runs", SetField("state", "none"))),
    reference="RFC 6749 §4.1.2",
    certainty="likely",
    unless="the state stood in the redirect under another name, or joined to another value: both are looked for first",
)
def state_missing(context: Context) -> Match | None:
    came = answer(context)
    nothing = came.redirect.kind == "empty" and came.redirect.other_name is None
    if came.verification != "missing" or nothing or context.state.trusted_on_purpose:
        return None
    ours, params = context.inputs.state, came.redirect.params
    other = next((name for name, value in params if name.strip().lower() == "state" and value == ours), None)
    if other is not None:
        match = Match({"other": quoted(other)}, (pair("Name of the state", "state", other, parameter(other)),))
        fix = (Change("server", "have the server return it as “state”"), *provided("until then", _UNTIED[0]))
        return match.because("The server returned the state as {other}; names of parameters are compared exactly.", fix)
    gone = Evidence("state", "sent, and not in the answer", parameter("state"))
    direct = came.via == "direct"
    match = Match(evidence=(gone,), fix=_UNTIED if direct else None)
    if came.redirect.kind == "error":
        return _error_without_state(came, match)
    if came.via == "paste" and came.request is not None:
        if (elsewhere := _of_another_login(context, came, match)) is not match:
            return elsewhere
        query = came.request.url.partition("?")[2]
        return _cut_before_the_paste(match, written_length(f"{context.inputs.redirect_uri}?{query}"))
    return replace(match, runner_up="" if direct else None)


def _cut_before_the_paste(match: Match, length: int) -> Match:
    """A pasted address without the state: the end of it can have been lost on the way."""
    kept = next((line for line in LINES if line - 8 <= length <= line), None)
    if kept is None:
        return match.undecided(_CUT, _OLDER)
    cause = f"A terminal keeps {kept:,} characters of a line, and the address that was pasted ends there: the rest of it is lost."
    return replace(match, cause=cause, runner_up=_NOT_RETURNED, fix=_BESIDE_THE_LINE)


_CUT = Possible(
    "The address was cut at its “&” before it was pasted, as a shell cuts it.",
    (Do("look at the address in the browser: if “state=” stands in it, run again, and paste it whole"),),
)
_OLDER = Possible(_NOT_RETURNED, (_IF_YOURS, SetField("state", "none")), "if it does not")
_BESIDE_THE_LINE: Fix = (
    RERUN,
    Do(
        "write the address to the program's standard input by a pipe (pbpaste, xclip -o), or paste it into the field of the screen"
    ),
)


def _error_without_state(came: Answer, match: Match) -> Match:
    """An error whose state is missing: reported, and not believed, because anybody can send a browser here with one."""
    words = quoted(said(came.redirect.error, came.redirect.description))
    return replace(
        match.with_values(said=words),
        evidence=(*match.evidence, Evidence("error", words, parameter("error"))),
        title="A refusal came, {said}, without the state that was sent, so it cannot be trusted.",
        cause="This deployment does not return the state with its errors; then the refusal is genuine.",
        runner_up="" if match.fix else "Somebody sent the browser here with an error of their own.",
    )


@rules.add(
    "forged-answer",
    severity="warning",
    question="",
    title="Besides the genuine answer, another one came with a different state; it was ignored.",
    cause="An old browser tab answered, or somebody tried to slip in an answer of their own.",
    fix=(Do("change nothing"), Do("close old tabs of this flow")),
    reference="RFC 6749 §10.12; threats.md L6",
    unless="the other answer had this run's state",
    certainty="likely",
)
def forged_answer(context: Context) -> Match | None:
    doubtful = context.state.doubtful
    if doubtful is None or not reached_code(context.state) or doubtful.verification != "mismatch":
        return None
    return Match(evidence=(_states(context, doubtful),))


@rules.add(
    "state-not-verified",
    severity="note",
    question="",
    title="The code was accepted without a comparison of its state.",
    cause="Somebody pasted a bare code, which carries no state.",
    fix=(Do("paste the whole address instead of the bare code, so that the state is compared"),),
    reference="RFC 6749 §10.12; threats.md L12",
)
def state_not_verified(context: Context) -> Match | None:
    if context.state.answer is None:
        return None
    if context.state.trusted_on_purpose:
        return Match(cause="You continued on purpose with an answer whose state did not come back.", fix=_RETURN_IT)
    if context.state.answer.verification != "not-verified":
        return None
    if context.state.imported is None:
        return Match()
    cause = "The file that the run was read from does not hold the state as it came back."
    return Match(cause=cause, fix=(Do("record again, the redirect included, where the state matters"),))


_RETURN_IT: Fix = (
    Change("server", "have the server return the state"),
    *provided("until then", SetField("state", "none")),
)
_WITHIN = "it came back with other text around it"


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
    if unescape(back) == sent:
        return "it was escaped for HTML"
    if sent.strip() == back.strip():
        return "spaces around it were added or removed"
    if sent.casefold() == back.casefold():
        return "upper and lower case were changed"
    if sent in back:
        return f"{_WITHIN} ({brief(back.replace(sent, '…', 1))})"
    if sent.startswith(back):
        return f"cut after {len(back)} of {len(sent)} characters"
    return None
