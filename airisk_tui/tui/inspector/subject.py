"""What the inspector has in hand: for each step the exchanges that belong to it, the most telling one first chosen."""

from __future__ import annotations

from dataclasses import dataclass

from airisk_tui.flow.state import Answer, FlowState, InboxEntry, ProbeResult
from airisk_tui.flow.steps import StepName
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


@dataclass(frozen=True, slots=True)
class Subject:
    """A request with what came of it. name: the endpoint's for a probe; note: why a part is missing, in a sentence."""

    name: str = ""
    request: HttpRequest | None = None
    response: HttpResponse | None = None
    timing: Timing | None = None
    connection: Connection | None = None
    fault: TransportFault | None = None
    note: str = ""
    letter: InboxEntry | None = None
    probe: ProbeResult | None = None
    answer: Answer | None = None


BROWSER_CARRIES = "The browser carries this request; what it sends and gets with it is not seen from here."
PAGE_ANSWERED = "The listener answered with its own page: “received, go back to the terminal”."
READ_FROM_LOCATION = (
    "Nobody followed this redirect: it was read from the Location header of the authorization response."
)
PASTED = "This was pasted, so there is no exchange to show."
NOTHING_YET = "Nothing was sent or heard at this step."


def subjects(state: FlowState, step: StepName) -> tuple[Subject, ...]:
    """The exchanges of a step, in order; never empty."""
    match step:
        case "authorization-request":
            found = [_authorization(state)]
        case "browser":
            found = [_in_browser(state)]
        case "redirect":
            found = _redirects(state)
        case "token-request" | "token":
            found = [_token(state)]
        case "access":
            found = [_probe(probe) for probe in state.probes]
    return tuple(found) or (Subject(note=NOTHING_YET),)


def first_choice(state: FlowState, step: StepName, found: tuple[Subject, ...]) -> int:
    """Which of a step's exchanges to show first: what settled it, else what came last; of probes the first wrong one."""
    if step == "access":
        kind = state.inputs.kind if state.inputs is not None else "generic"
        wrong = [i for i, one in enumerate(found) if one.probe is not None and one.probe.as_documented(kind) is False]
        return wrong[0] if wrong else 0
    answers = [index for index, one in enumerate(found) if one.answer is not None]
    return answers[-1] if answers else len(found) - 1


def _of(exchange: Exchange, name: str = "") -> Subject:
    return Subject(name, exchange.request, exchange.response, exchange.timing, exchange.connection)


def _of_failed(failed: FailedExchange, name: str = "") -> Subject:
    return Subject(name, failed.request, None, failed.timing, failed.connection, failed.fault)


def _failure(state: FlowState, step: StepName) -> Subject | None:
    failure = state.failure
    return _of_failed(failure.failed) if failure is not None and failure.step == step else None


def _authorization(state: FlowState) -> Subject:
    if state.authorization is not None:
        return _of(state.authorization)
    return _failure(state, "authorization-request") or _in_browser(state)


def _in_browser(state: FlowState) -> Subject:
    if state.inputs is None:
        return Subject(note=NOTHING_YET)
    return Subject(request=HttpRequest("GET", state.inputs.authorization_url), note=BROWSER_CARRIES)


def _redirects(state: FlowState) -> list[Subject]:
    """Everything that the listener heard; the one that an answer was read from carries it."""
    believed = {id(answer.request): answer for answer in (state.doubtful, state.held, state.answer) if answer}
    found = [_heard(letter, believed.get(id(letter.request))) for letter in state.inbox]
    if state.answer is not None and state.answer.via == "direct":
        exchange = state.authorization
        location = header(exchange.response.headers, "location") if exchange is not None else None
        request = HttpRequest("GET", location or "")
        found.append(Subject(request=request, note=READ_FROM_LOCATION, answer=state.answer))
    return found


def _heard(letter: InboxEntry, answer: Answer | None) -> Subject:
    note = PAGE_ANSWERED if letter.via == "listener" else PASTED
    return Subject(request=letter.request, note=note, letter=letter, answer=answer)


def _token(state: FlowState) -> Subject:
    if state.token_exchange is not None:
        return _of(state.token_exchange)
    return _failure(state, "token-request") or Subject(note=NOTHING_YET)


def _probe(probe: ProbeResult) -> Subject:
    name = probe.endpoint.name
    if probe.exchange is not None:
        one = _of(probe.exchange, name)
    else:
        one = _of_failed(probe.failed, name) if probe.failed is not None else Subject(name)
    return Subject(one.name, one.request, one.response, one.timing, one.connection, one.fault, probe=probe)
