"""The HTTP messages of a log: every request with its response or failure, in order, under the name of its step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.flow import events as e
from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Connection, HttpRequest, HttpResponse, Timing, TransportFault
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.visible import decoded


class LoggedRequest(Struct, frozen=True):
    """A request of the log. name: "discovery", "push", "keys", "authorization-request", "redirect", "stray", "token-request",
    "refresh" or "access"; detail: for "access" the endpoint's name and the credential when it is not the token; ours: whether this
    program sent the request; response: None if none came, or if the log does not have it, as for requests to the listener."""

    name: str
    event: e.AnyEvent
    request: HttpRequest
    response: HttpResponse | None = None
    timing: Timing = field(default_factory=Timing)
    connection: Connection = field(default_factory=Connection)
    fault: TransportFault | None = None
    detail: str = ""

    @property
    def ours(self) -> bool:
        """Whether this program sent the request."""
        return self.name not in ("redirect", "stray")

    @property
    def title(self) -> str:
        """The step's name and its detail."""
        return f"{self.name} ({self.detail})" if self.detail else self.name


_NAMES: dict[type, str] = {
    e.MetadataAnswered: "discovery",
    e.PushAnswered: "push",
    e.AuthorizationAnswered: "authorization-request",
    e.DeviceAnswered: "authorization-request",
    e.TokenExchanged: "token-request",
    e.KeysAnswered: "keys",
    e.RefreshAnswered: "refresh",
    e.CallbackAnswered: "redirect",
    e.ProbeAnswered: "access",
}
"""The step of each event with an exchange. A FollowUpAnswered names its own."""


def logged_requests(events: Iterable[e.AnyEvent]) -> Iterator[LoggedRequest]:
    """Every request of a log, ours and those that the listener received."""
    for event in events:
        match event:
            case e.Answered(exchange=came):
                name = event.step if isinstance(event, e.FollowUpAnswered) else _NAMES[type(event)]
                detail = "the browser's" if name == "redirect" else _probe(event)
                yield LoggedRequest(
                    name, event, came.request, came.response, came.timing, came.connection, detail=detail
                )
            case e.TransportFailed(failed=failed):
                yield LoggedRequest(
                    event.step,
                    event,
                    failed.request,
                    None,
                    failed.timing,
                    failed.connection,
                    failed.fault,
                    _probe(event),
                )
            case e.CallbackReceived():
                yield LoggedRequest("redirect", event, event.request, detail=event.via)
            case e.StrayRequest():
                yield LoggedRequest("stray", event, event.request, detail=event.reason)


def _probe(event: e.AnyEvent) -> str:
    """The endpoint that was called, and the credential if it is not the token; "" for any other event."""
    if not isinstance(event, e.ProbeAnswered | e.TransportFailed) or event.endpoint is None:
        return ""
    return (
        event.endpoint.name if event.credential == "token" else f"{event.endpoint.name}, credential {event.credential}"
    )


def started(events: Iterable[e.AnyEvent]) -> e.RunStarted | None:
    """The event that began the run, with the person's later edits and endpoints added to its inputs; None if a broken recording lost
    it."""
    events = tuple(events)
    begun = next((event for event in events if isinstance(event, e.RunStarted)), None)
    if begun is None or not any(isinstance(event, e.RequestReleased | e.ProbeAnswered) for event in events):
        return begun
    state = fold(events)
    if state.inputs is None:
        return begun
    called = [probe.endpoint for probe in state.probes if probe.credential == "token" and state.imported is None]
    probes = tuple(dict.fromkeys((*begun.inputs.probes, *called)))
    return replace(begun, inputs=replace(begun.inputs, edits=state.inputs.edits, probes=probes))


def changed_in(events: Iterable[e.AnyEvent]) -> list[str]:
    """The person's changes of the requests, as edits (editing.md, Edits)."""
    begun = started(events)
    edits = begun.inputs.edits if begun is not None else ()
    return [f"{edit.action} {edit.text}" for edit in edits]


def roles(state: FlowState, events: Iterable[e.AnyEvent]) -> dict[str, str]:
    """The role of each secret of the log by fingerprint: "client_secret", "code", "access_token", "bearer_token", "code_verifier",
    "refresh_token", "request_uri", or "secret_1" and so on for all others, in order of occurrence."""
    inputs = state.inputs
    known = {
        "client_secret": inputs.client_secret if inputs else None,
        "code_verifier": inputs.verifier if inputs else None,
        "bearer_token": inputs.bearer if inputs else None,
        "code": state.code,
        "access_token": state.token,
        "refresh_token": state.refresh_token,
        "request_uri": inputs.request_uri if inputs else None,
    }
    found = {view.fingerprint: role for role, view in known.items() if view is not None and view.fingerprint}
    others = 0
    for text in (text for step in logged_requests(events) for text in _texts(step.request)):
        for match in REFERENCE.finditer(text):
            if match[1] not in found:
                others += 1
                found[match[1]] = f"secret_{others}"
    return found


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.url
    yield from (value for _, value in request.headers)
    yield decoded(request.body.data)
