"""The state of a run: everything that follows from its events so far, which only `flow.fold` makes; and below it the step that is due
in a state, and how long the run waits for it.

A run may be held before a step, so that a person can look at its request and change it (editing.md, "Holding"). That is no phase
of its own: a run that is held stands in the phase whose command it does not yet want.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.flow import events as e
from airisk_tui.flow.phases import LIVE, REDIRECT_PHASES, Outcome, Phase
from airisk_tui.flow.server import Attempt
from airisk_tui.flow.start.inputs import Inputs, Mode
from airisk_tui.flow.start.known import Known
from airisk_tui.oauth.answer.device import DeviceCodes
from airisk_tui.oauth.answer.endpoints import Endpoint, EndpointAnswer, are_aliases, as_documented, read_endpoint_answer
from airisk_tui.oauth.answer.token import TokenAnswer
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest
from airisk_tui.oauth.metadata import Metadata
from airisk_tui.oauth.redirect.authorization import Redirect
from airisk_tui.oauth.request.edit import FOLLOW_UPS, FollowUp, Step
from airisk_tui.oauth.request.mistakes import Mistake
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.characters import characters_of, is_redacted

Verification = Literal["match", "not-sent", "missing", "mismatch", "repeated", "not-verified"]
"""Of the state parameter: it matched · none was sent · none came back · another came · more than one came · a bare code
was pasted, so nothing could be compared."""

MAX_INBOX = 500
"""Requests that the inbox keeps; the rest are counted. A screen shows some thirty."""


MAX_PROBES = 2_000
"""Answers of endpoints that a run keeps: a matrix of a hundred endpoints by four credentials is far below."""


MAX_AGAIN = 100
"""Further token requests and refreshes that a run keeps; a file of a browser that was open for a day has fewer."""


class InboxEntry(Struct, frozen=True):
    """A request that the listener heard, or a paste. at: seconds since the start; peer: the other side, as "127.0.0.1:53124";
    reason: None when it settled the run, else why it did not: a reason of `StrayRequest`, or "state-mismatch",
    "state-missing", "state-repeated", "nothing-in-it", "fragment-awaited", "duplicate"."""

    at: float
    request: HttpRequest
    via: e.Via
    peer: str
    reason: str | None


class Answer(Struct, frozen=True):
    """An answer of the authorization endpoint, by whichever way it came.

    request: what came to the redirect URI, or was pasted; None for a direct request, whose exchange is the state's
    `authorization`; elsewhere: in which parts the `Location` of a direct request differs from our redirect URI.
    """

    at: float
    redirect: Redirect
    verification: Verification
    via: e.Via | Literal["direct"]
    request: HttpRequest | None = None
    elsewhere: tuple[str, ...] = ()


class ProbeResult(Struct, frozen=True):
    """One probe and its answer or failure."""

    at: float
    endpoint: Endpoint
    credential: e.Credential
    exchange: Exchange | None
    failed: FailedExchange | None = None

    def as_documented(self, kind: Literal["generic", "user-specific"]) -> bool | None:
        """Whether the answer is what the documentation says; None when nothing can be said (or no answer came)."""
        if self.answer is None:
            return None
        expected = self.endpoint.expected(kind) if self.credential == "token" else "refused"
        return as_documented(expected, self.answer)

    @property
    def answer(self) -> EndpointAnswer | None:
        """What the answer says of the credential; None without an answer."""
        return read_endpoint_answer(self.exchange.response) if self.exchange is not None else None


class Followed(Struct, frozen=True):
    """One step with the token, and its answer or failure."""

    at: float
    step: FollowUp
    exchange: Exchange | None
    failed: FailedExchange | None = None


class FlowState(Struct, frozen=True, kw_only=True):
    """at: the time of the last event, in seconds since the start. utc: the wall clock at the start, in epoch seconds.
    history: each phase entered, and when. browser: the last report of a browser that was asked to open the URL;
    browsers_opened: how many reports there were; browser_requested: a person asked for one more that has not come yet.
    paste_refused: the last paste that was refused, until one is accepted; paste_closed: nothing can be pasted any more.
    given: the inputs as the run started; inputs: as it uses them, once the metadata has filled them in (`flow.server`); discovery:
    the looks for the metadata; metadata: what the one that counts says.
    pushed: the answer to the pushed authorization request, pushed_at: when it came; pushed_for: how many seconds its
    name is good for.
    device, device_codes: the answer to the device authorization request; polls: the answers that said to wait; poll_interval: seconds
    between two of them now.
    answer: what settled the authorization leg; held: an answer whose state could not be verified, and that waits for a
    person's decision; doubtful: the last answer that was not to be believed. inbox: the first requests that the listener
    heard, and the pastes; inbox_total: how many there were. authorization: the exchange of our own, direct request.
    token_exchange, token_exchanged_at, token_answer: what the token endpoint answered, when, and how it reads.
    id_token: what came beside the token (OpenID Connect Core §3.1.3.3); keys: the exchange of the server's keys; id_token_checked: what
    was computed with them.
    exchanged_again: what the token endpoint answered to the same code later; refreshes: what it answered to refreshes.
    imported: the other program's file that the run was read from; callback_exchange, callback_failure: how the redirect URI
    answered the browser, or why it did not, which only such a file shows.
    token_in_use: the token, or what it was refreshed to; refresh_token: the last one that came; followed: the steps with the token
    (`flow.reading.follow_ups`); pending_follow_up: the one that a person asked for when the run was done.
    pending_probe: the probe that a person asked for when the run was done, and earlier: the outcome that it had then.
    released: the held steps that were let go (`release_key`); held_redirect: the answer that is held, not yet read;
    held_since: since when the run is held, held_for: how long it was before that; time_left: seconds of the countdown, once it
    was stopped.
    secrets: all views, by fingerprint.

    Without slots, so that `to` can copy it in one go."""

    phase: Phase = Phase.IDLE
    outcome: Outcome | None = None
    at: float = 0.0
    run_id: str = ""
    utc: float = 0.0
    inputs: Inputs | None = None
    given: Inputs | None = None
    discovery: tuple[Attempt, ...] = ()
    metadata: Metadata | None = None
    known: Known = field(default_factory=Known)
    mistakes: tuple[Mistake, ...] = ()
    history: tuple[tuple[Phase, float], ...] = ()
    listener: e.ListenerBound | None = None
    listener_failed: e.ListenerFailed | None = None
    browser: e.BrowserOpened | None = None
    browsers_opened: int = 0
    browser_requested: bool = False
    paste_refused: e.PasteRefused | None = None
    paste_closed: bool = False
    authorization: Exchange | None = None
    pushed: Exchange | None = None
    pushed_at: float = 0.0
    pushed_for: float | None = None
    device: Exchange | None = None
    device_codes: DeviceCodes | None = None
    polls: tuple[Exchange, ...] = ()
    poll_interval: float = 0.0
    answer: Answer | None = None
    held: Answer | None = None
    doubtful: Answer | None = None
    trusted_on_purpose: bool = False
    inbox: tuple[InboxEntry, ...] = ()
    inbox_total: int = 0
    code: SecretView | None = None
    token_exchange: Exchange | None = None
    token_exchanged_at: float | None = None
    token_answer: TokenAnswer | None = None
    token: SecretView | None = None
    id_token: SecretView | None = None
    keys: Exchange | None = None
    keys_failed: FailedExchange | None = None
    id_token_checked: e.IdTokenChecked | None = None
    exchanged_again: tuple[Exchange, ...] = ()
    refreshes: tuple[Exchange, ...] = ()
    token_in_use: SecretView | None = None
    refresh_token: SecretView | None = None
    followed: tuple[Followed, ...] = ()
    pending_follow_up: FollowUp | None = None
    probes: tuple[ProbeResult, ...] = ()
    pending_probe: tuple[Endpoint, e.Credential] | None = None
    earlier: Outcome | None = None
    failure: e.TransportFailed | None = None
    imported: e.Imported | None = None
    callback_exchange: Exchange | None = None
    callback_failure: e.TransportFailed | None = None
    released: tuple[str, ...] = ()
    held_redirect: e.CallbackReceived | e.AuthorizationAnswered | None = None
    held_since: float | None = None
    held_for: float = 0.0
    time_left: float | None = None
    secrets: Mapping[str, SecretView] = field(default_factory=lambda: MappingProxyType({}))

    def to(self, **changes: Any) -> FlowState:
        """The same state with some fields changed."""
        return replace(self, **changes)

    @property
    def mode(self) -> Mode | None:
        """How the authorization request is made; None before the run has started."""
        return self.inputs.mode if self.inputs is not None else None

    @property
    def live(self) -> bool:
        """Whether something is under way."""
        return self.phase in LIVE

    @property
    def device_code(self) -> SecretView | str | None:
        """What the polls of a device carry; in clear only where the log has it so."""
        code = self.device_codes.device_code if self.device_codes is not None else None
        return code and (self.view(code) or code)

    @property
    def push_refused(self) -> bool:
        """Whether the pushed request was not taken."""
        return self.pushed is not None and self.inputs is not None and self.inputs.request_uri is None

    @property
    def undiscovered(self) -> bool:
        """Whether the run ended while the metadata was looked for, so that nothing else was asked."""
        return [phase for phase, _ in self.history] == [Phase.DISCOVERING, Phase.DONE]

    @property
    def ended_in(self) -> Outcome:
        """The outcome; cancelled where there is none, because the run was killed."""
        return self.outcome or Outcome.CANCELLED

    def entered(self, phase: Phase) -> float | None:
        """When a phase was first entered, in seconds since the start, or None."""
        return next((at for entered, at in self.history if entered is phase), None)

    @property
    def cookies(self) -> tuple[tuple[str, SecretView | str], ...]:
        """Names and values of the cookies that the answer to our own authorization request set; those without a value are left out."""
        given = self.authorization.response.cookies if self.authorization is not None else ()
        return tuple((name, self.view(value) or value) for name, value in given if value)

    def view(self, text: str) -> SecretView | None:
        """The view of a secret whose reference the text is, with header and claims where they are known."""
        read = SecretView.read(text)
        return self.secrets.get(read.fingerprint, read) if read else None

    def view_of(self, value: str) -> SecretView:
        """The view of a secret; of one that stands in the log in clear (an edited or foreign recording) without a fingerprint."""
        return self.view(value) or SecretView("", len(value), characters=characters_of(value))


def is_marked(state: FlowState, text: str) -> bool:
    """Whether a mark such as "[redacted]" stands in a value's place, sealed or not, so that it is compared with nothing."""
    view = state.view(text)
    return is_redacted(text) or (view is not None and view.characters == "redacted")


