"""Holding a run before one of its requests, so that a person may look at it and change it (editing.md, "Holding").

No phase of its own: a run that is held stands in the phase whose command it does not yet want.
"""

from __future__ import annotations

from airisk_tui.flow.follow_ups import next_follow_up
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.edit import FOLLOW_UPS, Step


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
