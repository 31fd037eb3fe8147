"""The rail: the six steps of a run as a person follows them (command-line.md, run --json). Each phase belongs to one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from airisk_tui.flow.events import RequestStep
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.reading.identity import identity_sentence
from airisk_tui.flow.reading.steps import TITLES, StepName, StepView, step_of
from airisk_tui.flow.state import Answer, FlowState, held_step, secret_names
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange, FailedExchange
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.characters import UNUSABLE_CODE

STEP_OF: dict[Phase, StepName] = {
    Phase.DISCOVERING: "authorization-request",
    Phase.PUSHING: "authorization-request",
    Phase.REQUESTING: "authorization-request",
    Phase.POLLING: "token-request",
    Phase.BINDING: "authorization-request",
    Phase.ASKING: "authorization-request",
    Phase.OPENING: "browser",
    Phase.WAITING: "redirect",
    Phase.HOLDING: "redirect",
    Phase.EXCHANGING: "token-request",
    Phase.VERIFYING: "token",
    Phase.FOLLOWING: "access",
    Phase.PROBING: "access",
}
"""The step of each phase. The step "token" has a phase only if there is an ID token to verify."""

UNDER_WAY = {
    Phase.DISCOVERING: "looking for the metadata",
    Phase.PUSHING: "pushing the request",
    Phase.REQUESTING: "asking for codes",
    Phase.ASKING: "asking",
}
"""By phase, the summary of the first step while it is under way."""

HELD = "held before it is sent, to be edited"

NOT_ASKED = "not asked for"
"""The summary of a step that the inputs leave out."""


def rail(state: FlowState) -> tuple[StepView, ...]:
    """The six steps of a run in this state. Total over every state."""
    return tuple(_view(name, state) for name in TITLES)


def _view(name: StepName, state: FlowState) -> StepView:
    times = _times(name, state)
    if times is None:
        skipped = _skipped(name, state)
        return StepView(name, TITLES[name], "skipped" if skipped else "pending", summary=skipped)
    started, finished = times
    if finished is None:
        summary = HELD if held_step(state) is not None else _shown_summary(name, state)
        return StepView(name, TITLES[name], "running", started, None, summary)
    failed = _failed(name, state)
    return StepView(name, TITLES[name], "failed" if failed else "ok", started, finished, _shown_summary(name, state))


def _shown_summary(name: StepName, state: FlowState) -> str:
    """The summary of a step, with the names of secrets in place of their references."""
    return secrets_named(_SUMMARIES[name](state), secret_names(state))


def _times(name: StepName, state: FlowState) -> tuple[float, float | None] | None:
    """The beginning and the end of a step in seconds since the start; None before it began, and None as its end while it is under way."""
    if name == "token":
        at, spans = state.token_exchanged_at, _spans(name, state)
        return None if at is None or state.token is None else (at, spans[-1][1] if spans else at)
    if name == "authorization-request" and state.outcome is Outcome.USAGE:
        return state.at, state.at
    spans = _spans(name, state)
    if spans:
        return spans[0][0], spans[-1][1]
    if name == "authorization-request" and state.history:
        return 0.0, 0.0
    if name == "redirect" and state.mode != "device":
        at = state.answer.at if state.answer is not None else _gave_up_at(state)
        return None if at is None else (at, at)
    return None


def _gave_up_at(state: FlowState) -> float | None:
    """The end of a wait for the redirect without an answer, in seconds since the start; None if an answer came, or nobody waited."""
    over = state.outcome in (Outcome.TIMEOUT, Outcome.RESPONSE_INVALID) and state.mode != "direct"
    over = over and not state.undiscovered
    return state.entered(Phase.DONE) if over else None


def _spans(name: StepName, state: FlowState) -> list[tuple[float, float | None]]:
    spans: list[tuple[float, float | None]] = []
    for index, (phase, at) in enumerate(state.history):
        if STEP_OF.get(phase) == name:
            end = state.history[index + 1][1] if index + 1 < len(state.history) else None
            spans.append((at, end))
    return spans


def _skipped(name: StepName, state: FlowState) -> str:
    """The reason why a step is not taken; "" if it may still be."""
    if state.inputs is None:
        return ""
    if name in ("browser", "redirect") and state.mode == "device":
        return "on another device"
    if name == "browser" and state.inputs.mode != "browser":
        return "asked directly" if state.mode == "direct" else "left to you"
    if name in ("token-request", "token") and not state.inputs.exchange:
        return NOT_ASKED
    if state.phase is Phase.DONE:
        return NOT_ASKED if name == "access" and state.token is not None else "not reached"
    return ""


def _failed(name: StepName, state: FlowState) -> bool:
    if state.outcome is Outcome.CANCELLED and _last_step(state) == name:
        return True
    if state.failure is not None and step_of(state.failure.step) == name:
        return True
    match name:
        case "authorization-request":
            return _request_failed(state)
        case "browser":
            return state.browser is not None and not state.browser.ok
        case "redirect":
            return state.answer is None or state.answer.redirect.kind != "code" or _is_invalid(state)
        case "token-request":
            return state.token is None
        case "token":
            return False
        case "access":
            return state.outcome is Outcome.ACCESS_REFUSED or not (state.probes or state.followed)


def _request_failed(state: FlowState) -> bool:
    codes = state.mode == "device" and state.device is not None and state.device_codes is None
    unanswered = codes or state.push_refused or (state.mode == "direct" and state.answer is None)
    return unanswered or state.undiscovered or state.outcome in (Outcome.USAGE, Outcome.LISTENER)


def _is_invalid(state: FlowState) -> bool:
    return state.outcome is Outcome.RESPONSE_INVALID and not state.undiscovered


def _last_step(state: FlowState) -> StepName | None:
    steps = [STEP_OF[phase] for phase, _ in state.history if phase in STEP_OF]
    return steps[-1] if steps else None


def _request_summary(state: FlowState) -> str:
    if state.outcome is Outcome.USAGE:
        return next((f"not sent: {m.code}" for m in state.mistakes if m.severity == "error"), "not sent")
    if state.listener_failed is not None:
        return f"not listening: {state.listener_failed.code}"
    if state.device is not None:
        return state.device.response.status_line
    if state.authorization is not None:
        return state.authorization.response.status_line
    if state.pushed is not None and state.push_refused:
        return f"{state.pushed.response.status_line} to the pushed request"
    if unanswered := _unanswered("authorization-request", state):
        return unanswered
    if state.undiscovered:
        return "" if state.outcome is Outcome.CANCELLED else "no usable metadata"
    if state.listener is not None and state.listener.addresses:
        publicly = "publicly " if state.inputs is not None and state.inputs.listen_publicly else ""
        return f"listening {publicly}on {' and '.join(state.listener.addresses)}"
    if state.phase in UNDER_WAY:
        return UNDER_WAY[state.phase]
    return "" if state.phase is Phase.BINDING else "nothing listens here"


def _browser_summary(state: FlowState) -> str:
    if state.browser is None:
        return ""
    if state.browser.ok:
        return state.browser.program or "opened"
    return f"not opened: {(state.browser.reason or 'unknown').replace('-', ' ')}"


def _redirect_summary(state: FlowState) -> str:
    answer = state.answer
    if answer is not None and _is_invalid(state) and state.code is not None and state.code.characters in UNUSABLE_CODE:
        return "a code with characters that no code has"
    if answer is not None:
        return _answer_words(answer)
    if state.phase is Phase.HOLDING:
        return "an answer without the state"
    if state.inbox_total:
        return f"{state.inbox_total:,} received, none accepted"
    return "waiting" if state.live else "nothing came"


def _answer_words(answer: Answer) -> str:
    if answer.verification in ("mismatch", "repeated"):
        return f"state {answer.verification}"
    if answer.elsewhere:
        return f"another {' and '.join(answer.elsewhere)} than the redirect URI's"
    if answer.verification == "missing" and answer.redirect.kind == "code":
        return "a code, without the state"
    if answer.redirect.kind == "error":
        return answer.redirect.error or "an error"
    return REDIRECT_WORDS.get(answer.redirect.kind, answer.redirect.kind)


REDIRECT_WORDS = {
    "code": "a code came",
    "both": "a code and an error at once",
    "duplicate": "a parameter twice",
    "empty": "neither code nor error",
}


def _token_request_summary(state: FlowState) -> str:
    if state.token_exchange is not None:
        return state.token_exchange.response.status_line
    polled = f"asked {len(state.polls):,} ×: {read_error(state.polls[-1].response).code}" if state.polls else ""
    return _unanswered("token-request", state) or polled


def _unanswered(name: StepName, state: FlowState) -> str:
    failure = state.failure
    return f"no answer: {failure.failed.fault.kind}" if failure is not None and step_of(failure.step) == name else ""


def _token_summary(state: FlowState) -> str:
    if state.token is None or state.inputs is None:
        return ""
    return f"{identity_sentence(state)}, {state.token.form}"


def _access_summary(state: FlowState) -> str:
    if not (state.probes or state.followed) and not state.live:
        return "cancelled"
    probed = [str(probe.exchange.response.status) if probe.exchange else "no answer" for probe in state.probes]
    followed = [f"{one.step} {one.exchange.response.status if one.exchange else 'no answer'}" for one in state.followed]
    return ", ".join([*followed, *probed])


_SUMMARIES: dict[StepName, Callable[[FlowState], str]] = {
    "authorization-request": _request_summary,
    "browser": _browser_summary,
    "redirect": _redirect_summary,
    "token-request": _token_request_summary,
    "token": _token_summary,
    "access": _access_summary,
}


class StepExchange(Struct, frozen=True):
    """An exchange of this program. name: of the request; came: its answer or failure."""

    name: RequestStep
    came: Exchange | FailedExchange


def exchanges(state: FlowState, step: StepName) -> tuple[StepExchange, ...]:
    """The exchanges of this program in a step, in their order; () if nothing was sent."""
    return tuple(
        StepExchange(name, came) for name, came in _exchanges(state) if came is not None and step_of(name) == step
    )


def _exchanges(state: FlowState) -> Iterator[tuple[RequestStep, Exchange | FailedExchange | None]]:
    failure = state.failure
    yield from (("discovery", look.exchange or look.failed) for look in state.discovery)
    yield "push", state.pushed
    yield "authorization-request", state.device or state.authorization
    yield from (("token-request", poll) for poll in state.polls)
    yield "token-request", state.token_exchange
    yield "keys", state.keys or state.keys_failed
    yield from ((one.step, one.exchange or one.failed) for one in state.followed)
    yield from (("access", probe.exchange or probe.failed) for probe in state.probes)
    if failure is not None and failure.step not in ("discovery", "redirect"):
        yield failure.step, failure.failed
