"""Playing a recording: the position that is due at a moment. It has no widgets, and only the clock that it is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airisk_tui.engine.ports import Clock
    from airisk_tui.recording.replay import Replay

SPEEDS = {"1×": 1.0, "4×": 4.0, "max": 0.0}
"""By their names on the screen; 0 is an event in each frame."""

MAX_FRAMES = 300
"""Frames that playing at the greatest speed takes at most: ten seconds at thirty frames a second."""


class Player:
    """speed: a name of SPEEDS. A position is the number of events that have happened."""

    def __init__(self, clock: Clock) -> None:
        self.speed = "1×"
        self._clock = clock
        self._started: tuple[int, float] | None = None

    @property
    def playing(self) -> bool:
        """Whether the position moves."""
        return self._started is not None

    def play(self, replay: Replay, position: int) -> int:
        """Play from this position, or from the beginning where it is the end; returns where it starts."""
        start = 0 if position >= len(replay) else position
        self._started = start, self._clock.monotonic()
        return start

    def stop(self) -> None:
        """Pause."""
        self._started = None

    def due(self, replay: Replay, position: int) -> int:
        """The position to show now, given the one that is shown. Playing stops at the end."""
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
        """The second of the run that is shown now, given the position that is shown."""
        if self._started is None or not (speed := SPEEDS[self.speed]):
            return replay.second(position)
        start, began = self._started
        return replay.moment(start, self._clock.monotonic() - began, speed)

    def set_speed(self, speed: str, position: int) -> None:
        """Change the speed, from the position that is shown on."""
        self.speed = speed
        if self._started is not None:
            self._started = position, self._clock.monotonic()

    def faster(self, by: int) -> str:
        """The name of the speed that is so many steps faster, or slower for a negative number; it ends at the last one."""
        names = list(SPEEDS)
        return names[max(0, min(names.index(self.speed) + by, len(names) - 1))]


def position_of(answer: str, replay: Replay) -> int | None:
    """The position that a user asks for: the number of an event, seconds (`2.5s`) or minutes and seconds (`1:30`) of the run.

    None for anything else.
    """
    if re.fullmatch(r"\d{1,9}", answer, re.ASCII):
        return replay.clamped(int(answer))
    found = re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,7}(?:\.\d{1,6})?)\s*s?", answer, re.ASCII)
    return replay.position_at(int(found[1] or 0) * 60 + float(found[2])) if found else None
