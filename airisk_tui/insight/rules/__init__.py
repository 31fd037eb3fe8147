"""The rules, one family a file, in the order of a run: what stops it first is told first."""

from __future__ import annotations

from airisk_tui.insight.rule import Entry, Family
from airisk_tui.insight.rules import (
    authorization,
    inputs,
    listener,
    redirect,
    refusal,
    registration,
    tls,
    transport,
    waiting,
    wrong_door,
)

FAMILIES: tuple[Family, ...] = (
    inputs.family,
    listener.family,
    transport.family,
    tls.family,
    redirect.family,
    refusal.family,
    registration.family,
    authorization.family,
    wrong_door.family,
    waiting.family,
)
"""In the order in which their findings of one severity are told."""


def entries() -> tuple[Entry, ...]:
    """Every catalogue entry, in order."""
    return tuple(rule.entry for family in FAMILIES for rule in family.rules)
