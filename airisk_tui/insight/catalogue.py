"""The catalogue of findings as a page, generated from the rules, so that it cannot say anything else than they do."""

from __future__ import annotations

from airisk_tui.insight.comparison.verdict import TWO_TOKENS
from airisk_tui.insight.doctor import ADVICE
from airisk_tui.insight.rule import Entry
from airisk_tui.insight.rules import RULE_SETS

HEAD = "| code | severity | what happened | likely cause | fix | reference |\n|---|---|---|---|---|---|"


def catalogue() -> dict[str, tuple[Entry, ...]]:
    """Every entry, by rule set, in the order in which they are asked."""
    sets = {rules.name: tuple(rule.entry for rule in rules) for rules in RULE_SETS}
    return {**sets, "Two tokens": TWO_TOKENS, "Doctor": tuple(advice.entry for advice in ADVICE)}


def codes() -> frozenset[str]:
    """Every code that a finding can have."""
    return frozenset(entry.code for entries in catalogue().values() for entry in entries)


def markdown() -> str:
    """The page: one table a rule set; ‹name› stands for a value that was observed, ‹why› and ‹how› for what depends on it."""
    parts = ["# Findings", INTRODUCTION]
    for name, entries in catalogue().items():
        rows = "\n".join(_row(entry) for entry in entries)
        parts.append(f"## {name}\n\n{HEAD}\n{rows}")
    return "\n\n".join(parts) + "\n"


INTRODUCTION = (
    "Generated from the rules in `airisk_tui/insight`. ‹name› stands for an observed value, ‹why› and ‹how› for words that "
    "depend on what was observed. Errors are told before warnings, warnings before notes. Inside one severity the order "
    "below holds, and of several explanations of one failure only the first that fits is told."
)


def _row(entry: Entry) -> str:
    severity = entry.severity + (f" ({entry.standard} for a standard server)" if entry.standard else "")
    cause = entry.cause + (f" Or: {entry.runner_up}" if entry.runner_up else "")
    cells = (f"`{entry.code}`", severity, entry.title, cause, entry.fix, entry.reference)
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("{", "‹").replace("}", "›")
