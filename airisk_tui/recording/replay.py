"""Replaying a log: the state at any position, and the time of the next one. It only folds, so it cannot touch the network (threats.md
F5).

Every EVERY-th state is kept, and the others are folded from the nearest one on demand, so a long recording opens as fast as a short
one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.flow.state import FlowState

EVERY = 64
"""Events between two kept states: going to a position folds at most this many, which takes about a millisecond."""

MAX_PAUSE = 5.0
"""The longest pause between two events in seconds, at speed 1: nobody wants to watch a person log in."""


class Replay:
    """A log with its state at each position. A position is the number of events that have happened: 0 is before the first."""

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        self.events = tuple(events)
        self._kept: list[FlowState] = [INITIAL]
        # The maximum so far, because time may go backwards in an edited recording.
        self._seconds = list(accumulate((event.at for event in self.events), max, initial=0.0))
        self._due = _schedule(self._seconds)
        self._last: tuple[int, FlowState] = (0, INITIAL)

    def __len__(self) -> int:
        return len(self.events)

    def state_at(self, position: int) -> FlowState:
        """The state after that many events; a position outside the log becomes its nearest end."""
        position = self.clamped(position)
        self._reach(position)
        start, state = position // EVERY * EVERY, self._kept[position // EVERY]
        if start <= self._last[0] <= position:
            start, state = self._last
        for event in self.events[start:position]:
            state = step(state, event)
        self._last = position, state
        return state

    def prepare(self, events: int = 1000) -> bool:
        """Fold that many events ahead in an idle moment; False if nothing is left."""
        self._reach(min(len(self.events), (len(self._kept) - 1) * EVERY + events))
        return len(self._kept) <= len(self.events) // EVERY

    def _reach(self, position: int) -> None:
        while len(self._kept) <= position // EVERY:
            state = self._kept[-1]
            start = (len(self._kept) - 1) * EVERY
            for event in self.events[start : start + EVERY]:
                state = step(state, event)
            self._kept.append(state)

    def clamped(self, position: int) -> int:
        """The nearest valid position."""
        return max(0, min(position, len(self.events)))

    def event(self, position: int) -> AnyEvent | None:
        """The event that led to this position; None at 0."""
        position = self.clamped(position)
        return self.events[position - 1] if position else None

    def position_at(self, at: float) -> int:
        """The position at that second of the run."""
        return bisect_right(self.events, at, key=lambda event: event.at)

    def due(self, position: int, elapsed: float, speed: float = 1.0) -> int:
        """The position after `elapsed` seconds of playing from `position`."""
        position = self.clamped(position)
        return max(position, bisect_right(self._due, self._due[position] + elapsed * speed) - 1)

    def second(self, position: int) -> float:
        """The second of the run at which this position was reached; it never decreases."""
        return self._seconds[self.clamped(position)]

    def moment(self, position: int, elapsed: float, speed: float = 1.0) -> float:
        """The second of the run after `elapsed` seconds of playing from `position`. Between two events it increases evenly, even in a
        shortened pause, so that texts that depend on the time appear again."""
        shown = self.due(position, elapsed, speed)
        if shown == len(self.events):
            return self._seconds[shown]
        pause = self._due[shown + 1] - self._due[shown]
        played = self._due[self.clamped(position)] + elapsed * speed - self._due[shown]
        share = min(1.0, max(0.0, played / pause)) if pause else 0.0
        return self._seconds[shown] + share * (self._seconds[shown + 1] - self._seconds[shown])

    def wait(self, position: int, speed: float = 1.0) -> float | None:
        """Seconds of real time from this position to the next; None at the end."""
        position = self.clamped(position)
        if position == len(self.events):
            return None
        return (self._due[position + 1] - self._due[position]) / speed


def _schedule(seconds: Sequence[float]) -> list[float]:
    """For each position the second of playing at which it is due. seconds: of the run, for each position."""
    return list(accumulate((min(later - before, MAX_PAUSE) for before, later in pairwise(seconds)), initial=0.0))
