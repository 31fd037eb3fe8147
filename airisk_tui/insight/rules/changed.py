"""A person's own change of a request, told before everything that a server can be blamed for (editing.md, "What a finding says").

The rule holds wherever a change can be the cause. `insight.explain` reports it only where there is an error to explain, and in
that error's place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.changes import evidence_of, listed, suspects
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Finding
from airisk_tui.insight.fix import RERUN, Fix, UndoEdit
from airisk_tui.insight.reading.run import started
from airisk_tui.insight.rule import Match, RuleSet, finding
from airisk_tui.oauth.request.edit import Edit

rules = RuleSet("Changed", started)

CODE = "you-changed"

JUST_THAT = "What went wrong is about just what you changed, so the server is not blamed."
"""The cause where it is proven."""

MAX_EDITS = 12
"""Edits that the evidence and the fix list."""


@rules.add(
    CODE,
    title="You changed {what}: {changes}.",
    cause="This change can be the reason, so the server is not blamed.",
    fix=(UndoEdit(edit="{edit}"), RERUN),
    reference="RFC 6749 §4.1; editing.md, What a finding says",
    unless="nothing that was changed belonged to the step that failed, or to one before it",
    certainty="likely",
)
def you_changed(context: Context) -> Match | None:
    edits = suspects(context.state)
    if not edits:
        return None
    return Match(_values(edits), _evidence(context.state, edits), fix=_undone(edits))


def _values(edits: Sequence[Edit]) -> dict[str, str]:
    came = {edit.step == "redirect" for edit in edits}
    what = {"what came back": True in came, "what was sent": False in came}
    return {"what": " and ".join(word for word, is_so in what.items() if is_so), "changes": listed(tuple(edits))}


def _evidence(state: FlowState, edits: Sequence[Edit]) -> tuple[Evidence, ...]:
    return tuple(evidence_of(state, edit) for edit in edits[:MAX_EDITS])


def _undone(edits: Sequence[Edit]) -> Fix:
    return (
        *(UndoEdit(edit=one) for one in dict.fromkeys(f"{edit.action} {edit.target}" for edit in edits[:MAX_EDITS])),
        RERUN,
    )


def in_place_of(changed: Finding, errors: Sequence[Finding], state: FlowState) -> Finding:
    """The finding about the changes, in place of the errors. Where the first error is about a value that was changed, the cause is
    proven, and that change is named first and taken back; else the first error is told as the other possible cause."""
    first, edits = errors[0], suspects(state)
    came = Evidence("What came of it", first.title)
    blamed = about(first, state)
    if not blamed:
        runner_up = f"The change has no part in it. {first.title}"
        return replace(changed, evidence=(*changed.evidence, came), runner_up=runner_up)
    ordered = (*blamed, *(edit for edit in edits if edit not in blamed))
    match = Match(_values(ordered), _evidence(state, ordered), fix=_undone(blamed))
    (rule,) = rules
    told = finding(rule.entry, match, state)
    return replace(told, evidence=(*told.evidence, came), cause=JUST_THAT, certainty="proven")


def about(error: Finding, state: FlowState) -> tuple[Edit, ...]:
    """The changes whose parameter, field or header a finding is about."""
    return tuple(edit for edit in suspects(state) if _is_about(error, edit))


def _is_about(error: Finding, edit: Edit) -> bool:
    """Whether an error names the parameter, field or header that was changed."""
    name = edit.name.lower()
    told = {each.pointer.name.lower() for each in error.evidence if each.pointer is not None}
    if name in told or name in ORDINARY:
        return name in told - {""}
    return bool(name) and re.search(rf"\b{re.escape(name)}\b", error.title.lower()) is not None


ORDINARY = frozenset({"token", "code", "state", "scope", "nonce", "error"})
"""Names that are words of sentences, too."""
