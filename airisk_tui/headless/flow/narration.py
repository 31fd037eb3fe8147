"""The narration: a line for each event of a run, when it happens."""

from __future__ import annotations

from collections.abc import Callable

from airisk_tui.flow import events as e
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.reading.identity import identity_sentence
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.headless.shared import output
from airisk_tui.insight.advice.discovering import device_sentence, discovered_sentence, pushed_sentence
from airisk_tui.insight.advice.listening import bound_sentence, listening_sentence
from airisk_tui.insight.advice.returning import PASTE_REFUSED, browser_sentence, repaired_sentence
from airisk_tui.insight.advice.transport import REQUESTS, fault_sentence
from airisk_tui.insight.changes import NAMES, edit_clause
from airisk_tui.insight.words.inbox import why_not
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.request.edit import Edit, Step
from airisk_tui.oauth.secret import secrets_named


def narrate(event: e.AnyEvent, state: FlowState, shown: Callable[[str], str] = str, *, imported: bool = False) -> None:
    """Say what happened. state: after the event; shown: puts secrets into the sentence that the person has to see; imported: whether
    the run was made by another program, and has no mode."""
    begins = imported and isinstance(event, e.RunStarted)
    known = state.inputs is not None and state.inputs.mode != "paste"  # otherwise the file begins with a later request
    if sentence := (_request_sentence(state, "") if known else "") if begins else _sentence(event, state):
        output.say(f"{event.at:7.2f} s  {shown(sentence)}")
    edits = event.inputs.edits if isinstance(event, e.RunStarted) else ()
    for step in dict.fromkeys(edit.step for edit in edits):
        output.say(f"{event.at:7.2f} s  Changed in {NAMES[step]}: {_edit_clauses(edits, step, state)}.")


def _sentence(event: e.AnyEvent, state: FlowState) -> str:
    return _of_the_request(event, state) or _of_the_redirect(event, state) or _of_an_answer(event, state)


def _of_the_request(event: e.AnyEvent, state: FlowState) -> str:
    """The sentence for an event of the authorization request, and of what comes before it; "" for others."""
    match event:
        case e.RunStarted(inputs=inputs) if state.phase is Phase.DISCOVERING:
            return f"Looking for the metadata of {inputs.issuer}."
        case e.RunStarted() if state.phase is Phase.PUSHING:
            return "Pushing the authorization request to the server."
        case e.RunStarted() if state.phase is not Phase.DONE:
            return _request_sentence(state)
        case e.MetadataAnswered(exchange=exchange):
            return f"{discovered_sentence(exchange, state)}{_then_request_sentence(event, state)}"
        case e.PushAnswered(exchange=exchange):
            return f"{pushed_sentence(exchange, state)}{_then_request_sentence(event, state)}"
        case e.AuthorizationAnswered(exchange=exchange):
            return f"The authorization endpoint answered {exchange.response.status_line}{_code(state)}."
        case e.DeviceAnswered(exchange=exchange):
            return device_sentence(exchange, state)
        case e.Imported(program=program):
            return f"The run was read from a file of {program}."
        case e.RequestReleased(step=name, edits=edits):
            how = f"changed: {_edit_clauses(edits, name, state)}" if edits else "without a change"
            return f"{NAMES[name].capitalize()} {'are' if name == 'probe' else 'is'} {'accepted' if name == 'redirect' else 'sent'}, {how}."
        case _:
            return ""


def _of_the_redirect(event: e.AnyEvent, state: FlowState) -> str:
    """The sentence for an event of the listener, the browser and the redirect; "" for others."""
    match event:
        case e.ListenerBound() if state.imported is None:
            return bound_sentence(event)
        case e.ListenerFailed():
            return listening_sentence(event, state.inputs) + _end_of_pasting(state)
        case e.PasteClosed():
            return _end_of_pasting(state).strip()
        case e.PasteRefused(reason=reason):
            return PASTE_REFUSED[reason]
        case e.BrowserOpened(ok=True, program=program):
            return f"Opened the browser ({program}); waiting for the redirect."
        case e.BrowserOpened():
            return browser_sentence(event)
        case e.CallbackReceived(repairs=repairs):
            entry = state.inbox[-1] if state.inbox else None
            if entry is not None and entry.reason == "fragment-awaited":
                return "The browser came to the listener, and its page sends the fragment."
            if entry is not None and entry.reason is not None:
                return f"A callback came and was {why_not(entry.reason)}."
            if state.imported is not None and event.via == "bare-code":
                return "The file begins with the request for the token."
            return f"The redirect came{_code(state)}. {repaired_sentence(repairs)}".strip()
        case e.StrayRequest(request=request, reason=reason):
            heard = f"{request.method} {request.url[:80]}".strip() or "A request"
            return f"{heard} was {why_not(reason)}."
        case e.CallbackAnswered(exchange=exchange):
            return f"The redirect URI answered {exchange.response.status_line}."
        case e.TimedOut():
            return "The time limit has passed."
        case e.Cancelled():
            return "Cancelled."
        case _:
            return ""


