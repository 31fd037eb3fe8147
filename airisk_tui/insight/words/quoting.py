"""Values of servers and persons inside sentences: quoted, shortened, with hidden characters visible (threats.md S1, S2, S4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from airisk_tui.oauth.secret import cut_at
from airisk_tui.oauth.text.visible import shortened, visible_sealed

QUOTES = ("“”", "«»", "‹›")
"""Pairs of quotation marks. A value gets the first pair that it does not contain, so that it cannot end its quotation and pass for
words of this program (threats.md S2)."""

MAX_QUOTE = 160
"""Characters of a value inside a sentence: two lines of a screen with 80 columns; the inspector shows the rest."""

MAX_BRIEF = 60
"""Characters of a name, a media type or a header's value: less than a line."""

MAX_LISTED = 5
"""Values that a sentence lists; the rest are counted."""


class Quotation(str):
    """A value in quotation marks, safe to show. quoted: the value itself, for a fix that sets a field to it."""

    __slots__ = ("quoted",)
    quoted: str


def quoted(value: str, limit: int = MAX_QUOTE) -> Quotation:
    """A value inside a sentence, shortened to `limit` characters. A reference of a secret is never cut, because `insight.rule.finding`
    replaces it by the secret's name."""
    quotation = Quotation(in_quotes(visible_sealed(shortened(value, cut_at(value, limit)))))
    quotation.quoted = value
    return quotation


def around(found: re.Match[str]) -> Quotation:
    """A match in a long text, quoted with the words around it."""
    text, start = found.string, max(0, found.start() - MAX_QUOTE // 2)
    return quoted(("…" if start else "") + text[start : start + MAX_QUOTE - 2])


def brief(value: str) -> Quotation:
    """A value inside a sentence, shortened to MAX_BRIEF characters."""
    return quoted(value, MAX_BRIEF)


def listed(values: Sequence[str]) -> str:
    """Values inside a sentence: the first MAX_LISTED, quoted, and the number of the rest."""
    few = [brief(value) for value in values[:MAX_LISTED]]
    more = len(values) - len(few)
    return f"{', '.join(few)} and {more:,} more" if more else joined(few)


def joined(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


def in_quotes(text: str) -> str:
    """The text in quotation marks that it does not contain. If it contains all of them, those of the first pair are named by code point."""
    pair = next((pair for pair in QUOTES if not set(pair) & set(text)), None)
    if pair is None:
        pair, text = QUOTES[0], "".join(f"⟨U+{ord(c):04X}⟩" if c in QUOTES[0] else c for c in text)
    return f"{pair[0]}{text}{pair[1]}"
