"""The state of a run, which only `flow.fold` makes; the step that is due in a state; and the time that the run waits for it.

A run may be held before a step, so that a person can look at its request and change it (editing.md, "Holding"). This is not a phase: a
held run is in the phase of the step, and does not yet want its command.
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
"""The result for the parameter `state`: it matches · none was sent · none came back · another one came · more than one came · it could
not be compared, because a bare code was pasted or a mark replaces the value."""

MAX_INBOX = 500
"""Requests that the inbox keeps; the rest are counted. A screen shows about thirty."""

MAX_PROBES = 2_000
"""Answers of endpoints that a run keeps: a hundred endpoints with four credentials each are far below."""

MAX_AGAIN = 100
"""Further token requests and refreshes that a run keeps; a HAR of a browser that was open for a day has fewer."""


class InboxEntry(Struct, frozen=True):
    """A request that the listener received, or a paste. at: seconds since the start; peer: the other side, such as "127.0.0.1:53124";
    reason: None if it settled the run, else why it did not: a reason of `StrayRequest`, or "state-mismatch",
    "state-missing", "state-repeated", "nothing-in-it", "fragment-awaited", "duplicate"."""

    at: float
    request: HttpRequest
    via: e.Via
    peer: str
    reason: str | None


class Answer(Struct, frozen=True):
    """An authorization response, from the listener, a paste or a direct request.

    request: to the redirect URI, or the paste; elsewhere: the parts in which the `Location` that answers a direct request differs from
    the redirect URI.
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
        """Whether the answer is as documented; None if no answer came, or the documentation does not say."""
        if self.answer is None:
            return None
        expected = self.endpoint.expected(kind) if self.credential == "token" else "refused"
        return as_documented(expected, self.answer)

    @property
    def answer(self) -> EndpointAnswer | None:
        """The judgement of the endpoint on the credential; None without an answer."""
        return read_endpoint_answer(self.exchange.response) if self.exchange is not None else None


class Followed(Struct, frozen=True):
    """One step with the token, and its answer or failure."""

    at: float
    step: FollowUp
    exchange: Exchange | None
    failed: FailedExchange | None = None


class FlowState(Struct, frozen=True, kw_only=True):
    """The state of a run.

    at: the time of the last event, in seconds since the start; utc: the wall clock at the start, in epoch seconds; history: the phases
    with the time at which each was entered.

    given: the inputs with which the run was started; inputs: those that it uses, completed by the metadata (`flow.server`); discovery:
    the requests for the metadata; metadata: that of the server.

    browser: the last report of a browser that was asked to open the URL; browsers_opened: the number of reports; browser_requested:
    whether a person asked for one more that has not come yet. paste_refused: the last refused paste, until one is accepted;
    paste_closed: whether no paste can come any more.

    authorization: the exchange of the direct authorization request. pushed: the exchange of the pushed one; pushed_at: when it was
    answered; pushed_for: the lifetime of its request_uri in seconds. device, device_codes: the exchange of the device authorization
    request and the codes in it; polls: the exchanges whose answers said to wait; poll_interval: the present seconds between two polls.

    answer: the authorization response that settled this part; held: one whose state could not be verified, and that waits for the
    person's decision; doubtful: the last one that must not be believed. inbox: the first requests to the listener, and the pastes;
    inbox_total: their number.

    token_exchange, token_exchanged_at, token_answer: the exchange of the token request, when it was answered, and the reading of the
    answer. id_token: the ID token in it (OpenID Connect Core §3.1.3.3); keys: the exchange for the server's keys; id_token_checked: the
    result of the verification. exchanged_again: later exchanges of the same code; refreshes: the exchanges of refreshes.

    token_in_use: the token, or the last one that replaced it in a refresh; refresh_token: the last one that came; followed: the steps
    with the token (`flow.reading.follow_ups`); pending_follow_up, pending_probe: the step or probe that a person asked for after the run
    was done; earlier: the outcome that the run had then.

    imported: the other program's file from which the run was read; callback_exchange, callback_failure: the answer of the redirect URI
    to the browser, or why there was none, which only such a file shows.

    released: the held steps that a person let go on (`release_key`); held_redirect: the held authorization response, not yet read;
    held_since: the time since which the run is held; held_for: the seconds for which it was held before; time_left: the seconds of the
    countdown when it was first stopped. secrets: all views by fingerprint.
    """

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
        """The state with some fields changed."""
        return replace(self, **changes)

    @property
    def mode(self) -> Mode | None:
        """The mode of the run; None before it has started."""
        return self.inputs.mode if self.inputs is not None else None

    @property
    def live(self) -> bool:
        """Whether the run has begun and is not done."""
        return self.phase in LIVE

    @property
    def device_code(self) -> SecretView | str | None:
        """The device code that the polls carry; a text only if the log has it in clear."""
        code = self.device_codes.device_code if self.device_codes is not None else None
        return code and (self.view(code) or code)

    @property
    def push_refused(self) -> bool:
        """Whether the server refused the pushed request."""
        return self.pushed is not None and self.inputs is not None and self.inputs.request_uri is None

    @property
    def undiscovered(self) -> bool:
        """Whether the run ended while it looked for the metadata, so that it sent nothing else."""
        return [phase for phase, _ in self.history] == [Phase.DISCOVERING, Phase.DONE]

    @property
    def ended_in(self) -> Outcome:
        """The outcome; CANCELLED if there is none, because the program was killed."""
        return self.outcome or Outcome.CANCELLED

    def entered(self, phase: Phase) -> float | None:
        """The time at which a phase was first entered, in seconds since the start; None if it was not."""
        return next((at for entered, at in self.history if entered is phase), None)

    @property
    def cookies(self) -> tuple[tuple[str, SecretView | str], ...]:
        """The names and values of the cookies that the answer to the direct authorization request set; empty values are left out."""
        given = self.authorization.response.cookies if self.authorization is not None else ()
        return tuple((name, self.view(value) or value) for name, value in given if value)

    def view(self, text: str) -> SecretView | None:
        """The view of the secret whose reference the text is, with the header and claims of a JWT; None for any other text."""
        read = SecretView.read(text)
        return self.secrets.get(read.fingerprint, read) if read else None

    def view_of(self, value: str) -> SecretView:
        """The view of a secret. One that is in clear in the log (of an edited or foreign recording) has no fingerprint."""
        return self.view(value) or SecretView("", len(value), characters=characters_of(value))


