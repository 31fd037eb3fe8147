"""Checking messages: values that are in clear and should be sealed, and the rule by which each reference was made (threats.md F10)."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct, field

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpRequest, HttpResponse
from airisk_tui.oauth.reference import CLOSING, OPENING, REFERENCE
from airisk_tui.oauth.text.fields import fields_in, form_fields
from airisk_tui.redaction.parts import Part, parts_of
from airisk_tui.redaction.places import Places
from airisk_tui.redaction.unnamed import UnnamedValues

STAND_IN = f"{OPENING}{'0' * 16}.1.opaque{CLOSING}"
"""The replacement of a value that was found, so that it is not found twice."""

IN_TEXTS, WHOLE = "words in texts", "whole bodies"

_WRITTEN_PLAINLY = pattern(r"~sealed\.([0-9a-f]{16})\.([0-9]{1,9})\.(opaque|jwt|jwe)~")


class Leftover(Struct, frozen=True):
    """A value that would be sealed today. place: such as "token-request, response body"; length: in characters. The value itself is
    not kept."""

    place: str
    length: int


class Check(Struct):
    """The result of checking messages. leftovers: in order; sealed: the number of references by the name or the rule that sealed
    them."""

    leftovers: list[Leftover] = field(default_factory=list)
    sealed: Counter[str] = field(default_factory=Counter)

    def look(self, name: str, message: HttpRequest | HttpResponse, typed: str = "") -> None:
        """Check one message. typed: the texts that the person typed into public fields, one per line."""
        parts = [_read_back(part) for part in parts_of(message, message.body)]
        for part in parts:
            self.sealed.update(_rules(part))
            left = _left_in(message, parts[-1], part, typed)
            place = f"{name}, {part.name if part.place == 'header' else part.place}"
            self.leftovers += [Leftover(place, len(value)) for value in left]

    def count(self, message: HttpRequest | HttpResponse) -> None:
        """Count the references in one message without searching for leftovers, which is slow for a large message."""
        for part in map(_read_back, parts_of(message, message.body)):
            self.sealed.update(_rules(part))

    @property
    def summary(self) -> str:
        """A sentence such as "14 values are sealed: 3 code, 2 access_token, 9 words in texts"."""
        count = sum(self.sealed.values())
        if not count:
            return "Nothing in it is sealed."
        rules = ", ".join(f"{many} {rule}" for rule, many in self.sealed.most_common())
        return f"{count} {'value is' if count == 1 else 'values are'} sealed: {rules}."


def _left_in(message: HttpRequest | HttpResponse, body: Part, part: Part, typed: str) -> list[str]:
    """The values that would be sealed."""
    found: list[str] = []

    def keep(value: str) -> str:
        found.append(value)
        return STAND_IN

    text, fields = Places(keep).part(part)
    UnnamedValues(keep, typed).of_message(message, body).part(part.place, part.name, text, fields)
    return found


def _read_back(part: Part) -> Part:
    """The part with references in the form for other programs turned back into references."""
    return part._replace(text=_WRITTEN_PLAINLY.sub(rf"{OPENING}\1.\2.\3{CLOSING}", part.text))


def _rules(part: Part) -> Counter[str]:
    """The number of references in a part by the rule that sealed them: the name of a field or header, or IN_TEXTS for an unreadable
    word."""
    count = len(REFERENCE.findall(part.text))
    if not count:
        return Counter()
    if part.place == "header":
        return Counter({part.name: count})
    if part.place == "body" and (begin := part.text.find(OPENING)) <= 2 and REFERENCE.fullmatch(part.text, begin):
        return Counter({WHOLE: 1})
    fields = fields_in(part.text, part.name) if part.place == "body" else form_fields(part.text.partition("?")[2])
    found = Counter(one.name for one in fields if one.name and REFERENCE.fullmatch(one.value))
    found[IN_TEXTS] = count - sum(found.values())
    return +found
