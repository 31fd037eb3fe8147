"""How much work a message from outside may make, so that sealing it ends within the time of its exchange (threats.md C9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

MAX_STEPS = 700_000
"""Fields and words of one message that are looked at, a few microseconds each; a list of 10,000 users with ten members has half
as many."""

SEALING = 20
"""Steps that are counted for a value that is sealed, whose fingerprint and shape take as long."""

LOOK = 1024
"""Steps after which the clock is looked at."""


class TooMuch(Exception):
    """A message holds more than can be gone through value by value."""


class Work:
    """Counts the steps of one message. late: whether the time is over, or nobody waits for the message any more."""

    def __init__(self, late: Callable[[], bool] = lambda: False) -> None:
        self._late = late
        self._steps = 0
        self._looked = 0

    def step(self, steps: int = 1) -> None:
        """Raises TooMuch when there were too many, or the time is over."""
        self._steps += steps
        if self._steps - self._looked >= LOOK:
            self._looked = self._steps
            if self._steps > MAX_STEPS or self._late():
                raise TooMuch

    def counted(self, items: Iterable[T]) -> Iterator[T]:
        """The items, a step each."""
        for item in items:
            self.step()
            yield item
