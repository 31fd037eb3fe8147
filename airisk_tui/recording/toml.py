"""Reading TOML from anybody in bounded time (threats.md F4)."""

from __future__ import annotations

from typing import Any

from airisk_tui.later import pattern

MAX_DOTS = 100
"""The most parts of a dotted key. The time of `tomllib` is quadratic in their number: 20,000 took half a minute."""

_TOO_DEEP = pattern(rf"""(?<![\w.-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DOTS}}}""")


def read_toml(data: bytes) -> dict[str, Any]:
    """A document in UTF-8. Raises ValueError, which says what is wrong."""
    import tomllib  # its patterns take 3 ms, which a start without a configuration saves

    text = data.decode("utf-8")
    if _TOO_DEEP.search(text):
        raise ValueError(f"a key has more than {MAX_DOTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
