"""What is printed after a crash: one sentence and the bare traceback (threats.md S5)."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from rich.text import Text

from airisk_tui.oauth.text import shortened, visible

MAX_MESSAGE = 300
"""Characters of the exception's own text, which may quote foreign data."""


def crash_report(error: BaseException | None, frames: int, sealed: Callable[[str], str]) -> Text:
    """A sentence, the innermost `frames` by file and line, the exception's type and its text. sealed: seals the secrets in a text."""
    lines = ["airisk-tui has met an error of its own and had to end. Your terminal is as it was before."]
    if error is not None:
        trace = traceback.extract_tb(error.__traceback__)[-frames:]
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in trace]
        lines.append(f"{type(error).__name__}: {visible(shortened(sealed(str(error)), MAX_MESSAGE))}")
    return Text("\n".join(lines))
