"""Finding learned secrets again, in whatever form they come back (threats.md F1), however many have been learned.

A session learns some seventy forms with each run, and each of them would be looked for in each text of each exchange. So
the forms are kept by their first four bytes, and only those are looked for whose beginning stands in the text at all.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator

from airisk_tui.recording.encodings import encoded_forms

HEAD = 4
"""Bytes of a form that it is found by: a machine word, so that the windows of a text are made without a loop in Python."""

PIECE = 1 << 18
"""Bytes that are looked through at once, so that other threads get their turn in between (S4)."""


class Echoes:
    """The forms of the secrets learned so far, with what takes their place."""

    def __init__(self) -> None:
        self._forms: dict[int, dict[bytes, bytes]] = defaultdict(dict)
        self._heads: set[int] = set()

    def learn(self, secret: str, replacement: bytes) -> None:
        """Look for this secret from now on."""
        for form in encoded_forms(secret):
            head = int.from_bytes(form[:HEAD], sys.byteorder)
            self._heads.add(head)
            self._forms[head].setdefault(form, replacement)

    def replaced(self, data: bytes) -> bytes:
        """The data with every form replaced, the longest first, because one form can be a part of another."""
        heads = set().union(*self._found(data))
        if not heads:
            return data
        forms = [pair for head in heads for pair in self._forms[head].items()]
        for form, replacement in sorted(forms, key=lambda pair: len(pair[0]), reverse=True):
            if form in data:
                data = data.replace(form, replacement)
        return data

    def _found(self, data: bytes) -> Iterator[set[int]]:
        """The heads that stand in the data, at each of the four alignments of a word."""
        view = memoryview(data)
        for start in range(0, len(data), PIECE):
            piece = view[start : start + PIECE + HEAD - 1]
            for offset in range(HEAD):
                words = (len(piece) - offset) // HEAD
                if words > 0:
                    yield self._heads.intersection(piece[offset : offset + words * HEAD].cast("I"))
