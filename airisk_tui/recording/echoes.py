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
        heads = self._found(data) if len(data) <= PIECE else set().union(*map(self._found, _pieces(data)))
        if not heads:
            return data
        forms = [pair for head in heads for pair in self._forms[head].items()]
        for form, replacement in sorted(forms, key=lambda pair: (-len(pair[0]), pair[0])):
            if form in data:
                data = data.replace(form, replacement)
        return data

    def _found(self, data: bytes) -> set[int]:
        """The heads that stand in the data: every window of it, the four alignments of a word one after the other."""
        size = len(data)
        windows = b"".join([data[at : at + (size - at) // HEAD * HEAD] for at in range(min(HEAD, size))])
        return self._heads.intersection(memoryview(windows).cast("I"))


def _pieces(data: bytes) -> Iterator[bytes]:
    """Each with the beginning of the next, so that no window is lost between them."""
    return (data[start : start + PIECE + HEAD - 1] for start in range(0, len(data), PIECE))
