"""Stateful: a run's fold, wishes, cancellation and recording under any order of events (L5, L6, L7, L12, F5).

After every event: what a recording of it folds to is the live state; the wishes never hold a token request unless an
answer was verified or a person decided; and once a run is over nothing is wished for.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from airisk_tui.flow.commands import Command, Countdown, ExchangeCode, Listen, Probe, decide
from airisk_tui.flow.events import (
    AnyEvent,
    AuthorizationAnswered,
    CallbackReceived,
    Cancelled,
    ContinuedAnyway,
    ListenerFailed,
    ProbeRequested,
)
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.flow.phases import TABLE, Phase
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.recording.disk.codec import decode_event, encode_event, loads
from airisk_tui.recording.replay import Replay
from tests import runs
from tests.insight.plays import failed, inputs

FUZZ_SECONDS = float(os.environ.get("AIRISK_FUZZ_SECONDS", "0"))

GOOD = f"code={runs.CODE.reference}"
ANSWERS = {
    "code": GOOD,
    "denied": "error=access_denied&error_description=%1b%5b2J",
    "both": f"{GOOD}&error=x",
    "code twice": f"{GOOD}&{GOOD}",
    "nothing": "hello=world",
    "renamed": "auth_code=abcdefghijklmnop",
}
STATES = {
    "right": f"state={runs.STATE}",
    "forged": "state=forged",
    "missing": "",
    "twice": f"state={runs.STATE}&state={runs.STATE}",
    "other case": f"state={runs.STATE.upper()}",
}
TOKENS = [
    runs.token_response(),
    runs.token_response({"access_token": 7}),
    runs.text("Invalid Code"),
    runs.problem(),
    runs.page(),
    runs.redirect("http://127.0.0.1/elsewhere"),
]


class RunMachine(RuleBasedStateMachine):
    """A run, with what a recording of it would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self.state = INITIAL
        self.events: list[AnyEvent] = []
        self.lines: list[str] = []
        self.wanted: tuple[Command, ...] = ()
        self.believable = False
        self.held = False

    def post(self, event: AnyEvent) -> None:
        """As the engine does: append, fold, decide."""
        self.events.append(event)
        self.lines.append(encode_event(event))
        self.state = step(self.state, event)
        self.wanted = decide(self.state)

    def now(self) -> float:
        """A little later each time."""
        self.at += 0.25
        return self.at

    @initialize(
        mode=st.sampled_from(["browser", "direct", "paste"]),
        state=st.sampled_from([runs.STATE, None]),
        uri=st.sampled_from([runs.URI, "https://app.example.com/cb"]),
        probes=st.sampled_from([(), (LIST_USERS, GET_CONVERSATIONS)]),
        exchange=st.booleans(),
    )
    def start(self, mode: Any, state: str | None, uri: str, probes: Any, exchange: bool) -> None:
        self.inputs = inputs(mode=mode, state=state, redirect_uri=uri, probes=probes, exchange=exchange)
        self.post(runs.started(self.inputs))

    @rule()
    def bound(self) -> None:
        self.post(runs.BOUND)

    @rule(code=st.sampled_from(["busy", "privileged"]))
    def not_bound(self, code: Any) -> None:
        self.post(ListenerFailed(at=self.now(), code=code))

    @rule()
    def browser(self) -> None:
        self.post(runs.OPENED)

    @rule(
        answer=st.sampled_from(sorted(ANSWERS)),
        state=st.sampled_from(sorted(STATES)),
        via=st.sampled_from(["listener", "paste"]),
    )
    def callback(self, answer: str, state: str, via: Any) -> None:
        waiting = self.state.phase in (Phase.OPENING, Phase.WAITING, Phase.HOLDING)
        if waiting and answer == "code" and (state == "right" or self.inputs.state is None):
            self.believable = True
        if waiting and state == "missing" and answer == "code" and self.inputs.state is not None:
            self.held = True
        query = "&".join(part for part in (ANSWERS[answer], STATES[state]) if part)
        self.post(runs.callback(query, self.now(), via=via))

    @rule()
    def bare_code(self) -> None:
        if self.state.phase in (Phase.OPENING, Phase.WAITING, Phase.HOLDING):
            self.believable = True
        request = HttpRequest("PASTE", f"?{GOOD}")
        self.post(CallbackReceived(at=self.now(), request=request, via="bare-code", secrets=(runs.CODE,)))

    @rule(answer=st.sampled_from(sorted(ANSWERS)), state=st.sampled_from(sorted(STATES)), elsewhere=st.booleans())
    def answered_directly(self, answer: str, state: str, elsewhere: bool) -> None:
        place = "https://elsewhere.example.com/cb" if elsewhere else self.inputs.redirect_uri
        response = runs.redirect(f"{place}?{ANSWERS[answer]}&{STATES[state]}")
        right = state == "right" or self.inputs.state is None
        if self.state.phase is Phase.ASKING and answer == "code" and right and not elsewhere:
            self.believable = True
        event = runs.authorized(response, self.inputs, self.now())
        assert isinstance(event, AuthorizationAnswered)
        self.post(event)

    @rule()
    def refused_directly(self) -> None:
        self.post(runs.authorized(runs.problem(), self.inputs, self.now()))

    @rule(reason=st.sampled_from(["favicon", "other-path", "host", "tls-on-http", "prefetch"]))
    def stray(self, reason: str) -> None:
        self.post(runs.stray(reason, f"/x?{GOOD}&{STATES['right']}"))

    @rule()
    def continued(self) -> None:
        self.believable = self.believable or (self.state.phase is Phase.HOLDING and self.held)
        self.post(ContinuedAnyway(at=self.now()))

    @rule(response=st.sampled_from(TOKENS))
    def exchanged(self, response: Any) -> None:
        self.post(runs.exchanged(response, self.inputs, self.now()))

    @rule(step_=st.sampled_from(["authorization-request", "token-request", "access"]))
    def failed(self, step_: str) -> None:
        self.post(failed("reset", step=step_, endpoint=LIST_USERS if step_ == "access" else None))

    @rule(endpoint=st.sampled_from([LIST_USERS, GET_CONVERSATIONS]), status=st.sampled_from([200, 401, 403, 500]))
    def probed(self, endpoint: Any, status: int) -> None:
        self.post(runs.probed(endpoint, runs.problem(status), self.inputs, at=self.now()))

    @precondition(lambda self: self.state.phase is Phase.DONE)
    @rule(credential=st.sampled_from(["token", "none", "broken"]))
    def probe_wanted(self, credential: Any) -> None:
        self.post(ProbeRequested(at=self.now(), endpoint=LIST_USERS, credential=credential))

    @rule()
    def over(self) -> None:
        self.post(runs.OVER)

    @rule()
    def cancelled(self) -> None:
        live = self.state.live
        self.post(Cancelled(at=self.now()))
        if live:
            assert not self.state.live
            assert self.wanted == ()

    @invariant()
    def the_recording_folds_to_the_live_state(self) -> None:
        replay = Replay([decode_event(loads(line.encode())) for line in self.lines])
        assert replay.state_at(len(replay)) == self.state
        if len(replay) > 1:
            state = INITIAL
            for event in self.events[:-1]:
                state = step(state, event)
            assert replay.state_at(len(replay) - 1) == state

    @invariant()
    def no_code_is_exchanged_for_an_answer_that_was_not_verified(self) -> None:
        if any(isinstance(command, ExchangeCode) for command in self.wanted):
            assert self.believable
            assert self.inputs.exchange
            assert self.state.code == runs.CODE

    @invariant()
    def wishes_end_with_the_run_and_are_never_doubled(self) -> None:
        assert len(set(self.wanted)) == len(self.wanted)
        assert len(self.wanted) <= 3
        if self.state.phase is Phase.DONE:
            assert self.wanted == ()
            assert self.state.outcome is not None
        kinds = [type(command) for command in self.wanted]
        assert not (Listen in kinds and self.inputs.mode == "direct")
        assert (Probe in kinds) <= (self.state.phase is Phase.PROBING)
        assert (Countdown in kinds) == (self.state.phase in (Phase.OPENING, Phase.WAITING, Phase.HOLDING))

    @invariant()
    def every_move_stands_in_the_table_and_is_explained(self) -> None:
        moves = [phase for phase, _ in self.state.history]
        for before, after in zip([Phase.IDLE, *moves], moves, strict=False):
            assert after in {to.phase for to in TABLE[before].values()}
        explain(Context(state=self.state))


def test_L5_L6_L7_L12_F5_any_order_of_events() -> None:
    run_state_machine_as_test(RunMachine, settings=settings(max_examples=25, stateful_step_count=15))


@pytest.mark.fuzz
def test_L5_L6_L7_L12_F5_any_order_of_events_for_a_long_time() -> None:
    import time

    end, runs = time.monotonic() + FUZZ_SECONDS / 2, 0
    while time.monotonic() < end:
        run_state_machine_as_test(
            RunMachine, settings=settings(max_examples=200, stateful_step_count=40, database=None, print_blob=True)
        )
        runs += 200
    print(f"\nruns of the flow: {runs:,} of at most 40 events")
