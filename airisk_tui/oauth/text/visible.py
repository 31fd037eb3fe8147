"""Making text from hostile bytes safe to show (threats.md S1, S3).

Every control and invisible character gets a visible form; nothing else is changed. All text that is drawn or printed passes through
`visible` once.
"""

from __future__ import annotations

import codecs
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress

from airisk_tui.later import pattern
from airisk_tui.oauth.reference import REFERENCE_BYTES, outside_references, unmarked, wide_text

BLANK_LETTERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0\ufffc\U00016fe4\U0001d159"
)
"""Characters that draw nothing, though Unicode calls them letters, marks or symbols."""

MAX_MARKS = 4
"""The most combining marks in a row that are shown; Unicode's stream-safe limit of 30 overflows a screen."""

_HIDDEN = (
    r"[\x00-\x1f\x7f-\x9f]"  # C0, DEL, C1
    r"|[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"  # spaces that are not the space
    r"|[\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]"
    r"|[\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
    r"|[\ufe00-\ufe0f\U000e0000-\U000e0fff]"  # variation selectors and tags
    r"|[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff]"  # surrogates, private use, noncharacters
    rf"|[{BLANK_LETTERS}]"
)


@functools.cache
def _hidden() -> re.Pattern[str]:
    """Compiled at its first use, because the first frame does not need it."""
    return re.compile(_HIDDEN)


_MARKS_FROM = 0x300
"""The first combining mark; a text without characters from here on is not searched for marks."""


@functools.cache
def _above(point: int) -> re.Pattern[str]:
    return re.compile(f"[{chr(point)}-\U0010ffff]")


@functools.cache
def _marks() -> re.Pattern[str]:
    """A run of too many marks. Compiled at its first use, because looking up 64,000 categories takes milliseconds.

    All characters of the higher planes match, so that marks of all planes form one run; `_bounded` tells them apart.
    """
    marks = "".join(filter(_is_mark, map(chr, range(_MARKS_FROM, 0x10000))))
    return re.compile(f"[{marks}\U00010000-\U0001efff]{{{MAX_MARKS + 1},}}")


@functools.lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """A character that is drawn onto the one before it: a mark without width, or a vowel or final of Hangul."""
    conjoining = "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb"
    return (conjoining or unicodedata.category(character) in ("Mn", "Me")) and not _is_hidden(character)


def _bounded(found: re.Match[str]) -> str:
    run = found[0]
    if not _above(0x10000).search(run):
        return _cut(run)
    groups = ((is_mark, "".join(group)) for is_mark, group in itertools.groupby(run, _is_mark))
    return "".join(_cut(part) if is_mark else part for is_mark, part in groups)


def _cut(marks: str) -> str:
    return marks[:MAX_MARKS] + _count(len(marks) - MAX_MARKS) if len(marks) > MAX_MARKS else marks


@functools.lru_cache(maxsize=256)
def _count(more: int) -> str:
    return f"⟨{more} more combining mark{'s' * (more > 1)}⟩"


def visible(text: str, *, lines: bool = False) -> str:
    """The text with every control and invisible character replaced by its picture or its name.

    A C0 control becomes its control picture (␛), any other its name in angle brackets (⟨U+202E RIGHT-TO-LEFT OVERRIDE⟩). With
    `lines`, "\\n" stays and "\\r\\n" counts as one. Total over every code point, lone surrogates included.
    """
    if text.isascii() and text.isprintable():
        return text
    if _above(_MARKS_FROM).search(text):
        text = _marks().sub(_bounded, text)
    return hidden(text.replace("\r\n", "\n"), _name_in_lines) if lines else hidden(text, _name)


def visible_sealed(text: str) -> str:
    """Like `visible`, for text of the log: references are kept, and `secrets_named` replaces them when the text is shown."""
    return outside_references(text, visible)


def hidden(text: str, form: Callable[[str], str]) -> str:
    """The text with every control and invisible character replaced by `form` of it."""
    if text.isprintable() and not _hidden().search(text):
        return text
    kinds = set(text)
    if len(kinds) * 4 < len(text):
        return text.translate({ord(c): form(c) if _is_hidden(c) else c for c in kinds})
    return "".join(form(c) if _is_hidden(c) else c for c in text)


def has_hidden(text: str) -> bool:
    """Whether the text has a control or invisible character."""
    return hidden(text, lambda character: "") != text


def _is_hidden(character: str) -> bool:
    return not character.isprintable() or _hidden().match(character) is not None


def _name_in_lines(character: str) -> str:
    return character if character == "\n" else _name(character)


def _name(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    name = unicodedata.name(character, "")
    return f"⟨U+{point:04X} {name}⟩" if name else f"⟨U+{point:04X}⟩"


_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"})
"""Codecs of Python that no web page uses: slow for long input, with warnings, or forbidden (WHATWG Encoding)."""


_RIGHT_TO_LEFT = pattern(
    r"(?:[ '.-]?[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]+)+"
)


def with_direction_marks(text: str) -> str:
    """The text for a terminal that draws Hebrew and Arabic from right to left (UAX #9). Each run of such letters is followed by a
    left-to-right mark, which has no width, so that two columns with such runs keep their order."""
    return text if text.isascii() else _RIGHT_TO_LEFT.sub("\\g<0>\u200e", text)


def decoded(data: bytes, charset: str = "utf-8") -> str:
    """Bytes as text in the given charset, or in ISO-8859-1 if they are not valid in it; never an exception (threats.md C4).

    References in the bytes are kept, and no other bytes become a mark of one (redaction.md).
    """
    if (wide := wide_text(data)) is not None:
        return wide[0]  # as in `unmarked_bytes`
    parts, done = [], 0
    for found in REFERENCE_BYTES.finditer(data):
        parts += [data[done : found.start()], found[0]]
        done = found.end()
    return _joined([*parts, data[done:]], charset)


def _joined(parts: list[bytes], charset: str) -> str:
    """The parts as one text; every second part is a reference."""
    for name in (charset, "iso-8859-1"):
        with suppress(UnicodeError, LookupError, ValueError):
            if codecs.lookup(name).name not in _NO_CHARSETS:
                return "".join(
                    part.decode() if number % 2 else unmarked(part.decode(name)) for number, part in enumerate(parts)
                )
    raise AssertionError("Every byte is a character of ISO-8859-1.")


QUOTED = 80
"""The most characters of foreign text that a sentence quotes."""


def shortened(text: str, limit: int = QUOTED) -> str:
    """The first `limit` characters, and how many more there are (threats.md S4)."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"
