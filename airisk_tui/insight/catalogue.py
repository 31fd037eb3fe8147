"""The catalogue of findings, generated from the rules."""

from __future__ import annotations

import re

from airisk_tui.insight import doctor
from airisk_tui.insight.comparison.verdict import TWO_TOKENS
from airisk_tui.insight.finding import readable_reference
from airisk_tui.insight.rendering import CERTAINTY, on_command_line
from airisk_tui.insight.rule import Entry, no_surer
from airisk_tui.insight.rules import RULE_SETS


def catalogue() -> dict[str, tuple[Entry, ...]]:
    """Every entry by rule set, in the order in which the rules are asked."""
    sets = {rules.name: tuple(rule.entry for rule in rules) for rules in RULE_SETS}
    return {**sets, "Two tokens": TWO_TOKENS, doctor.rules.name: tuple(rule.entry for rule in doctor.rules)}


def codes() -> frozenset[str]:
    """Every code that a finding can have."""
    return frozenset(entry.code for entries in catalogue().values() for entry in entries)


def markdown() -> str:
    """The catalogue as Markdown: a heading for each rule set and each code, ‹name› for an observed value (findings.md)."""
    return "\n\n".join(f"### {name}\n\n" + "\n\n".join(map(_section, entries)) for name, entries in catalogue().items())


def described(code: str) -> dict[str, str | None]:
    """One entry as data, ‹name› where an observed value goes. Raises KeyError for an unknown code."""
    entry = {entry.code: entry for entries in catalogue().values() for entry in entries}[code]
    return {
        "code": entry.code,
        "severity": entry.severity,
        "severity_of_standard_servers": entry.standard,
        "title": _shown(entry.title),
        "cause": _shown(entry.cause),
        "certainty": no_surer(entry.certainty, entry.runner_up),
        "runner_up": _shown(entry.runner_up) if entry.runner_up else None,
        "false_if": _shown(entry.unless) if entry.unless else None,
        "fix": _shown(on_command_line(entry.fix)),
        "reference": readable_reference(entry.reference),
    }


def _shown(template: str) -> str:
    """The template with ‹name› for each value. A template that is nothing but a value depends on the run."""
    if re.fullmatch(r"\{\w+\}\.?", template):
        return "It depends on what was observed."
    return template.replace("{", "‹").replace("}", "›")


def _section(entry: Entry) -> str:
    differs = entry.standard not in (None, entry.severity)
    severity = entry.severity + (f" ({entry.standard} for a standard server)" if differs else "")
    lines = [
        f"#### {entry.code}\n",
        f"{severity} · {readable_reference(entry.reference)}\n",
        f"{_shown(entry.title)}\n",
        f"- Cause ({CERTAINTY[no_surer(entry.certainty, entry.runner_up)]}): {_shown(entry.cause)}",
        *([f"- Or: {_shown(entry.runner_up)}"] if entry.runner_up else []),
        *([f"- It would be false if {_shown(entry.unless)}."] if entry.unless else []),
        f"- Fix: {_shown(on_command_line(entry.fix))}",
    ]
    return "\n".join(lines)
