"""A request as its parts in their order, each beside what it was meant to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.request.edit import Place, literal
from airisk_tui.oauth.request.planned import Inserted, PlannedField, PlannedRequest, Value, Values, shown_value

MANY = 400
"""Rows that are shown: a form of more fields is edited by its file (`--body raw:FILE`)."""


class Part(Struct, frozen=True):
    """One part of a request. number: which of those with the same name it is; value: None where it is left out; meant: what it was
    meant to be, None where nothing of the name was meant."""

    place: Place
    name: str
    number: int
    value: Value | None
    meant: Value | None

    @property
    def key(self) -> str:
        """By which its row is known again."""
        return f"{self.place} {self.number} {self.name}"

    @property
    def changed(self) -> bool:
        """Whether it differs from what was meant."""
        return self.value != self.meant


def parts(meant: PlannedRequest, plan: PlannedRequest) -> tuple[Part, ...]:
    """The parts of a request as it stands, and those that were meant and are left out."""
    found = [_one("method", (plan.method,), (meant.method,))]
    found.append(_one("url", plan.url, meant.url))
    found += _fields("param", plan.params, meant.params)
    found += _fields("header", plan.headers, meant.headers)
    if plan.raw is not None:
        found.append(_one("body", plan.raw, None))
    else:
        found += _fields("body", plan.fields, meant.fields)
    if plan.fields or meant.fields:
        found.append(_one("encoding", (plan.encoding,), (meant.encoding,)))
    return tuple(found[:MANY])


def _one(place: Place, value: Value, meant: Value | None) -> Part:
    return Part(place, "", 0, value, meant)


def _fields(place: Place, now: tuple[PlannedField, ...], meant: tuple[PlannedField, ...]) -> Iterator[Part]:
    def key(name: str) -> str:
        return name.lower() if place == "header" else name

    def numbered(fields: tuple[PlannedField, ...]) -> Iterator[tuple[tuple[str, int], PlannedField]]:
        seen: Counter[str] = Counter()
        for field in fields:
            yield (key(field[0]), seen[key(field[0])]), field
            seen[key(field[0])] += 1

    before = dict(numbered(meant))
    here = dict(numbered(now))
    for (name, number), field in here.items():
        yield Part(place, field[0], number, field[1], before[name, number][1] if (name, number) in before else None)
    for (name, number), field in before.items():
        if (name, number) not in here:
            yield Part(place, field[0], number, None, field[1])


def typed_value(value: Value, values: Values) -> str | None:
    """A value as a person types it, its secrets as placeholders; None where one of them has no placeholder."""
    names = {piece: name for name, piece in values.items() if not isinstance(piece, str)}
    texts: list[str] = []
    for piece in value:
        if isinstance(piece, str | Inserted):
            text = literal(piece if isinstance(piece, str) else piece.text)
        elif piece in names:
            text = f"{{{names[piece]}}}"
        else:
            text = shown_value((piece,))
        if REFERENCE.search(text):
            return None
        texts.append(text)
    return "".join(texts)
