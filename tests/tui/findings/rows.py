"""The rows of findings that have everything that a finding can have, at several widths. For `tests.tui.said`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Evidence, Finding, Pointer, pair
from airisk_tui.insight.fix import Do, SetField, otherwise
from airisk_tui.tui.findings.panel import DEPARTURES, rows_of
from airisk_tui.tui.shared.drawing.styles import QUIET
from tests.insight.plays import issued

LONG = "a value that goes on and on, far beyond every window, until "
FIRST = Finding(
    code="first",
    severity="error",
    title="The first thing failed, which takes more than one line on a narrow screen.",
    cause="It was so from the beginning.",
    fix=(SetField("client_id", "other", by_key=True),),
    reference="RFC 6749 §4.1",
    runner_up="Or it became so.",
    evidence=(
        Evidence("led to", "its place", Pointer("token", "body", "sub")),
        Evidence("a label alone", ""),
        pair("the same", "equal", "equal"),
        pair("two values", "http://a/calback", "http://a/callback", Pointer("redirect", "response")),
        pair("long ones", LONG + "here", LONG + "there and further on"),
        pair("one is empty", "", "x"),
    ),
)
WARNING = Finding(
    code="second",
    severity="warning",
    title="Another thing is odd.",
    cause="A cause.",
    fix=otherwise(SetField("scope", "a", by_key=True), when="you want it"),
    reference="RFC 6750",
    certainty="likely",
    evidence=(Evidence("wide", "花子" * 30, Pointer("redirect", "parameter", "code")),),
)
NOTE = Finding(code="third", severity="note", title="A remark.", cause="None.", fix=(Do("nothing"),), reference="here")
KNOWN = tuple(
    Finding(
        code=f"d{number}", severity="note", title=f"Departure {number}.", cause="", fix=(), reference="§1", group="g"
    )
    for number in range(2)
)
REPORTS = {
    "a failure": (FIRST, WARNING, NOTE, *KNOWN),
    "a warning with several ways": (WARNING, KNOWN[0]),
    "a remark": (NOTE,),
}
OPENED = {"folded": frozenset[str](), "unfolded": frozenset({"first", "second", "third", DEPARTURES})}


def findings() -> str:
    """A paragraph for each report, folded and unfolded, at each width."""
    return "\n".join("\n".join(_paragraph(*one)) for one in product(REPORTS, OPENED, (24, 60, 100)))


def _paragraph(name: str, opened: str, width: int) -> Iterator[str]:
    yield f"\n== {name}, {opened}, {width} columns"
    for row in rows_of(issued(), Report(REPORTS[name]), OPENED[opened], applies=opened == "folded"):
        leads = f"to {row.leads.step} {row.leads.part} {row.leads.name}".rstrip() if row.leads is not None else ""
        yield "\n".join(line.markup.replace(QUIET, "quiet") for line in row.lines(width))
        if row.selectable:
            yield f"    (the cursor stops; Enter leads {leads or f'to unfold {row.folds}'})"
