"""Reading TOML of a person's or of somebody else's: within a time that does not depend on how it is written (threats.md F4)."""

from __future__ import annotations

from typing import Any

from airisk_tui.later import pattern

MAX_DOTS = 100
"""Parts of a dotted key. `tomllib` takes the square of their number: 20,000 took half a minute."""

_TOO_DEEP = pattern(rf"""(?<![\w.-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DOTS}}}""")


def read_toml(data: bytes) -> dict[str, Any]:
    """A document in UTF-8. Raises ValueError, which says what is wrong."""
    import tomllib  # its patterns cost a start without a configuration 3 ms

    text = data.decode("utf-8")
    if _TOO_DEEP.search(text):
        raise ValueError(f"a key has more than {MAX_DOTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
