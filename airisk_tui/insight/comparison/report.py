"""A comparison as JSON (command-line.md, `compare --json`), and as Markdown, to be pasted into a ticket."""

from __future__ import annotations

from typing import Any

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.access import access_rows
from airisk_tui.insight.comparison.fields import Row, compare, differences, readable
from airisk_tui.insight.comparison.verdict import Verdict
from airisk_tui.insight.finding import to_json
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.text.markdown import prose, span

MAX_CELL = 300
"""Characters of one value in a cell of a Markdown table."""


KINDS = ("generic", "user-specific")
ANY = ("first", "second")
"""The names of the two runs: of AIRisk, and of a server that knows no kinds of tokens."""


def comparison_json(
    generic: FlowState, user: FlowState | None, verdict: Verdict | None, names: tuple[str, str] = KINDS
) -> dict[str, Any]:
    """The members `differences`, `access`, `verdict` and `findings`; user and verdict: None where there was no second run."""
    rows = differences(compare(generic, user)) if user is not None else ()
    return {
        "differences": [
            {"field": f"{row.section.lower()}.{row.field}", names[0]: row.left, names[1]: row.right} for row in rows
        ],
        "access": _access(generic, user, names),
        "verdict": verdict.sentence if verdict else None,
        "findings": [to_json(finding) for finding in verdict.findings] if verdict else [],
    }


def _access(generic: FlowState, user: FlowState | None, names: tuple[str, str]) -> list[dict[str, Any]]:
    """One row for each endpoint, with the status that each run's own token got, or None."""
    rows: dict[str, dict[str, Any]] = {}
    for title, state in zip(names, (generic, user), strict=True):
        if state is None or state.inputs is None:
            continue
        for probe in state.probes:
            if probe.credential != "token":
                continue
            name = probe.endpoint.name
            row = rows.setdefault(name, {"endpoint": name, **dict.fromkeys(names), "as-documented": None})
            row[title] = probe.exchange.response.status if probe.exchange else None
            known = probe.as_documented(state.inputs.kind)
            if known is not None:
                row["as-documented"] = known if row["as-documented"] is None else row["as-documented"] and known
    return list(rows.values())


def comparison_markdown(left: FlowState, right: FlowState, titles: tuple[str, str], verdict: Verdict) -> str:
    """The verdict, what differs, what the tokens may do, and the findings. Values stand in code spans that they cannot leave."""
    rows = readable(differences(compare(left, right)), left, right)
    lines = [f"# {prose(titles[0])} against {prose(titles[1])}", "", prose(verdict.sentence), ""]
    lines += ["## What differs", "", *_table(("", *titles), [_cells(row) for row in rows]), ""]
    access = [(row.name, row.left, row.right) for row in access_rows(left, right)]
    lines += ["## What each token may do", "", *_table(("endpoint", *titles), access), ""]
    for finding in verdict.findings:
        lines += [
            f"## {prose(finding.title)}",
            "",
            f"Cause: {prose(finding.cause)}",
            "",
            f"Fix: {prose(on_command_line(finding.fix))}",
            "",
        ]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, str, str]:
    left, right = ("—" if value is None else value or "(empty)" for value in (row.left, row.right))
    return f"{row.section}: {row.field}", left, right


def _table(head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> list[str]:
    if not rows:
        return ["Nothing."]
    return [
        "| " + " | ".join(prose(cell) for cell in head) + " |",
        "|" + " --- |" * len(head),
        *("| " + " | ".join(_cell(text) for text in row) + " |" for row in rows),
    ]


def _cell(text: str) -> str:
    """A code span in a table, where a pipe would end the cell (GitHub Flavored Markdown §4.10)."""
    return span(text, MAX_CELL).replace("|", "\\|")
