"""The commands: what should be under way in a state, in the imperative.

A command is wanted for as long as `decide` returns it: the engine starts it when it appears and ends it when it is no
longer there. Each ends in an event of its own, even the countdown.
"""

from __future__ import annotations

from msgspec import Struct

from airisk_tui.flow.events import Credential
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.request.edit import FollowUp
from airisk_tui.oauth.request.planned import PlannedRequest
from airisk_tui.oauth.secret import SecretView


class Discover(Struct, frozen=True):
    """Ask for the metadata at one address → MetadataAnswered or TransportFailed. issuer: whose metadata it is."""

    request: PlannedRequest
    issuer: str


class PushRequest(Struct, frozen=True):
    """Push the authorization request (RFC 9126 §2.1) → PushAnswered or TransportFailed."""

    request: PlannedRequest


class Listen(Struct, frozen=True):
    """Listen for the redirect URI → ListenerBound or ListenerFailed, then CallbackReceived and StrayRequest as they come.

    at: the address to listen on, or "" for where the redirect URI leads. fragment: whether the answer is expected in the fragment.
    """

    redirect_uri: str
    at: str = ""
    fragment: bool = False


class OpenBrowser(Struct, frozen=True):
    """Open the authorization request in the system's browser → BrowserOpened. number: so that it can be opened again."""

    request: PlannedRequest
    number: int = 0


class Countdown(Struct, frozen=True):
    """Wait so many seconds → TimedOut."""

    seconds: float


class AskDirectly(Struct, frozen=True):
    """Send the authorization request ourselves, redirects not followed → AuthorizationAnswered or TransportFailed."""

    request: PlannedRequest


class ExchangeCode(Struct, frozen=True):
    """Send the token request → TokenExchanged or TransportFailed."""

    request: PlannedRequest


class RequestDeviceCodes(Struct, frozen=True):
    """Ask for the codes of a device → DeviceAnswered or TransportFailed."""

    request: PlannedRequest


class Poll(Struct, frozen=True):
    """Wait so many seconds, then ask for the token → TokenExchanged or TransportFailed. number: so that it can be asked again."""

    request: PlannedRequest
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


class Follow(Struct, frozen=True):
    """Take a step with the token → FollowUpAnswered, RefreshAnswered or TransportFailed. number: so that it can be taken again."""

    request: PlannedRequest
    step: FollowUp
    number: int = 0


class Probe(Struct, frozen=True):
    """Call a protected endpoint → ProbeAnswered or TransportFailed. token: in whose place the engine puts another one, where the
    credential asks for that; number: so that the same probe can be sent again."""

    request: PlannedRequest
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
