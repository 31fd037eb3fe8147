"""The limit of the work for sealing a message, so that it ends within the time of its exchange (threats.md C9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

MAX_STEPS = 700_000
"""The most fields and words of one message that are judged, a few microseconds each; a list of 10,000 users with ten members has half
as many."""

SEALING = 20
"""Steps that a sealed value counts for, because its fingerprint and shape take as long."""

LOOK = 1024
"""The steps between two looks at the clock."""


class TooMuch(Exception):
    """Raised if a message has too many values to seal them one by one."""


class Work:
    """Counts the steps of one message. late: returns whether the time is over, or nobody waits for the message any more."""

    def __init__(self, late: Callable[[], bool] = lambda: False) -> None:
        self._late = late
        self._steps = 0
        self._looked = 0

    def step(self, steps: int = 1) -> None:
        """Count steps. Raises TooMuch if there are too many, or the time is over."""
        self._steps += steps
        if self._steps - self._looked >= LOOK:
            self._looked = self._steps
            if self._steps > MAX_STEPS or self._late():
                raise TooMuch

    def counted(self, items: Iterable[T]) -> Iterator[T]:
        """The items, each counted as a step."""
        for item in items:
            self.step()
            yield item
