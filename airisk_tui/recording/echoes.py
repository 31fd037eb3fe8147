"""Finding learned secrets again, in whatever form they come back (threats.md F1), however many have been learned.

A session learns some seventy forms with each run, and each of them would be looked for in each text of each exchange. So a
text is read in words of four bytes, and compared with the words that the forms would show, wherever between two words they
begin; only the forms that have shown one are looked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from threading import Lock

from airisk_tui.recording.encodings import may_hold_rare

WORD = 4
"""Bytes of a machine word, so that a text is read without a loop in Python."""

WHOLE = 2 * WORD - 1
"""Bytes of a form from which on it shows a whole word wherever it stands."""

PIECE = 1 << 18
"""Bytes that are looked through at once, so that other threads get their turn in between (S4)."""

MANY = 50
"""Forms from which on it is asked whether there is a better way than to look for one after the other."""

COMPARISON = 200
"""Bytes that are searched in the time that one form is compared at one place."""

MAX_LATER = 1000
"""Secrets whose rare forms are still to be made: all of them at once take some 50 ms (S4)."""


class Echoes:
    """The forms of the secrets learned so far, with what takes their place."""

    def __init__(self) -> None:
        self._instead: dict[bytes, bytes] = {}
        self._short: list[bytes] = []
        self._showing: defaultdict[int, list[tuple[bytes, int]]] = defaultdict(list)
        self._later: deque[tuple[Callable[[], Iterable[bytes]], bytes]] = deque()
        self._making = Lock()

    def learn(
        self, forms: Iterable[bytes], replacement: bytes, rare: Callable[[], Iterable[bytes]] | None = None
    ) -> None:
        """Look for a secret from now on. forms: those that it may come in, none empty; where two secrets have one in common, it
        is the first one's. rare: makes the others, when a text is seen that may hold one."""
        new = [form for form in forms if form not in self._instead]
        self._instead.update(dict.fromkeys(new, replacement))
        self._short += [form for form in new if len(form) < WHOLE]
        places = [(form, at) for form in new if len(form) >= WHOLE for at in range(WORD)]
        words = _words(b"".join([form[at : at + WORD] for form, at in places]))
        for word, place in zip(words, places, strict=True):
            self._showing[word].append(place)
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
        found = sorted(self._found(data), key=lambda place: (-len(place[1]), place[1], place[0]))
        if not found:
            return data
        taken, kept = bytearray(len(data)), []
        for start, form in found:
            end = start + len(form)
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * len(form)
                kept.append((start, end, self._instead[form]))
        parts, done = [], 0
        for start, end, replacement in sorted(kept):
            parts += [data[done:start], replacement]
            done = end
        return b"".join([*parts, data[done:]])

    def _found(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Where each form stands: by looking for it in all of the text, or at the words that show it, whichever is less."""
        for form in list(self._short):
            yield from _places_of(form, data)
        words = set().union(*(self._showing.keys() & _words(piece) for piece in _pieces(data)))
        if not words:
            return
        forms = {form for word in words for form, _ in self._showing[word]}
        seen = Counter(word for word in _words(data) if word in words) if len(forms) > MANY else None
        if seen is None or len(forms) * len(data) < COMPARISON * sum(
            count * len(self._showing[word]) for word, count in seen.items()
        ):
            for form in forms:
                yield from _places_of(form, data)
            return
        for number, word in enumerate(_words(data)):
            for form, at in self._showing[word] if word in words else ():
                start = number * WORD - at
                if start >= 0 and data.startswith(form, start):
                    yield start, form


def _places_of(form: bytes, data: bytes) -> Iterator[tuple[int, bytes]]:
    start = data.find(form)
    while start >= 0:
        yield start, form
        start = data.find(form, start + len(form))


def _words(data: bytes) -> memoryview:
    return memoryview(data[: len(data) // WORD * WORD]).cast("I")


def _pieces(data: bytes) -> list[bytes]:
    return [data] if len(data) <= PIECE else [data[start : start + PIECE] for start in range(0, len(data), PIECE)]
