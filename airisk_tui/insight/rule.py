"""A rule: its catalogue entry and the small function that looks for it.

The prose stands in the entry, with `{name}` where an observed value goes; a check returns the values and the evidence.
Rules that answer the same `question` are rivals: they stand in the order of certainty, and only the first that holds
is reported. So a consequence never stands beside its cause, nor a guess beside a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, Required, TypedDict, Unpack

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import secret_names
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import (
    Certainty,
    Evidence,
    Finding,
    Severity,
    of_the_rfcs,
    readable_reference,
    with_secret_names,
)
from airisk_tui.insight.fix import Fix, applicable, filled, named, provided
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.secret import secrets_named

_NO_NAMES: Mapping[str, str] = MappingProxyType({})

Needs = Callable[[Context], bool]
"""A precondition: whether what a rule looks at was observed at all."""


class Possible(NamedTuple):
    """One of several causes of which nothing that was observed tells which holds. cause: a sentence; fix: what tries whether it does,
    or nothing; when: what the trial before it brought, if this one is left."""

    cause: str
    fix: Fix = ()
    when: str = "if it says the same"


class Match(Struct, frozen=True):
    """A rule holds. values: what was observed, for the `{name}`s of the texts; the rest, where given, stands in place of the
    entry's own (a runner-up of "" means that there is none here). Only `values` may hold foreign text."""

    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    cause: str | None = None
    runner_up: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None
    title: str | None = None
    certainty: Certainty | None = None

    def because(self, cause: str, fix: Fix | None = None, certainty: Certainty | None = None) -> Match:
        """The match with another cause than the entry's, beside which none is left; fix, certainty: None for those that it has."""
        return replace(self, cause=cause, runner_up="", fix=fix or self.fix, certainty=certainty or self.certainty)

    def undecided(self, *causes: Possible) -> Match:
        """The match where nothing tells which of several causes holds: all are named, none is claimed, and the trials, in the order of
        the causes, tell them apart. Without a trial the fix stays."""
        first, *others = causes
        trials = [each for each in causes if each.fix]
        fix = tuple(
            step for each in trials for step in (each.fix if each is trials[0] else provided(each.when, *each.fix))
        )
        rest = [other.cause.rstrip(".") for other in others]
        runner_up = "; or ".join([*rest[:1], *(each[0].lower() + each[1:] for each in rest[1:])]) + "."
        return replace(self, cause=first.cause, runner_up=runner_up, fix=fix or self.fix, certainty="unknown")


OWN_CHOICE = "This server, or this environment, does it differently from what the reference demands."
"""The cause of a departure where it is not AIRisk's."""

Check = Callable[[Context], Match | None]


class Entry(Struct, frozen=True, kw_only=True):
    """What the catalogue says of a rule. question: rivals share it; standard, elsewhere: the severity and the fix for a server that
    speaks the standard dialect, where they differ (protocol.md, "Where AIRisk leaves the RFCs").

    certainty: "proven" where the evidence itself names the cause, "likely" where it is inferred, "unknown" where the rule
    stands for all that no other explains. With a runner-up a cause is never more than likely.

    unless: the counter-evidence, as the end of the sentence "It would be false if …": the observation that would refute the
    cause, and that the check looks for.
    """

    code: str
    title: str
    cause: str
    fix: Fix
    reference: str
    severity: Severity = "error"
    runner_up: str | None = None
    question: str = ""
    group: str | None = None
    standard: Severity | None = None
    elsewhere: Fix | None = None
    certainty: Certainty = "proven"
    unless: str | None = None


class Members(TypedDict, total=False):
    """The members of an `Entry` but its code, as a set of rules takes them."""

    title: Required[str]
    cause: Required[str]
    fix: Required[Fix]
    reference: Required[str]
    severity: Severity
    runner_up: str | None
    question: str
    group: str | None
    standard: Severity | None
    elsewhere: Fix | None
    certainty: Certainty
    unless: str | None


