"""The events: facts from outside, in the past tense, and the only thing that is ever recorded.

`at` is seconds since the run started, by a monotonic clock. All text in an event is sealed: where a secret stood there is
a placeholder, and `secrets` holds the views of the secrets that were found in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.known import Known
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest
from airisk_tui.oauth.secret import SecretView

Via = Literal["listener", "paste", "bare-code"]
Credential = Literal["token", "none", "broken", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """at: seconds since the run started; secrets: what is known of the secrets whose placeholders stand in this event."""

    at: float
    secrets: tuple[SecretView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """A person or a script started a run. utc: the wall clock at `at` 0, in epoch seconds."""

    run_id: str
    utc: float
    inputs: Inputs
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerBound(Event):
    """The callback address is being listened on. addresses: as "127.0.0.1:8765"; certificate: SHA-256, hex, for https."""

    addresses: tuple[str, ...]
    scheme: str
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerFailed(Event):
    """The callback address could not be listened on; told again in a run that waits for a paste when none can come any more.

    code: "busy", "privileged", "excluded", "unavailable", "not-loopback".
    """

    code: str
    sentence: str
    address: str = ""
    port: int = 0
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserOpened(Event):
    """A browser was asked to open the URL. ok: whether a program could be started; program: its name."""

    ok: bool
    program: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationAnswered(Event):
    """The server answered our own, direct authorization request."""

    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackReceived(Event):
    """Something came back to the redirect URI, by the listener or pasted; whether it is to be believed is not said here."""

    request: HttpRequest
    via: Via = "listener"
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayRequest(Event):
    """The listener heard something that is not the callback, and why (a stable word, see `engine.listener`)."""

    request: HttpRequest
    reason: str
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedAnyway(Event):
    """A person chose to believe an answer whose state could not be verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenExchanged(Event):
    """The token endpoint answered, whatever it said."""

    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequested(Event):
    """A person asked for a protected endpoint to be called."""

    endpoint: Endpoint
    credential: Credential = "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnswered(Event):
    """A protected endpoint answered."""

    endpoint: Endpoint
    credential: Credential
    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportFailed(Event):
    """A request of ours got no answer. step: which one; endpoint and credential: for a probe."""

    step: Literal["authorization-request", "token-request", "access"]
    failed: FailedExchange
    endpoint: Endpoint | None = None
    credential: Credential = "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut(Event):
    """The time to wait for the redirect was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Event):
    """A person or a signal ended the run."""


AnyEvent = (
    RunStarted
    | ListenerBound
    | ListenerFailed
    | BrowserOpened
    | AuthorizationAnswered
    | CallbackReceived
    | StrayRequest
    | ContinuedAnyway
    | TokenExchanged
    | ProbeRequested
    | ProbeAnswered
    | TransportFailed
    | TimedOut
    | Cancelled
)
