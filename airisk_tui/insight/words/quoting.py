"""Foreign values inside our sentences: quoted, cut, every hidden character visible (threats.md S1, S2, S4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from airisk_tui.oauth.secret import cut_at
from airisk_tui.oauth.text.visible import shortened, visible_sealed

QUOTES = ("“”", "«»", "‹›")
"""Pairs of quotation marks. A value stands in the first pair that does not occur in it, so that it can neither end its
own quotation nor be taken for words of ours (threats.md S2)."""

MAX_QUOTE = 160
"""Characters of a foreign value inside a sentence: two lines of an 80-column screen; the inspector has the rest."""

MAX_BRIEF = 60
"""The same of a name, a media type, a header's value: less than a line."""

MAX_LISTED = 5
"""Values that a sentence lists; how many more there are it says."""


class Quotation(str):
    """A value in quotation marks, fit to be shown; `quoted` is the value itself, for a fix that sets a field to it."""

    __slots__ = ("quoted",)
    quoted: str


def quoted(value: str, limit: int = MAX_QUOTE) -> Quotation:
    """A foreign value inside a sentence, cut at `limit`. A secret's reference stays, and whole: `insight.rule.finding`
    writes it as a person reads it."""
    quotation = Quotation(in_quotes(visible_sealed(shortened(value, cut_at(value, limit)))))
    quotation.quoted = value
    return quotation


def around(found: re.Match[str]) -> Quotation:
    """What was found in a long text, with the words before it and behind it: the end of a text is often what tells."""
    text, start = found.string, max(0, found.start() - MAX_QUOTE // 2)
    return quoted(("…" if start else "") + text[start : start + MAX_QUOTE - 2])


def brief(value: str) -> Quotation:
    """The same, cut at MAX_BRIEF."""
    return quoted(value, MAX_BRIEF)


def listed(values: Sequence[str]) -> str:
    """Foreign values inside a sentence: the first few, quoted, and how many more there are."""
    few = [brief(value) for value in values[:MAX_LISTED]]
    more = len(values) - len(few)
    if more:
        return f"{', '.join(few)} and {more:,} more"
    return " and ".join([", ".join(few[:-1]), *few[-1:]] if len(few) > 1 else few)


def in_quotes(text: str) -> str:
    """The text in quotation marks that it does not hold; one that holds all of them has its own named by their code points."""
    pair = next((pair for pair in QUOTES if not set(pair) & set(text)), None)
    if pair is None:
        pair, text = QUOTES[0], "".join(f"⟨U+{ord(c):04X}⟩" if c in QUOTES[0] else c for c in text)
    return f"{pair[0]}{text}{pair[1]}"
