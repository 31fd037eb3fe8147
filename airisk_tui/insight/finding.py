"""A finding: what happened, the evidence, the likely cause, and the fix (findings.md; its JSON is command-line.md's).

Every text in a finding is fit to be shown: what a server or a person wrote in it has gone through `quoted`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from airisk_tui.insight.difference import first_difference
from airisk_tui.oauth.secret import cut_at, secrets_named
from airisk_tui.oauth.text import shortened, visible

Severity = Literal["error", "warning", "note"]
Step = Literal["authorization-request", "browser", "redirect", "token-request", "token", "access"]
ChangeField = Literal["base_url", "client_id", "redirect_uri", "userid", "encoding"]
"""Fields of the form that a fix may fill in; "encoding" is one of its choices."""

Part = Literal["request", "response", "body", "header", "parameter"]

QUOTES = ("“”", "«»", "‹›")
"""Pairs of quotation marks. A value stands in the first pair that does not occur in it, so that it can neither end its
own quotation nor be taken for words of ours (threats.md S2)."""

MAX_QUOTE = 160
"""Characters of a foreign value inside a sentence: two lines of an 80-column screen; the inspector has the rest."""

MAX_LISTED = 5
"""Values that a sentence lists; how many more there are it says."""

NAMES = ("sent", "came")
"""What two values beside each other are called where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The exact place in a run: a header, parameter or field by its `name`; for "access" `name` is the endpoint's name."""

    step: Step
    part: Part
    name: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
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


@dataclass(frozen=True, slots=True)
class Change:
    """What a fix sets a field of the form to. value: as it stands in the log, secrets sealed; `insight.changes` makes it."""

    field: ChangeField
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """cause: the likeliest; runner_up: the next, where the evidence leaves one; group: "departures" for what is known
    of AIRisk and never the reason of a failure; change: the fix's first half, where a screen can carry it out."""

    code: str
    severity: Severity
    title: str
    cause: str
    fix: str
    reference: str
    evidence: tuple[Evidence, ...] = ()
    runner_up: str | None = None
    group: str | None = None
    change: Change | None = None


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
    return Evidence(label, "", pointer, visible(sent), visible(came), names)


def quoted(value: str, limit: int = MAX_QUOTE) -> str:
    """A foreign value inside a sentence, every hidden character visible, cut at `limit` (threats.md S1, S4).

    A secret's placeholder stays, and whole: `insight.rule.finding` writes it as a person reads it.
    """
    return in_quotes(visible(shortened(value, cut_at(value, limit))))


def listed(values: Sequence[str]) -> str:
    """Foreign values inside a sentence: the first few, quoted, and how many more there are."""
    few = [quoted(value, 60) for value in values[:MAX_LISTED]]
    more = len(values) - len(few)
    if more:
        return f"{', '.join(few)} and {more:,} more"
    return " and ".join([", ".join(few[:-1]), *few[-1:]] if len(few) > 1 else few)


def in_quotes(text: str) -> str:
    """The text in quotation marks that it does not hold; one that holds all of them has its own named by their code points."""
    pair = next((pair for pair in QUOTES if not set(pair) & set(text)), None)
    if pair is None:
        pair, text = QUOTES[0], "".join(f"⟨U+{ord(c):04X}⟩" if c in QUOTES[0] else c for c in text)
    return f"{pair[0]}{text}{pair[1]}"


def readable_reference(citation: str) -> str:
    """A rule's reference as people read it: a document of ours by the command that shows it, an RFC as it is.

    citation: "; " between sources, each "RFC 6749 §5.1" or "protocol.md, step 2" or "threats.md L4".
    """
    return _DOCUMENT.sub(lambda found: f"airisk-tui explain {found[1]} {found[2] or ''}".rstrip(), citation)


_DOCUMENT = re.compile(r"\b([a-z-]+)\.md(?:,? ([^;]+))?")


def to_json(finding: Finding) -> dict[str, Any]:
    """In the shape of command-line.md, `run --json`."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": finding.title,
        "evidence": [_evidence_json(evidence) for evidence in finding.evidence],
        "cause": finding.cause,
        "runner_up": finding.runner_up,
        "fix": finding.fix,
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
