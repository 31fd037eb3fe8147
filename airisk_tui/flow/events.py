"""The events: facts from outside, in the past tense, and the only data that is recorded.

An event contains codes, numbers, names, addresses and texts of others, never a sentence of this program: `insight` makes the sentences
when the event is read, so that an old recording gets today's advice. All text in an event is sealed: a reference replaces each secret,
and `secrets` has the views of these secrets.
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

Omission = Literal["cut", "credentials", "redacted", "base64", "scheme", "request-body", "apart"]
"""The data that another program's file does not have as it was sent: the file is cut off · `Authorization` headers and cookies are
left out · marks replace values · a body is in base64 without saying so (it was decoded) · addresses have no scheme (https was assumed) ·
the body of the token request is left out · bodies are in files of their own, which are not there."""

ListenerFault = Literal["busy", "privileged", "excluded", "unavailable", "not-loopback"]
"""The reasons why a callback address cannot be listened on: another program has the port · the port needs a privilege · the system
reserves the port · any other error of the system · the redirect URI leads to another machine."""

BrowserFault = Literal["not-web-url", "unreadable-variable", "no-display", "none-found", "failed", "unknown"]
"""The reasons why no browser was opened: the URL is not http(s) · BROWSER names no command · there is no display · there is no browser ·
every program that was tried failed · an old recording does not say."""

SignatureResult = Literal[
    "verified", "wrong", "no-key", "no-keys", "unsigned", "unknown-algorithm", "encrypted", "unreadable"
]
"""The results for the signature of a JWT: a key of the server verifies it · no key verifies it · the key that it names is not among
them · there are no keys · its algorithm is "none" · this program cannot verify its algorithm · it is encrypted · it is not a JWT."""

HashResult = Literal["match", "mismatch", "absent", "unknown"]
"""The results for a hash in an ID token: that of the received value · another · there is none · it cannot be computed."""

RequestStep = Literal[
    "discovery", "push", "keys", "authorization-request", "redirect", "token-request", "access", FollowUp
]
"""The request that an event is about. "discovery": for the server's metadata; "push": the pushed authorization request (RFC 9126);
"keys": for the server's keys; "redirect": the browser's to the redirect URI, which only another program's file shows."""

PasteFault = Literal[paste.PasteFault, "not-waiting"]
"""The reasons why a paste was refused: those of `oauth.redirect.paste`, and that no redirect is awaited any more."""


class AnyEvent(Struct, frozen=True, kw_only=True):
    """The base of all events; never in a log itself. Each class without a subclass is an event (see `recording.disk.codec`).

    at: seconds since the run started, by a monotonic clock; secrets: the views of the secrets whose references are in this event.
    """

    at: float
    secrets: tuple[SecretView, ...] = ()


class Answered(AnyEvent, frozen=True, kw_only=True):
    """A request was answered: the base of the events with an exchange; never in a log itself."""

    exchange: Exchange


class RunStarted(AnyEvent, frozen=True, kw_only=True):
    """A person or a script started a run. utc: the wall clock at that moment, in epoch seconds."""

    run_id: str
    utc: float
    inputs: Inputs
    known: Known = field(default_factory=Known)


class MetadataAnswered(Answered, frozen=True, kw_only=True):
    """An address at which the metadata of the issuer may be answered (RFC 8414 §3.1)."""


class PushAnswered(Answered, frozen=True, kw_only=True):
    """The server answered the pushed authorization request (RFC 9126 §2.2, §2.3)."""


class ListenerBound(AnyEvent, frozen=True, kw_only=True):
    """The listener listens. addresses: such as "127.0.0.1:8765"; certificate: its SHA-256 in hex, for https."""

    addresses: tuple[str, ...]
    scheme: str
    certificate: str | None = None


class ListenerFailed(AnyEvent, frozen=True, kw_only=True):
    """The listener could not listen. address: such as "127.0.0.1"; holder: the program that has a busy port, such as
    "name (pid 123)"; errno: the name of the system's error, such as "EADDRINUSE"."""

    code: ListenerFault
    address: str = ""
    port: int = 0
    holder: str | None = None
    errno: str = ""


class BrowserRequested(AnyEvent, frozen=True, kw_only=True):
    """A person asked to open the authorization URL in the browser once more."""


class FailedLaunch(Struct, frozen=True):
    """A program that did not open the URL. errno: why it could not be started, such as "ENOENT", or ""; status: its exit status,
    negative for a signal."""

    program: str
    errno: str = ""
    status: int = 0


class BrowserOpened(AnyEvent, frozen=True, kw_only=True):
    """A browser was asked to open the URL. ok: whether a program accepted it; program: the name of that program, else of the first that
    was tried; reason: why no browser was opened, else None; failures: the programs that failed."""

    ok: bool
    program: str = ""
    reason: BrowserFault | None = None
    failures: tuple[FailedLaunch, ...] = ()


