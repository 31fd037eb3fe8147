"""The player by itself: positions by a clock that the test holds."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.recording.replay import Replay
from airisk_tui.tui.replay.player import Player
from tests.recording.logs import LOGS

EVENTS = tuple(replace(event, at=float(index)) for index, event in enumerate(LOGS["browser-token"]))
REPLAY = Replay(EVENTS)


class Hand:
    """A clock that is moved by hand."""

    now = 100.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now

    def wall(self) -> float:
        """Not asked."""
        raise NotImplementedError


def test_it_takes_the_time_of_the_run_and_ends_with_it() -> None:
    clock = Hand()
    player = Player(clock)
    assert player.play(REPLAY, len(REPLAY)) == 0, "from the beginning, when it stands at the end"
    clock.now += 1.5
    position = player.due(REPLAY, 0)
    assert 0 < position < len(REPLAY)
    player.set_speed("4×", position)
    clock.now += len(EVENTS) / 4
    assert player.due(REPLAY, position) == len(REPLAY)
    assert not player.playing


def test_the_greatest_speed_is_an_event_each_frame() -> None:
    player = Player(Hand())
    player.set_speed("max", 0)
    player.play(REPLAY, 0)
    assert [player.due(REPLAY, at) for at in (0, 1, 2)] == [1, 2, 3]


def test_a_paused_player_stays_and_the_speeds_have_two_ends() -> None:
    player = Player(Hand())
    assert player.due(REPLAY, 3) == 3
    assert (player.faster(-1), player.faster(1), player.faster(9)) == ("1×", "4×", "max")
