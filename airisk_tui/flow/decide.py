"""`decide(state)`: the commands that should be under way in a state. Pure; the same state always wants the same.

The engine compares what is wanted with what runs: it starts what is new and ends what is gone. So cancelling, a second
answer and a time-out need no code of their own: in their states the listener, the countdown or a request is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow.commands import (
    AskDirectly,
    Command,
    Countdown,
    Discover,
    ExchangeCode,
    Follow,
    Listen,
    OpenBrowser,
    Poll,
    Probe,
    PushRequest,
    RequestDeviceCodes,
    VerifyIdToken,
)
from airisk_tui.flow.fold import next_probe
from airisk_tui.flow.follow_ups import next_follow_up
from airisk_tui.flow.hold import held_step
from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.requests import metadata_request, request_of
from airisk_tui.flow.server import next_metadata_url
from airisk_tui.flow.state import FlowState

LISTENING = frozenset({Phase.BINDING, Phase.OPENING, Phase.WAITING, Phase.HOLDING, Phase.EXCHANGING, Phase.VERIFYING})
"""While the code is exchanged too: browsers ask for an icon, retry and reload, and each is owed an answer."""


def decide(state: FlowState) -> tuple[Command, ...]:
    """The commands that are wanted now, in the order in which they are to be started."""
    return tuple(_wanted(state, state.inputs)) if state.inputs is not None else ()


def _wanted(state: FlowState, inputs: Inputs) -> Iterator[Command]:
    if held_step(state) is not None:
        yield from _listening(state, inputs)
        return
    if state.phase is Phase.EXCHANGING:
        yield ExchangeCode(request_of(state, inputs, "token"))
    if state.phase is Phase.PUSHING:
        yield PushRequest(request_of(state, inputs, "push"))
    if state.phase is Phase.REQUESTING:
        yield RequestDeviceCodes(request_of(state, inputs, "device"))
    if state.phase is Phase.POLLING and state.device_codes is not None:
        limit = min(inputs.timeout, state.device_codes.lifetime)
        yield Countdown(limit if state.time_left is None else state.time_left)
        yield Poll(request_of(state, inputs, "poll"), state.poll_interval, len(state.polls))
    if state.phase is Phase.VERIFYING and state.id_token is not None:
        keys = metadata_request(inputs.dialect.jwks_uri) if inputs.dialect.jwks_uri else None
        yield VerifyIdToken(keys, state.id_token, state.token, state.code, inputs.client_secret)
    if state.phase is Phase.FOLLOWING and (step := next_follow_up(state)) is not None:
        yield Follow(request_of(state, inputs, step), step, len(state.followed))
    if state.phase is Phase.PROBING and (due := next_probe(state)) is not None:
        endpoint, credential = due
        request = request_of(state, inputs, "probe", endpoint, credential)
        yield Probe(request, endpoint, credential, state.token, len(state.probes))
    if state.phase is Phase.DISCOVERING and next_metadata_url(inputs, state.discovery) is not None:
        yield Discover(request_of(state, inputs, "discovery"), inputs.issuer)
    yield from _listening(state, inputs)
    if state.phase in REDIRECT_PHASES:
        yield Countdown(inputs.timeout if state.time_left is None else state.time_left)
    if state.phase is Phase.OPENING or (state.browser_requested and state.phase in REDIRECT_PHASES):
        yield OpenBrowser(inputs.authorization_request, state.browsers_opened)
    if state.phase is Phase.ASKING:
        yield AskDirectly(inputs.authorization_request)


def _listening(state: FlowState, inputs: Inputs) -> Iterator[Command]:
    if inputs.listens and state.phase in LISTENING and state.listener_failed is None:
        yield Listen(inputs.redirect_uri, inputs.listen, inputs.asked_mode == "fragment")
