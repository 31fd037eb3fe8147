"""The parts of a request in their order, each beside its value without the edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.request.edit import Place, literal
from airisk_tui.oauth.request.planned import Inserted, PlannedField, PlannedRequest, Value, Values, shown_value

MANY = 400
"""Parts that are shown; a form with more fields can be edited as a file (`--body raw:FILE`)."""


class Part(Struct, frozen=True):
    """One part of a request. number: its index among those with the same name; value: None if it is left out; meant: its value without
    the edits, None if it would not be there."""

    place: Place
    name: str
    number: int
    value: Value | None
    meant: Value | None

    @property
    def key(self) -> str:
        """The key of its row."""
        return f"{self.place} {self.number} {self.name}"

    @property
    def changed(self) -> bool:
        """Whether the edits change it."""
        return self.value != self.meant


def parts(meant: PlannedRequest, plan: PlannedRequest) -> tuple[Part, ...]:
    """The parts of a request with the edits (`plan`), and those of the request without them (`meant`) that are left out."""
    found = [Part("method", "", 0, (plan.method,), (meant.method,)), Part("url", "", 0, plan.url, meant.url)]
    found += _fields("param", plan.params, meant.params)
    found += _fields("header", plan.headers, meant.headers)
    if plan.raw is not None:
        found.append(Part("body", "", 0, plan.raw, None))
    else:
        found += _fields("body", plan.fields, meant.fields)
    if plan.fields or meant.fields:
        found.append(Part("encoding", "", 0, (plan.encoding,), (meant.encoding,)))
    return tuple(found[:MANY])


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
    """A value as a person would type it, with placeholders for its secrets; None if a secret has no placeholder."""
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
