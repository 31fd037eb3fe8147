"""A comparison in the shape of command-line.md, `compare --json`: what differs, and what each token may do."""

from __future__ import annotations

from typing import Any

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison import compare, differences
from airisk_tui.insight.finding import to_json
from airisk_tui.insight.verdict import Verdict
from airisk_tui.oauth.endpoints import TokenKind


def comparison_json(generic: FlowState, user: FlowState | None, verdict: Verdict | None) -> dict[str, Any]:
    """The members `differences`, `access`, `verdict` and `findings`; user and verdict: None where there was no second run."""
    rows = differences(compare(generic, user)) if user is not None else ()
    return {
        "differences": [
            {"field": f"{row.section.lower()}.{row.field}", "generic": row.left, "user-specific": row.right}
            for row in rows
        ],
        "access": _access(generic, user),
        "verdict": verdict.sentence if verdict else None,
        "findings": [to_json(finding) for finding in verdict.findings] if verdict else [],
    }


def _access(generic: FlowState, user: FlowState | None) -> list[dict[str, Any]]:
    """One an endpoint, of the runs' own tokens; None where a run did not ask it."""
    runs: list[tuple[TokenKind, FlowState]] = [("generic", generic)]
    if user is not None:
        runs.append(("user-specific", user))
    rows: dict[str, dict[str, Any]] = {}
    for kind, state in runs:
        for probe in state.probes:
            if probe.credential != "token":
                continue
            name = probe.endpoint.name
            row = rows.setdefault(
                name, {"endpoint": name, "generic": None, "user-specific": None, "as-documented": None}
            )
            row[kind] = probe.exchange.response.status if probe.exchange else None
            known = probe.as_documented(kind)
            if known is not None:
                row["as-documented"] = known if row["as-documented"] is None else row["as-documented"] and known
    return list(rows.values())
