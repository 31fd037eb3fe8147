"""A comparison as Markdown, to be pasted into a ticket. Values stand in code spans that they cannot leave."""

from __future__ import annotations

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison import Row, compare, differences
from airisk_tui.insight.verdict import Verdict
from airisk_tui.oauth.text import shortened, visible

MAX_CELL = 300
"""Characters of one value in a table's cell."""


def comparison_markdown(left: FlowState, right: FlowState, titles: tuple[str, str], verdict: Verdict) -> str:
    """The verdict, what differs, what the tokens may do, and the findings."""
    rows = differences(compare(left, right))
    lines = [f"# {_plain(titles[0])} against {_plain(titles[1])}", "", _plain(verdict.sentence), ""]
    lines += ["## What differs", "", *_table(("", *titles), [_cells(row) for row in rows]), ""]
    lines += ["## What each token may do", "", *_table(("endpoint", *titles), access_cells(left, right)), ""]
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


def access_cells(left: FlowState, right: FlowState) -> list[tuple[str, str, str]]:
    """One row an endpoint and credential: what each run's probe got."""
    names = dict.fromkeys((p.endpoint.name, p.credential) for state in (left, right) for p in state.probes)
    return [
        (_probe_name(name, credential), _status(left, name, credential), _status(right, name, credential))
        for name, credential in names
    ]


def _probe_name(name: str, credential: str) -> str:
    return name if credential == "token" else f"{name} ({credential})"


def _status(state: FlowState, name: str, credential: str) -> str:
    for probe in reversed(state.probes):
        if probe.endpoint.name == name and probe.credential == credential:
            if probe.exchange is None:
                return "no answer"
            known = probe.as_documented(state.inputs.kind if state.inputs else "generic")
            words = {True: ", as documented", False: ", not as documented", None: ""}[known]
            return f"{probe.exchange.response.status}{words}"
    return "—"


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
    shown = visible(shortened(text, MAX_CELL)).replace("|", "\\|")
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in shown).split()), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{pad}{shown or '(empty)'}{pad}{fence}"


def _plain(text: str) -> str:
    """A sentence of ours that may quote: everything that Markdown or HTML would take for markup is escaped."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!~@" else c for c in visible(text)).replace("://", ":\\//")
