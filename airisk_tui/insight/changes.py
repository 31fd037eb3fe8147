"""The edits that a person made in a run's requests, in words, and which of them may be why the run failed."""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.reading.steps import step_of
from airisk_tui.flow.requests import meant_request, values_in
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Evidence, Part, Pointer
from airisk_tui.insight.finding import Step as RunStep
from airisk_tui.insight.words.quoting import brief
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.request.edit import ALL, FOLLOW_UPS, Edit, Place, Step
from airisk_tui.oauth.request.planned import PlannedRequest, effective, shown_value

NAMES: dict[Step, str] = {
    "discovery": "the request for the metadata",
    "push": "the pushed request",
    "authorization": "the authorization request",
    "device": "the request for the device's codes",
    "redirect": "the redirect",
    "token": "the token request",
    "poll": "the poll for the token",
    "userinfo": "the userinfo request",
    "introspect": "the introspection request",
    "refresh": "the refresh request",
    "revoke": "the revocation request",
    "code-again": "the second token request for the code",
    "probe": "the calls of endpoints",
}

_KINDS: dict[Place, str] = {"param": "the parameter ", "header": "the header ", "body": "the field "}
_PARTS: dict[Place, Part] = {"param": "parameter", "header": "header", "body": "parameter"}

_ASKED: tuple[Step, ...] = ("discovery", "push", "authorization", "device", "redirect")
_EXCHANGED: tuple[Step, ...] = (*_ASKED, "token", "poll")
_USED: tuple[Step, ...] = (*_EXCHANGED, *FOLLOW_UPS, "probe")

RUN_STEPS: dict[Step, RunStep] = {
    **dict.fromkeys(_USED, "access"),
    **dict.fromkeys(_EXCHANGED, "token-request"),
    **dict.fromkeys(_ASKED, "authorization-request"),
    "redirect": "redirect",
}
"""The step by which a finding's evidence names each request."""

_BEFORE_OUTCOME: dict[Outcome, tuple[Step, ...]] = {
    Outcome.AUTHORIZATION_REFUSED: _ASKED,
    Outcome.RESPONSE_INVALID: _ASKED,
    Outcome.TIMEOUT: (*_ASKED, "poll"),
    Outcome.TOKEN_REFUSED: _EXCHANGED,
    Outcome.TOKEN: _USED,
    Outcome.ACCESS_REFUSED: _USED,
}
"""By outcome, the steps whose requests may be why a run ended so."""

_BY_ADDRESS = frozenset({"dns", "refused", "unreachable", "tls", "proxy"})
"""Kinds of faults that only the address of a request can cause."""


def changes(state: FlowState) -> tuple[Edit, ...]:
    """The edits of a run that changed a request or the redirect; edits without an effect are left out."""
    inputs = state.inputs
    if inputs is None or not inputs.edits:
        return ()
    values, endpoints = values_in(state, inputs), [probe.endpoint for probe in state.probes]
    found: list[Edit] = []
    for step, plan, endpoint in _plans(state, inputs, endpoints):
        found += effective(plan, inputs.edits, step, values, endpoint)
    last = _not_undone(inputs.edits)
    return tuple(edit for edit in last if edit.step == "redirect" or edit in found)


def _not_undone(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits without those that a later edit of the same place undoes."""
    kept: list[Edit] = []
    for edit in edits:
        if edit.action != "add":
            kept = [one for one in kept if (one.target, one.endpoint) != (edit.target, edit.endpoint)]
        kept.append(edit)
    return tuple(kept)


def _plans(state: FlowState, inputs: Inputs, endpoints: list[Endpoint]) -> Iterator[tuple[Step, PlannedRequest, str]]:
    made: dict[Step, bool] = {
        "discovery": bool(inputs.issuer),
        "push": inputs.request_uri is not None or inputs.pushes,
        "authorization": True,
        "device": inputs.mode == "device",
        "token": True,
        "poll": state.device_codes is not None,
        **{step: any(one.step == step for one in state.followed) for step in FOLLOW_UPS},
    }
    yield from ((step, meant_request(state, inputs, step), "") for step, is_made in made.items() if is_made)
    for endpoint in endpoints:
        yield "probe", meant_request(state, inputs, "probe", endpoint), endpoint.name


def suspects(state: FlowState) -> tuple[Edit, ...]:
    """The changes that may be why the run ended as it did."""
    if state.failure is not None:
        own = [step for step, name in RUN_STEPS.items() if name == step_of(state.failure.step)]
        by_address = state.failure.failed.fault.kind in _BY_ADDRESS
        return tuple(edit for edit in changes(state) if edit.step in own and (not by_address or edit.place == "url"))
    steps = _BEFORE_OUTCOME.get(state.outcome, ()) if state.outcome is not None else ()
    return tuple(edit for edit in changes(state) if edit.step in steps)


def pointer_to(edit: Edit) -> Pointer:
    """The place of an edit in the run, for the evidence of a finding."""
    return Pointer(RUN_STEPS[edit.step], _PARTS.get(edit.place, "request"), edit.name)


def evidence_of(state: FlowState, edit: Edit) -> Evidence:
    """An edit as evidence: the change and its place."""
    said = edit_clause(edit)
    said = said[:1].upper() + said[1:] + _replaced_value(state, edit)
    return Evidence(NAMES[edit.step].removeprefix("the "), said, pointer_to(edit))


def _replaced_value(state: FlowState, edit: Edit) -> str:
    """A clause with the value that a changed one replaces, such as "; it would have been …"; "" if there was none."""
    if edit.action != "set" or state.inputs is None or edit.step in ("redirect", "probe"):
        return ""
    plan = meant_request(state, state.inputs, edit.step)
    fields = {"param": plan.params, "header": plan.headers, "body": plan.fields}.get(edit.place, ())
    value = next((shown_value(value) for name, value in fields if name.lower() == edit.name.lower()), None)
    return "" if value is None else f"; it would have been {brief(value)}"


def edit_clause(edit: Edit) -> str:
    """The effect of an edit, as a clause without its step."""
    value = brief(edit.value)
    name = "everything" if edit.name == ALL else brief(edit.name)
    match edit.place, edit.action:
        case "method", _:
            return f"the method was set to {value}"
        case "url", _:
            return f"the address was set to {value}"
        case "encoding", _:
            return f"the body was written as {value}"
        case "body", "set" if not edit.name:
            return "the whole body was replaced"
        case place, "omit":
            return f"{_KINDS[place]}{name} was left out"
        case place, "add":
            return f"{_KINDS[place]}{name} was sent beside the rest, as {value}"
        case place, _:
            return f"{_KINDS[place]}{name} was set to {value}"


def listed(edits: tuple[Edit, ...]) -> str:
    """Edits in one clause: "in the token request, the field “code” was left out"."""
    few = edits[:3]
    steps = dict.fromkeys(edit.step for edit in few)
    made = {step: " and ".join(edit_clause(edit) for edit in few if edit.step == step) for step in steps}
    clauses = [f"in {NAMES[step]}, {clause}" for step, clause in made.items()]
    more = f", and {len(edits) - len(few)} more" if len(edits) > len(few) else ""
    return "; ".join(clauses) + more
