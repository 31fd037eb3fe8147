"""The commands, in the imperative, and `decide(state)`: those that should be under way in a state. Pure; the same state always wants
the same.

The engine compares what is wanted with what runs: it starts a command when it appears, and ends it when it is no longer there. So
cancelling, a second answer and a time-out need no code of their own: in their states the listener, the countdown or a request is not
wanted. Each command ends in an event of its own, even the countdown.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from airisk_tui.flow.events import Credential
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.requests import keys_request, request_of
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, due_step, held_step, next_probe, wait_of
from airisk_tui.oauth.answer.device import read_device_codes
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.metadata import read_metadata, trusted_origins
from airisk_tui.oauth.redirect.authorization import read_pushed
from airisk_tui.oauth.request.edit import FollowUp
from airisk_tui.oauth.request.planned import PlannedRequest
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.urls import origin


class Sending(Struct, frozen=True):
    """A request is made: the base of the commands with one. None of these alone."""

    request: PlannedRequest


class Discover(Sending, frozen=True):
    """Ask for the metadata at one address → MetadataAnswered or TransportFailed. issuer: whose metadata it is."""

    issuer: str


class PushRequest(Sending, frozen=True):
    """Push the authorization request (RFC 9126 §2.1) → PushAnswered or TransportFailed."""


class Listen(Struct, frozen=True):
    """Listen for the redirect URI → ListenerBound or ListenerFailed, then CallbackReceived and StrayRequest as they come.

    at: the address to listen on, or "" for where the redirect URI leads. fragment: whether the answer is expected in the fragment.
    """

    redirect_uri: str
    at: str = ""
    fragment: bool = False


class OpenBrowser(Sending, frozen=True):
    """Open the authorization request in the system's browser → BrowserOpened. number: so that it can be opened again."""

    number: int = 0


class Countdown(Struct, frozen=True):
    """Wait so many seconds → TimedOut."""

    seconds: float


class AskDirectly(Sending, frozen=True):
    """Send the authorization request ourselves, redirects not followed → AuthorizationAnswered or TransportFailed."""


class ExchangeCode(Sending, frozen=True):
    """Send the token request → TokenExchanged or TransportFailed."""


class RequestDeviceCodes(Sending, frozen=True):
    """Ask for the codes of a device → DeviceAnswered or TransportFailed."""


class Poll(Sending, frozen=True):
    """Wait so many seconds, then ask for the token → TokenExchanged or TransportFailed. number: so that it can be asked again."""

    wait: float
    number: int = 0


class VerifyIdToken(Struct, frozen=True):
    """Ask for the server's keys → KeysAnswered or TransportFailed; then check the ID token with them → IdTokenChecked.

    request: for the keys, None where the metadata names no address of theirs; secret: the client's, with which some tokens are signed.
    """

    request: PlannedRequest | None
    id_token: SecretView
    access_token: SecretView | None
    code: SecretView | None
    secret: SecretView | None


class Follow(Sending, frozen=True):
    """Take a step with the token → FollowUpAnswered, RefreshAnswered or TransportFailed. number: so that it can be taken again."""

    step: FollowUp
    number: int = 0


class Probe(Sending, frozen=True):
    """Call a protected endpoint → ProbeAnswered or TransportFailed. token: in whose place the engine puts another one, where the
    credential asks for that; number: so that the same probe can be sent again."""

    endpoint: Endpoint
    credential: Credential
    token: SecretView | None = None
    number: int = 0


Command = (
    Discover
    | PushRequest
    | Listen
    | OpenBrowser
    | Countdown
    | AskDirectly
    | ExchangeCode
    | RequestDeviceCodes
    | Poll
    | VerifyIdToken
    | Follow
    | Probe
)

LISTENING = frozenset({Phase.BINDING, Phase.OPENING, Phase.WAITING, Phase.HOLDING, Phase.EXCHANGING, Phase.VERIFYING})
"""While the code is exchanged too: browsers ask for an icon, retry and reload, and each is owed an answer."""


def decide(state: FlowState) -> tuple[Command, ...]:
    """The commands that are wanted now, in the order in which they are to be started."""
    return tuple(_wanted(state, state.inputs)) if state.inputs is not None else ()


def _wanted(state: FlowState, inputs: Inputs) -> Iterator[Command]:
    if inputs.listens and state.phase in LISTENING and state.listener_failed is None:
        yield Listen(inputs.redirect_uri, inputs.listen, inputs.asked_mode == "fragment")
    if held_step(state) is not None:
        return
    if (limit := wait_of(state)) is not None:
        yield Countdown(limit if state.time_left is None else state.time_left)
    yield from _sending(state, inputs)
    if state.phase is Phase.OPENING or (state.browser_requested and state.phase in REDIRECT_PHASES):
        yield OpenBrowser(inputs.authorization_request, state.browsers_opened)
    if state.phase is Phase.ASKING:
        yield AskDirectly(inputs.authorization_request)


def _sending(state: FlowState, inputs: Inputs) -> Iterator[Command]:
    """The request of the phase, the authorization request aside, which the browser may send."""
    if state.phase is Phase.VERIFYING and state.id_token is not None:
        yield VerifyIdToken(keys_request(inputs), state.id_token, state.token, state.code, inputs.client_secret)
    step = due_step(state)
    if step is None:
        return
    called = next_probe(state) if step == "probe" else None
    plan = request_of(state, inputs, step, *(called or ()))
    match step:
        case "discovery":
            yield Discover(plan, inputs.issuer)
        case "push":
            yield PushRequest(plan)
        case "device":
            yield RequestDeviceCodes(plan)
        case "token":
            yield ExchangeCode(plan)
        case "poll" if state.device_codes is not None:
            yield Poll(plan, state.poll_interval, len(state.polls))
        case "userinfo" | "introspect" | "refresh" | "revoke" | "code-again":
            yield Follow(plan, step, len(state.followed))
        case "probe" if called is not None:
            yield Probe(plan, *called, state.token, len(state.probes))


class Disclosed(Struct, frozen=True):
    """What an answer hands out that is to be known before the answer is sealed. secrets: what stands for more than it says; public:
    what a person has to see; origins: where the secrets may go, too, that may go to the origin `issuer`."""

    secrets: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    issuer: str = ""
    origins: frozenset[str] = frozenset()


def disclosed(command: Command, response: HttpResponse) -> Disclosed:
    """Read it from the raw answer to a command. Total."""
    match command:
        case Discover() if (metadata := read_metadata(response)) is not None:
            public = (metadata.issuer, *metadata.endpoints)
            return Disclosed((), public, origin(command.issuer), trusted_origins(metadata, command.issuer))
        case RequestDeviceCodes() if (codes := read_device_codes(response)) is not None:
            # What a person has to type is public; what the polls carry is a secret.
            return Disclosed((codes.device_code,), codes.public)
        case PushRequest() if (pushed := read_pushed(response)) is not None:
            return Disclosed((pushed.request_uri,))
    return Disclosed()
