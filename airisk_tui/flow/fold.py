"""The fold: `step(state, event)` gives the next state. Total: any event in any phase, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow import events as e
from airisk_tui.flow import triggers
from airisk_tui.flow.phases import REDIRECT_PHASES, TABLE, Outcome, Phase, Trigger
from airisk_tui.flow.reading.follow_ups import is_as_due, with_tokens
from airisk_tui.flow.server import Attempt, is_anything_left, is_usable, names_another, resolved
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import (
    MAX_AGAIN,
    MAX_INBOX,
    MAX_PROBES,
    Answer,
    FlowState,
    Followed,
    InboxEntry,
    ProbeResult,
    held_step,
    may_hold_redirect,
    missing,
    next_follow_up,
    next_probe,
    release_key,
    seconds_left,
)
from airisk_tui.oauth.answer.device import INTERVAL, MAX_WAIT, PENDING, SLOW_DOWN, read_device_codes
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.answer.token import TokenAnswer, read_token_answer
from airisk_tui.oauth.http import bearer_in
from airisk_tui.oauth.metadata import Metadata, read_metadata
from airisk_tui.oauth.redirect.authorization import read_pushed
from airisk_tui.oauth.request.edit import FOLLOW_UPS
from airisk_tui.oauth.request.mistakes import SECRET_NOT_UTF8
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.characters import UNUSABLE_TOKEN
from airisk_tui.oauth.text.lenient_json import read_members

INITIAL = FlowState()


def fold(events: Iterable[e.AnyEvent], state: FlowState = INITIAL) -> FlowState:
    """The state after these events."""
    return reduce(step, events, state)


def step(state: FlowState, event: e.AnyEvent) -> FlowState:
    """The state after one more event; the only function that makes a state. A second RunStarted changes nothing, and so does any other
    event before the first one."""
    if isinstance(event, e.RunStarted) is not (state.phase is Phase.IDLE):
        return state
    state = state.to(at=max(state.at, event.at), secrets=_merged(state, event))
    noted, trigger = _HANDLERS[type(event)](state, event)
    return _timed(_moved(noted, trigger, event.at), event.at)


def _timed(state: FlowState, at: float) -> FlowState:
    """The state with the time for which it has been held, which does not count against the timeout."""
    held, since = held_step(state) is not None, state.held_since
    if held and since is None:
        return state.to(time_left=seconds_left(state, at), held_since=at)
    if not held and since is not None:
        costs = at - since if state.time_left is not None else 0.0
        return state.to(held_since=None, held_for=state.held_for + costs)
    return state


def _moved(state: FlowState, trigger: Trigger | None, at: float) -> FlowState:
    to = TABLE[state.phase].get(trigger) if trigger else None
    if to is None:
        return state
    history = state.history if to.phase is state.phase else (*state.history, (to.phase, at))
    return state.to(phase=to.phase, outcome=state.earlier if to.earlier else to.outcome, history=history)


def _merged(state: FlowState, event: e.AnyEvent) -> Any:
    if not event.secrets:
        return state.secrets
    return MappingProxyType({**state.secrets, **{view.fingerprint: view for view in event.secrets}})


Folded = tuple[FlowState, Trigger | None]


def _started(state: FlowState, event: e.RunStarted) -> Folded:
    mistakes = event.inputs.mistakes
    if SECRET_NOT_UTF8.code in event.known.secret_mistakes:
        mistakes = (*mistakes, SECRET_NOT_UTF8)
    illegal = any(mistake.severity == "error" for mistake in mistakes)
    state = state.to(run_id=event.run_id, utc=event.utc, given=event.inputs, known=event.known, mistakes=mistakes)
    if event.inputs.issuer and not illegal:
        return state.to(inputs=event.inputs), Trigger.START_DISCOVERING
    inputs = resolved(event.inputs)
    return state.to(inputs=inputs), triggers.of_start(inputs, illegal)


def _discovered(state: FlowState, event: e.MetadataAnswered) -> Folded:
    metadata = read_metadata(event.exchange.response)
    return _after_discovery(state, Attempt(event.at, event.exchange, metadata=metadata))


def _after_discovery(state: FlowState, attempt: Attempt) -> Folded:
    """Go on with the metadata that was found, look at the next address, or go on without metadata if the inputs suffice."""
    if state.phase is not Phase.DISCOVERING or state.given is None:
        return state, None
    given, metadata = state.given, attempt.metadata
    state = state.to(discovery=(*state.discovery, attempt), metadata=metadata)
    if metadata is not None:
        usable = not names_another(metadata, given.issuer) and is_usable(resolved(given, metadata))
        return _started_with(state, given, metadata) if usable else (state, Trigger.NO_METADATA)
    if attempt.failed is None and is_anything_left(given, state.discovery):
        return state, None
    return _started_with(state, given, None) if is_usable(resolved(given)) else (state, Trigger.NO_METADATA)


def _started_with(state: FlowState, given: Inputs, metadata: Metadata | None) -> Folded:
    inputs = resolved(given, metadata)
    return state.to(inputs=inputs), triggers.of_start(inputs, illegal=False)


def _pushed(state: FlowState, event: e.PushAnswered) -> Folded:
    inputs, pushed = state.inputs, read_pushed(event.exchange.response)
    if state.phase is not Phase.PUSHING or inputs is None:
        return state, None
    state = state.to(pushed=event.exchange, pushed_at=event.at)
    if pushed is None:
        return state, Trigger.PUSH_REFUSED
    inputs = replace(inputs, request_uri=state.view_of(pushed.request_uri))
    return state.to(inputs=inputs, pushed_for=pushed.lifetime), triggers.of_start(inputs, illegal=False)


def _bound(state: FlowState, event: e.ListenerBound) -> Folded:
    return state.to(listener=event), Trigger.BOUND_FOR_PASTE if state.mode == "paste" else Trigger.BOUND


def _bind_failed(state: FlowState, event: e.ListenerFailed) -> Folded:
    paste = state.mode == "paste" and state.phase is Phase.BINDING and not state.paste_closed
    return state.to(listener_failed=event), Trigger.BIND_FAILED_PASTE if paste else Trigger.BIND_FAILED


def _browser_requested(state: FlowState, event: e.BrowserRequested) -> Folded:
    waiting = Trigger.BROWSER_REQUESTED in TABLE[state.phase]
    return state.to(browser_requested=waiting), Trigger.BROWSER_REQUESTED


def _browser(state: FlowState, event: e.BrowserOpened) -> Folded:
    opened = state.browsers_opened + 1
    return state.to(browser=event, browsers_opened=opened, browser_requested=False), Trigger.BROWSER_OPENED


def _callback(state: FlowState, event: e.CallbackReceived) -> Folded:
    answer = triggers.read_callback(state, event)
    trigger = triggers.of_answer(state, answer)
    state = state.to(paste_refused=None) if event.via != "listener" else state
    waiting = state.phase in REDIRECT_PHASES and state.held_redirect is None
    if waiting and trigger is not None and may_hold_redirect(state):
        return state.to(held_redirect=event), None
    if waiting and trigger is not None:
        reason = "state-missing" if trigger is Trigger.UNVERIFIED else None
        return _answered(_with_entry(state, event, reason), answer, trigger)
    state = _with_entry(state, event, triggers.ignored_because(state, answer))
    return state.to(doubtful=answer) if waiting and not triggers.awaits_fragment(state, answer) else state, None


def _answered(state: FlowState, answer: Answer, trigger: Trigger) -> Folded:
    if trigger is Trigger.UNVERIFIED:
        return state.to(held=answer), trigger
    code = answer.redirect.code
    return state.to(answer=answer, held=None, code=None if code is None else state.view_of(code)), trigger


def _direct(state: FlowState, event: e.AuthorizationAnswered) -> Folded:
    if state.phase is not Phase.ASKING:
        return state, None
    state = state.to(authorization=event.exchange)
    answer = triggers.read_direct(state, event)
    if answer is None:
        return state, Trigger.NO_REDIRECT
    if may_hold_redirect(state):
        return state.to(held_redirect=event), None
    return _answered(state, answer, triggers.of_answer(state, answer) or Trigger.INVALID)


def _with_entry(state: FlowState, event: e.CallbackReceived | e.StrayRequest, reason: str | None) -> FlowState:
    via = event.via if isinstance(event, e.CallbackReceived) else "listener"
    entry = InboxEntry(event.at, event.request, via, event.peer, reason)
    inbox = state.inbox
    if len(inbox) < MAX_INBOX:
        inbox = (*inbox, entry)
    elif reason is None:  # the entry that settles the run is shown even if the inbox is full
        inbox = (*inbox[:-1], entry)
    return state.to(inbox=inbox, inbox_total=state.inbox_total + 1)


def _continued(state: FlowState, event: e.ContinuedAnyway) -> Folded:
    if state.held is None:
        return state, None
    trigger = triggers.of_content(state, state.held)
    return _answered(state.to(trusted_on_purpose=True), state.held, trigger)


def _imported(state: FlowState, event: e.Imported) -> Folded:
    """Treat the run as sent: a mistake in the inputs does not stop it, because another program has sent the requests already."""
    state = state.to(imported=event)
    if state.inputs is None or state.outcome is not Outcome.USAGE:
        return state, None
    mistakes = tuple(mistake for mistake in state.mistakes if mistake.severity != "error")
    again = state.to(mistakes=mistakes, phase=Phase.IDLE, outcome=None, history=())
    return again, triggers.of_start(state.inputs, illegal=False)  # a file names no issuer


def _refreshed(state: FlowState, event: e.RefreshAnswered) -> Folded:
    refreshes = (*state.refreshes, event.exchange) if len(state.refreshes) < MAX_AGAIN else state.refreshes
    state = state.to(refreshes=refreshes)
    if state.phase is not Phase.FOLLOWING:
        return state, None
    state = with_tokens(state, event.exchange.response.body.data)
    return _after_follow_up(state, Followed(event.at, "refresh", event.exchange))


def _follow_up_wanted(state: FlowState, event: e.FollowUpRequested) -> Folded:
    if state.phase is not Phase.DONE or state.token is None or missing(state, event.step):
        return state, None
    return state.to(pending_follow_up=event.step, earlier=state.outcome), Trigger.FOLLOW


def _after_follow_up(state: FlowState, one: Followed) -> Folded:
    if state.phase is not Phase.FOLLOWING:
        return state, None
    asked = state.pending_follow_up is not None
    state = state.to(followed=(*state.followed, one)[-MAX_AGAIN:], pending_follow_up=None)
    if asked:
        return state, Trigger.FOLLOWED
    return state, None if next_follow_up(state) is not None else _after_token(state)


def _exchanged_again(state: FlowState, event: e.TokenExchanged) -> FlowState:
    if state.token_exchange is None or len(state.exchanged_again) >= MAX_AGAIN:
        return state
    return state.to(exchanged_again=(*state.exchanged_again, event.exchange))


def _device(state: FlowState, event: e.DeviceAnswered) -> Folded:
    if state.phase is not Phase.REQUESTING:
        return state, None
    codes = read_device_codes(event.exchange.response)
    state = state.to(device=event.exchange, device_codes=codes)
    if codes is None:
        return state, Trigger.NO_REDIRECT
    return state.to(poll_interval=codes.interval), Trigger.DEVICE_CODES


def _polled(state: FlowState, event: e.TokenExchanged) -> Folded | None:
    """The result of a poll without a token (RFC 8628 §3.5); None for any other answer, which is read like every token response."""
    error = read_error(event.exchange.response).code
    if error in (PENDING, SLOW_DOWN):
        slower = INTERVAL if error == SLOW_DOWN else 0.0
        polls = (*state.polls, event.exchange)[-MAX_AGAIN:]
        return state.to(polls=polls, poll_interval=min(state.poll_interval + slower, MAX_WAIT)), None
    ends = {
        "access_denied": Trigger.REFUSED,
        "authorization_declined": Trigger.REFUSED,
        "expired_token": Trigger.TIMED_OUT,
    }
    if error not in ends:
        return None
    read = TokenAnswer("refused", event.exchange.response.status, error=read_error(event.exchange.response))
    return state.to(token_exchange=event.exchange, token_exchanged_at=event.at, token_answer=read), ends[error]


def _exchanged(state: FlowState, event: e.TokenExchanged) -> Folded:
    if state.inputs is None or state.phase not in (Phase.EXCHANGING, Phase.POLLING):
        return _exchanged_again(state, event), None
    if state.phase is Phase.POLLING and (polled := _polled(state, event)) is not None:
        return polled
    answer = read_token_answer(event.exchange.response, state.inputs.dialect, state.utc + event.at)
    probes = state.inputs.probes
    state = state.to(token_exchange=event.exchange, token_exchanged_at=event.at, token_answer=answer)
    if answer.kind == "not-recorded":
        return state, Trigger.NOT_RECORDED_TO_PROBE if probes else Trigger.NOT_RECORDED
    if answer.token is None:
        return state, Trigger.TOKEN_REFUSED
    token = state.view_of(answer.token.value)
    read = token.characters == "redacted" and state.imported is not None
    if token.characters in UNUSABLE_TOKEN and not read:
        return state.to(token_answer=answer.without_token(token.characters)), Trigger.TOKEN_REFUSED
    state = with_tokens(state, event.exchange.response.body.data)
    state = state.to(token=token, token_in_use=token, id_token=_id_token(state, event))
    return state, Trigger.ID_TOKEN if state.id_token is not None else _after_token(state)


def _id_token(state: FlowState, event: e.TokenExchanged) -> SecretView | None:
    """The ID token beside the access token; only of a server with an issuer."""
    if state.inputs is None or not state.inputs.issuer:
        return None
    value = read_members(event.exchange.response.body.data).get("id_token")
    return state.view(value) if isinstance(value, str) else None


def _after_token(state: FlowState) -> Trigger:
    """The trigger once a token has come, and its ID token was verified."""
    if next_follow_up(state) is not None:
        return Trigger.FOLLOW
    if not all(is_as_due(state, one) for one in state.followed):
        return Trigger.FOLLOWED_UNEXPECTED
    return Trigger.TOKEN_TO_PROBE if state.inputs is not None and state.inputs.probes else Trigger.TOKEN


def _id_token_checked(state: FlowState, event: e.IdTokenChecked) -> Folded:
    if state.phase is not Phase.VERIFYING:
        return state, None
    return state.to(id_token_checked=event), _after_token(state)


def _probe_wanted(state: FlowState, event: e.ProbeRequested) -> Folded:
    if state.phase is not Phase.DONE or state.token is None:
        return state, None
    return state.to(pending_probe=(event.endpoint, event.credential), earlier=state.outcome), Trigger.PROBE


def _probed(state: FlowState, event: e.ProbeAnswered) -> Folded:
    result = ProbeResult(event.at, event.endpoint, event.credential, event.exchange)
    if state.token is None and state.phase is Phase.PROBING:
        # The token response was not recorded, so the token is taken from the first request that carries it.
        token = state.view(bearer_in(event.exchange.request.headers))
        state = state.to(token=token, token_in_use=token)
    return _after_probe(state, result)


def _after_probe(state: FlowState, result: ProbeResult) -> Folded:
    probes = (*state.probes, result) if len(state.probes) < MAX_PROBES else state.probes
    state = state.to(probes=probes, pending_probe=None)
    if next_probe(state) is not None:
        return state, None
    kind = state.inputs.kind if state.inputs else "generic"
    own = [probe for probe in state.probes if probe.credential == "token"]
    unexpected = any(probe.as_documented(kind) is False or probe.exchange is None for probe in own)
    return state, Trigger.PROBED_UNEXPECTED if unexpected else Trigger.PROBED


def _failed(state: FlowState, event: e.TransportFailed) -> Folded:
    if event.step == "access" and event.endpoint is not None:
        return _after_probe(state, ProbeResult(event.at, event.endpoint, event.credential, None, event.failed))
    if event.step == "redirect":
        return state.to(callback_failure=event), None
    if event.step in FOLLOW_UPS:
        return _after_follow_up(state, Followed(event.at, event.step, None, event.failed))
    if event.step == "keys":
        return state.to(keys_failed=event.failed), None
    if event.step == "discovery":
        looked, trigger = _after_discovery(state, Attempt(event.at, None, event.failed))
        return (looked.to(failure=event), Trigger.NO_ANSWER) if trigger is Trigger.NO_METADATA else (looked, trigger)
    return state.to(failure=event), Trigger.NO_ANSWER


def _with_inputs(state: FlowState, **changes: Any) -> FlowState:
    """The state with changed inputs, both as given and as completed by the metadata."""
    found = {
        name: replace(inputs, **changes)
        for name, inputs in (("inputs", state.inputs), ("given", state.given))
        if inputs is not None
    }
    return state.to(**found)


def _released(state: FlowState, event: e.RequestReleased) -> Folded:
    """Let the held step go on. The edits are inputs of the run from now on."""
    if state.inputs is None or held_step(state) != event.step:
        return state, None
    called = next_probe(state) if event.step == "probe" else None
    edits = tuple(replace(edit, endpoint=called[0].name) if called else edit for edit in event.edits)
    held, key = state.held_redirect, release_key(state, event.step)
    state = _with_inputs(state, edits=(*state.inputs.edits, *edits))
    state = state.to(released=(*state.released, key), held_redirect=None)
    if held is None:
        return state, None
    return _direct(state, held) if isinstance(held, e.AuthorizationAnswered) else _callback(state, held)


def _cancelled(state: FlowState, event: e.Cancelled) -> Folded:
    later = state.pending_probe is not None or state.pending_follow_up is not None
    return state.to(pending_probe=None, pending_follow_up=None), Trigger.PROBE_CANCELLED if later else Trigger.CANCELLED


_HANDLERS: dict[type, Callable[[FlowState, Any], Folded]] = {
    e.RunStarted: _started,
    e.Imported: _imported,
    e.MetadataAnswered: _discovered,
    e.ListenerBound: _bound,
    e.ListenerFailed: _bind_failed,
    e.BrowserRequested: _browser_requested,
    e.BrowserOpened: _browser,
    e.AuthorizationAnswered: _direct,
    e.PushAnswered: _pushed,
    e.DeviceAnswered: _device,
    e.CallbackReceived: _callback,
    e.CallbackAnswered: lambda state, event: (state.to(callback_exchange=event.exchange), None),
    e.StrayRequest: lambda state, event: (_with_entry(state, event, event.reason), None),
    e.PasteRefused: lambda state, event: (state.to(paste_refused=event), Trigger.PASTE_REFUSED),
    e.PasteClosed: lambda state, event: (state.to(paste_closed=True), triggers.of_closed_paste(state)),
    e.ContinuedAnyway: _continued,
    e.TokenExchanged: _exchanged,
    e.KeysAnswered: lambda state, event: (state.to(keys=event.exchange), None),
    e.IdTokenChecked: _id_token_checked,
    e.RefreshAnswered: _refreshed,
    e.FollowUpRequested: _follow_up_wanted,
    e.FollowUpAnswered: lambda state, event: _after_follow_up(state, Followed(event.at, event.step, event.exchange)),
    e.ProbeRequested: _probe_wanted,
    e.ProbeAnswered: _probed,
    e.TransportFailed: _failed,
    e.HoldChanged: lambda state, event: (_with_inputs(state, hold=event.steps), None),
    e.RequestReleased: _released,
    e.TimedOut: lambda state, event: (state, triggers.of_timeout(state)),
    e.Cancelled: _cancelled,
}
