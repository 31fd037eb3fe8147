"""How a command ends that cannot do what it should: the sentence, and its JSON."""

from __future__ import annotations

from typing import Any


class UsageError(Exception):
    """What is missing or wrong, and what to do, in sentences. Ends in exit code 2."""


class OutputFailed(Exception):
    """The result is there and stdout does not take it: why, in a sentence. Ends in exit code 1."""


def usage_json(sentence: str) -> dict[str, Any]:
    """The document when there was no run because the arguments do not allow one."""
    return {"format": 1, "outcome": "usage", "exit_code": 2, "error": sentence}
