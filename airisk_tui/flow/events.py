"""The events: facts from outside, in the past tense, and the only thing that is ever recorded.

`at` is seconds since the run started, by a monotonic clock. An event holds codes, numbers, names, addresses and what others
wrote, never a sentence of this program: `insight` makes the sentences when the event is read, so that an old recording gets
today's advice. All text in an event is sealed: where a secret stood there is a reference, and `secrets` holds the views of
the secrets that were found in it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Known
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest
from airisk_tui.oauth.redirect import paste
from airisk_tui.oauth.redirect.paste import PasteKind
from airisk_tui.oauth.redirect.repairs import Repair
from airisk_tui.oauth.request.edit import Edit, FollowUp, Step
from airisk_tui.oauth.secret import SecretView

Via = Literal["listener", "paste", "bare-code"]
Credential = Literal["token", "none", "broken", "expired"]

Omission = Literal["cut", "credentials", "redacted", "base64", "scheme", "request-body"]
"""What another program's file does not show as it was: the file is cut off · `Authorization` headers and cookies are left out ·
marks stand in the place of values · a body is in base64, and nothing says so (it was decoded) · addresses have no
scheme (https was taken) · the body of the token request is left out."""

ListenerFault = Literal["busy", "privileged", "excluded", "unavailable", "not-loopback"]
"""Why a callback address cannot be listened on: another program has the port · the port needs a privilege · the system keeps
the port for itself · any other error of the system · the redirect URI leads to another machine."""

BrowserFault = Literal["not-web-url", "unreadable-variable", "no-display", "none-found", "failed", "unknown"]
"""Why no browser was opened: the URL is not http(s) · BROWSER names no command · there is no display · there is no browser ·
every program that was tried failed · an old recording does not say."""

SignatureResult = Literal[
    "verified", "wrong", "no-key", "no-keys", "unsigned", "unknown-algorithm", "encrypted", "unreadable"
]
"""Of an ID token: a key of the server verifies it · none of its keys does · the key that it names is not among them · there are no
keys · its algorithm is none · this program cannot verify its algorithm · it is encrypted · it is no JWT."""

HashResult = Literal["match", "mismatch", "absent", "unknown"]
"""Of a hash in an ID token: of what came · of something else · there is none · it cannot be computed."""

RequestStep = Literal[
    "discovery", "push", "keys", "authorization-request", "redirect", "token-request", "access", FollowUp
]
"""Which request. "discovery": for the server's metadata; "push": of the authorization request (RFC 9126); "keys": for the
server's keys; "redirect": a browser's to the redirect URI, which
only another program's file shows."""

PasteFault = Literal[paste.PasteFault, "not-waiting"]
"""Why a paste was refused: see `oauth.redirect.paste` · no redirect is awaited any more."""


class Event(Struct, frozen=True, kw_only=True):
    """at: seconds since the run started; secrets: what is known of the secrets whose references stand in this event."""

    at: float
    secrets: tuple[SecretView, ...] = ()


class Answered(Event, frozen=True, kw_only=True):
    """A request was answered: the base of the events with an exchange. None of these alone."""

    exchange: Exchange


class RunStarted(Event, frozen=True, kw_only=True):
    """A person or a script started a run. utc: the wall clock at `at` 0, in epoch seconds."""

    run_id: str
    utc: float
    inputs: Inputs
    known: Known = field(default_factory=Known)


class MetadataAnswered(Answered, frozen=True, kw_only=True):
    """Something answered at an address where the metadata of the issuer may stand (RFC 8414 §3.1)."""


class PushAnswered(Answered, frozen=True, kw_only=True):
    """The server answered the pushed authorization request (RFC 9126 §2.2, §2.3)."""


class ListenerBound(Event, frozen=True, kw_only=True):
    """The callback address is being listened on. addresses: as "127.0.0.1:8765"; certificate: SHA-256, hex, for https."""

    addresses: tuple[str, ...]
    scheme: str
    certificate: str | None = None


class ListenerFailed(Event, frozen=True, kw_only=True):
    """The callback address could not be listened on. address: as "127.0.0.1"; holder: the program that has a busy port, as
    "name (pid 123)"; errno: the system's error by its name, as "EADDRINUSE"."""

    code: ListenerFault
    address: str = ""
    port: int = 0
    holder: str | None = None
    errno: str = ""


class BrowserRequested(Event, frozen=True, kw_only=True):
    """A person asked for the authorization URL to be opened in the browser once more."""


class FailedLaunch(Struct, frozen=True):
    """A program that did not open the URL. errno: why it could not be started, as "ENOENT", or ""; status: the exit status
    that it ended with, negative for a signal."""

    program: str
    errno: str = ""
    status: int = 0


class BrowserOpened(Event, frozen=True, kw_only=True):
    """A browser was asked to open the URL. ok: whether a program took it; program: its name, or that of the first that was
    tried; reason: why none was opened, None when one was; failures: the programs that were tried in vain."""

    ok: bool
    program: str = ""
    reason: BrowserFault | None = None
    failures: tuple[FailedLaunch, ...] = ()


