"""Writing to stdout and stderr: whatever the text, no control character reaches a terminal (threats.md S1)."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from airisk_tui.oauth.secret import told
from airisk_tui.oauth.text import hidden, visible


def say(text: str) -> None:
    """A sentence for the person, on stderr; a secret's placeholder as a person reads it."""
    _write(sys.stderr, visible(told(text), lines=True))


def put(text: str) -> None:
    """A line of data, on stdout."""
    _write(sys.stdout, visible(text, lines=True))


def put_raw(text: str) -> None:
    """Data exactly as it is, for `$(…)`, on stdout: only where a person asked for this very value."""
    _write(sys.stdout, text)


def put_json(document: Any) -> None:
    """One JSON document on stdout, in UTF-8, control, invisible and bidirectional characters escaped."""
    _write(sys.stdout, json_text(document))


def json_text(document: Any) -> str:
    """JSON that can be shown anywhere: what cannot be seen is escaped, everything else is itself."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return "\n".join(hidden(line, _escaped) for line in text.split("\n"))


def _escaped(characters: str) -> str:
    units = characters.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(....)", r"\\u\1", units)


def _write(stream: Any, text: str) -> None:
    stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
    stream.flush()