def secret_names(state: FlowState) -> dict[str, str]:
    """What each secret of a run is called, by fingerprint; "secret" where nothing else is known of it."""
    names = dict.fromkeys(state.secrets, "secret")
    inputs = state.inputs
    if inputs is not None:
        own = {"client secret": inputs.client_secret, "bearer token": inputs.bearer, "verifier": inputs.verifier}
        own |= {"private key": inputs.signing_key, "request URI": inputs.request_uri}
        names |= {view.fingerprint: name for name, view in own.items() if view is not None}
    came = {"code": state.code, "token": state.token, "ID token": state.id_token, "refresh token": state.refresh_token}
    names |= {view.fingerprint: name for name, view in came.items() if view}
    names.pop("", None)
    return names


Missing = Literal["", "no-endpoint", "no-refresh-token", "no-code"]
"""Why a follow-up cannot be made: "" where it can · no endpoint for it is known · there is no refresh token · there was no
code."""

ENDPOINTS: dict[FollowUp, str] = {
    "userinfo": "userinfo_endpoint",
    "introspect": "introspection_endpoint",
    "revoke": "revocation_endpoint",
}
"""By follow-up the name of its endpoint in a dialect; a refresh goes to the token endpoint."""


def held_step(state: FlowState) -> Step | None:
    """The step before which the run is held now, or None."""
    inputs = state.inputs
    if state.held_redirect is not None:
        return "redirect" if state.live else None
    if inputs is None or not inputs.hold:
        return None
    step = due_step(state)
    return step if step in inputs.hold and release_key(state, step) not in state.released else None


