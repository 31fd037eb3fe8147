"""Writing to stdout and stderr: whatever the text, no control character reaches a terminal (threats.md S1).

stdout is data, so what it cannot take is an error; stderr is narration, and narration that cannot be written is dropped.
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from typing import Any, TextIO

from airisk_tui.headless.process import OutputFailed
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text import hidden, visible


def say(text: str) -> None:
    """A sentence for the person, on stderr; a secret's placeholder as a person reads it.

    Raises nothing: where stderr cannot be written to, nobody listens there.
    """
    try:
        _write(sys.stderr, visible(secrets_named(text), lines=True), _own_encoding(sys.stderr))
    except (OSError, ValueError):
        _give_up(sys.stderr)


def put(text: str) -> None:
    """A line for a person, on stdout, in its encoding; what that lacks is written as an escape, and a secret's placeholder as
    a person reads it. Raises OutputFailed."""
    _deliver(visible(secrets_named(text), lines=True), _own_encoding(sys.stdout))


def put_raw(text: str) -> None:
    """Data exactly as it is, for `$(…)` and files, on stdout in UTF-8: only where a person asked for this very value.

    Raises OutputFailed.
    """
    _deliver(text, "utf-8")


def put_json(document: Any) -> None:
    """One JSON document on stdout, in UTF-8, control, invisible and bidirectional characters escaped. Raises OutputFailed."""
    _deliver(json_text(document), "utf-8")


def json_text(document: Any) -> str:
    """JSON that can be shown anywhere: what cannot be seen is escaped, everything else is itself."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return "\n".join(hidden(line, _escaped) for line in text.split("\n"))


def drop_stdout() -> None:
    """Let what stdout still holds back go nowhere; the interpreter would try to write it once more when it ends."""
    _give_up(sys.stdout)


def _escaped(characters: str) -> str:
    units = characters.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(....)", r"\\u\1", units)


def _deliver(text: str, encoding: str) -> None:
    """BrokenPipeError passes: the reader went away on purpose, as `head` does."""
    try:
        _write(sys.stdout, text, encoding)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is closed"
        raise OutputFailed(f"The result could not be written to stdout: {why}.") from error


def _own_encoding(stream: TextIO | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _write(stream: TextIO | None, text: str, encoding: str) -> None:
    """The text and a line end. ValueError for a stream that is closed, which is None when it was so from the start."""
    if stream is None:
        raise ValueError("The stream is closed.")
    stream.flush()
    below = getattr(stream, "buffer", None)
    if below is None:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    else:
        below.write(f"{text}\n".replace("\n", os.linesep).encode(encoding, "backslashreplace"))
    stream.flush()


def _give_up(stream: TextIO | None) -> None:
    """Point the descriptor to nowhere, as the library reference advises (signal, note on SIGPIPE)."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        finally:
            os.close(nowhere)
