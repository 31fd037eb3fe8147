"""A held run: nothing is sent, the wait stands still, and what a person changes is what is wanted then."""

from __future__ import annotations

from typing import Any

import pytest

from airisk_tui.flow.commands import AskDirectly, Countdown, ExchangeCode, Listen, OpenBrowser, Probe
from airisk_tui.flow.events import Cancelled, HoldChanged, RequestReleased
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.reading.rail import HELD, rail
from airisk_tui.flow.state import held_step, seconds_left
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.request.edit import Edit, Step
from tests.flow.play import Play
from tests.runs import BOUND, CODE, LOCATION, OPENED, STATE, URI, authorized, exchanged, good, redirect, started

LEAVE_OUT = Edit("token", "body", "redirect_uri", "omit")


def released(step: Step, *edits: Edit, at: float = 5.0) -> RequestReleased:
    return RequestReleased(at=at, step=step, edits=edits)


def held(**changes: Any) -> Play:
    return Play() >> started(**changes) << Listen(URI) >> BOUND


def test_the_browser_is_opened_at_the_edited_address_once_the_request_is_let_go() -> None:
    play = held(hold=("authorization",))
    assert (held_step(play.state), play.state.phase) == ("authorization", Phase.OPENING)
    assert seconds_left(play.state, 99.0) == 300.0
    play = play >> released("authorization", Edit("authorization", "param", "state", "omit")) << Countdown(300.0)
    opening = play.pending[0]
    assert isinstance(opening, OpenBrowser)
    assert "state" not in opening.request.address
    play = play << OpenBrowser >> OPENED
    assert seconds_left(play.state, 10.0) == pytest.approx(300.0 - 5.0)


def test_the_token_request_waits_and_is_sent_as_it_was_edited() -> None:
    play = held(hold=("token",)) << Countdown << OpenBrowser >> OPENED >> good()
    assert held_step(play.state) == "token"
    assert next(step.summary for step in rail(play.state) if step.status == "running") == HELD
    play = play >> released("probe") >> released("token", LEAVE_OUT)
    request = play.pending[0]
    assert isinstance(request, ExchangeCode)
    assert [name for name, _ in request.request.fields] == ["client_id", "client_secret", "code"]
    assert (play.state.held_for, play.state.held_since) == (0.0, None), "a hold without a wait costs none"
    play = play << ExchangeCode >> exchanged()
    assert play.end().state.outcome is Outcome.TOKEN
    assert play.state.inputs is not None and play.state.inputs.edits == (LEAVE_OUT,)


def test_a_held_redirect_is_believed_as_it_was_edited_and_costs_none_of_the_wait() -> None:
    play = held(hold=("redirect",)) << Countdown << OpenBrowser >> OPENED >> good(at=10.0)
    assert (held_step(play.state), play.state.code, play.wanted) == ("redirect", None, (Listen(URI),))
    assert seconds_left(play.state, 200.0) == pytest.approx(300.0 - 9.9)
    play = play >> good(at=11.0)
    forged = released("redirect", Edit("redirect", "param", "state", "set", "forged"), at=100.0)
    play = play >> forged << Countdown(play.state.time_left or 0.0)
    assert play.state.doubtful is not None and play.state.doubtful.verification == "mismatch"
    assert seconds_left(play.state, 101.0) == pytest.approx(300.0 - 10.9)


def test_a_held_answer_to_a_direct_request() -> None:
    play = Play() >> started(mode="direct", hold=("redirect", "token")) << AskDirectly >> authorized(redirect(LOCATION))
    assert (held_step(play.state), play.wanted) == ("redirect", ())
    play = play >> released("redirect", Edit("redirect", "param", "code", "set", "another"))
    assert held_step(play.state) == "token"
    assert play.state.code is not None and play.state.code != CODE
    assert (play >> Cancelled(at=9.0)).end().state.outcome is Outcome.CANCELLED


def test_each_call_of_an_endpoint_is_held_by_itself_and_the_hold_can_be_changed_under_way() -> None:
    play = held(probes=(LIST_USERS,)) << Countdown << OpenBrowser >> OPENED >> HoldChanged(at=0.5, steps=("probe",))
    play = play >> good() << ExchangeCode >> exchanged()
    assert held_step(play.state) == "probe"
    play = play >> released("probe", Edit("probe", "header", "Authorization", "omit"))
    probe = play.pending[0]
    assert isinstance(probe, Probe)
    assert "Authorization" not in dict(probe.request.headers)
    assert play.state.inputs is not None and play.state.inputs.edits[0].endpoint == LIST_USERS.name


def test_a_run_whose_authorization_request_lost_its_state_expects_none_and_one_that_doubled_it_either() -> None:
    none = Edit("authorization", "param", "state", "omit")
    play = held(edits=(none,)) << Countdown << OpenBrowser >> OPENED >> good()
    assert play.state.answer is not None and play.state.answer.verification == "not-sent"
    twice = Edit("authorization", "param", "state", "add", "second")
    play = held(edits=(twice,)) << Countdown << OpenBrowser >> OPENED >> good()
    assert play.state.inputs is not None and play.state.inputs.sent_states == (STATE, "second")
    assert play.state.answer is not None and play.state.answer.verification == "match"
