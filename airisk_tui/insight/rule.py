"""A rule: its entry in the catalogue, and the small function that checks whether it holds.

The entry has the texts, with `{name}` for each observed value; the check returns the values and the evidence. Rules with the same
`question` exclude one another: they are in the order of certainty, and only the first that holds is reported. So no finding shows a
consequence beside its cause, or a guess beside a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Generic, NamedTuple, Required, TypedDict, TypeVar, Unpack

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Certainty, Evidence, Finding, Severity, of_the_rfcs, readable_reference
from airisk_tui.insight.fix import Fix, applicable, filled, named, provided, with_secret_names
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.secret import secrets_named

F = TypeVar("F")
"""The facts that a rule looks at: the `Context` of a run, or those of this machine (`insight.doctor`)."""

Needs = Callable[[F], bool]
"""A precondition: whether the facts contain the data that a rule looks at."""


class Possible(NamedTuple):
    """One of several causes that the evidence does not tell apart. cause: a sentence; fix: the trial that shows whether it holds, or ();
    when: the result of the trial before it that leaves this one."""

    cause: str
    fix: Fix = ()
    when: str = "if it says the same"


class Match(Struct, frozen=True):
    """The result of a check that holds. values: the observed values for each `{name}` in the texts, the only member that may contain text
    of a server; evidence: the observed facts. Each other member replaces that of the entry, if given (a runner-up of "" removes it)."""

    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    cause: str | None = None
    runner_up: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None
    title: str | None = None
    certainty: Certainty | None = None

    def with_values(self, **values: str) -> Match:
        """The match with these observed values, too."""
        return replace(self, values={**self.values, **values})

    def with_evidence(self, *evidence: Evidence) -> Match:
        """The match with these facts behind the others."""
        return replace(self, evidence=(*self.evidence, *evidence))

    def because(self, cause: str, fix: Fix | None = None, certainty: Certainty | None = None) -> Match:
        """The match with another cause than the entry's and without a runner-up. fix, certainty: None leaves them as they are."""
        return replace(self, cause=cause, runner_up="", fix=fix or self.fix, certainty=certainty or self.certainty)

    def undecided(self, *causes: Possible) -> Match:
        """The match with several causes that the evidence does not tell apart. The first is the cause, the others the runner-up, and the
        fix tries them in this order. Without a trial the fix stays as it is."""
        first, *others = causes
        trials = [each for each in causes if each.fix]
        ways = [each.fix if each is trials[0] else provided(each.when, *each.fix) for each in trials]
        fix = tuple(step for way in ways for step in way)
        rest = [other.cause.rstrip(".") for other in others]
        runner_up = "; or ".join([*rest[:1], *(each[0].lower() + each[1:] for each in rest[1:])]) + "."
        return replace(self, cause=first.cause, runner_up=runner_up, fix=fix or self.fix, certainty="unknown")


OWN_CHOICE = "This server, or this environment, does it differently from what the reference demands."
"""The cause of a departure of a server other than AIRisk."""

Check = Callable[[F], Match | None]
SeverityOf = Callable[[F], Severity | None]


class Entry(Struct, frozen=True, kw_only=True):
    """The entry of a rule in the catalogue. question: shared by rules that exclude one another; standard, elsewhere: the severity and the
    fix for a server of the standard dialect, where they differ (protocol.md, "Where AIRisk leaves the RFCs").

    certainty: "proven" if the evidence names the cause, "likely" if it is inferred, "unknown" if the rule stands for everything that no
    other rule explains. A cause with a runner-up is at most likely.

    unless: the end of the sentence "It would be false if …": the observation that would refute the cause, and that the check looks for.
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
    """The members of an `Entry` except its code, as keyword arguments of `RuleSet.add`."""

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


class Rule(Struct, Generic[F], frozen=True):
    """An entry with its precondition and its check. severity_of: the severity of a match that has none of its own; None is the entry's."""

    entry: Entry
    needs: Needs[F]
    check: Check[F]
    severity_of: SeverityOf[F] | None = None

    def match(self, facts: F) -> Match | None:
        """The result of the check with its severity, or None if the rule does not hold."""
        match = self.check(facts)
        if match is None or match.severity is not None or self.severity_of is None:
            return match
        return replace(match, severity=self.severity_of(facts))


def apply(rule: Rule[Context], context: Context) -> Finding | None:
    """The finding of a rule about a run, or None if the rule does not hold."""
    match = rule.match(context)
    return None if match is None else finding(rule.entry, match, context.state)


def finding(entry: Entry, match: Match, state: FlowState | None = None) -> Finding:
    """The finding of an entry and a match. state: the run, whose dialect, inputs and names of secrets it is written for.

    All texts of findings are made here, so no `{name}` and no reference of a secret is left in them.
    """
    inputs, names = (state.inputs, secret_names(state)) if state is not None else (None, {})
    standard = inputs is not None and inputs.dialect.name != "airisk"
    values = _values_of(inputs) | dict(match.values)

    def text(template: str) -> str:
        if standard:
            template = _ON_VENDOR_PAGES.sub("", template)
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


_ON_VENDOR_PAGES = pattern(r",? as an older API reference describes|[;,] (?:as )?one page of the vendor says[^.]*")
"""The part of a sentence about AIRisk's documentation, which is left out for other servers."""


def _values_of(inputs: Inputs | None) -> dict[str, str]:
    """The values that the texts of every rule may use."""
    if inputs is None:
        return {}
    names = ("client_id", "redirect_uri", "base_url", "userid")
    return {name: quoted(getattr(inputs, name) or "") for name in names} | {"trace": ""}


def no_surer(certainty: Certainty, runner_up: str | None) -> Certainty:
    """The certainty of a cause, which is not proven if another one is possible beside it."""
    return "likely" if runner_up and certainty == "proven" else certainty


class RuleSet(Generic[F]):
    """The rules of one file, in the order in which they are asked. All have the precondition `needs`, unless a rule has its own."""

    def __init__(
        self,
        name: str,
        needs: Needs[F],
        question: str = "",
        *,
        group: str | None = None,
        severity: Severity = "error",
        severity_of: SeverityOf[F] | None = None,
    ) -> None:
        """name: the heading in findings.md; question, group, severity, severity_of: those of the rules that have none of their own."""
        self.name = name
        self.needs = needs
        self._question = question
        self._group = group
        self._severity: Severity = severity
        self._severity_of = severity_of
        self._rules: list[Rule[F]] = []

    def __iter__(self) -> Iterator[Rule[F]]:
        return iter(self._rules)

    def extend(self, rules: Iterable[Rule[F]]) -> None:
        """Add rules that another file has made."""
        self._rules.extend(rules)

    def add_each(self, entries: Iterable[Entry], check: Callable[[Entry, F], Match | None]) -> None:
        """Add a rule for each entry, with one check for all."""
        self.extend(Rule(entry, self.needs, partial(check, entry), self._severity_of) for entry in entries)

    def add(
        self, code: str, *, needs: Needs[F] | None = None, **members: Unpack[Members]
    ) -> Callable[[Check[F]], Check[F]]:
        """Register the decorated check under an `Entry` of these members."""
        given: Members = {"severity": self._severity, "group": self._group, "question": self._question, **members}
        entry, severity_of = Entry(code=code, **given), None if "severity" in members else self._severity_of

        def register(check: Check[F]) -> Check[F]:
            self._rules.append(Rule(entry, needs or self.needs, check, severity_of))
            return check

        return register