class Rule(Struct, frozen=True):
    """An entry, what it needs to have observed, and its check."""

    entry: Entry
    needs: Needs
    check: Check

    def apply(self, context: Context) -> Finding | None:
        """The finding, or None when the rule does not hold."""
        match = self.check(context)
        if match is None:
            return None
        standard = context.inputs.dialect.name != "airisk"
        return finding(self.entry, match, standard, secret_names(context.state), context.inputs)


def finding(
    entry: Entry,
    match: Match,
    standard: bool = False,
    names: Mapping[str, str] = _NO_NAMES,
    inputs: Inputs | None = None,
) -> Finding:
    """What an entry says of what was found. standard: for a server that speaks the standard dialect; names: of secrets, by
    fingerprint; inputs: of the run, so that a screen may carry the fix out. The one place where a finding's texts are made,
    so no `{name}` and no secret's reference is left in them."""

    values = _of(inputs) | dict(match.values)

    def text(template: str) -> str:
        if standard:
            template = _OF_AIRISK.sub("", template)
        return secrets_named(template.format_map(values), names)

    runner_up = text((entry.runner_up if match.runner_up is None else match.runner_up) or "")
    own = entry.elsewhere if standard and entry.elsewhere is not None else entry.fix
    fix = named(filled(own if match.fix is None else match.fix, values), names)
    citation = entry.reference if not standard else of_the_rfcs(entry.reference)
    return Finding(
        code=entry.code,
        severity=match.severity or (entry.standard if standard and entry.standard else entry.severity),
        title=text(match.title or entry.title),
        cause=text(match.cause or (OWN_CHOICE if standard and entry.group else entry.cause)),
        fix=fix if inputs is None else applicable(fix, inputs),
        reference=readable_reference(citation),
        evidence=tuple(with_secret_names(evidence, names) for evidence in match.evidence),
        runner_up=runner_up or None,
        group=None if standard and entry.standard else entry.group,
        certainty=no_surer(match.certainty or entry.certainty, runner_up),
    )


_OF_AIRISK = pattern(r",? as an older API reference describes|[;,] (?:as )?one page of the vendor says[^.]*")
"""What a sentence says of AIRisk's own documentation, and no other server has."""


def _of(inputs: Inputs | None) -> dict[str, str]:
    """What a text may name of every run, whatever its rule observed."""
    if inputs is None:
        return {}
    names = ("client_id", "redirect_uri", "base_url", "userid")
    return {name: quoted(getattr(inputs, name) or "") for name in names} | {"trace": ""}


def no_surer(certainty: Certainty, runner_up: str | None) -> Certainty:
    """The certainty of a cause beside which another one is possible: then it is not proven."""
    return "likely" if runner_up and certainty == "proven" else certainty


class RuleSet:
    """The rules of one file, in the order in which they are asked; all have the precondition `needs`, unless a rule has its own."""

    def __init__(
        self,
        name: str,
        needs: Needs,
        question: str = "",
        *,
        group: str | None = None,
        severity: Severity = "error",
    ) -> None:
        """question: what every rule of the set answers, so that they are rivals; severity: of its findings; both, unless a
        rule says otherwise."""
        self.name = name
        self.needs = needs
        self._question = question
        self._group = group
        self._severity: Severity = severity
        self._rules: list[Rule] = []

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def extend(self, rules: Iterable[Rule]) -> None:
        """Add rules that are made elsewhere."""
        self._rules.extend(rules)

    def add(self, code: str, *, needs: Needs | None = None, **members: Unpack[Members]) -> Callable[[Check], Check]:
        """Register the decorated check under an `Entry` of these members."""
        given: Members = {"severity": self._severity, "group": self._group, "question": self._question, **members}
        entry = Entry(code=code, **given)

        def register(check: Check) -> Check:
            self._rules.append(Rule(entry, needs or self.needs, check))
            return check

        return register