def _of_an_answer(event: e.AnyEvent, state: FlowState) -> str:
    """The sentence for an answer after the redirect, and for a request without an answer; "" for others."""
    match event:
        case e.TokenExchanged(exchange=exchange) if state.phase is Phase.POLLING:
            return f"Not yet: {read_error(exchange.response).code}; the next poll comes in {state.poll_interval:g} s."
        case e.TokenExchanged(exchange=exchange) if not exchange.response.status:
            return "The file does not contain the token endpoint's answer."
        case e.TokenExchanged(exchange=exchange):
            return f"The token endpoint answered {exchange.response.status_line}{_token(state, exchange)}."
        case e.KeysAnswered(exchange=exchange):
            return f"The server's keys came: {exchange.response.status_line}."
        case e.IdTokenChecked():
            return f"The signature of the ID token was checked: {event.signature.replace('-', ' ')}."
        case e.RefreshAnswered(exchange=exchange):
            return f"The token endpoint answered a refresh with {exchange.response.status_line}."
        case e.FollowUpAnswered(step=step, exchange=exchange):
            return f"The server answered the {REQUESTS[step]} with {exchange.response.status_line}."
        case e.ProbeAnswered(endpoint=endpoint, exchange=exchange):
            return f"{endpoint.name} answered {exchange.response.status}."
        case e.TransportFailed(failed=failed, step=step):
            return fault_sentence(failed.fault, failed.request, step)
        case _:
            return ""


def _edit_clauses(edits: tuple[Edit, ...], step: Step, state: FlowState) -> str:
    return secrets_named("; ".join(edit_clause(edit) for edit in edits if edit.step == step), secret_names(state))


def sends_a_person(event: e.AnyEvent, state: FlowState) -> bool:
    """Whether a person can make the authorization request from this event on: from the start, or once the metadata has come."""
    begins = isinstance(event, e.RunStarted | e.MetadataAnswered | e.PushAnswered)
    return begins and state.live and state.phase not in (Phase.DISCOVERING, Phase.PUSHING, Phase.REQUESTING)


def _request_sentence(state: FlowState, mode: str | None = None) -> str:
    """The sentence about the authorization request. mode: to name in the place of the run's own."""
    inputs = state.inputs
    if inputs is None:
        return ""
    how = ", ".join(filter(None, ["" if inputs.standard else inputs.kind, inputs.mode if mode is None else mode]))
    return f"Authorization request{f' ({how})' if how else ''}: {inputs.authorization_url}"


def _then_request_sentence(event: e.AnyEvent, state: FlowState) -> str:
    """The sentence about the authorization request, to follow another one, where it can be made from this event on."""
    return f" {_request_sentence(state)}" if sends_a_person(event, state) else ""


def _end_of_pasting(state: FlowState) -> str:
    """The sentence about a run in paste mode that ended because nothing can be pasted any more, else ""."""
    if not state.paste_closed or state.live or state.inputs is None or state.inputs.mode != "paste":
        return ""
    if state.outcome is Outcome.LISTENER:
        return " Nothing more can be pasted, so the run is over: nobody could bring the redirect back."
    return " Nothing more can be pasted, so the wait is over."


def _code(state: FlowState) -> str:
    return f" and brought a code of {state.code.length} characters" if state.code is not None else ""


def _token(state: FlowState, exchange: Exchange) -> str:
    if state.token is None or state.inputs is None or state.token_exchange is not exchange:
        return ""
    token = state.token
    value = token.form if token.characters == "redacted" else f"{token.form}, {token.length} characters"
    return f" and issued a token ({value}; {identity_sentence(state)})"
