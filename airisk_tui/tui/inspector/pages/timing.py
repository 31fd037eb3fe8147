"""The tab Timing: how long each part of an exchange took, and over which connection it went (threats.md C5, C7)."""

from __future__ import annotations

from textual.content import Content

from airisk_tui.oauth.http import Timing
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.tui.inspector.page import Line, PageOptions, labelled, note, sentence
from airisk_tui.tui.inspector.subject import NOTHING_YET, Subject
from airisk_tui.tui.shared.drawing.styles import QUIET

NAME = 11
"""Columns of the name of a part."""

TIME = 8
"""Columns of a time."""

EIGHTHS = " ▏▎▍▌▋▊▉"


def timing_page(subject: Subject, options: PageOptions) -> list[Line]:
    """A bar for each part, then the connection."""
    if subject.timing is None:
        return [note(subject.note or NOTHING_YET)]
    return [*_bars(subject.timing, options), sentence(""), *_connection(subject, options)]


def parts(timing: Timing) -> list[tuple[str, float, float]]:
    """Name, beginning and duration in seconds of each known part, in their order, and of the rest of the total."""
    found: list[tuple[str, float, float]] = []
    at = 0.0
    for name, length in (
        ("name lookup", timing.dns),
        ("connect", timing.connect),
        ("TLS", timing.tls),
        ("first byte", timing.first_byte),
    ):
        if length is not None:
            found.append((name, at, max(0.0, length)))
            at += max(0.0, length)
    if found and timing.total > at:
        found.append(("the rest", at, timing.total - at))
    return found


def _bars(timing: Timing, options: PageOptions) -> list[Line]:
    room = max(4, options.width - NAME - TIME - 2)
    known = parts(timing)
    scale = max(timing.total, sum(length for _, _, length in known), 1e-9)
    lines = [_bar(name, _time(length), begin / scale, length / scale, room) for name, begin, length in known]
    total = Content.assemble(("total".ljust(NAME), "bold"), " " * room, (_time(timing.total).rjust(TIME), "bold"))
    return [*lines, Line(total, "total")]


def _bar(name: str, time: str, begin: float, length: float, room: int) -> Line:
    """A bar of whole and eighth blocks. begin, length: as shares of the total, from 0 to 1."""
    lead = round(begin * room)
    eighths = min(max(1, round(length * room * 8)), max(1, (room - lead) * 8))
    bar = "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()
    lead = min(lead, room - len(bar))
    drawn = Content.assemble(" " * lead, (bar, "$text-accent"), " " * (room - lead - len(bar)))
    return Line(Content.assemble((name.ljust(NAME), QUIET), drawn, time.rjust(TIME)), name)


def _time(span: float) -> str:
    """A duration in milliseconds; from ten seconds on, in seconds."""
    return f"{span * 1000:,.0f} ms" if span < 9.9995 else f"{span:.2f} s"


def _connection(subject: Subject, options: PageOptions) -> list[Line]:
    connection = subject.connection
    if connection is None:
        return []
    reused = subject.timing is not None and subject.timing.connect is None and subject.response is not None
    pairs = [
        ("peer", connection.peer or "not known"),
        ("TLS", connection.tls or "none"),
        ("proxy", connection.proxy or "none"),
        ("connection", "already open, or not measured" if reused else "new"),
    ]
    lines = [
        line
        for name, value in pairs
        for line in labelled(name, options.text(value), options, prose=name == "connection")
    ]
    if (shown := connection.certificate) is not None:
        named = [("issued to", shown.subject), ("issued by", shown.issuer)] if shown.issuer else []
        if shown.not_after:
            named.append(("valid", f"{utc_text(shown.not_before)} to {utc_text(shown.not_after)}"))
        for name, value in (*named, ("SHA-256", shown.sha256)):
            lines += labelled(name, options.text(value), options)
    if not connection.verified:
        lines.append(sentence("The certificate was not verified: verification is turned off.", "bold $text-warning"))
    return lines
