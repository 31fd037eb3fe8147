"""Finding learned secrets again, in whatever form they come back (threats.md F1), however many have been learned.

A session learns dozens of forms with each run, and each of them would be looked for in each text of each exchange. So a
text is read in words of four bytes, and compared with the words that the ends of the forms would show, wherever between two
words they end: their ends differ where their beginnings often do not (`eyJ…`). What stands at such a word is then looked up.

ahocorasick-rs looks 2.5 to 4 times as fast: 3.6 to 4.0 ms a MiB with 920 forms, against 8.8 to 14.6 here. But its automaton is built
anew for each secret that is learned: in 5.5 ms with 920 forms, in 488 ms with the 23,000 of a session of a hundred runs, where
one more secret costs 0.03 ms here. A run learns in six steps and looks through a few KiB, so it would lose by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock

from airisk_tui.redaction.encodings import decoded_runs

WORD = 4
"""Bytes of a machine word, so that a text is read without a loop in Python."""

WHOLE = 2 * WORD - 1
"""Bytes of a form from which on it shows a whole word wherever it stands."""

PIECE = 1 << 18
"""Bytes that are looked through at once, so that other threads get their turn in between (S4)."""


class Echoes:
    """The forms of the secrets learned so far, with what takes their place. A large body is sealed beside the event loop, so two
    threads may be here at once."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        """What has been learned, so that its forms are made once in a session."""
        self._instead: dict[bytes, bytes] = {}
        self._short: list[bytes] = []
        self._showing: dict[int, tuple[tuple[int, int], ...]] = {}
        self._learning = RLock()

    def learn(self, forms: Iterable[bytes], replacement: bytes) -> None:
        """Look for a secret from now on. forms: those that it may come in, none empty; where two secrets have one in common, it
        is the first one's."""
        with self._learning:
            self._add([form for form in forms if form not in self._instead], replacement)

    def _add(self, new: list[bytes], replacement: bytes) -> None:
        self._instead.update(dict.fromkeys(new, replacement))
        self._short += [form for form in new if len(form) < WHOLE]
        places = [(form, len(form) - back) for form in new if len(form) >= WHOLE for back in range(WORD, WHOLE + 1)]
        words = _machine_words(b"".join([form[at : at + WORD] for form, at in places]))
        for word, (form, at) in zip(words, places, strict=True):
            known = self._showing.get(word, ())
            if (place := (at, len(form))) not in known:
                self._showing[word] = (*known, place)

    def replaced(self, data: bytes) -> bytes:
        """The data with every form replaced, the longest first, because one form can be a part of another. Then each run that says a
        form when it is decoded is replaced as a whole."""
        places = sorted(self._places_in(data), key=lambda place: (-len(place[1]), place[1]))
        found = [(start, start + len(form), self._instead[form]) for start, form in places]
        for start, end, plain in decoded_runs(data) if self._instead else ():
            inner = max(self._places_in(plain), key=lambda place: len(place[1]), default=None)
            if inner is not None:
                found.append((start, end, self._instead[inner[1]]))
        if not found:
            return data
        taken, kept = bytearray(len(data)), []
        for start, end, replacement in found:
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                kept.append((start, end, replacement))
        parts, done = [], 0
        for start, end, replacement in sorted(kept):
            parts += [data[done:start], replacement]
            done = end
        return b"".join([*parts, data[done:]])

    def _places_in(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The places of the forms; a form that overlaps itself counts once."""
        for form in list(self._short):
            yield from _places_of(form, data)
        ends: dict[bytes, int] = {}
        for begin in range(0, len(data), PIECE):
            words = _machine_words(data[begin : begin + PIECE])
            shown = self._showing.keys() & words
            for at, word in enumerate(words) if shown else ():
                for before, length in self._showing[word] if word in shown else ():
                    start = begin + at * WORD - before
                    form = data[max(start, 0) : max(start + length, 0)]
                    if form in self._instead and ends.get(form, 0) <= start:
                        ends[form] = start + length
                        yield start, form


def _places_of(form: bytes, data: bytes) -> Iterator[tuple[int, bytes]]:
    start = data.find(form)
    while start >= 0:
        yield start, form
        start = data.find(form, start + len(form))


def _machine_words(data: bytes) -> memoryview:
    return memoryview(data[: len(data) // WORD * WORD]).cast("I")
