"""A moment as an inspector's page shows it: the date, and how long it is until then."""

from __future__ import annotations

from textual.content import Content

from airisk_tui.oauth.dates import utc_text
from airisk_tui.tui.shared.times import countdown


def moment(at: float, now: float | None = None) -> Content:
    """A date, and where the present time is given the time until then. Both in seconds since the epoch."""
    return Content.assemble(utc_text(at), "  " if now is not None else "", left(at, now))


def left(at: float, now: float | None) -> Content:
    """The time until a moment, both in seconds since the epoch; nothing where the present time is not known."""
    if now is None:
        return Content("")
    span = at - now
    if span <= 0:
        return Content.styled(f"expired {_span(-span)} ago", "bold $text-error")
    return Content.styled(f"in {_span(span)}", "bold $text-success" if span > 60 else "bold $text-warning")


def _span(span: float) -> str:
    """Seconds for people: from two days on in days, and from thirty years on in no unit."""
    if span >= 30 * 365 * 86_400:
        return "more than thirty years"
    return f"{span / 86_400:.0f} days" if span >= 2 * 86_400 else countdown(span)
