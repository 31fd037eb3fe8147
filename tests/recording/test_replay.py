"""Replaying: any moment of a log, forwards, backwards and in time (threats.md F5)."""

from __future__ import annotations

import socket
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airisk_tui.flow.events import AnyEvent, StrayRequest
from airisk_tui.flow.fold import fold
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.recording.replay import EVERY, Replay
from tests.pace import within
from tests.recording.logs import LOGS, STRAY
from tests.runs import BOUND, OPENED, exchanged, good, started


def long_log(length: int) -> list[AnyEvent]:
    strays = [
        StrayRequest(at=index / 100, request=HttpRequest("GET", f"/{index}"), reason="path") for index in range(length)
    ]
    return [started(), BOUND, OPENED, *strays[: length // 2], good(at=60), exchanged(at=61), *strays[length // 2 :]]


@pytest.mark.parametrize("name", LOGS)
def test_every_moment_is_the_fold_of_the_events_before(name: str) -> None:
    replay = Replay(LOGS[name])
    for position in range(len(replay), -1, -1):
        assert replay.state_at(position) == fold(LOGS[name][:position])


@settings(max_examples=30)
@given(st.lists(st.integers(-5, 240), max_size=6))
def test_any_jumps_give_the_same_states_as_folding(jumps: list[int]) -> None:
    log = long_log(200)
    replay = Replay(log)
    for position in jumps:
        assert replay.state_at(position) == fold(log[: replay.clamped(position)])


def test_thirty_jumps_in_ten_thousand_events_take_under_five_milliseconds_each() -> None:
    replay = Replay(long_log(10_000))
    while replay.prepare():
        pass
    with within(30 * 0.005, process_time):
        for position in Random(1).choices(range(len(replay)), k=30):
            replay.state_at(position)


def test_preparing_ends_and_nothing_is_folded_before_it() -> None:
    replay = Replay(long_log(EVERY * 3))
    assert len(replay._kept) == 1
    assert replay.prepare(EVERY)
    assert not replay.prepare(EVERY * 9)
    assert not Replay([]).prepare()


def test_positions_beyond_an_end_are_that_end() -> None:
    replay = Replay(LOGS["cancelled"])
    assert (replay.clamped(-1), replay.clamped(1), replay.clamped(len(replay) + 1)) == (0, 1, len(replay))
    assert (replay.event(0), replay.event(2)) == (None, BOUND)


def test_playing_follows_the_recorded_times_and_the_speed() -> None:
    replay = Replay([started(), BOUND, OPENED, STRAY, good(at=1.0)])
    assert [replay.due(0, elapsed) for elapsed in (0.0, 0.1, 0.25, 0.95, 9.0)] == [1, 2, 3, 4, 5]
    assert replay.due(0, 0.05, speed=2.0) == 2
    assert replay.due(3, 0.0) == 3
    assert replay.wait(1, speed=2.0) == pytest.approx(0.05)
    assert replay.wait(5) is None


def test_a_long_pause_is_shortened_and_time_never_goes_back() -> None:
    replay = Replay([started(), OPENED, good(at=250.0), exchanged(at=3.0)])
    assert replay.wait(2) == pytest.approx(5.0)
    assert replay.wait(3) == 0.0


def test_a_scrubber_finds_the_position_of_a_second() -> None:
    replay = Replay([started(), BOUND, OPENED, STRAY])
    assert [replay.position_at(at) for at in (-1.0, 0.0, 0.15, 5.0)] == [0, 1, 2, 4]


def test_F5_replaying_creates_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a socket was created"))
    for log in LOGS.values():
        replay = Replay(log)
        for position in range(len(replay) + 1):
            replay.state_at(position)


def test_between_two_events_the_moment_moves_on_evenly_through_a_pause_that_is_cut_short() -> None:
    replay = Replay((started(), BOUND, OPENED, good(at=100.2)))
    assert [replay.second(position) for position in range(-1, 6)] == [0.0, 0.0, 0.0, 0.1, 0.2, 100.2, 100.2]
    assert [round(replay.moment(3, elapsed), 1) for elapsed in (0.0, 2.5, 5.0, 9.0)] == [0.2, 50.2, 100.2, 100.2]
    assert round(replay.moment(3, 1.25, speed=2.0), 1) == 50.2


@given(st.lists(st.floats(-9.0, 9.0), max_size=6), st.floats(0.0, 99.0), st.integers(-1, 7))
def test_the_moment_never_goes_back_and_lies_between_its_events(times: list[float], elapsed: float, start: int) -> None:
    replay = Replay([StrayRequest(at=at, request=HttpRequest("GET", "/"), reason="host") for at in times])
    moment, shown = replay.moment(start, elapsed), replay.due(start, elapsed)
    assert replay.second(shown) <= moment <= replay.second(shown + 1)
