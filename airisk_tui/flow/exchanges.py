"""The exchanges of a step in their order: discovery and push before the authorization request, the polls of a device, the keys,
the steps with the token, the calls of endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from airisk_tui.flow.events import RequestStep
from airisk_tui.flow.state import FlowState
from airisk_tui.flow.steps import StepName, step_of
from airisk_tui.oauth.http import Exchange, FailedExchange


class StepExchange(Struct, frozen=True):
    """name: of the request; came: its answer or failure."""

    name: RequestStep
    came: Exchange | FailedExchange


def exchanges(state: FlowState, step: StepName) -> tuple[StepExchange, ...]:
    """Those of our own; () where nothing was sent."""
    return tuple(StepExchange(name, came) for name, came in _all(state) if came is not None and step_of(name) == step)


def _all(state: FlowState) -> Iterator[tuple[RequestStep, Exchange | FailedExchange | None]]:
    failure = state.failure
    yield from (("discovery", look.exchange or look.failed) for look in state.discovery)
    yield "push", state.pushed
    yield "authorization-request", state.device or state.authorization
    yield from (("token-request", poll) for poll in state.polls)
    yield "token-request", state.token_exchange
    yield "keys", state.keys or state.keys_failed
    yield from ((one.step, one.exchange or one.failed) for one in state.followed)
    yield from (("access", probe.exchange or probe.failed) for probe in state.probes)
    if failure is not None and failure.step not in ("discovery", "redirect"):
        yield failure.step, failure.failed
