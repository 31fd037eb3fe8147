"""The tab Last good: what differs from the last run that worked, first what may be a cause, then what it led to."""

from __future__ import annotations

from textual.content import Content

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.recording.differences import Difference, Kind, readable_differences
from airisk_tui.session.last_good import SinceGood
from airisk_tui.tui.inspector.page import Line, PageOptions, heading, labelled, left_out, note, sentence

TITLES: dict[Kind, str] = {
    "input": "Inputs and endpoints",
    "certificate": "Certificates and TLS",
    "header": "Headers of the server",
    "timing": "Times",
}
"""By kind of difference; the others stand under CONSEQUENCES."""

CONSEQUENCES = "What came of it"

MAX_DIFFERENCES = 40
"""Differences that are drawn; m shows more."""


def last_good_page(since: SinceGood, state: FlowState, options: PageOptions) -> list[Line]:
    """The differences by kind, each with the value then and now."""
    when, count = utc_text(since.good.utc), len(since.differences)
    words = {0: "Nothing differs", 1: "One thing differs"}.get(count, f"{count} things differ")
    lines = [sentence(f"{words} since the last run that worked here, that of {when}.", "bold")]
    if not count:
        lines.append(note("Inputs, certificates, headers and times are the same; see what the server answers now."))
    limit = options.limit(MAX_DIFFERENCES)
    section = ""
    for one in readable_differences(since.differences[:limit], since.good, state):
        if (title := TITLES.get(one.kind, CONSEQUENCES)) != section:
            section = title
            lines += heading(title)
        lines += _difference(one, options)
    return [*lines, *left_out(count - limit, " differences")]


def _difference(one: Difference, options: PageOptions) -> list[Line]:
    name = (
        one.field
        if one.kind == "input"
        else one.exchange
        if one.field in ("total", "status")
        else f"{one.exchange}: {one.field}"
    )
    pair = (("was", one.before), ("now", one.after))
    lines = [Line(options.text(name, "bold"), name)]
    for label, value in pair:
        text = Content.styled("not there", "italic") if value is None else options.text(value)
        lines += labelled(f"  {label}", text, options, name)
    return lines
