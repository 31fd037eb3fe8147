"""A finding: what happened, the evidence, the likely cause, and the fix (findings.md; its JSON is command-line.md's).

Every text in a finding is safe to show: values of a server or a person in it have gone through `quoted`.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from airisk_tui.insight.fix import Command, Fix, Press, Rerun, carried_out, ways
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.insight.rendering import to_json as steps_to_json
from airisk_tui.insight.words.difference import first_difference
from airisk_tui.later import pattern
from airisk_tui.oauth.text.visible import visible_sealed

Severity = Literal["error", "warning", "note"]

RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
"""The order of findings by severity."""

Step = Literal["authorization-request", "browser", "redirect", "token-request", "token", "access"]
Certainty = Literal["proven", "likely", "unknown"]
"""The certainty of a cause: the evidence proves it, it is inferred from the evidence, or the evidence does not tell."""

Part = Literal["request", "response", "body", "header", "parameter"]

NAMES = ("sent", "came")
"""The default names of two values beside each other."""


class Pointer(Struct, frozen=True):
    """A place in a run: a header, parameter or field with its `name`; for the step "access" `name` is the endpoint's."""

    step: Step
    part: Part
    name: str = ""


class Evidence(Struct, frozen=True):
    """One observed fact. sent, came: two values to show beside each other (see `pair`); names: of the two, at most seven columns
    each."""

    label: str
    text: str = ""
    pointer: Pointer | None = None
    sent: str | None = None
    came: str | None = None
    names: tuple[str, str] = NAMES

    @property
    def differs_at(self) -> int | None:
        """The index of the first character that differs; None without a pair, and if both are equal."""
        if self.sent is None or self.came is None:
            return None
        return first_difference(self.sent, self.came)


class Finding(Struct, frozen=True, kw_only=True):
    """One finding. cause: the likeliest, with its certainty; runner_up: the next likeliest, if the evidence leaves one; group:
    "departures" for a known departure of AIRisk from the RFCs, which is never the reason of a failure."""

    code: str
    severity: Severity
    title: str
    cause: str
    fix: Fix
    reference: str
    evidence: tuple[Evidence, ...] = ()
    runner_up: str | None = None
    group: str | None = None
    certainty: Certainty = "proven"

    @property
    def undecided(self) -> bool:
        """Whether several causes remain and the evidence prefers none: `cause` is one of them, `runner_up` has the rest."""
        return self.certainty == "unknown" and self.runner_up is not None

    @property
    def ways(self) -> tuple[Fix, ...]:
        """The ways of the fix that begin with steps which the screen can carry out (`fix.carried_out`)."""
        return tuple(way for way in ways(self.fix) if carried_out(way))

    @property
    def next_way(self) -> Fix:
        """The first way that begins with something that this program does, by a key or a command; else the step that runs again, if
        the fix has one."""
        does = (
            carried_out(way) or tuple(step for step in way if isinstance(step, (Press, Command)))[:1]
            for way in ways(self.fix)
        )
        return next(filter(None, does), tuple(step for step in self.fix if isinstance(step, Rerun))[:1])

    @property
    def plain_way(self) -> Fix:
        """The only way that the screen can carry out, if it has no condition; else ()."""
        return self.ways[0] if len(self.ways) == 1 and not self.ways[0][0].when else ()


def pair(label: str, sent: str, came: str, pointer: Pointer | None = None, names: tuple[str, str] = NAMES) -> Evidence:
    """Evidence of two values beside each other. Hidden characters are made visible first, so that `differs_at` fits the shown texts."""
    return Evidence(label, "", pointer, visible_sealed(sent), visible_sealed(came), names)


def readable_reference(citation: str) -> str:
    """A rule's reference for people: a document of this program as the command that shows it, an RFC as it is.

    citation: "; " between sources, each "RFC 6749 §5.1" or "protocol.md, step 2" or "threats.md L4".
    """
    return _DOCUMENT.sub(lambda found: f"airisk-tui explain {found[1]} {found[2] or ''}".rstrip(), citation)


def of_the_rfcs(citation: str) -> str:
    """A rule's reference for a server that is not AIRisk: without the page about AIRisk. If nothing else is cited, the
    section of the RFC takes its place."""
    sources = citation.split("; ")
    others = [source for source in sources if (named := _DOCUMENT.match(source)) is None or named[1] != "protocol"]
    return "; ".join(others or dict.fromkeys(_IN_THE_RFCS.get(source, "RFC 6749") for source in sources))


_IN_THE_RFCS = {
    "protocol.md, the actors": "RFC 6749 §1.1",
    "protocol.md, step 1": "RFC 6749 §4.1.1",
    "protocol.md, step 2": "RFC 6749 §4.1.3",
    "protocol.md, step 3": "RFC 6749 §7",
}

_DOCUMENT = pattern(r"\b([a-z-]+)\.md(?:,? ([^;]+))?")


def to_json(finding: Finding) -> dict[str, Any]:
    """The finding as `run --json` prints it (command-line.md)."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": finding.title,
        "evidence": [_evidence_json(evidence) for evidence in finding.evidence],
        "cause": finding.cause,
        "certainty": finding.certainty,
        "runner_up": finding.runner_up,
        "fix": on_command_line(finding.fix),
        "fix_steps": steps_to_json(finding.fix),
        "reference": finding.reference,
        "group": finding.group,
    }


def _evidence_json(evidence: Evidence) -> dict[str, Any]:
    pointer = evidence.pointer
    place = {"step": pointer.step, "part": pointer.part, "name": pointer.name} if pointer else None
    return {
        "label": evidence.label,
        "text": evidence.text,
        "pointer": place,
        "sent": evidence.sent,
        "came": evidence.came,
        "differs_at": evidence.differs_at,
    }
