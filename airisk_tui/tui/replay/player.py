"""The playing of a recording: where it stands at a moment, at which speed. No widgets, and no clock but the one it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airisk_tui.engine.ports import Clock
    from airisk_tui.recording.replay import Replay

SPEEDS = {"1×": 1.0, "4×": 4.0, "max": 0.0}
"""By the words on the screen; 0 is an event each frame."""

MAX_FRAMES = 300
"""Frames that playing at the greatest speed takes at most: ten seconds at thirty a second."""


class Player:
    """speed: a name of SPEEDS; playing: whether time goes on. Positions are counts of events that have happened."""

    def __init__(self, clock: Clock) -> None:
        self.speed = "1×"
        self._clock = clock
        self._since: tuple[int, float] | None = None

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._since is not None

    def play(self, replay: Replay, position: int) -> int:
        """Play from a position, from the beginning when that is the end; the position that it begins at."""
        begin = 0 if position >= len(replay) else position
        self._since = begin, self._clock.monotonic()
        return begin

    def stop(self) -> None:
        """Pause."""
        self._since = None

    def due(self, replay: Replay, position: int) -> int:
        """The position that is due now; at the end the playing is over. position: the one that is shown."""
        if self._since is None:
            return position
        began, since = self._since
        speed = SPEEDS[self.speed]
        if speed:
            position = replay.due(began, self._clock.monotonic() - since, speed)
        else:
            position = replay.clamped(position + max(1, len(replay) // MAX_FRAMES))
        if position >= len(replay):
            self.stop()
        return position

    def set_speed(self, speed: str, position: int) -> None:
        """Another speed, from the position that is shown on."""
        self.speed = speed
        if self._since is not None:
            self._since = position, self._clock.monotonic()

    def faster(self, by: int) -> str:
        """The name of the speed so many further on, at most the last."""
        names = list(SPEEDS)
        return names[max(0, min(names.index(self.speed) + by, len(names) - 1))]
