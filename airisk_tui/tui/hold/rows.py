"""A held request as rows that can be edited: each part of it in its order, what was meant, and the edits that a change makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from airisk_tui.flow.requests import HeldRequest
from airisk_tui.later import dataclass
from airisk_tui.oauth.edit import ALL, Edit, Place
from airisk_tui.oauth.planned import Inserted, PlannedField, PlannedRequest, Value, Values, shown_value
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import secrets_named

LEFT_OUT = "left out"

MANY = 400
"""Rows that are shown: a form of more fields is edited by its file (`--body raw:FILE`)."""


@dataclass(frozen=True, slots=True)
class Part:
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


def parts(held: HeldRequest, plan: PlannedRequest) -> tuple[Part, ...]:
    """The parts of a request as it stands, and those that were meant and are left out."""
    meant = held.meant
    found = [] if held.step == "redirect" else [_one("method", (plan.method,), (meant.method,))]
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
        text = piece.text if isinstance(piece, Inserted) else piece if isinstance(piece, str) else None
        if text is None and piece in names:
            text = f"{{{names[piece]}}}"
        if text is None:
            text = shown_value((piece,))
        if REFERENCE.search(text):
            return None
        texts.append(text)
    return "".join(texts)


def shown_part(value: Value | None, names: Mapping[str, str]) -> str:
    """A value as a row shows it, its secrets as chips. names: by fingerprint."""
    return LEFT_OUT if value is None else secrets_named(shown_value(value), names)


def change(held: HeldRequest, all_parts: tuple[Part, ...], part: Part, text: str) -> tuple[Edit, ...]:
    """The edits that give a part another value. One of several with its name is changed by sending all of them anew."""
    own = Edit(held.step, part.place, part.name, "set", text)
    others = _others(all_parts, part)
    if not others:
        return (own,)
    return _anew(held, part, [(each, text if each is part else None) for each in _same(all_parts, part)])


def left_out(held: HeldRequest, all_parts: tuple[Part, ...], part: Part) -> tuple[Edit, ...]:
    """The edits that leave a part out."""
    if not _others(all_parts, part):
        return (Edit(held.step, part.place, part.name, "omit"),)
    return _anew(held, part, [(each, None) for each in _same(all_parts, part) if each is not part])


def doubled(held: HeldRequest, part: Part) -> tuple[Edit, ...]:
    """The edits that send a part once more; () where a secret in it has no placeholder."""
    text = None if part.value is None else typed_value(part.value, held.values)
    return () if text is None else (Edit(held.step, part.place, part.name, "add", text),)


def _same(all_parts: tuple[Part, ...], part: Part) -> list[Part]:
    return [
        each
        for each in all_parts
        if each.place == part.place and each.name.lower() == part.name.lower() and each.value is not None
    ]


def _others(all_parts: tuple[Part, ...], part: Part) -> list[Part]:
    return [each for each in _same(all_parts, part) if each is not part] if part.name else []


def _anew(held: HeldRequest, part: Part, kept: list[tuple[Part, str | None]]) -> tuple[Edit, ...]:
    """Drop all of a name and send these, in their order. A text of None: the part's own value."""
    edits = [Edit(held.step, part.place, part.name, "omit")]
    for each, text in kept:
        value = text if text is not None else typed_value(each.value or ("",), held.values)
        edits.append(Edit(held.step, each.place, each.name, "add", value or ""))
    return tuple(edits)


def everything_left_out(held: HeldRequest, place: Place) -> tuple[Edit, ...]:
    """The edits that empty a place."""
    return (Edit(held.step, place, ALL, "omit"),)
