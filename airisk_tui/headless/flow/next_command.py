"""The command to try next: the one that was typed, with the first fix of a finding that this program can carry out."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from airisk_tui.flow.start.fields import FIELDS
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.fix import Command, DropField, Fix, FixStep, Press, Rerun, SetField, UndoEdit
from airisk_tui.insight.rendering import PAIRS
from airisk_tui.redaction.public import says_secret


def next_command(finding: Finding, typed: Sequence[str]) -> str | None:
    """The command, or None where no command carries out the fix, or where the options may hold a secret. typed: the options of the run."""
    way = finding.next_way
    if not way or any("=" in word and says_secret(word.partition("=")[0].rpartition(".")[2]) for word in typed):
        return None
    if isinstance(way[0], Command):
        return way[0].line
    if isinstance(way[0], Press):
        return _of_an_action(way[0], typed)
    kept, options = _kept_options(typed, way), [part for step in way for part in _option(step)]
    return shlex.join(["airisk-tui", "run", *kept, *options]) if options or kept != [*typed] else None


def _of_an_action(step: Press, typed: Sequence[str]) -> str | None:
    if step.action == "continue":
        return None
    more = {"compare-with-bearer": ["--with-bearer"], "ask-again": []}.get(step.action)
    return None if more is None else shlex.join(["airisk-tui", "compare", *typed, *more])


def _kept_options(typed: Sequence[str], way: Fix) -> list[str]:
    """The typed options without the pairs that the fix drops and the edits that it undoes."""
    gone = []
    for step in way:
        if isinstance(step, DropField):
            group, _, name = step.field.rpartition(".")
            gone.append(f"{_flag(group)} {name}=")
    gone += [f"--{step.edit}" for step in way if isinstance(step, UndoEdit)]
    kept: list[str] = []
    for word in typed:
        if kept and any(f"{kept[-1]} {word}".startswith(one) for one in gone):
            kept.pop()
        elif not any(word.startswith(one.replace(" ", "=", 1)) for one in gone):
            kept.append(word)
    return kept


def _option(step: FixStep) -> tuple[str, ...]:
    """The options for a step of the fix; they follow the typed ones, because of two equal options the last one counts."""
    if isinstance(step, Rerun):
        return ("--mode", step.mode) if step.mode is not None else ()
    if not isinstance(step, SetField) or step.value is None:
        return ()
    group, _, name = step.field.rpartition(".")
    if group:
        return _flag(group), f"{name}={step.value}"
    option = FIELDS[step.field].option
    if option is None:
        return ()
    return (option.flag,) if FIELDS[step.field].kind == "switch" else (option.flag, step.value)


def _flag(group: str) -> str:
    """The option for a group of NAME=VALUE pairs."""
    option = PAIRS[group].option
    return option.flag if option is not None else ""
