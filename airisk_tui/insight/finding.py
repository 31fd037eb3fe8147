"""A finding: what happened, the evidence, the likely cause, and the fix (findings.md; its JSON is command-line.md's).

Every text in a finding is fit to be shown: what a server or a person wrote in it has gone through `quoted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.insight.fix import Command, Fix, Press, Rerun, carried_out, ways
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.insight.rendering import to_json as steps_to_json
from airisk_tui.insight.words.difference import first_difference
from airisk_tui.later import pattern
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import visible_sealed

Severity = Literal["error", "warning", "note"]

RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
"""The order in which findings are told, by severity."""

Step = Literal["authorization-request", "browser", "redirect", "token-request", "token", "access"]
Certainty = Literal["proven", "likely", "unknown"]
"""How sure the cause is: the evidence names it, it is inferred from the evidence, or nothing tells it."""

Part = Literal["request", "response", "body", "header", "parameter"]

NAMES = ("sent", "came")
"""What two values beside each other are called where nothing else is said."""


class Pointer(Struct, frozen=True):
    """The exact place in a run: a header, parameter or field by its `name`; for "access" `name` is the endpoint's name."""

    step: Step
    part: Part
    name: str = ""


class Evidence(Struct, frozen=True):
    """One observed fact. sent and came: two values to be laid side by side (see `pair`), with `differs_at`; names: what the
    two are called, of at most seven columns each."""

    label: str
    text: str = ""
    pointer: Pointer | None = None
    sent: str | None = None
    came: str | None = None
    names: tuple[str, str] = NAMES

    @property
    def differs_at(self) -> int | None:
        """The index of the first character that differs, or None when there is no pair or it is equal."""
        if self.sent is None or self.came is None:
            return None
        return first_difference(self.sent, self.came)


class Finding(Struct, frozen=True, kw_only=True):
    """cause: the likeliest, and how certain it is; runner_up: the next, where the evidence leaves one; group: "departures" for
    what is known of AIRisk and never the reason of a failure."""

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
        """Whether several causes remain, and nothing that was observed speaks for one of them: `cause` is one, `runner_up` the rest."""
        return self.certainty == "unknown" and self.runner_up is not None

    @property
    def ways(self) -> tuple[Fix, ...]:
        """The ways of the fix that begin with something that a screen can do by itself (`fix.carried_out`)."""
        return tuple(way for way in ways(self.fix) if carried_out(way))

    @property
    def next_way(self) -> Fix:
        """The first way that begins with something that this program does: by a key of the screen, or by a command; where only the
        world can be changed, a run as it was."""
        does = (
            carried_out(way) or tuple(step for step in way if isinstance(step, (Press, Command)))[:1]
            for way in ways(self.fix)
        )
        return next(filter(None, does), tuple(step for step in self.fix if isinstance(step, Rerun))[:1])

    @property
    def plain_way(self) -> Fix:
        """The only way that a screen can carry out, where it has no condition; else nothing."""
        return self.ways[0] if len(self.ways) == 1 and not self.ways[0][0].when else ()


def with_secret_names(evidence: Evidence, names: Mapping[str, str]) -> Evidence:
    """The evidence with the placeholders of secrets as a person reads them. names: by fingerprint."""
    sent, came = (None if value is None else secrets_named(value, names) for value in (evidence.sent, evidence.came))
    return replace(
        evidence,
        label=secrets_named(evidence.label, names),
        text=secrets_named(evidence.text, names),
        sent=sent,
        came=came,
    )


def pair(label: str, sent: str, came: str, pointer: Pointer | None = None, names: tuple[str, str] = NAMES) -> Evidence:
    """Two values side by side, every hidden character visible, so that the index of the difference fits what is shown."""
    return Evidence(label, "", pointer, visible_sealed(sent), visible_sealed(came), names)


def readable_reference(citation: str) -> str:
    """A rule's reference as people read it: a document of ours by the command that shows it, an RFC as it is.

    citation: "; " between sources, each "RFC 6749 §5.1" or "protocol.md, step 2" or "threats.md L4".
    """
    return _DOCUMENT.sub(lambda found: f"airisk-tui explain {found[1]} {found[2] or ''}".rstrip(), citation)


def of_the_rfcs(citation: str) -> str:
    """A rule's reference for a server that is no AIRisk: without our description of AIRisk's dialect, which has its place in the
    RFCs where nothing else is cited."""
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
    """The finding in the shape of command-line.md, `run --json`."""
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
