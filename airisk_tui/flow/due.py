"""The step that is due in a state: the request of its phase, the next step with the token, and how long the run waits for them.

A run may be held before a step, so that a person can look at its request and change it (editing.md, "Holding"). That is no phase
of its own: a run that is held stands in the phase whose command it does not yet want.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from airisk_tui.flow.events import Credential
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.state import MAX_PROBES, FlowState
from airisk_tui.oauth.answer.endpoints import Endpoint, EndpointAnswer, are_aliases
from airisk_tui.oauth.request.edit import FOLLOW_UPS, FollowUp, Step

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
        return "authorization" if state.inputs is not None and state.inputs.mode == "paste" else None
    return DUE.get(state.phase)


def next_follow_up(state: FlowState) -> FollowUp | None:
    """The one to make now: what a person asked for, else the first of the inputs' that has no answer yet and can be made."""
    if state.token is None or state.inputs is None:
        return None
    if state.pending_follow_up is not None:
        return state.pending_follow_up
    made = {one.step for one in state.followed}
    return next((step for step in state.inputs.then if step not in made and not missing(state, step)), None)


def next_probe(state: FlowState) -> tuple[Endpoint, Credential] | None:
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
