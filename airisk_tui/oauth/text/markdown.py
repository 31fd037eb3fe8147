"""Text from outside, quoted in Markdown as a code span, a fenced block or a sentence so that it stays text.

A code span or a fence has more backticks than its text has in a row, so no text can end it, and no server's text becomes a link, a
picture or a heading.
"""

from __future__ import annotations

import re

from airisk_tui.later import pattern
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import shortened, visible

MAX_BODY = 4_000
"""Characters of a quoted body, about two screens; the recording has all."""

MAX_VALUE = 2_000
"""Characters of any other value."""

_ACTIVE = pattern(r"([\\`*\[\]<>&~|#$!^]|(?<![^\W_])_|_(?![^\W_])|^[-+=]|(?<=\d)[.)](?= |$))")
"""Characters with a meaning inside or at the start of a line of CommonMark (§6) or GitHub's Markdown: a full stop only after a
number, an underscore only at the edge of a word."""

_RISKY = pattern(r"@|:/|www\.|\w:\w", re.IGNORECASE)
"""Text that GitHub and GitLab turn into a link, which a backslash does not always prevent."""


def span(text: str, limit: int = MAX_VALUE) -> str:
    """A value of at most `limit` characters as a code span that the value cannot end (CommonMark §6.1)."""
    text = visible(shortened(secrets_named(text), limit)) or " "
    ticks = "`" * (_longest_run(text) + 1)
    # CommonMark strips one space from both sides, unless the span is all spaces (§6.1).
    edges = text[0] + text[-1]
    pad = " " if "`" in edges or (edges == "  " and text.strip()) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str) -> list[str]:
    """A text as a fenced block that the text cannot end (CommonMark §4.5)."""
    shown = visible(shortened(secrets_named(text), MAX_BODY), lines=True)
    ticks = "`" * max(3, _longest_run(shown) + 1)
    return [f"{ticks}text", shown, ticks]


def prose(text: str) -> str:
    """A sentence in which no character has a meaning in Markdown; words that could become links are code spans, without the punctuation
    around them."""
    return " ".join(map(_word, visible(shortened(secrets_named(text), MAX_VALUE)).split(" ")))


_PUNCTUATED = pattern(r"([(“‘\"']*)(.*?)([)”’\"'.,:;!?…]*)", re.DOTALL)
"""A word between the punctuation of its sentence."""


def _word(word: str) -> str:
    if not _RISKY.search(word) or (found := _PUNCTUATED.fullmatch(word)) is None:
        return _escaped(word)
    return f"{_escaped(found[1])}{span(found[2])}{_escaped(found[3])}"


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
