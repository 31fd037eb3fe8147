"""How the screens write times and durations."""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since the start of the run that is shown."""

FRAME = 1 / 30
"""Seconds between two states of a run that are drawn: nobody can read more, and a burst of stray requests must not stall the screen."""


def countdown(span: float) -> str:
    """Seconds as m:ss or h:mm:ss, rounded up so that 0:00 means over."""
    whole = max(0, int(-(-span // 1)))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def duration(span: float) -> str:
    """Seconds as a length of time: milliseconds below a tenth of a second, then seconds, then minutes."""
    if span < 0.0995:
        return f"{span * 1000:.0f} ms"
    return f"{span:.1f} s" if span < 60 else countdown(span)


def timestamp(at: float) -> str:
    """Seconds since the start of a run as mm:ss.t."""
    tenths = int(max(0.0, at) * 10)
    return f"{tenths // 600:02}:{tenths // 10 % 60:02}.{tenths % 10}"