def is_marked(state: FlowState, text: str) -> bool:
    """Whether a text is a mark such as "[redacted]" in place of a value, sealed or not, so that it cannot be compared."""
    view = state.view(text)
    return is_redacted(text) or (view is not None and view.characters == "redacted")


def secret_names(state: FlowState) -> dict[str, str]:
    """The name of each secret of a run by fingerprint, such as "code"; "secret" if its role is unknown."""
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
"""The reasons why a step with the token cannot be taken: "" if it can · no endpoint for it is known · there is no refresh token · there
was no code."""

ENDPOINTS: dict[FollowUp, str] = {
    "userinfo": "userinfo_endpoint",
    "introspect": "introspection_endpoint",
    "revoke": "revocation_endpoint",
}
"""By step with the token, the name of its endpoint in a dialect. A refresh goes to the token endpoint."""


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
    """The key by which a state remembers that a step was let go on. Steps with several requests have a key for each."""
    if step is None:
        return ""
    made = {"probe": state.probes, "poll": state.polls, "discovery": state.discovery}
    if step in FOLLOW_UPS:
        return f"{step} {len(state.followed)}"
    return f"{step} {len(made[step])}" if step in made else step


def may_hold_redirect(state: FlowState) -> bool:
    """Whether an authorization response that comes now is held before it is read."""
    return state.inputs is not None and "redirect" in state.inputs.hold and "redirect" not in state.released


def wait_of(state: FlowState) -> float | None:
    """The seconds that the phase waits at most for the redirect, or for the person at another device; None if it does not wait."""
    if state.inputs is None:
        return None
    if state.phase is Phase.POLLING and state.device_codes is not None:
        return min(state.inputs.timeout, state.device_codes.lifetime)
    return state.inputs.timeout if state.phase in REDIRECT_PHASES else None


def seconds_left(state: FlowState, now: float) -> float | None:
    """The seconds until that wait is over; while the run is held they stay the same. now: seconds since the start."""
    limit = wait_of(state)
    if limit is None:
        return None
    begun = (state.entered(phase) for phase in (Phase.POLLING, Phase.OPENING, Phase.WAITING))
    since = next((at for at in begun if at is not None), 0.0)
    now = now if state.held_since is None else state.held_since
    # The time of an event is rounded, so it may be slightly later than the clock.
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
"""The step of each phase that always sends a request."""


def due_step(state: FlowState) -> Step | None:
    """The step whose request the run would send in its phase; None if it sends none."""
    if state.phase is Phase.FOLLOWING:
        return next_follow_up(state)
    if state.phase is Phase.WAITING:
        return "authorization" if state.mode == "paste" else None
    return DUE.get(state.phase)


def next_follow_up(state: FlowState) -> FollowUp | None:
    """The step with the token to take now: the one that a person asked for, else the first of `then` that was not taken and can be."""
    if state.token is None or state.inputs is None:
        return None
    if state.pending_follow_up is not None:
        return state.pending_follow_up
    made = {one.step for one in state.followed}
    return next((step for step in state.inputs.then if step not in made and not missing(state, step)), None)


def next_probe(state: FlowState) -> tuple[Endpoint, e.Credential] | None:
    """The endpoint to call next: the one that a person asked for, else the first of `probes` without an answer."""
    if state.pending_probe is not None:
        return state.pending_probe
    if state.inputs is None or len(state.probes) >= MAX_PROBES:
        return None
    asked = {probe.endpoint: probe.answer for probe in state.probes if probe.credential == "token"}
    return next(((endpoint, "token") for endpoint in state.inputs.probes if _due(endpoint, asked)), None)


def _due(endpoint: Endpoint, asked: Mapping[Endpoint, EndpointAnswer | None]) -> bool:
    """Whether an endpoint has still to be called. An alias is called only if the server does not have the paths before it."""
    names = {each.name for each in asked}
    found = any(are_aliases(endpoint, other) and answer != "absent" for other, answer in asked.items())
    return endpoint.name not in names and not found


def missing(state: FlowState, step: FollowUp) -> Missing:
    """The reason why a step with the token cannot be taken, or ""."""
    if step == "refresh":
        return "" if state.refresh_token is not None else "no-refresh-token"
    if step == "code-again":
        return "" if state.code is not None else "no-code"
    return "" if address_of(state, step) else "no-endpoint"


def address_of(state: FlowState, step: FollowUp) -> str:
    """The address of a step with the token; "" if it is unknown."""
    return getattr(state.inputs.dialect, ENDPOINTS[step]) if state.inputs is not None and step in ENDPOINTS else ""
