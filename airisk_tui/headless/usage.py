"""How a command ends that cannot do what it should: the sentence, and its JSON."""

from __future__ import annotations

import re
from typing import Any

LONG_WORD = 400
"""Characters. Longer than the paths and names that people give, and short enough for the sentence around it to be read."""


class UsageError(Exception):
    """What is missing or wrong, and what to do, in sentences. Ends in exit code 2."""


class OutputFailed(Exception):
    """The result is there and stdout does not take it: why, in a sentence. Ends in exit code 1."""


def readable(sentence: str) -> str:
    """The sentence, with the middle of every word that is too long to be read left out."""
    return re.sub(rf"\S{{{LONG_WORD + 1},}}", lambda word: f"{word[0][:200]}…{word[0][-20:]}", sentence)


def usage_json(sentence: str) -> dict[str, Any]:
    """The document when there was no run because the arguments do not allow one."""
    return {"format": 1, "outcome": "usage", "exit_code": 2, "error": sentence}
