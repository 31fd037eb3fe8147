"""`decide(state)`: the commands that should be under way in a state. Pure; the same state always wants the same.

The engine compares what is wanted with what runs: it starts what is new and ends what is gone. So cancelling, a second
answer and a time-out need no code of their own: in their states the listener, the countdown or a request is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow import commands
from airisk_tui.flow.due import due_step, held_step, next_probe, wait_of
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.requests import keys_request, request_of
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState

LISTENING = frozenset({Phase.BINDING, Phase.OPENING, Phase.WAITING, Phase.HOLDING, Phase.EXCHANGING, Phase.VERIFYING})
"""While the code is exchanged too: browsers ask for an icon, retry and reload, and each is owed an answer."""


def decide(state: FlowState) -> tuple[commands.Command, ...]:
    """The commands that are wanted now, in the order in which they are to be started."""
    return tuple(_wanted(state, state.inputs)) if state.inputs is not None else ()


def _wanted(state: FlowState, inputs: Inputs) -> Iterator[commands.Command]:
    if inputs.listens and state.phase in LISTENING and state.listener_failed is None:
        yield commands.Listen(inputs.redirect_uri, inputs.listen, inputs.asked_mode == "fragment")
    if held_step(state) is not None:
        return
    if (limit := wait_of(state)) is not None:
        yield commands.Countdown(limit if state.time_left is None else state.time_left)
    yield from _sending(state, inputs)
    if state.phase is Phase.OPENING or (state.browser_requested and state.phase in REDIRECT_PHASES):
        yield commands.OpenBrowser(inputs.authorization_request, state.browsers_opened)
    if state.phase is Phase.ASKING:
        yield commands.AskDirectly(inputs.authorization_request)


def _sending(state: FlowState, inputs: Inputs) -> Iterator[commands.Command]:
    """The request of the phase, the authorization request aside, which the browser may send."""
    if state.phase is Phase.VERIFYING and state.id_token is not None:
        yield commands.VerifyIdToken(
            keys_request(inputs), state.id_token, state.token, state.code, inputs.client_secret
        )
    step = due_step(state)
    if step is None:
        return
    called = next_probe(state) if step == "probe" else None
    plan = request_of(state, inputs, step, *(called or ()))
    match step:
        case "discovery":
            yield commands.Discover(plan, inputs.issuer)
        case "push":
            yield commands.PushRequest(plan)
        case "device":
            yield commands.RequestDeviceCodes(plan)
        case "token":
            yield commands.ExchangeCode(plan)
        case "poll" if state.device_codes is not None:
            yield commands.Poll(plan, state.poll_interval, len(state.polls))
        case "userinfo" | "introspect" | "refresh" | "revoke" | "code-again":
            yield commands.Follow(plan, step, len(state.followed))
        case "probe" if called is not None:
            yield commands.Probe(plan, *called, state.token, len(state.probes))
