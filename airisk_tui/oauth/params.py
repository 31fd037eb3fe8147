"""Query and form parameters that keep their order and their duplicates.

RFC 6749 §3.1 forbids repeated parameters. A debugger has to show them, so nothing here is a dict, which would drop them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote_plus

from msgspec import Struct

from airisk_tui.oauth.reference import outside_references, unmarked

MAX_PARAMS = 32 * 1024
"""As many as fit into the 64 KiB of a form_post at two bytes each, so that no flood of parameters can hide the code."""


class Pair(NamedTuple):
    """An undecoded pair. start, end: the position of its value in the text."""

    name: str
    value: str
    start: int
    end: int


def pairs_in(query: str) -> Iterator[Pair]:
    """The pairs of a query or a form, undecoded. Only "&" separates them (WHATWG URL §5.1): a ";", a space or a tab belongs to the
    value. Reader and redaction both split here, so that they see the same values."""
    start = 0
    for piece in query.split("&", MAX_PARAMS)[:MAX_PARAMS]:
        name, _, value = piece.partition("=")
        if piece:
            yield Pair(name, value, start + len(piece) - len(value), start + len(piece))
        start += len(piece) + 1


def component(text: str) -> str:
    """A decoded name or value. References are kept, and decoding creates none, because decoded text is unmarked."""
    if "%" not in text and "+" not in text:
        return text
    return outside_references(text, lambda part: unmarked(unquote_plus(part, errors="replace")))


def quoted(text: str) -> str:
    """A name or a value with every reserved character percent-encoded; references are kept."""
    return outside_references(text, lambda part: quote(part, safe="", errors="replace"))


class Params(Struct, frozen=True):
    """An ordered multimap of decoded names and values."""

    items: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str | None]]) -> Params:
        """The pairs whose value is not None, in their order."""
        return cls(tuple((name, value) for name, value in pairs if value is not None))

    @classmethod
    def parse(cls, query: str) -> Params:
        """Read `application/x-www-form-urlencoded` text, at most MAX_PARAMS pairs. Total: undecodable bytes become U+FFFD."""
        return cls(tuple([(component(one.name), component(one.value)) for one in pairs_in(query)]))

    def encode(self) -> str:
        """The pairs as `name=value&…`, every reserved character percent-encoded (RFC 6749 appendix B).

        A space becomes %20 and not "+": both are legal in a form, but some servers read "+" in a query as a plus sign.
        """
        return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in self.items)

    def get(self, name: str) -> str | None:
        """The first value of that name, or None."""
        return next((value for key, value in self.items if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name, in order."""
        return tuple(value for key, value in self.items if key == name)

    def duplicates(self) -> tuple[str, ...]:
        """The names that occur more than once, in the order of their first occurrence."""
        return tuple(name for name, times in Counter(name for name, _ in self.items).items() if times > 1)

    def only(self, name: str) -> Params:
        """The pairs of that name."""
        return Params(tuple(pair for pair in self.items if pair[0] == name))

    def without(self, *names: str) -> Params:
        """The pairs of other names."""
        return Params(tuple(pair for pair in self.items if pair[0] not in names))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __add__(self, other: Params) -> Params:
        return Params(self.items + other.items)
