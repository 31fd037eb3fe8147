"""What is left in clear of messages that should be sealed, and by which rule each of their references stands there (threats.md F10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from airisk_tui.later import pattern
from airisk_tui.oauth.fields import fields_in, form_fields
from airisk_tui.oauth.http import HttpRequest, HttpResponse, header
from airisk_tui.oauth.reference import CLOSING, OPENING, REFERENCE
from airisk_tui.oauth.text import decoded
from airisk_tui.redaction.places import Places
from airisk_tui.redaction.unnamed import UnnamedValues

STAND_IN = f"{OPENING}{'0' * 16}.1.opaque{CLOSING}"
"""What takes the place of a value that was found, so that it is not found twice."""

IN_TEXTS, WHOLE = "words in texts", "whole bodies"

_WRITTEN_PLAINLY = pattern(r"~sealed\.([0-9a-f]{16})\.([0-9]{1,9})\.(opaque|jwt|jwe)~")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A value that would be sealed today. place: "token-request, response body"; length: its characters. Never the value."""

    place: str
    length: int


@dataclass(slots=True)
class Check:
    """leftovers: in order; sealed: how many references there are, by the name or the rule by which they were sealed."""

    leftovers: list[Leftover] = field(default_factory=list)
    sealed: Counter[str] = field(default_factory=Counter)

    def look(self, name: str, message: HttpRequest | HttpResponse, typed: str = "") -> None:
        """Look at one message. typed: what the person typed into public fields, one text a line."""
        for part, text, kind in _parts(message):
            self.sealed.update(_rules(part, text, kind))
            left = _Looking(typed).values(part, text, kind)
            self.leftovers += [Leftover(f"{name}, {part}", len(value)) for value in left]

    @property
    def summary(self) -> str:
        """As "14 values are sealed: 3 code, 2 access_token, 9 words in texts"."""
        count = sum(self.sealed.values())
        if not count:
            return "Nothing in it is sealed."
        rules = ", ".join(f"{many} {rule}" for rule, many in self.sealed.most_common())
        return f"{count} {'value is' if count == 1 else 'values are'} sealed: {rules}."


class _Looking:
    def __init__(self, typed: str) -> None:
        self._found: list[str] = []
        self._places = Places(self._keep)
        self._unnamed = UnnamedValues(self._keep, typed)

    def _keep(self, value: str) -> str:
        self._found.append(value)
        return STAND_IN

    def values(self, part: str, text: str, kind: str) -> list[str]:
        if part == "body":
            self._unnamed.body(self._places.body(text, kind), kind)
        elif part == "url":
            self._unnamed.url(self._places.url(text))
        else:
            ((_, value),) = self._places.headers(((part, text),))
            self._unnamed.headers(((part, value),))
        return self._found


def _parts(message: HttpRequest | HttpResponse) -> Iterator[tuple[str, str, str]]:
    """Each part's name, text and content type. References as other programs write them count as references."""
    kind = header(message.headers, "content-type") or ""
    texts = [("url", message.url if isinstance(message, HttpRequest) else message.reason), *message.headers]
    for name, text in (*texts, ("body", decoded(message.body.data))):
        yield name, _WRITTEN_PLAINLY.sub(rf"{OPENING}\1.\2.\3{CLOSING}", text), kind


def _rules(part: str, text: str, kind: str) -> Counter[str]:
    """By which rule each reference of a part was sealed: the name of its field or header, or because it cannot be read."""
    count = len(REFERENCE.findall(text))
    if not count:
        return Counter()
    if part not in ("url", "body"):
        return Counter({part: count})
    if part == "body" and REFERENCE.fullmatch(text[2:]):
        return Counter({WHOLE: 1})
    fields = fields_in(text, kind) if part == "body" else form_fields(text.partition("?")[2])
    found = Counter(one.name for one in fields if one.name and REFERENCE.fullmatch(one.value))
    found[IN_TEXTS] = count - sum(found.values())
    return +found
