"""Writing to stdout and stderr, so that no control character of any text reaches a terminal (threats.md S1).

stdout carries data, so a failed write is an error; stderr carries narration, which is dropped where it cannot be written.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO

from airisk_tui.headless.shared.process import OutputFailed
from airisk_tui.oauth.reference import with_plain_references
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import hidden, visible

FORMAT = 1
"""The format of the JSON documents on stdout."""


def usage_json(sentence: str) -> dict[str, Any]:
    """The document for wrong arguments, with which no command ran."""
    return {"format": FORMAT, "outcome": "usage", "exit_code": 2, "error": sentence}


def say(text: str) -> None:
    """Write a sentence to stderr, with readable names in the place of secrets' references. Raises nothing."""
    try:
        _write(sys.stderr, visible(secrets_named(text), lines=True), _own_encoding(sys.stderr))
    except (OSError, ValueError):
        _give_up(sys.stderr)


def draw(lines: Iterable[str]) -> None:
    """Write a drawing without foreign text to stderr, as it is. Raises nothing."""
    try:
        _write(sys.stderr, "\n".join(lines), _own_encoding(sys.stderr))
    except (OSError, ValueError):
        _give_up(sys.stderr)


def put(text: str) -> None:
    """Write a line for a person to stdout, with readable names in the place of secrets' references, and escapes for characters that the
    encoding of stdout lacks. Raises OutputFailed."""
    _deliver(visible(secrets_named(text), lines=True), _own_encoding(sys.stdout))


def put_raw(text: str) -> None:
    """Write data to stdout exactly as it is, in UTF-8, for `$(…)` and files. Only for what a person asked for by name.

    Raises OutputFailed.
    """
    _deliver(text, "utf-8")


def put_json(document: Any) -> None:
    """Write one JSON document to stdout, in UTF-8, control, invisible and bidirectional characters escaped. Raises OutputFailed."""
    _deliver(json_text(document), "utf-8")


def json_text(document: Any) -> str:
    """The document as JSON in which invisible characters are escaped and all others stand as they are."""
    text = with_plain_references(json.dumps(document, ensure_ascii=False, indent=1))
    return "\n".join(hidden(line, _escaped) for line in text.split("\n"))


def drop_stdout() -> None:
    """Discard what stdout still buffers: at its end, the interpreter would try to write that again, and fail again."""
    _give_up(sys.stdout)


def _escaped(characters: str) -> str:
    units = characters.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(....)", r"\\u\1", units)


def _deliver(text: str, encoding: str) -> None:
    """Raises OutputFailed, or BrokenPipeError when the reader went away on purpose, as `head` does."""
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
    """Write the text and a line end. Raises ValueError for a closed stream; one that was closed at the start is None."""
    if stream is None:
        raise ValueError("The stream is closed.")
    # What was written as text stands in a buffer above the one of bytes, and would come out behind these (io.TextIOWrapper).
    stream.flush()
    below = getattr(stream, "buffer", None)
    if below is None:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    else:
        below.write(f"{text}\n".replace("\n", os.linesep).encode(encoding, "backslashreplace"))
    stream.flush()


def _give_up(stream: TextIO | None) -> None:
    """Redirect the stream to the null device, as Python's documentation advises (module signal, note on SIGPIPE)."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        finally:
            os.close(nowhere)
