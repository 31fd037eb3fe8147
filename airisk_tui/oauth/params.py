"""Query and form parameters that keep their order and their duplicates.

RFC 6749 §3.1 forbids repeated parameters. A debugger has to show them, so nothing here drops them, as a dict would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

MAX_PARAMS = 1_000
"""Pairs that are read, as many as Django's DATA_UPLOAD_MAX_NUMBER_FIELDS; no honest redirect carries more."""


@dataclass(frozen=True, slots=True)
class Params:
    """An ordered multimap of decoded names and values."""

    items: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str | None]]) -> Params:
        """The pairs whose value is not None, in their order."""
        return cls(tuple((name, value) for name, value in pairs if value is not None))

    @classmethod
    def parse(cls, query: str) -> Params:
        """Read `application/x-www-form-urlencoded` text, at most MAX_PARAMS pairs. Total: undecodable bytes become U+FFFD."""
        if query.count("&") >= MAX_PARAMS:
            query = "&".join(query.split("&", MAX_PARAMS)[:MAX_PARAMS])
        return cls(tuple(parse_qsl(query, keep_blank_values=True, errors="replace")))

    def encode(self) -> str:
        """As `name=value&…`, every reserved character percent-encoded (RFC 6749 appendix B).

        A space is %20 and not "+": both are legal in a form, but some servers read "+" in a query as itself.
        """
        return "&".join(
            f"{quote(n, safe='', errors='replace')}={quote(v, safe='', errors='replace')}" for n, v in self.items
        )

    def get(self, name: str) -> str | None:
        """The first value of that name, or None."""
        return next((value for key, value in self.items if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name, in order."""
        return tuple(value for key, value in self.items if key == name)

    def duplicates(self) -> tuple[str, ...]:
        """The names that come more than once, in the order of their first appearance."""
        return tuple(name for name, times in Counter(name for name, _ in self.items).items() if times > 1)

    def without(self, *names: str) -> Params:
        """The pairs of other names."""
        return Params(tuple(pair for pair in self.items if pair[0] not in names))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __add__(self, other: Params) -> Params:
        return Params(self.items + other.items)
