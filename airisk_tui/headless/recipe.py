"""Recipes: files with the options of one run (editing.md, "Recipes")."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from airisk_tui.headless.process import UsageError

FLAG = "--recipe"

OF_A_CHECK = frozenset({"name", "expect", "findings", "without", "reaches", "refused"})
"""Keys that a run of a suite has besides the options of `run`."""


def with_recipe(argv: Sequence[str]) -> list[str]:
    """The arguments with those of the recipe before them: of two equal options the last one, which was typed, counts. Raises UsageError."""
    arguments = list(argv)
    for at, word in enumerate(arguments):
        if word == FLAG and at + 1 < len(arguments):
            return [*_options(Path(arguments[at + 1])), *arguments[:at], *arguments[at + 2 :]]
        if word.startswith(f"{FLAG}="):
            return [*_options(Path(word.partition("=")[2])), *arguments[:at], *arguments[at + 1 :]]
    return arguments


def _options(path: Path) -> list[str]:
    from airisk_tui.headless.suite import arguments_of, document_of

    document = document_of(path, "recipe")
    runs = document.get("run", [])
    if not isinstance(runs, list) or len(runs) != 1 or not isinstance(runs[0], dict):
        raise UsageError(
            f"{path} holds {len(runs) if isinstance(runs, list) else 'no'} runs, and a recipe has one [[run]]."
        )
    defaults = document.get("defaults", {})
    given: dict[str, Any] = {**(defaults if isinstance(defaults, dict) else {}), **runs[0]}
    return [*arguments_of({key: value for key, value in given.items() if key not in OF_A_CHECK})]
