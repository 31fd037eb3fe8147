"""The process of a command: its streams, the signals that end it, and the errors with which it ends.

The first frame of the screen waits for this module, so its functions import what they need.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airisk_tui.errors import Refused

if TYPE_CHECKING:
    from airisk_tui.engine.run import Run
    from airisk_tui.oauth.secret import Secret

MAX_SECRET_LINE = 64 * 1024
"""Characters of a line with a secret that are read from stdin, which may be endless."""

LONG_WORD = 400
"""Characters of a word in a sentence: more than people's paths and names have, and few enough to read the sentence."""

MAX_TRACE = 12
"""Frames of a traceback that are printed: the innermost ones."""


class UsageError(Refused):
    """The arguments or inputs of a command are wrong or incomplete."""


class OutputFailed(Exception):
    """The result could not be written to stdout; the message says why. Exit code 1."""


def readable(sentence: str) -> str:
    """The sentence with invisible characters made visible, and without the middle of words that are too long to read."""
    from airisk_tui.oauth.text.visible import visible

    return re.sub(rf"\S{{{LONG_WORD + 1},}}", lambda word: f"{word[0][:200]}…{word[0][-20:]}", visible(sentence))


def crash_sentences(error: BaseException) -> str:
    """The place and the type of an error, without its text and without variables, which may hold secrets (threats.md S5)."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)[-MAX_TRACE:]
    lines = ["airisk-tui ended because of an error in the program. Everything recorded so far is kept."]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    lines.append(f"{type(error).__name__}: its text is not shown, because it may hold a secret.")
    return "\n".join(lines)


@contextmanager
def signals_cancel_runs() -> Iterator[Callable[[Run], None]]:
    """While entered, the signals that end a program cancel the newest run. Yields the function to call with each run that starts."""
    from airisk_tui.systems import on_signals

    live: list[Run] = []
    with on_signals(lambda: live[-1].cancel() if live else None):
        yield live.append


def is_terminal(name: str) -> bool:
    """Whether a stream of `sys` is a terminal; False for one that is closed, or that was closed at the start and is None."""
    stream = getattr(sys, name)
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def none_among(*names: str) -> str:
    """The streams that are no terminals, as words such as "stdin or stderr"; "" where all are terminals."""
    return " or ".join(name for name in names if not is_terminal(name))


def secret_from_stdin(option: str) -> Secret:
    """The secret in the first line of stdin; at a terminal it is typed without being shown. option: for the sentence.

    Raises UsageError where no line comes, or where the line is empty or no UTF-8.
    """
    typed = typed_unseen("Client secret: ") if is_terminal("stdin") else _first_line(option)
    if not typed:
        raise UsageError(f"{option} expects the client secret in the first line of stdin, and nothing came there.")
    from airisk_tui.oauth.secret import Secret

    return Secret(typed)


def typed_unseen(prompt: str) -> str:
    """What a person types at the terminal without its being shown; "" where the input ends instead."""
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
