"""The one function that makes text of hostile bytes fit to be shown (threats.md S1, S3).

Every control and invisible character becomes a visible form; nothing else is changed. Everything that is drawn or
printed passes through `visible`, once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0\ufffc"
"""Characters that draw nothing, though Unicode calls them letters, marks or symbols."""

MAX_MARKS = 4
"""Combining marks in a row that still look like writing; Unicode's stream-safe limit is 30, which overflows a screen."""

_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f]"  # C0, DEL, C1
    r"|[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"  # spaces that are not the space
    r"|[\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]"
    r"|[\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
    r"|[\ufe00-\ufe0f\U000e0000-\U000e0fff]"  # variation selectors and tags
    r"|[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff]"  # surrogates, private use, noncharacters
    rf"|[{BLANK_LETTERS}]"
)
_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]" + f"{{{MAX_MARKS + 1},}}"
)


def visible(text: str, *, lines: bool = False) -> str:
    """The text with every control and invisible character by its picture or its name.

    C0 controls become control pictures (␛), others their name in angle brackets (⟨U+202E RIGHT-TO-LEFT OVERRIDE⟩).
    With `lines`, "\\n" stays and "\\r\\n" counts as one. Total over every code point, lone surrogates included.
    """
    if text.isascii() and text.isprintable():
        return text
    if lines:
        return "\n".join(visible(part) for part in text.replace("\r\n", "\n").split("\n"))
    shown = text if text.isprintable() and not _HIDDEN.search(text) else hidden(text, _name)
    return _MARKS.sub(lambda run: run[0][:MAX_MARKS] + f"⟨{len(run[0]) - MAX_MARKS} more combining marks⟩", shown)


def hidden(text: str, form: Callable[[str], str]) -> str:
    """The text with `form` of every character that cannot be seen in its place."""
    shown = _HIDDEN.sub(lambda found: form(found[0]), text)
    return shown if shown.isprintable() else "".join(c if c.isprintable() else form(c) for c in shown)


def _name(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    name = unicodedata.name(character, "")
    return f"⟨U+{point:04X} {name}⟩" if name else f"⟨U+{point:04X}⟩"


def decoded(data: bytes, charset: str = "utf-8") -> str:
    """Bytes as text in the given charset, or in ISO-8859-1 when they are not that: never an exception (threats.md C4)."""
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return data.decode("iso-8859-1")


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis that says how many are left out (threats.md S4)."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"
