"""What the program says of every scenario, and beside the findings, word for word, in `said.md`: a change of words, evidence or fix is
read in its difference. `make docs` writes it anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from airisk_tui.insight.finding import Evidence, Finding
from airisk_tui.insight.rendering import on_command_line, on_screen
from tests.insight.beside import BESIDE
from tests.insight.counters import COUNTERS
from tests.insight.counters.base import Counter
from tests.insight.scenarios import SCENARIOS, Scenario

SAID = Path(__file__).with_name("said.md")


@cache
def kept() -> dict[str, str]:
    """What the file has, by its headings."""
    parts = SAID.read_text("utf-8").split("\n## ")[1:]
    return {head: text.strip("\n") for head, _, text in (part.partition("\n") for part in parts)}


def heading(scenario: Scenario) -> str:
    """The code, and the name where it has another."""
    return scenario.code if scenario.name == scenario.code else f"{scenario.code}: {scenario.name}"


def told(scenario: Scenario) -> str:
    """All findings of a scenario; how a server departs from the standards by the code alone."""
    return "\n".join(_told(scenario))


def _told(scenario: Scenario) -> Iterator[str]:
    departures = []
    for one in scenario.report.findings:
        if one.group is None or one.code == scenario.code:
            yield from _whole(one)
        else:
            departures.append(one)
    yield f"- {_codes(departures)}"


REFUTED = "Where a cause is refuted"


def refuted(counters: Iterable[Counter] = COUNTERS) -> str:
    """What is told instead, by the codes alone."""
    return "\n".join(f"- not {counter.code}: {_codes(counter.told)}" for counter in counters)


def _codes(found: Iterable[Finding]) -> str:
    return ", ".join(one.code.removeprefix("departure-") for one in found) or "nothing"


def _whole(one: Finding) -> Iterator[str]:
    yield f"- `{one.code}` ({one.severity}, {one.certainty}) {one.title}"
    yield from (f"  - {_evidence(each)}" for each in one.evidence)
    yield f"  - {one.cause}" + (f" Or: {one.runner_up}" if one.runner_up else "")
    yield from (f"  - {fix}" for fix in dict.fromkeys((on_command_line(one.fix), on_screen(one.fix))))


def _evidence(each: Evidence) -> str:
    place = each.pointer
    where = f" [{' '.join(filter(None, (place.step, place.part, place.name)))}]" if place else ""
    two = "" if each.sent is None else f"{each.names[0]} {each.sent}, {each.names[1]} {each.came}"
    return f"{each.label}: {each.text}{two}{where}"


def write() -> None:
    """The file anew."""
    parts = {heading(scenario): told(scenario) for scenario in SCENARIOS} | {REFUTED: refuted()}
    parts |= {head: "\n".join(lines()) for head, lines in BESIDE.items()}
    SAID.write_text(
        "# What is said of each scenario\n" + "".join(f"\n## {head}\n\n{text}\n" for head, text in parts.items()),
        "utf-8",
    )
