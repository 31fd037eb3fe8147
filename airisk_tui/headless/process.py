"""The process that a command runs in: its terminal, the signals that end it, and the sentence that it fails with.

Nothing is imported before it is needed: the first frame of the screen waits for this module.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airisk_tui.engine.run import Run
    from airisk_tui.oauth.secret import Secret

MAX_SECRET_LINE = 64 * 1024
"""Characters of stdin that are read for a line with a secret, so that an endless one ends."""

LONG_WORD = 400
"""Characters. Longer than the paths and names that people give, and short enough for the sentence around it to be read."""

MAX_TRACE = 12
"""Frames that are printed: the innermost ones tell where it happened."""


class UsageError(Exception):
    """The command was given something wrong or too little; the sentences say what, and what to do. Ends in exit code 2."""


class OutputFailed(Exception):
    """Stdout does not take the result; the sentence says why. Ends in exit code 1."""


def readable(sentence: str) -> str:
    """The sentence with what cannot be seen of the names in it made visible, and the middle of every word that is too long to
    be read left out."""
    from airisk_tui.oauth.text import visible

    return re.sub(rf"\S{{{LONG_WORD + 1},}}", lambda word: f"{word[0][:200]}…{word[0][-20:]}", visible(sentence))


def crash_sentences(error: BaseException) -> str:
    """Where the error happened and of what type it is, without variables and without its text: both may hold secrets (threats.md S5)."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)[-MAX_TRACE:]
    lines = ["airisk-tui has met an error of its own and had to end; what was recorded before is kept."]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    lines.append(f"{type(error).__name__}: its text is not shown, because it may hold a secret.")
    return "\n".join(lines)


@contextmanager
def signals_cancel_runs() -> Iterator[Callable[[Run], None]]:
    """While entered, the signals that end a program cancel the newest run; gives what is to be called with each run as it starts."""
    from airisk_tui.systems import on_signals

    live: list[Run] = []
    with on_signals(lambda: live[-1].cancel() if live else None):
        yield live.append


def is_terminal(name: str) -> bool:
    """Whether a stream of `sys` is a terminal. A closed one is not; Python gives None for one that was closed at the start."""
    stream = getattr(sys, name)
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def none_among(*names: str) -> str:
    """The streams that are no terminals, in words such as "stdin or stderr"; "" when all are terminals."""
    return " or ".join(name for name in names if not is_terminal(name))


def secret_from_stdin(option: str) -> Secret:
    """The first line of stdin, typed unseen where stdin is a terminal. option: what asked for it, for the sentence.

    Raises UsageError when no line comes, or it is empty or not UTF-8.
    """
    typed = typed_unseen("Client secret: ") if is_terminal("stdin") else _first_line(option)
    if not typed:
        raise UsageError(f"{option} expects the client secret in the first line of stdin, and nothing came there.")
    from airisk_tui.oauth.secret import Secret

    return Secret(typed)


def typed_unseen(prompt: str) -> str:
    """What the person types at the terminal, which is not shown; "" when the input is ended instead."""
    import getpass

    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except EOFError:
        return ""


def _first_line(option: str) -> str:
    try:
        return sys.stdin.readline(MAX_SECRET_LINE).rstrip("\r\n") if sys.stdin is not None else ""
    except ValueError as error:
        if isinstance(error, UnicodeError):
            raise UsageError(f"{option} expects the client secret in UTF-8, and stdin holds other bytes.") from error
        return ""
    except OSError as error:
        raise UsageError(f"{option} could not read stdin: {error.strerror or 'it gives an error'}.") from error
