"""A comparison as Markdown, to be pasted into a ticket. Values stand in code spans that they cannot leave."""

from __future__ import annotations

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison import Row, compare, differences, spoken
from airisk_tui.insight.comparison_access import access_rows
from airisk_tui.insight.verdict import Verdict
from airisk_tui.oauth.secret import told
from airisk_tui.oauth.text import shortened, visible

MAX_CELL = 300
"""Characters of one value in a table's cell."""


def comparison_markdown(left: FlowState, right: FlowState, titles: tuple[str, str], verdict: Verdict) -> str:
    """The verdict, what differs, what the tokens may do, and the findings."""
    rows = spoken(differences(compare(left, right)), left, right)
    lines = [f"# {_plain(titles[0])} against {_plain(titles[1])}", "", _plain(verdict.sentence), ""]
    lines += ["## What differs", "", *_table(("", *titles), [_cells(row) for row in rows]), ""]
    access = [(row.name, row.left, row.right) for row in access_rows(left, right)]
    lines += ["## What each token may do", "", *_table(("endpoint", *titles), access), ""]
    for finding in verdict.findings:
        lines += [
            f"## {_plain(finding.title)}",
            "",
            f"Cause: {_plain(finding.cause)}",
            "",
            f"Fix: {_plain(finding.fix)}",
            "",
        ]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, str, str]:
    return (
        f"{row.section}: {row.field}",
        "—" if row.left is None else row.left,
        "—" if row.right is None else row.right,
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> list[str]:
    if not rows:
        return ["Nothing."]
    return [
        "| " + " | ".join(_plain(cell) for cell in head) + " |",
        "|" + " --- |" * len(head),
        *("| " + " | ".join(_code(cell) for cell in row) + " |" for row in rows),
    ]


def _code(text: str) -> str:
    """A code span: its fence is longer than any run of backticks within (CommonMark §6.1), its pipes are escaped."""
    shown = visible(shortened(told(text), MAX_CELL)).replace("|", "\\|")
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in shown).split()), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{pad}{shown or '(empty)'}{pad}{fence}"


def _plain(text: str) -> str:
    """A sentence of ours that may quote: everything that Markdown or HTML would take for markup is escaped."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!~@" else c for c in visible(told(text))).replace("://", ":\\//")
