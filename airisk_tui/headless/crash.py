"""What a command says when it has met an error of its own (threats.md S5, F1)."""

from __future__ import annotations

import traceback

MAX_TRACE = 12
"""Frames that are printed: the innermost ones tell where it happened."""


def crash_sentences(error: BaseException) -> str:
    """Where it happened and of what type it is. Neither variables nor the error's own text: both may hold secrets."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_TRACE:]
    lines = ["airisk-tui has met an error of its own and had to end; what was recorded before is kept."]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    lines.append(f"{type(error).__name__}: its text is not shown, because it may hold a secret.")
    return "\n".join(lines)
