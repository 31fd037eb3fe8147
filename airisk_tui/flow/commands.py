"""The commands, and `decide(state)`: those that should be under way in a state. Pure: one state always gives the same commands.

The engine compares the commands of the new state with the running ones: it starts each that is new, and ends each that is gone. So
cancelling, a second answer and a timeout need no code of their own, because their states want no listener, countdown or request. Each
command ends in an event, even the countdown (the form is mitmproxy's, `proxy/commands.py`).
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


class Command(Struct, frozen=True):
    """The base of all commands; never wanted itself."""


class Sending(Command, frozen=True):
    """The base of the commands with a request; never wanted itself."""

    request: PlannedRequest


class Discover(Sending, frozen=True):
    """Ask for the metadata of an issuer at one address → MetadataAnswered or TransportFailed."""

    issuer: str


class PushRequest(Sending, frozen=True):
    """Push the authorization request (RFC 9126 §2.1) → PushAnswered or TransportFailed."""


class Listen(Command, frozen=True):
    """Listen for the redirect URI → ListenerBound or ListenerFailed, then CallbackReceived and StrayRequest as they come.

    at: the address to listen on, or "" for that of the redirect URI; fragment: whether the answer is expected in the fragment.
    """

    redirect_uri: str
    at: str = ""
    fragment: bool = False


class OpenBrowser(Sending, frozen=True):
    """Open the authorization request in the system's browser → BrowserOpened. number: counts the openings, so that each is a new
    command."""

    number: int = 0


class Countdown(Command, frozen=True):
    """Wait for the given seconds → TimedOut."""

    seconds: float


class AskDirectly(Sending, frozen=True):
    """Send the authorization request without a browser, and follow no redirect → AuthorizationAnswered or TransportFailed."""


class ExchangeCode(Sending, frozen=True):
    """Send the token request → TokenExchanged or TransportFailed."""


class RequestDeviceCodes(Sending, frozen=True):
    """Send the device authorization request (RFC 8628 §3.1) → DeviceAnswered or TransportFailed."""


class Poll(Sending, frozen=True):
    """Wait for `wait` seconds, then ask for the token (RFC 8628 §3.4) → TokenExchanged or TransportFailed. number: counts the polls."""

    wait: float
    number: int = 0


class VerifyIdToken(Command, frozen=True):
    """Ask for the server's keys → KeysAnswered or TransportFailed; then verify the ID token with them → IdTokenChecked.

    request: for the keys, None if the metadata names no address for them; secret: the client's, which signs tokens with an HMAC.
    """

    request: PlannedRequest | None
    id_token: SecretView
    access_token: SecretView | None
    code: SecretView | None
    secret: SecretView | None


class Follow(Sending, frozen=True):
    """Take a step with the token → FollowUpAnswered, RefreshAnswered or TransportFailed. number: counts the steps."""

    step: FollowUp
    number: int = 0


class Probe(Sending, frozen=True):
    """Call a protected endpoint → ProbeAnswered or TransportFailed. token: the engine replaces it by a broken or an expired one, if the
    credential says so; number: counts the calls."""

    endpoint: Endpoint
    credential: Credential
    token: SecretView | None = None
    number: int = 0


LISTENING = frozenset({Phase.BINDING, Phase.OPENING, Phase.WAITING, Phase.HOLDING, Phase.EXCHANGING, Phase.VERIFYING})
"""The phases with a listener. While the code is exchanged, too: browsers ask for an icon, retry and reload, and each request is
answered."""


def decide(state: FlowState) -> tuple[Command, ...]:
    """The commands of a state, in the order in which they are started."""
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
    """The request of the phase, except the authorization request, which a browser may send."""
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
    """The values in an answer that the sealer has to know before it seals the answer. secrets: values that give access; public: values
    that a person has to see; origins: the origins to which each secret for the origin `issuer` may go, too."""

    secrets: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    issuer: str = ""
    origins: frozenset[str] = frozenset()


def disclosed(command: Command, response: HttpResponse) -> Disclosed:
    """The values that the raw answer to a command discloses. Total."""
    match command:
        case Discover() if (metadata := read_metadata(response)) is not None:
            public = (metadata.issuer, *metadata.endpoints)
            return Disclosed((), public, origin(command.issuer), trusted_origins(metadata, command.issuer))
        case RequestDeviceCodes() if (codes := read_device_codes(response)) is not None:
            # A person has to type the user code, so it is public; the device code in the polls is a secret (RFC 8628 §3.2).
            return Disclosed((codes.device_code,), codes.public)
        case PushRequest() if (pushed := read_pushed(response)) is not None:
            return Disclosed((pushed.request_uri,))
    return Disclosed()
