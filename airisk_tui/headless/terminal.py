"""Whether there is a person at a terminal, and what that person types: nothing is imported before it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from airisk_tui.headless.usage import UsageError

if TYPE_CHECKING:
    from airisk_tui.oauth.secret import Secret

MAX_SECRET_LINE = 64 * 1024
"""Characters of stdin that are read for a line with a secret, so that an endless one ends."""


def is_terminal(name: str) -> bool:
    """Whether a stream of `sys` is a terminal. False as well for one that is closed, which is None when it was so at the start."""
    stream = getattr(sys, name)
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def none_among(*names: str) -> str:
    """Those of the streams that are no terminal, as words: "stdin or stderr"; "" when all are."""
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
