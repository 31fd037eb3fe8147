"""The kind of characters in a code or a token, which tells whether it can be sent without keeping the value."""

from __future__ import annotations

import re
from typing import Literal

from airisk_tui.later import pattern
from airisk_tui.oauth.text.visible import has_hidden

Characters = Literal["plain", "visible", "quoted", "padded", "spaced", "blank", "foreign", "hidden", "redacted"]
"""plain: the b64token of RFC 6750 §2.1, which every header carries · visible: other visible ASCII · quoted: visible ASCII between
quotation marks, which no code and no token has · padded: visible ASCII with white space or line breaks around it · spaced: visible
ASCII and spaces, which RFC 6749 appendix A.11 still allows in a code · blank: white space only · foreign: with visible characters
beyond ASCII · hidden: with control or invisible characters, or bytes that were not UTF-8 · redacted: a mark in place of the value,
whose characters are therefore unknown."""

UNUSABLE_TOKEN: frozenset[Characters] = frozenset({"padded", "spaced", "blank", "foreign", "hidden", "redacted"})
"""Kinds that an `Authorization: Bearer` header cannot carry as one token (RFC 6750 §2.1; RFC 9110 §5.5, §11.2)."""

UNUSABLE_CODE: frozenset[Characters] = frozenset({"hidden"})
"""Kinds of codes that are never sent to the token endpoint. RFC 6749 appendix A.11 allows visible ASCII and spaces only; a visible
character beyond ASCII departs from that too, but survives a redirect and a form (appendix B), and some servers accept it."""

_PLAIN = pattern(r"[A-Za-z0-9._~+/-]+=*")
_QUOTED = pattern(r"""(["'])[!-~]+\1""")
_VISIBLE = pattern(r"[!-~]+")
_SPACED = pattern(r"[ -~]+")

_HIDDEN = (
    r"redacted|removed|sanitized|sanitised|masked|filtered|scrubbed|censored|anonymi[sz]ed|obfuscated|omitted|stripped"
)
_MARK = pattern(
    rf"[*_-]{{0,4}}(?:\w{{1,40}}[_-])?(?:{_HIDDEN})(?:[_-]\w{{1,40}})?[*_-]{{0,4}}"
    rf"|[\[<({{%*$_#-]{{1,4}}(?:[\w.-]{{1,40}}[ :])?(?:{_HIDDEN}|hidden|secret|private|deleted)(?:[ :][\w.-]{{1,40}})?[\]>)}}%*$_#-]{{1,4}}"
    r"|([*xX•●█#?.])\1{2,}",
    re.IGNORECASE,
)
_PARTLY = pattern(rf"[*•●█]{{3}}|…|\.{{3}}|[\[<](?:{_HIDDEN})[\]>]", re.IGNORECASE)


def is_redacted(value: str) -> bool:
    """Whether a value, or the middle of it, was replaced by a mark, so that it cannot be compared. Total.

    Sanitisers of HARs, loggers and people write "[redacted]", "[code redacted]", "REDACTED", "<masked>", "***", "xxxxx"; "eyJh****"
    and "Splx…IA" are marks, too.
    """
    return is_mark(value) or (" " not in value and _PARTLY.search(value) is not None)


def is_mark(text: str) -> bool:
    """Whether a text is only a mark."""
    return len(text) <= MAX_MARK and _MARK.fullmatch(text) is not None


def is_sentence(text: str) -> bool:
    """Whether a text in place of a token is an error message. A token has no spaces (RFC 6750 §2.1), and one whose “+” were decoded
    to spaces has no ordinary words between them."""
    words = text.split() if len(text) <= MAX_SENTENCE else []
    return len(words) >= 3 and 2 * sum(_ORDINARY.fullmatch(word) is not None for word in words) > len(words)


MAX_SENTENCE = 2_000
"""The most characters of an error message."""

_ORDINARY = pattern(r"[(\"'“‘]?[A-Za-z][a-z]{2,}(?:[-_'’][a-z]+)*[)\"'”’.,:;!?]*")

MAX_MARK = 120
"""The most characters of a mark in place of a value; a token with a mark in the middle may be longer."""


def characters_of(value: str) -> Characters:
    """The kind of characters in a raw code or token. Total over any text."""
    made_of = _made_of(value)
    return "redacted" if made_of != "hidden" and is_redacted(value) else made_of


def _made_of(value: str) -> Characters:
    if _PLAIN.fullmatch(value):
        return "plain"
    if not value.strip():
        return "blank"
    if _VISIBLE.fullmatch(value):
        return "quoted" if _QUOTED.fullmatch(value) else "visible"
    if _VISIBLE.fullmatch(value.strip(" \t\r\n")):
        return "padded"
    if _SPACED.fullmatch(value):
        return "spaced"
    return "hidden" if "\ufffd" in value or has_hidden(value) else "foreign"
