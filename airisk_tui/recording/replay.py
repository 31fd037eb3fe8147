"""Replaying a log: the state at any moment, and when the next moment is due. Only folds, so it cannot touch the network (F5).

States are kept at regular places and the rest is folded again from the nearest one. Nothing is folded before it is asked
for, so that a long recording opens as quickly as a short one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.flow.state import FlowState

EVERY = 64
"""Events between two kept states: a jump folds at most so many, about a millisecond."""

MAX_PAUSE = 5.0
"""Seconds, at speed 1, that a pause between two events lasts at most: nobody watches a person log in."""


class Replay:
    """A log and a way through it. A position is the number of events that have happened: 0 is before the first."""

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        self.events = tuple(events)
        self._kept: list[FlowState] = [INITIAL]
        self._due = _schedule(self.events)
        self._last: tuple[int, FlowState] = (0, INITIAL)

    def __len__(self) -> int:
        return len(self.events)

    def state_at(self, position: int) -> FlowState:
        """The state after that many events; a position beyond an end is that end."""
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
        """Fold that many events ahead, in an idle moment; False when there is nothing left to prepare."""
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
        """The nearest position that there is."""
        return max(0, min(position, len(self.events)))

    def event(self, position: int) -> AnyEvent | None:
        """The event that led to this position; None at 0."""
        position = self.clamped(position)
        return self.events[position - 1] if position else None

    def position_at(self, at: float) -> int:
        """How many events had happened at that second of the run: for a scrubber over the run's own time."""
        return bisect_right(self.events, at, key=lambda event: event.at)

    def due(self, position: int, elapsed: float, speed: float = 1.0) -> int:
        """The position to show when playing began at `position` and has gone on for `elapsed` seconds of real time."""
        position = self.clamped(position)
        return max(position, bisect_right(self._due, self._due[position] + elapsed * speed) - 1)

    def wait(self, position: int, speed: float = 1.0) -> float | None:
        """Seconds of real time from this position to the next; None at the end."""
        position = self.clamped(position)
        if position == len(self.events):
            return None
        return (self._due[position + 1] - self._due[position]) / speed


def _schedule(events: Sequence[AnyEvent]) -> list[float]:
    """For each position the second at which it is due; never going back, whatever the log says."""
    due = [0.0]
    before = 0.0
    for event in events:
        pause = min(max(event.at - before, 0.0), MAX_PAUSE)
        due.append(due[-1] + pause)
        before = max(before, event.at)
    return due
