"""A rule: its catalogue entry and the small function that looks for it.

The prose stands in the entry, with `{name}` where an observed value goes; a check returns the values and the evidence.
Rules that answer the same `question` are rivals: they stand in the order of certainty, and only the first that holds
speaks. So a consequence is never told beside its cause, and a guess never beside a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from airisk_tui.flow.state import secret_names
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Change, Evidence, Finding, Severity, readable_reference, with_secret_names
from airisk_tui.oauth.secret import secrets_named

_NO_NAMES: Mapping[str, str] = MappingProxyType({})

Needs = Callable[[Context], str | None]
"""A precondition: None when it was observed, else in words what was not."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule holds. values: for the entry's sentences; the rest, where given, stands in place of the entry's own
    (a runner-up of "" means that there is none here)."""

    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    cause: str | None = None
    runner_up: str | None = None
    fix: str | None = None
    severity: Severity | None = None
    title: str | None = None
    change: Change | None = None


OWN_CHOICE = "This server, or this environment, does it differently from what the reference demands."
"""The cause of a departure where it is not AIRisk's."""

Check = Callable[[Context], Match | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the catalogue says of a rule. question: rivals share it; standard: the severity for a server that speaks the
    standard dialect, where it differs (protocol.md, "Where AIRisk leaves the RFCs")."""

    code: str
    title: str
    cause: str
    fix: str
    reference: str
    severity: Severity = "error"
    runner_up: str | None = None
    question: str = ""
    group: str | None = None
    standard: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """An entry, what it needs to have observed, and its check."""

    entry: Entry
    needs: Needs
    check: Check

    def apply(self, context: Context) -> Finding | None:
        """The finding, or None when the rule does not hold."""
        match = self.check(context)
        standard = context.inputs.dialect.name != "airisk"
        return None if match is None else finding(self.entry, match, standard, secret_names(context.state))


def finding(entry: Entry, match: Match, standard: bool = False, names: Mapping[str, str] = _NO_NAMES) -> Finding:
    """What an entry says of what was found. standard: for a server that speaks the standard dialect; names: of secrets, by
    fingerprint. The one place where a finding's texts are made, so no placeholder is left in them."""
    runner_up = entry.runner_up.format_map(match.values) if entry.runner_up else None
    own = entry.standard if standard and entry.standard else entry.severity
    return Finding(
        code=entry.code,
        severity=match.severity or own,
        title=secrets_named(match.title or entry.title.format_map(match.values), names),
        cause=secrets_named(
            match.cause or (OWN_CHOICE if standard and entry.group else entry.cause.format_map(match.values)), names
        ),
        fix=secrets_named(match.fix or entry.fix.format_map(match.values), names),
        reference=readable_reference(entry.reference),
        evidence=tuple(with_secret_names(evidence, names) for evidence in match.evidence),
        runner_up=secrets_named((match.runner_up if match.runner_up is not None else runner_up) or "", names) or None,
        group=None if standard and entry.standard else entry.group,
        change=match.change,
    )


class RuleSet:
    """The rules of one file, in the order in which they are asked; all have the precondition `needs`, unless a rule has its own."""

    def __init__(self, name: str, needs: Needs) -> None:
        self.name = name
        self.needs = needs
        self._rules: list[Rule] = []

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def extend(self, rules: Iterable[Rule]) -> None:
        """Add rules that are made elsewhere."""
        self._rules.extend(rules)

    def add(self, entry: Entry, *, needs: Needs | None = None) -> Callable[[Check], Check]:
        """Register the decorated check under its entry."""

        def register(check: Check) -> Check:
            self._rules.append(Rule(entry, needs or self.needs, check))
            return check

        return register
