"""Finding learned secrets again, in whatever form they come back (threats.md F1), however many have been learned.

A session learns some seventy forms with each run, and each of them would be looked for in each text of each exchange. So a
text is read in words of four bytes, and compared with the words that the forms would show, wherever between two words they
begin; only the forms that have shown one are looked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock

from airisk_tui.recording.encodings import may_hold_rare

WORD = 4
"""Bytes of a machine word, so that a text is read without a loop in Python."""

WHOLE = 2 * WORD - 1
"""Bytes of a form from which on it shows a whole word wherever it stands."""

PIECE = 1 << 18
"""Bytes that are looked through at once, so that other threads get their turn in between (S4)."""

MAX_LATER = 1000
"""Secrets whose rare forms are still to be made: all of them at once take some 50 ms (S4)."""


class Echoes:
    """The forms of the secrets learned so far, with what takes their place."""

    def __init__(self) -> None:
        self._secrets: list[tuple[frozenset[int], list[bytes], bytes]] = []
        self._words: set[int] = set()
        self._short: dict[bytes, bytes] = {}
        self._later: deque[tuple[Callable[[], Iterable[bytes]], bytes]] = deque()
        self._making = Lock()

    def learn(
        self, forms: Iterable[bytes], replacement: bytes, rare: Callable[[], Iterable[bytes]] | None = None
    ) -> None:
        """Look for a secret from now on. forms: those that it may come in, none empty; rare: makes the others, when a text is
        seen that may hold one."""
        long = []
        for form in forms:
            if len(form) >= WHOLE:
                long.append(form)
            else:
                self._short.setdefault(form, replacement)
        words = frozenset(_words(b"".join([form[at : at + WORD] for form in long for at in range(WORD)])))
        self._words |= words
        self._secrets.append((words, long, replacement))
        if rare is not None:
            self._later.append((rare, replacement))
            self._make_rare(MAX_LATER)

    def _make_rare(self, left: int = 0) -> None:
        """Until so many are left. One is taken off the list only when its forms are there: another thread may be looking."""
        with self._making:
            while len(self._later) > left:
                forms, replacement = self._later[0]
                self.learn(forms(), replacement)
                self._later.popleft()

    def replaced(self, data: bytes) -> bytes:
        """The data with every form replaced, the longest first, because one form can be a part of another."""
        if self._later and may_hold_rare(data):
            self._make_rare()
        found = set().union(*(self._words.intersection(_words(piece)) for piece in _pieces(data)))
        forms = {form: by for form, by in list(self._short.items()) if form in data}
        if found:
            forms |= {form: by for form, by in self._showing(found).items() if form in data}
        for form in sorted(forms, key=lambda form: (-len(form), form)):
            data = data.replace(form, forms[form])
        return data

    def _showing(self, found: set[int]) -> dict[bytes, bytes]:
        """The forms of the secrets that show one of the words; where two secrets have a form in common, it is the first one's."""
        known = [(forms, by) for words, forms, by in self._secrets if not found.isdisjoint(words)]
        return {form: by for forms, by in reversed(known) for form in forms}


def _words(data: bytes) -> memoryview:
    return memoryview(data[: len(data) // WORD * WORD]).cast("I")


def _pieces(data: bytes) -> list[bytes]:
    return [data] if len(data) <= PIECE else [data[start : start + PIECE] for start in range(0, len(data), PIECE)]
