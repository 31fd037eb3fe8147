"""What functions make of many inputs, whole and word for word, for files that are kept: bounds, defaults, order, and the words that a
person reads. `make docs` writes such a file anew, and its difference is read before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct

from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.version import __version__

Reading = tuple[str, Callable[..., Any], list[tuple[Any, ...]]]
"""A function by its name, and the arguments of each of its calls."""


def kept_text(readings: Iterable[Reading]) -> str:
    """Of each function what it gives, and behind it what it was given, each thing once."""
    lines = []
    for name, reader, calls in readings:
        asked: dict[str, list[str]] = {}
        for arguments in calls:
            asked.setdefault(told(reader(*arguments)), []).append(" · ".join(filter(None, map(_asked, arguments))))
        lines += [f"\n== {name}", *(f"{answered}  <-  {' | '.join(each)}" for answered, each in asked.items())]
    return "\n".join(lines).lstrip().replace(__version__, "VERSION") + "\n"


def each_line_once(texts: Iterable[tuple[str, str]]) -> str:
    """Texts under their names. Of lines that stood in an earlier one, only how many there are."""
    kept, seen = [], set[str]()
    for name, text in texts:
        kept.append(f"\n== {name}")
        lines = text.replace(__version__, "VERSION").split("\n")
        for known, group in groupby(lines, seen.__contains__):
            found = list(group)
            kept += [f"… {len(found)} more"] if known else found
        seen.update(lines)
    return "\n".join(kept).lstrip() + "\n"


def changed_lines(kept: Path, now: str) -> list[tuple[str | None, str | None]]:
    """The first lines that are not as they are kept, beside what they are now."""
    lines = zip_longest(kept.read_text("utf-8").splitlines(), now.splitlines())
    return [pair for pair in lines if pair[0] != pair[1]][:5]


def told(value: Any) -> str:
    """A value as text, of a Struct what is not the default."""
    if isinstance(value, Struct):
        usual = defaults(type(value))
        given = {name: getattr(value, name) for name in value.__struct_fields__}
        parts = [f"{name}={told(one)}" for name, one in given.items() if name not in usual or one != usual[name]]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        parts = [f"{name}={told(one)}" for name, one in zip(value._fields, value, strict=True)]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(told, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{told(name)}: {told(one)}' for name, one in value.items())}}}"
    if isinstance(value, Enum):
        return str(value)
    written = ascii(value) if isinstance(value, str | bytes) else repr(value)
    return written if len(written) < 200 else f"{written[:30]}…{written[-10:]} ({len(value)})"


def defaults(kind: type[Struct]) -> dict[str, Any]:
    """The defaults of a Struct, by field."""
    pairs = list(zip(reversed(kind.__struct_fields__), reversed(kind.__struct_defaults__), strict=False))
    made = ((name, one.factory() if hasattr(one, "factory") else one) for name, one in reversed(pairs))
    return {name: value for name, value in made if value is not NODEFAULT}


def _asked(argument: Any) -> str:
    if isinstance(argument, Dialect):
        return {AIRISK: "", STANDARD: "standard"}.get(argument, told(argument))
    if isinstance(argument, HttpResponse):
        heads = "".join(f" {name}: {value}" for name, value in argument.headers)
        return f"{argument.status}{heads} {told(argument.body.cut or argument.body.data)}"
    return told(argument)
