"""The player of a recording, which says what position is due. A position is the number of events that have happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airisk_tui.engine.ports import Clock
    from airisk_tui.recording.replay import Replay

SPEEDS = {"1×": 1.0, "4×": 4.0, "max": 0.0}
"""By their names on the screen; 0 stands for one event in each frame."""

MAX_FRAMES = 300
"""Frames that playing at the highest speed takes at most: ten seconds at thirty frames a second."""


class Player:
    """Plays a recording; it knows no widgets, and only the clock that it is given. speed: a name of SPEEDS."""

    def __init__(self, clock: Clock) -> None:
        self.speed = "1×"
        self._clock = clock
        self._started: tuple[int, float] | None = None

    @property
    def playing(self) -> bool:
        """Whether the position moves."""
        return self._started is not None

    def play(self, replay: Replay, position: int) -> int:
        """Play from a position, or at the end from the beginning. Returns the position at which it starts."""
        start = 0 if position >= len(replay) else position
        self._started = start, self._clock.monotonic()
        return start

    def stop(self) -> None:
        """Pause."""
        self._started = None

    def due(self, replay: Replay, position: int) -> int:
        """The position to show now. position: the one that is shown. At the end it stops playing."""
        if self._started is None:
            return position
        start, began = self._started
        if speed := SPEEDS[self.speed]:
            position = replay.due(start, self._clock.monotonic() - began, speed)
        else:
            position = replay.clamped(position + max(1, len(replay) // MAX_FRAMES))
        if position >= len(replay):
            self.stop()
        return position

    def moment(self, replay: Replay, position: int) -> float:
        """The moment to show now, in seconds since the start of the run. position: the one that is shown."""
        if self._started is None or not (speed := SPEEDS[self.speed]):
            return replay.second(position)
        start, began = self._started
        return replay.moment(start, self._clock.monotonic() - began, speed)

    def set_speed(self, speed: str, position: int) -> None:
        """Change the speed from now on. position: the one that is shown."""
        self.speed = speed
        if self._started is not None:
            self._started = position, self._clock.monotonic()

    def faster(self, by: int) -> str:
        """The name of the speed that is so many steps faster, or slower for a negative number, within SPEEDS."""
        names = list(SPEEDS)
        return names[max(0, min(names.index(self.speed) + by, len(names) - 1))]


def position_of(answer: str, replay: Replay) -> int | None:
    """The position that an answer names: by the number of an event, by seconds (`2.5s`) or by minutes and seconds (`1:30`) of the run.
    None for anything else."""
    if re.fullmatch(r"\d{1,9}", answer, re.ASCII):
        return replay.clamped(int(answer))
    found = re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,7}(?:\.\d{1,6})?)\s*s?", answer, re.ASCII)
    return replay.position_at(int(found[1] or 0) * 60 + float(found[2])) if found else None