class AuthorizationAnswered(Answered, frozen=True, kw_only=True):
    """The server answered the authorization request that this program sent itself."""


class DeviceAnswered(Answered, frozen=True, kw_only=True):
    """The server answered the device authorization request (RFC 8628 §3.2)."""


class CallbackReceived(AnyEvent, frozen=True, kw_only=True):
    """An authorization response came to the redirect URI, by the listener or pasted; it is not yet verified. peer: the other side of the
    connection, such as "127.0.0.1:53124"; repairs: the changes that were needed to read a paste, in order (`oauth.redirect.repairs`)."""

    request: HttpRequest
    via: Via = "listener"
    peer: str = ""
    repairs: tuple[Repair, ...] = ()


class StrayRequest(AnyEvent, frozen=True, kw_only=True):
    """The listener received a request that is not the callback. reason: one of `oauth.loopback.StrayReason`."""

    request: HttpRequest
    reason: str
    peer: str = ""


class PasteRefused(AnyEvent, frozen=True, kw_only=True):
    """A person pasted a text that cannot be the answer. Only its length and kind are recorded, because it may be a secret."""

    reason: PasteFault
    length: int
    kind: PasteKind


class PasteClosed(AnyEvent, frozen=True, kw_only=True):
    """No paste can come any more: standard input ended, or is not a terminal or pipe that a person writes to."""


class ContinuedAnyway(AnyEvent, frozen=True, kw_only=True):
    """A person chose to use an answer whose state could not be verified."""


class TokenExchanged(Answered, frozen=True, kw_only=True):
    """The token endpoint answered, with a token or a refusal."""


class KeysAnswered(Answered, frozen=True, kw_only=True):
    """The address of the server's keys answered (RFC 7517 §5)."""


class IdTokenChecked(AnyEvent, frozen=True, kw_only=True):
    """The signature of the ID token was verified, and its hashes of the access token and of the code were compared (OpenID Connect Core
    §3.1.3.7, §3.3.2.11). access_token: the result for the signature of the access token, None if that is not a JWT."""

    signature: SignatureResult
    at_hash: HashResult = "absent"
    c_hash: HashResult = "absent"
    access_token: SignatureResult | None = None


class Imported(AnyEvent, frozen=True, kw_only=True):
    """The run was read from another program's file. program: its name; circle: the address that redirected the browser to the same
    place twice, if the login ended in such a circle, else ""; in_fragment: whether the client reads its answer from the fragment of the
    redirect; verifier_fits: whether the verifier fits the challenge (RFC 7636 §4.6), None if the file does not have both; no_frames: the
    header by which the login page forbids the frame that it was asked for in; refused: the last form of the login that the server refused,
    without what was sent, if the flow got no further."""

    program: str
    omissions: tuple[Omission, ...] = ()
    circle: str = ""
    in_fragment: bool = False
    verifier_fits: bool | None = None
    no_frames: str = ""
    refused: Exchange | None = None


class CallbackAnswered(Answered, frozen=True, kw_only=True):
    """The redirect URI answered the browser. Only another program's file shows that, because this program's listener answers itself."""


class RefreshAnswered(Answered, frozen=True, kw_only=True):
    """The token endpoint answered a refresh (RFC 6749 §6)."""


class FollowUpRequested(AnyEvent, frozen=True, kw_only=True):
    """A person asked for one more step with the token."""

    step: FollowUp


class FollowUpAnswered(Answered, frozen=True, kw_only=True):
    """The server answered a step with the token other than a refresh (see RefreshAnswered)."""

    step: FollowUp


class ProbeRequested(AnyEvent, frozen=True, kw_only=True):
    """A person asked to call a protected endpoint."""

    endpoint: Endpoint
    credential: Credential = "token"


class ProbeAnswered(Answered, frozen=True, kw_only=True):
    """A protected endpoint answered."""

    endpoint: Endpoint
    credential: Credential


class TransportFailed(AnyEvent, frozen=True, kw_only=True):
    """A request got no answer. endpoint, credential: of a probe."""

    step: RequestStep
    failed: FailedExchange
    endpoint: Endpoint | None = None
    credential: Credential = "token"


class HoldChanged(AnyEvent, frozen=True, kw_only=True):
    """A person chose the steps before which the run is held from now on."""

    steps: tuple[Step, ...] = ()


class RequestReleased(AnyEvent, frozen=True, kw_only=True):
    """A person let a held step go on. edits: the changes that they made in it."""

    step: Step
    edits: tuple[Edit, ...] = ()


class TimedOut(AnyEvent, frozen=True, kw_only=True):
    """The time to wait for the redirect, or for the person at another device, was over."""


class Cancelled(AnyEvent, frozen=True, kw_only=True):
    """A person or a signal ended the run."""
