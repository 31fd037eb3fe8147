"""`explain(context)`: every rule asked, the answers in the order in which a person should read them.

Order: errors before warnings before notes, then the order of the rule sets (the way of a run: what kept it from
starting, from connecting, from being answered, …), then the order of certainty inside a set. What is suppressed and
why stands in `insight.rule`: of rival answers to one question only the first that holds is reported. A fix leaves out what an
earlier run has tried in vain: a form after JSON, and JSON after a form, would go round in a circle."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.phases import REDIRECT_PHASES
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, held_step
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import RANK, Evidence, Finding
from airisk_tui.insight.fix import Ask, Change, Fix, FixStep, Rerun, SetField, ways
from airisk_tui.insight.rule import Needs
from airisk_tui.insight.rules import RULE_SETS
from airisk_tui.insight.rules.changed import CODE, about, in_place_of
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange

GIVE_UP: Fix = (Ask("give this exchange to the administrator"),)
"""What is left where everything was tried."""


def without_tried(finding: Finding, context: Context) -> Finding:
    """The finding without the ways of its fix whose values an earlier run had, which met the same answer."""
    same = [run for run in context.earlier if _met_the_same(run, context.state)]
    tried = [way for way in ways(finding.fix) if any(_had(run, way, context.inputs) for run in same)] if same else []
    if not tried:
        return finding
    told = ", ".join(f"{step.field} {step.value}" for way in tried for step in way if isinstance(step, SetField))
    tried_before = Evidence("Tried before", f"{told}; the same came of it")
    return replace(finding, fix=_without(finding.fix, tried), evidence=(*finding.evidence, tried_before))


_OF_THE_CLIENT = {
    "form": "have the client send the token request as a form (application/x-www-form-urlencoded)",
    "json": "have the client send the token request as JSON",
    "basic": "have the client send its ID and its secret in the Authorization header (HTTP Basic)",
    "post": "have the client send client_id and client_secret in the body",
    "body": "have the client send client_id and client_secret in the body",
}
"""What another program is to do, by the value of `client_auth` or `encoding` that a run of this one would have."""


def of_the_client(finding: Finding, context: Context) -> Finding:
    """The finding about another program's run with what that program is to do, in place of an option of this one."""
    if context.state.imported is None or not any(map(_way_to_send, finding.fix)):
        return finding
    steps = (
        Change("client", _OF_THE_CLIENT[way], when=step.when, instead=step.instead)
        if (way := _way_to_send(step))
        else step
        for step in finding.fix
    )
    return replace(finding, fix=tuple(step for step in steps if not (isinstance(step, Rerun) and step.mode is None)))


def _way_to_send(step: FixStep) -> str:
    """The way to authenticate or to write the body that a step sets, "" for none that is known."""
    if not isinstance(step, SetField) or step.field.rpartition(".")[2] not in ("client_auth", "encoding"):
        return ""
    return step.value if step.value in _OF_THE_CLIENT else ""


def without_trials(finding: Finding, context: Context) -> Finding:
    """The finding about another program's run without the ways that only try something by a run of this one."""
    if context.state.imported is None or finding.certainty == "proven":
        return finding
    trials = [way for way in ways(finding.fix) if any(map(_is_trial, way))]
    return replace(finding, fix=_without(finding.fix, trials)) if trials else finding


def _is_trial(step: FixStep) -> bool:
    of_the_body = isinstance(step, SetField) and step.field == "encoding"
    return of_the_body or (isinstance(step, Rerun) and step.mode is not None)


def _without(fix: Fix, dropped: list[Fix]) -> Fix:
    kept = [way for way in ways(fix) if way not in dropped]
    first = tuple(replace(step, when="", instead=False) for step in kept[0][:1]) + kept[0][1:] if kept else GIVE_UP
    return (*first, *(step for way in kept[1:] for step in way))


def _met_the_same(run: FlowState, state: FlowState) -> bool:
    """Whether an earlier run met the same answers, and ended as this one did."""
    ends = [(one.outcome, *map(_said, (one.authorization, one.token_exchange))) for one in (run, state)]
    return ends[0] == ends[1] and run.token is None


def _said(exchange: Exchange | None) -> tuple[int, str, str] | None:
    """What an answer says, without the id that each has."""
    if exchange is None:
        return None
    error = read_error(exchange.response)
    return exchange.response.status, error.code, error.description


def _had(run: FlowState, way: Fix, ours: Inputs) -> bool:
    """Whether a run against the deployment had every value that the way sets, and the way sets one."""
    values = {step.field: step.value for step in way if isinstance(step, SetField) and step.value is not None}
    if not values or run.inputs is None or run.inputs.base_url != (values.get("base_url") or ours.base_url):
        return False
    return all(_value(run.inputs, name) == value for name, value in values.items())


def _value(inputs: Inputs, field: str) -> str | None:
    """The value of a field as a step would set it; None where there is none."""
    group, _, name = field.rpartition(".")
    if group.endswith("params"):
        return next((value for given, value in getattr(inputs, group) if given == name), None)
    value = getattr(inputs.dialect if group else inputs, name, None)
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class Report(Struct, frozen=True):
    """findings: the most useful first; not_checked: the codes of rules whose precondition was not observed."""

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()

    @property
    def first(self) -> Finding | None:
        """The finding to show when there is room for one; a departure is never the reason."""
        return next((finding for finding in self.findings if finding.group is None), None)

    @property
    def title(self) -> str | None:
        """The title of that finding, for a list of runs; None when all went well."""
        return self.first.title if self.first is not None and self.first.severity != "note" else None


WAIT_BEFORE_DOUBT = 3.0
"""Seconds. A redirect that is not there after them may not come; before that a warning would only alarm."""


def explain_now(context: Context) -> Report | None:
    """What a person is told at the moment `context.now`, on a live screen and in a replay alike; None for nothing yet. While
    a run goes on, that is only why the redirect may not come."""
    state = context.state
    if held_step(state) is not None:
        return None
    if state.live and not (state.phase in REDIRECT_PHASES and context.now >= WAIT_BEFORE_DOUBT):
        return None
    return explain(context)


def explain(context: Context) -> Report:
    """The findings of a run, live or replayed; pure, total over every state."""
    if context.state.inputs is None:
        return Report()
    found: list[Finding] = []
    unchecked: list[str] = []
    answered: set[str] = set()
    observed: dict[Needs, bool] = {}
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
            finding = rule.apply(context)
            if finding is not None:
                found.append(without_tried(of_the_client(without_trials(finding, context), context), context))
                answered |= {question} - {""}
    found.sort(key=lambda finding: RANK[finding.severity])
    return Report(_by_changes(found, context.state), tuple(unchecked))


def _by_changes(found: list[Finding], state: FlowState) -> tuple[Finding, ...]:
    """The findings without the errors that a person's own changes can have brought about: the finding about these takes their
    place, so that nobody is blamed for what a person did. Without an error it takes the place of the warnings about what was
    changed; without these there is nothing to explain."""
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
