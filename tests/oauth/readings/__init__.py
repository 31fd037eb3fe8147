"""What the readers of `airisk_tui.oauth` make of many inputs, whole and word for word, in `kept.txt`: bounds, defaults, order, and the
words that a person reads. `make docs` writes it anew, and its difference is read before it is kept."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.version import __version__
from tests.oauth.readings.addresses import addresses
from tests.oauth.readings.answers import answers
from tests.oauth.readings.inputs import NOW
from tests.oauth.readings.requests import requests
from tests.oauth.readings.texts import texts

KEPT = Path(__file__).with_name("kept.txt")


def said() -> str:
    """All of it: of each reader what it answers, and behind it what it was asked, each thing once."""
    lines = []
    for name, reader, calls in (*answers(), *addresses(), *requests(), *texts()):
        asked: dict[str, list[str]] = {}
        for arguments in calls:
            asked.setdefault(told(reader(*arguments)), []).append(" · ".join(filter(None, map(_asked, arguments))))
        lines += [f"\n== {name}", *(f"{answered}  <-  {' | '.join(each)}" for answered, each in asked.items())]
    return "\n".join(lines).lstrip().replace(__version__, "VERSION") + "\n"


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")


def told(value: Any) -> str:
    """A value as text, of a Struct what is not the default."""
    if isinstance(value, Struct):
        parts = [
            f"{one.name}={told(given)}" for one in fields(value) if (given := getattr(value, one.name)) != _default(one)
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return f"{type(value).__name__}({', '.join(f'{name}={told(one)}' for name, one in zip(value._fields, value, strict=True))})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(told, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {told(one)}' for name, one in value.items())}}}"
    written = ascii(value) if isinstance(value, str | bytes) else repr(value)
    return written if len(written) < 200 else f"{written[:30]}…{written[-10:]} ({len(value)})"


def _default(one: Any) -> Any:
    if one.default is not NODEFAULT:
        return one.default
    return one.default_factory() if one.default_factory is not NODEFAULT else NODEFAULT


def _asked(argument: Any) -> str:
    if argument == NOW:
        return ""
    if isinstance(argument, Dialect):
        return "" if argument == AIRISK else argument.name if argument == STANDARD else told(argument)
    if isinstance(argument, HttpResponse):
        heads = "".join(f" {name}: {value}" for name, value in argument.headers)
        return f"{argument.status}{heads} {told(argument.body.cut or argument.body.data)}"
    return told(argument)
