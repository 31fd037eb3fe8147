"""A fix without what an earlier run has tried in vain: a form after JSON, and JSON after a form, would go round in a circle."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Finding
from airisk_tui.insight.fix import Ask, Fix, SetField, ways
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.server_error import read_error

GIVE_UP: Fix = (Ask("give this exchange to the administrator"),)
"""What is left where everything was tried."""


def without_tried(finding: Finding, context: Context) -> Finding:
    """The finding without the ways of its fix whose values an earlier run had, which met the same answer."""
    same = [run for run in context.earlier if _met_the_same(run, context.state)]
    tried = [way for way in ways(finding.fix) if any(_had(run, way, context.inputs) for run in same)] if same else []
    if not tried:
        return finding
    kept = [way for way in ways(finding.fix) if way not in tried]
    first = tuple(replace(step, when="", instead=False) for step in kept[0][:1]) + kept[0][1:] if kept else GIVE_UP
    fix = (*first, *(step for way in kept[1:] for step in way))
    told = ", ".join(f"{step.field} {step.value}" for way in tried for step in way if isinstance(step, SetField))
    return replace(
        finding, fix=fix, evidence=(*finding.evidence, Evidence("Tried before", f"{told}; the same came of it"))
    )


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
