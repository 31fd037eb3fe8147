"""Promised seconds, on a machine that is as busy as it is now: a yardstick in the same run instead of a bare clock.

A promise of one second is one second of an idle machine. Where a test takes longer, a fixed piece of work is timed at once,
and the promise is stretched by as much as that work is slower than on the machine on which it was first timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

WORK = 200_000
REFERENCE = 0.012
"""Seconds that WORK takes on an idle machine (CPython 3.11 on two cores of an AMD EPYC)."""

GRACE = 1.5
"""What was slow a moment ago may be over when the yardstick is laid on."""


def slowness() -> float:
    """How many times slower than the idle machine this one is now, by the slowest of five tries; at least 1."""
    return max(1.0, *(_spin() / REFERENCE for _ in range(5)))


def _spin() -> float:
    began, total = perf_counter(), 0
    for number in range(WORK):
        total += number
    return perf_counter() - began


def paced(seconds: float) -> float:
    """So many seconds of an idle machine, in seconds of this one now."""
    return seconds * slowness() * GRACE


@contextmanager
def within(seconds: float, clock: Callable[[], float] = perf_counter) -> Iterator[None]:
    """The block takes no longer than promised; clock: `time.process_time` where only our own work counts."""
    began = clock()
    yield
    took = clock() - began
    if took >= seconds:
        allowed = paced(seconds)
        assert took < allowed, (
            f"It took {took:.2f} s, {seconds:g} s are promised, which are {allowed:.2f} s here and now."
        )
