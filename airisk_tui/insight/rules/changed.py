"""What a person changed on purpose comes before everything that a server can be blamed for (editing.md, "What a finding says").

The rule holds wherever a change can be the cause. `insight.explain` reports it only where there is an error to explain, and in
that error's place.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from airisk_tui.insight.changes import evidence_of, listed, suspects
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Finding
from airisk_tui.insight.fix import RERUN, UndoEdit
from airisk_tui.insight.readings import started
from airisk_tui.insight.rule import Match, RuleSet

rules = RuleSet("Changed", started)

CODE = "you-changed"

MAX_EDITS = 12
"""Edits that the evidence and the fix list."""


@rules.add(
    "you-changed",
    title="You changed what was sent: {changes}.",
    cause="What you changed can bring about what the server did, so nothing here says that the server is wrong.",
    fix=(UndoEdit(edit="{edit}"), RERUN),
    reference="RFC 6749 §4.1; editing.md, What a finding says",
    certainty="likely",
)
def you_changed(context: Context) -> Match | None:
    edits = suspects(context.state)
    if not edits:
        return None
    return Match(
        {"changes": listed(edits)},
        tuple(evidence_of(context.state, edit) for edit in edits[:MAX_EDITS]),
        fix=(*(UndoEdit(edit=f"{edit.action} {edit.target}") for edit in edits[:MAX_EDITS]), RERUN),
    )


def in_place_of(changed: Finding, errors: Sequence[Finding]) -> Finding:
    """The finding about the changes, where it stands in the place of the errors. It is proven where the first of them is about
    just what was changed; else that one is told as another possible cause."""
    first = errors[0]
    came = Evidence("What came of it", first.title)
    changed = replace(changed, evidence=(*changed.evidence, came))
    if _is_about(first, changed):
        return replace(changed, certainty="proven")
    return replace(changed, runner_up=f"If it stays without the change: {first.title}")


def _is_about(error: Finding, changed: Finding) -> bool:
    """Whether an error names a parameter, field or header that was changed."""
    names = {each.pointer.name.lower() for each in changed.evidence if each.pointer is not None and each.pointer.name}
    told = {each.pointer.name.lower() for each in error.evidence if each.pointer is not None}
    return bool(names & told) or any(name in error.title.lower() for name in names)