def release_key(state: FlowState, step: Step | None) -> str:
    """By which a state remembers that a step was let go: each request by itself of those that there are several of."""
    if step is None:
        return ""
    made = {"probe": state.probes, "poll": state.polls, "discovery": state.discovery}
    if step in FOLLOW_UPS:
        return f"{step} {len(state.followed)}"
    return f"{step} {len(made[step])}" if step in made else step


def may_hold_redirect(state: FlowState) -> bool:
    """Whether an answer that comes now waits for a person before it is read."""
    return state.inputs is not None and "redirect" in state.inputs.hold and "redirect" not in state.released


def wait_of(state: FlowState) -> float | None:
    """Seconds that the wait of the phase lasts: for the redirect, or for somebody on another device; None where there is none."""
    if state.inputs is None:
        return None
    if state.phase is Phase.POLLING and state.device_codes is not None:
        return min(state.inputs.timeout, state.device_codes.lifetime)
    return state.inputs.timeout if state.phase in REDIRECT_PHASES else None


def seconds_left(state: FlowState, now: float) -> float | None:
    """Seconds until that wait is over. now: seconds since the start. While the run is held, the time stands still."""
    limit = wait_of(state)
    if limit is None:
        return None
    begun = (state.entered(phase) for phase in (Phase.POLLING, Phase.OPENING, Phase.WAITING))
    since = next((at for at in begun if at is not None), 0.0)
    now = now if state.held_since is None else state.held_since
    # An event's moment is rounded, and can lie a little after a look at the clock that follows it.
    return max(0.0, limit + state.held_for - max(0.0, now - since))


