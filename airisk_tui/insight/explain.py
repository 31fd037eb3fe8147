"""The findings of a run, in the order in which a person should read them.

Errors come before warnings, and warnings before notes. Within a severity the order is that of the rule sets, which follow a run from
its start to its end, and within a set that of its rules, the most certain first. Of the rules that answer one question only the first
that holds is reported (`insight.rule`). A fix leaves out what an earlier run tried in vain, because otherwise the advice to send JSON
and the advice to send a form would alternate for ever.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.phases import REDIRECT_PHASES
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, held_step
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import RANK, Evidence, Finding
from airisk_tui.insight.fix import PASTE, Ask, Change, Do, Fix, FixStep, Rerun, SetField, as_first, ways
from airisk_tui.insight.rule import Needs, apply
from airisk_tui.insight.rules import RULE_SETS
from airisk_tui.insight.rules.changed import CODE, about, in_place_of
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange

GIVE_UP: Fix = (Ask("give this exchange to the administrator"),)
"""The fix where every other one was tried."""


def without_tried(finding: Finding, context: Context) -> Finding:
    """Leave out the ways of the fix whose values an earlier run had, if that run got the same answer."""
    same = [run for run in context.earlier if _met_the_same(run, context.state)]
    tried = [way for way in ways(finding.fix) if any(_had(run, way, context.inputs) for run in same)] if same else []
    if not tried:
        return finding
    told = ", ".join(f"{step.field} {step.value}" for way in tried for step in way if isinstance(step, SetField))
    tried_before = Evidence("Tried before", f"{told}; the same came of it")
    return replace(finding, fix=_without(finding.fix, tried), evidence=(*finding.evidence, tried_before))


_CLIENT_ADVICE = {
    "form": "have the client send the token request as a form (application/x-www-form-urlencoded)",
    "json": "have the client send the token request as JSON",
    "basic": "have the client send its ID and its secret in the Authorization header (HTTP Basic)",
    "post": "have the client send client_id and client_secret in the body",
    "body": "have the client send client_id and client_secret in the body",
}
"""The change to another program, by the value of `client_auth` or `encoding` that this program would set."""


def for_the_client(finding: Finding, context: Context) -> Finding:
    """For a run of another program: leave out the ways that only try something by a run of this program, and replace the options of
    this program by what that program has to change."""
    if context.state.imported is None:
        return finding
    trials = [way for way in ways(finding.fix) if any(map(_is_trial, way))] if finding.certainty != "proven" else []
    fix = _without(finding.fix, trials) if trials else finding.fix
    if not any(map(_way_to_send, fix)):
        return replace(finding, fix=fix)
    steps = (
        Change("client", _CLIENT_ADVICE[way], when=step.when, instead=step.instead)
        if (way := _way_to_send(step))
        else step
        for step in fix
    )
    return replace(finding, fix=tuple(step for step in steps if not (isinstance(step, Rerun) and step.mode is None)))


def _way_to_send(step: FixStep) -> str:
    """The client authentication or the encoding that a step sets; "" for any other step."""
    if not isinstance(step, SetField) or step.field.rpartition(".")[2] not in ("client_auth", "encoding"):
        return ""
    return step.value if step.value in _CLIENT_ADVICE else ""


def _is_trial(step: FixStep) -> bool:
    of_the_body = isinstance(step, SetField) and step.field == "encoding"
    return of_the_body or (isinstance(step, Rerun) and step.mode is not None)


def pasted_here(finding: Finding, context: Context) -> Finding:
    """For a run that waits for a paste: the person pastes into it, and need not run again for that."""
    if context.inputs.mode != "paste" or not context.state.live:
        return finding
    steps = (
        replace(_INTO_THIS, when=step.when, instead=step.instead)
        if isinstance(step, Rerun) and step.mode == "paste"
        else step
        for step in finding.fix
        if step not in PASTE[1:]
    )
    return replace(finding, fix=tuple(steps))


_INTO_THIS = Do("paste the address that the browser ends on into this program")


def _without(fix: Fix, dropped: list[Fix]) -> Fix:
    kept = [way for way in ways(fix) if way not in dropped]
    return as_first(*(step for way in kept for step in way)) if kept else GIVE_UP


def _met_the_same(run: FlowState, state: FlowState) -> bool:
    """Whether an earlier run got the same answers and ended as this one did."""
    ends = [(one.outcome, *map(_content_of, (one.authorization, one.token_exchange))) for one in (run, state)]
    return ends[0] == ends[1] and run.token is None


def _content_of(exchange: Exchange | None) -> tuple[int, str, str] | None:
    """The status and the error of an answer, without its trace id."""
    if exchange is None:
        return None
    error = read_error(exchange.response)
    return exchange.response.status, error.code, error.description


def _had(run: FlowState, way: Fix, ours: Inputs) -> bool:
    """Whether a run against the same deployment had every value that the way sets; False for a way that sets none."""
    values = {step.field: step.value for step in way if isinstance(step, SetField) and step.value is not None}
    if not values or run.inputs is None or run.inputs.base_url != (values.get("base_url") or ours.base_url):
        return False
    return all(_value(run.inputs, name) == value for name, value in values.items())


def _value(inputs: Inputs, field: str) -> str | None:
    """The value of a field as the text that a step would set; None if there is none."""
    group, _, name = field.rpartition(".")
    if group.endswith("params"):
        return next((value for given, value in getattr(inputs, group) if given == name), None)
    value = getattr(inputs.dialect if group else inputs, name, None)
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class Report(Struct, frozen=True):
    """The result of the rules. findings: the most useful first; not_checked: the codes of the rules whose precondition was not observed."""

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()

    @property
    def first(self) -> Finding | None:
        """The finding to show if there is room for one; a departure is never the reason of a failure."""
        return next((finding for finding in self.findings if finding.group is None), None)

    @property
    def title(self) -> str | None:
        """The title of that finding, for a list of runs; None if all went well."""
        return self.first.title if self.first is not None and self.first.severity != "note" else None


WAIT_BEFORE_DOUBT = 3.0
"""Seconds from which on a missing redirect may not come at all; a warning before that would alarm without a reason."""


def explain_now(context: Context) -> Report | None:
    """The report that a person sees at the moment `context.now`, live and in a replay alike; None if there is nothing to say yet.

    While a run goes on, it has only the reasons why the redirect may not come.
    """
    state = context.state
    if held_step(state) is not None:
        return None
    if state.live and not (state.phase in REDIRECT_PHASES and context.now >= WAIT_BEFORE_DOUBT):
        return None
    return explain(context)


def explain(context: Context) -> Report:
    """The findings of a run, live or replayed. Total over every state."""
    if context.state.inputs is None:
        return Report()
    found: list[Finding] = []
    unchecked: list[str] = []
    answered: set[str] = set()
    observed: dict[Needs[Context], bool] = {}
    for rules in RULE_SETS:
        for rule in rules:
            if rule.needs not in observed:
                observed[rule.needs] = rule.needs(context)
            if not observed[rule.needs]:
                unchecked.append(rule.entry.code)
                continue
            question = rule.entry.question
            if question in answered:
                continue
            finding = apply(rule, context)
            if finding is not None:
                for adapted in (pasted_here, for_the_client, without_tried):
                    finding = adapted(finding, context)
                found.append(finding)
                answered |= {question} - {""}
    found.sort(key=lambda finding: RANK[finding.severity])
    return Report(_by_changes(found, context.state), tuple(unchecked))


def _by_changes(found: list[Finding], state: FlowState) -> tuple[Finding, ...]:
    """Replace the errors that the person's own changes may have caused by the finding about these changes, so that nobody else is
    blamed for them. Without an error that finding replaces the warnings about what was changed, and without these it is left out."""
    changed = next((finding for finding in found if finding.code == CODE), None)
    if changed is None:
        return tuple(found)
    errors = [finding for finding in found if finding.severity == "error" and finding is not changed]
    others = [finding for finding in found if finding.severity != "error"]
    if errors:
        return (in_place_of(changed, errors, state), *others)
    warnings = [finding for finding in others if finding.severity == "warning" and about(finding, state)]
    if not warnings:
        return tuple(others)
    told = replace(in_place_of(changed, warnings, state), severity="warning")
    return (told, *(finding for finding in others if finding not in warnings))