class AuthorizationAnswered(Answered, frozen=True, kw_only=True):
    """The server answered our own, direct authorization request."""


class DeviceAnswered(Answered, frozen=True, kw_only=True):
    """The server answered the device authorization request (RFC 8628 §3.2)."""


class CallbackReceived(Event, frozen=True, kw_only=True):
    """Something came back to the redirect URI, by the listener or pasted; whether it is to be believed is not said here.
    repairs: what had to be undone before a paste could be read (`oauth.redirect.repairs`), in that order."""

    request: HttpRequest
    via: Via = "listener"
    peer: str = ""
    repairs: tuple[Repair, ...] = ()


class StrayRequest(Event, frozen=True, kw_only=True):
    """The listener heard something that is not the callback. reason: one of `oauth.loopback.StrayReason`."""

    request: HttpRequest
    reason: str
    peer: str = ""


class PasteRefused(Event, frozen=True, kw_only=True):
    """A person pasted something that cannot be the answer. Of the paste itself only the length and the kind are kept."""

    reason: PasteFault
    length: int
    kind: PasteKind


class PasteClosed(Event, frozen=True, kw_only=True):
    """Nothing can be pasted any more: standard input ended, or is nothing that a person writes to."""


class ContinuedAnyway(Event, frozen=True, kw_only=True):
    """A person chose to believe an answer whose state could not be verified."""


class TokenExchanged(Answered, frozen=True, kw_only=True):
    """The token endpoint answered, whatever it said."""


class KeysAnswered(Answered, frozen=True, kw_only=True):
    """Something answered at the address of the server's keys (RFC 7517 §5)."""


class IdTokenChecked(Event, frozen=True, kw_only=True):
    """The signature of the ID token and the hashes in it were computed (OpenID Connect Core §3.1.3.7, §3.3.2.11): of the access token and
    of the code. access_token: the signature of the access token, None where that is no JWT."""

    signature: SignatureResult
    at_hash: HashResult = "absent"
    c_hash: HashResult = "absent"
    access_token: SignatureResult | None = None


class Imported(Event, frozen=True, kw_only=True):
    """The run was read from another program's file. program: its name; omissions: what the file does not show as it
    was; circle: the address that redirected the browser to the same place twice, where the log-in ended in that; else "";
    in_fragment: whether the client read its answer behind the "#" of the redirect, where a page finds it; verifier_fits: whether the
    token request's verifier is that of the challenge (RFC 7636 §4.6), None where the file does not hold both."""

    program: str
    omissions: tuple[Omission, ...] = ()
    circle: str = ""
    in_fragment: bool = False
    verifier_fits: bool | None = None


class CallbackAnswered(Answered, frozen=True, kw_only=True):
    """The redirect URI answered the browser. Only another program's file shows that; our listener answers itself."""


class RefreshAnswered(Answered, frozen=True, kw_only=True):
    """The token endpoint answered a refresh (RFC 6749 §6)."""


class FollowUpRequested(Event, frozen=True, kw_only=True):
    """A person asked for one more step with the token."""

    step: FollowUp


class FollowUpAnswered(Answered, frozen=True, kw_only=True):
    """The server answered a step with the token; for a refresh there is RefreshAnswered."""

    step: FollowUp


class ProbeRequested(Event, frozen=True, kw_only=True):
    """A person asked for a protected endpoint to be called."""

    endpoint: Endpoint
    credential: Credential = "token"


class ProbeAnswered(Answered, frozen=True, kw_only=True):
    """A protected endpoint answered."""

    endpoint: Endpoint
    credential: Credential


class TransportFailed(Event, frozen=True, kw_only=True):
    """A request got no answer. endpoint and credential: for a probe."""

    step: RequestStep
    failed: FailedExchange
    endpoint: Endpoint | None = None
    credential: Credential = "token"


class HoldChanged(Event, frozen=True, kw_only=True):
    """A person chose before which steps the run is to be held from now on."""

    steps: tuple[Step, ...] = ()


class RequestReleased(Event, frozen=True, kw_only=True):
    """A person let a held step go on. edits: what they changed in it before."""

    step: Step
    edits: tuple[Edit, ...] = ()


class TimedOut(Event, frozen=True, kw_only=True):
    """The time to wait for the redirect was over."""


class Cancelled(Event, frozen=True, kw_only=True):
    """A person or a signal ended the run."""


AnyEvent = (
    RunStarted
    | Imported
    | MetadataAnswered
    | ListenerBound
    | ListenerFailed
    | BrowserRequested
    | BrowserOpened
    | AuthorizationAnswered
    | DeviceAnswered
    | PushAnswered
    | CallbackReceived
    | CallbackAnswered
    | StrayRequest
    | PasteRefused
    | PasteClosed
    | ContinuedAnyway
    | TokenExchanged
    | KeysAnswered
    | IdTokenChecked
    | RefreshAnswered
    | FollowUpRequested
    | FollowUpAnswered
    | ProbeRequested
    | ProbeAnswered
    | HoldChanged
    | RequestReleased
    | TransportFailed
    | TimedOut
    | Cancelled
)
