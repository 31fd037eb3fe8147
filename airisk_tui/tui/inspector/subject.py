"""The subjects of a step, of which the inspector shows one: a request with its response, or with what came in its place."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.reading.steps import StepName, step_of
from airisk_tui.flow.state import Answer, FlowState, InboxEntry, ProbeResult
from airisk_tui.oauth.http import (
    Connection,
    Exchange,
    FailedExchange,
    HttpRequest,
    HttpResponse,
    Timing,
    TransportFault,
    header,
)
from airisk_tui.oauth.urls import path_of

BROWSER_SENDS = "The browser sends this request; this program sees neither its headers nor its response."
PAGE_ANSWERED = "The listener answered with its own page: “received, go back to the terminal”."
READ_FROM_LOCATION = "This redirect was read from the Location header of the authorization response, and not followed."
PASTED = "This was pasted, so there is no exchange to show."
ACCESS_TOKEN, ID_TOKEN, KEYS = "access token", "ID token", "the server's keys"
NOTHING_YET = "Nothing was sent or heard at this step."


class Subject(Struct, frozen=True):
    """name: the endpoint of a probe, the step with the token, or the kind of token, else ""; note: a sentence that says why a part is
    missing; entry: of the inbox; answer: what the run read from the request."""

    name: str = ""
    request: HttpRequest | None = None
    response: HttpResponse | None = None
    timing: Timing | None = None
    connection: Connection | None = None
    fault: TransportFault | None = None
    note: str = NOTHING_YET
    entry: InboxEntry | None = None
    probe: ProbeResult | None = None
    answer: Answer | None = None


def subjects(state: FlowState, step: StepName) -> tuple[Subject, ...]:
    """The subjects of a step in their order; never empty."""
    match step:
        case "authorization-request":
            found = [*_discovery(state), *([] if state.undiscovered else _authorization(state))]
        case "browser":
            found = [_in_browser(state)]
        case "redirect":
            found = _redirects(state)
        case "token-request":
            found = [*map(_of, state.polls), _token(state)]
        case "token":
            found = _tokens(state)
        case "access":
            found = [_of(one.failed or one.exchange, one.step) for one in state.followed]
            for probe in state.probes:
                found.append(replace(_of(probe.exchange or probe.failed, probe.endpoint.name), probe=probe))
    return tuple(found) or (Subject(),)


def first_choice(state: FlowState, step: StepName, found: tuple[Subject, ...]) -> int:
    """The index of the subject to show first: the access token; the first unexpected probe, else the newest step with the token; the
    redirect that was believed; at any other step the last subject."""
    if step == "token":
        return 0
    if step == "access":
        kind = state.inputs.kind if state.inputs is not None else "generic"
        probes = [one.probe for one in found]
        newest = max(len(state.followed) - 1, 0)
        return next((i for i, probe in enumerate(probes) if probe and probe.as_documented(kind) is False), newest)
    answers = [index for index, one in enumerate(found) if one.answer is not None]
    return answers[-1] if answers else len(found) - 1


def _of(came: Exchange | FailedExchange | None, name: str = "") -> Subject:
    if came is None:
        return Subject(name)
    response, fault = (came.response, None) if isinstance(came, Exchange) else (None, came.fault)
    return Subject(name, came.request, response, came.timing, came.connection, fault, note="")


def _failed_at(state: FlowState, step: StepName) -> Subject | None:
    failure = state.failure
    return _of(failure.failed) if failure is not None and step_of(failure.step) == step else None


def _authorization(state: FlowState) -> list[Subject]:
    """The authorization request, after the pushed request where there is one."""
    if state.device is not None:
        return [_of(state.device)]
    pushed = [_of(state.pushed, path_of(state.pushed.request.url))] if state.pushed is not None else []
    if state.push_refused:
        return pushed
    if state.authorization is not None:
        return [*pushed, _of(state.authorization)]
    return [*pushed, _failed_at(state, "authorization-request") or _in_browser(state)]


def _discovery(state: FlowState) -> list[Subject]:
    """Each request for the metadata, named by its path."""
    looks = [look.exchange or look.failed for look in state.discovery]
    return [_of(came, path_of(came.request.url) if came is not None else "") for came in looks]


def _in_browser(state: FlowState) -> Subject:
    if state.inputs is None:
        return Subject()
    return Subject(request=HttpRequest("GET", state.inputs.authorization_url), note=BROWSER_SENDS)


def _redirects(state: FlowState) -> list[Subject]:
    """Every request that the listener heard, with the answer that was read from it; in direct mode, the Location header."""
    answers = {id(answer.request): answer for answer in (state.doubtful, state.held, state.answer) if answer}
    found = []
    for entry in state.inbox:
        note = PAGE_ANSWERED if entry.via == "listener" else PASTED
        found.append(Subject(request=entry.request, note=note, entry=entry, answer=answers.get(id(entry.request))))
    if state.answer is not None and state.answer.via == "direct":
        location = header(state.authorization.response.headers, "location") if state.authorization is not None else None
        request = HttpRequest("GET", location or "")
        found.append(Subject(request=request, note=READ_FROM_LOCATION, answer=state.answer))
    return found


def _token(state: FlowState) -> Subject:
    if state.token_exchange is not None:
        return _of(state.token_exchange)
    return _failed_at(state, "token-request") or Subject()


def _tokens(state: FlowState) -> list[Subject]:
    """The access token, the ID token that came with it, and the keys that were fetched to verify both."""
    found = [_token(state)]
    if state.id_token is not None:
        found = [replace(found[0], name=ACCESS_TOKEN), replace(found[0], name=ID_TOKEN)]
    if (keys := state.keys_failed or state.keys) is not None:
        found.append(_of(keys, KEYS))
    return found
