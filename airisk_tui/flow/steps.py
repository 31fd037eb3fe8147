"""The rail: six steps that a person follows, each phase of the table belonging to one of them (cli.md, `steps`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.state import FlowState

StepName = Literal["authorization-request", "browser", "redirect", "token-request", "token", "access"]
Status = Literal["pending", "running", "ok", "failed", "skipped"]

TITLES: dict[StepName, str] = {
    "authorization-request": "Authorization request",
    "browser": "Browser opened",
    "redirect": "Redirect",
    "token-request": "Token request",
    "token": "Token",
    "access": "Access",
}

STEP_OF: dict[Phase, StepName] = {
    Phase.BINDING: "authorization-request",
    Phase.ASKING: "authorization-request",
    Phase.OPENING: "browser",
    Phase.WAITING: "redirect",
    Phase.HOLDING: "redirect",
    Phase.EXCHANGING: "token-request",
    Phase.PROBING: "access",
}
"""Which step a phase is part of. The token is no phase: it is there when the token request is answered."""


@dataclass(frozen=True, slots=True)
class StepView:
    """started, finished: seconds since the start of the run, or None; summary: one line, not yet fit for a screen."""

    name: StepName
    title: str
    status: Status
    started: float | None = None
    finished: float | None = None
    summary: str = ""


def rail(state: FlowState) -> tuple[StepView, ...]:
    """The six steps of a run as they stand; total over every state."""
    return tuple(_view(name, state) for name in TITLES)


def _view(name: StepName, state: FlowState) -> StepView:
    times = _times(name, state)
    if times is None:
        skipped = _skipped(name, state)
        return StepView(name, TITLES[name], "skipped" if skipped else "pending", summary=skipped)
    started, finished = times
    if finished is None:
        return StepView(name, TITLES[name], "running", started, None, _summary(name, state))
    failed = _failed(name, state)
    return StepView(name, TITLES[name], "failed" if failed else "ok", started, finished, _summary(name, state))


def _times(name: StepName, state: FlowState) -> tuple[float, float | None] | None:
    """When the step began and ended; None when it has not begun, and no end while it is under way."""
    if name == "token":
        at = state.token_exchanged_at
        return None if at is None or state.token is None else (at, at)
    if name == "redirect" and _direct(state):
        return None if state.answer is None else (state.answer.at, state.answer.at)
    spans = list(_spans(name, state))
    if not spans:
        return None
    return spans[0][0], spans[-1][1]


def _spans(name: StepName, state: FlowState) -> list[tuple[float, float | None]]:
    spans: list[tuple[float, float | None]] = []
    for index, (phase, at) in enumerate(state.history):
        if STEP_OF.get(phase) == name:
            end = state.history[index + 1][1] if index + 1 < len(state.history) else None
            spans.append((at, end))
    return spans


def _direct(state: FlowState) -> bool:
    return state.inputs is not None and state.inputs.mode == "direct"


def _skipped(name: StepName, state: FlowState) -> str:
    """Why a step will not be taken, or "" when it may still come."""
    if state.inputs is None:
        return ""
    if name == "browser" and state.inputs.mode != "browser":
        return "asked directly" if _direct(state) else "left to you"
    if name in ("token-request", "token") and not state.inputs.exchange:
        return "not asked for"
    if state.phase is Phase.DONE:
        return "not asked for" if name == "access" and state.token is not None else "not reached"
    return ""


FAILING: dict[StepName, frozenset[Outcome]] = {
    "authorization-request": frozenset({Outcome.LISTENER}),
    "redirect": frozenset({Outcome.AUTHORIZATION_REFUSED, Outcome.RESPONSE_INVALID, Outcome.TIMEOUT}),
    "token-request": frozenset({Outcome.TOKEN_REFUSED}),
    "access": frozenset({Outcome.ACCESS_REFUSED}),
}


def _failed(name: StepName, state: FlowState) -> bool:
    if name == "browser":
        return state.browser is not None and not state.browser.ok
    if state.failure is not None and state.outcome is Outcome.TRANSPORT and state.failure.step == name:
        return True
    if name == "authorization-request" and _direct(state) and state.answer is None:
        return state.outcome is Outcome.AUTHORIZATION_REFUSED
    if state.outcome is Outcome.CANCELLED:
        return bool(state.history) and _last_step(state) == name
    return state.outcome in FAILING.get(name, frozenset())


def _last_step(state: FlowState) -> StepName | None:
    steps = [STEP_OF[phase] for phase, _ in state.history if phase in STEP_OF]
    return steps[-1] if steps else None


def _summary(name: StepName, state: FlowState) -> str:
    match name:
        case "authorization-request":
            return _request_summary(state)
        case "browser":
            return state.browser.program or state.browser.detail if state.browser else ""
        case "redirect":
            return _redirect_summary(state)
        case "token-request":
            exchange = state.token_exchange
            return f"{exchange.response.status} {exchange.response.reason}".strip() if exchange else ""
        case "token":
            return f"{state.inputs.kind}, {state.token.shape}" if state.token and state.inputs else ""
        case "access":
            return ", ".join(str(p.exchange.response.status) if p.exchange else "no answer" for p in state.probes)


def _request_summary(state: FlowState) -> str:
    if state.listener_failed is not None:
        return state.listener_failed.code
    if state.authorization is not None:
        return f"{state.authorization.response.status} {state.authorization.response.reason}".strip()
    return f"listening on {state.listener.addresses[0]}" if state.listener and state.listener.addresses else ""


def _redirect_summary(state: FlowState) -> str:
    if state.answer is not None:
        if state.answer.redirect.error is not None:
            return state.answer.redirect.error
        return f"code, {state.code.length} characters" if state.code else "no code"
    if state.phase is Phase.HOLDING:
        return "an answer without the state"
    return f"{state.heard} heard, none believed" if state.heard else ""
