"""The codes of one authorization answer, however many it holds: a body of nothing else must not stall a run (threats.md S4).

Each secret that is looked for elsewhere costs the making and the keeping of its forms, some kilobytes. So only the first few
of an answer are; the rest are replaced where they stand, in one pass over the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from airisk_tui.oauth.jsontext import read_json
from airisk_tui.oauth.secret import REFERENCE
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.redaction.suspects import words_replaced

MIN_LEARNED = 6
"""Characters from which on a code is looked for elsewhere, too."""

MAX_LEARNED = 200
"""Codes of one answer that are looked for elsewhere: no answer has room for so many that mean anything."""

_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Codes:
    """What is sealed of one answer."""

    def __init__(self, sealer: Sealer) -> None:
        self.sealer = sealer
        self._left = MAX_LEARNED

    def learned(self, values: Iterable[str]) -> frozenset[str]:
        """Take the values for secrets wherever they stand; gives those that are too many for that, to be replaced in place."""
        different = list(dict.fromkeys(values))
        few, many = different[: max(self._left, 0)], different[max(self._left, 0) :]
        self._left -= len(few)
        for value in few:
            self.sealer.learn(value)
        return frozenset(many)

    def placed(self, value: str, *, learned: bool) -> str:
        """What stands in a value's place. learned: it is looked for elsewhere, too."""
        if not value or REFERENCE.search(value):
            return value
        echo = learned and len(value) >= MIN_LEARNED and self._left > 0
        self._left -= echo
        return self.sealer.learn(value, echo=echo).reference


def in_place(codes: Codes, text: str, beyond: frozenset[str]) -> str:
    """The text with the words replaced that are among those."""
    if not beyond:
        return text
    return words_replaced(text, beyond, lambda word: codes.placed(word, learned=False))


def in_json(codes: Codes, text: str, beyond: frozenset[str]) -> str:
    """Likewise of a text in JSON, where a value may be the whole of a string, and may be written with escapes."""
    if not beyond:
        return text

    def string(found: re.Match[str]) -> str:
        plain = found[1] if found[1].isascii() and "\\" not in found[1] else from_json(found[1])
        if plain in beyond:
            return f'"{codes.placed(plain, learned=False)}"'
        sealed = in_place(codes, plain, beyond)
        return found[0] if sealed == plain else json.dumps(sealed)

    return _JSON_STRING.sub(string, text)


def from_json(text: str) -> str:
    """What a JSON string means, whose bytes are given as ISO-8859-1."""
    value = read_json(f'"{text}"'.encode("latin-1", "replace")).value
    return value if isinstance(value, str) else text