DUE: dict[Phase, Step] = {
    Phase.DISCOVERING: "discovery",
    Phase.PUSHING: "push",
    Phase.REQUESTING: "device",
    Phase.POLLING: "poll",
    Phase.OPENING: "authorization",
    Phase.ASKING: "authorization",
    Phase.EXCHANGING: "token",
    Phase.PROBING: "probe",
}
"""The request of each phase that has one, whatever the inputs are."""


def due_step(state: FlowState) -> Step | None:
    """The request of ours that the run would send in its phase; None where it sends none."""
    if state.phase is Phase.FOLLOWING:
        return next_follow_up(state)
    if state.phase is Phase.WAITING:
        return "authorization" if state.mode == "paste" else None
    return DUE.get(state.phase)


def next_follow_up(state: FlowState) -> FollowUp | None:
    """The one to make now: what a person asked for, else the first of the inputs' that has no answer yet and can be made."""
    if state.token is None or state.inputs is None:
        return None
    if state.pending_follow_up is not None:
        return state.pending_follow_up
    made = {one.step for one in state.followed}
    return next((step for step in state.inputs.then if step not in made and not missing(state, step)), None)


def next_probe(state: FlowState) -> tuple[Endpoint, e.Credential] | None:
    """The endpoint to call next: the one that a person asked for, else the first of the inputs' that has no answer yet."""
    if state.pending_probe is not None:
        return state.pending_probe
    if state.inputs is None or len(state.probes) >= MAX_PROBES:
        return None
    asked = {probe.endpoint: probe.answer for probe in state.probes if probe.credential == "token"}
    return next(((endpoint, "token") for endpoint in state.inputs.probes if _due(endpoint, asked)), None)


def _due(endpoint: Endpoint, asked: Mapping[Endpoint, EndpointAnswer | None]) -> bool:
    """Whether an endpoint has no answer yet; an alias is asked only where the paths before it are not there."""
    names = {each.name for each in asked}
    found = any(are_aliases(endpoint, other) and answer != "absent" for other, answer in asked.items())
    return endpoint.name not in names and not found


def missing(state: FlowState, step: FollowUp) -> Missing:
    """What is missing for a follow-up."""
    if step == "refresh":
        return "" if state.refresh_token is not None else "no-refresh-token"
    if step == "code-again":
        return "" if state.code is not None else "no-code"
    return "" if address_of(state, step) else "no-endpoint"


def address_of(state: FlowState, step: FollowUp) -> str:
    """Where a follow-up goes; "" where nothing names a place."""
    return getattr(state.inputs.dialect, ENDPOINTS[step]) if state.inputs is not None and step in ENDPOINTS else ""
