"""Values whose name means nothing: the unreadable ones are sealed (redaction.md, "What is public")."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpRequest, HttpResponse
from airisk_tui.oauth.params import quoted
from airisk_tui.oauth.reference import OPENING, REFERENCE, outside_references
from airisk_tui.oauth.text.fields import Field, Writing, boundary_of, fields_in, form_fields
from airisk_tui.redaction.parts import Part, Place
from airisk_tui.redaction.places import MAX_LISTED, SECRET_HEADERS
from airisk_tui.redaction.public import WORD, is_identifier, says_secret, spans_to_look_at, unescaped
from airisk_tui.redaction.words import MAX_NUMBER, readable
from airisk_tui.redaction.work import Work

_SENTENCE = pattern(r"\s|://|^/|^[\[{]+\"")
"""White space, an address, a path, or JSON in a text: several values, so each word is judged."""
_RUN = pattern(rf"(?:{WORD.pattern}|[A-Za-z0-9+])++")
_PART = pattern(r"(?![vV]?[0-9]*$)(?![A-Z]?[a-z]*$)(?![A-Z]*$)[A-Za-z0-9+_~-]*")
"""A possible part of a token: small letters, capitals and digits, mixed."""
_JOINTS = "/."
_ADDRESS = pattern(r"[?#@\ufdd0]")
_REFERENCES = pattern(r"(?:&#x?[0-9A-Fa-f]{1,6};){6,}+")
_QUERY = pattern(r"[?&#;]")


def _in_json(text: str) -> str:
    """The text escaped for a JSON string; references are kept."""
    return outside_references(text, lambda part: json.dumps(part)[1:-1])


_WRITTEN: dict[Writing, Callable[[str], str]] = {
    "form": quoted,
    "json": _in_json,
    "number": str,
    "xml": lambda text: outside_references(text, html.escape),
    "plain": str,
}


SHORTEST = 6
"""Characters of the shortest text that is judged, as of the shortest word (`public.WORD`)."""

SHORTEST_ROW = 10
"""Characters from which on a row of possible parts of a token is a token, even if each part could be a name."""

MAX_REMEMBERED = 256
"""Characters of a text whose judgement is cached: headers and members repeat from run to run."""

MAX_ESCAPED = 16 * 1024
"""Characters of a word whose escapes are decoded; a longer one is sealed as it is."""


MAX_LEVELS = 8
"""How often the escapes of a word are decoded, because addresses can be nested. A word that is still escaped then is sealed."""


class UnnamedValues:
    """Seals values whose name means nothing. keep: takes a raw value and returns its reference; typed: the texts that the person
    typed into public fields, one per line, which stay in clear."""

    def __init__(self, keep: Callable[[str], str], typed: str = "", work: Work | None = None) -> None:
        self._keep = keep
        self.typed = typed
        self.work = work or Work()

    def of_message(self, message: HttpRequest | HttpResponse, body: Part) -> UnnamedValues:
        """The same rules for one message. The boundary of a multipart request (RFC 2046 §5.1.1) stays, because the fields are read by
        it. That of an answer does not, because nothing reads it, and a server can write anything there."""
        multipart = isinstance(message, HttpRequest) and "multipart" in body.name.lower()
        boundary = boundary_of(body.text, body.name) if multipart else None
        return UnnamedValues(self._keep, f"{self.typed}\n--{boundary}--", self.work) if boundary else self

    def part(self, place: Place, name: str, text: str, fields: Iterable[Field] | None = None) -> Part:
        """Seal a text of a message. fields: the fields of a body, if they have been read already."""
        if "&#" in text:  # the "&" and "#" of HTML's references would look like those of a query
            whole = _REFERENCES.sub(self._whole, text)
            text, fields = whole, fields if whole == text else None
        if place == "body":
            return Part(place, name, self._by_field(text, fields_in(text, name) if fields is None else fields))
        if place == "url":
            return Part(place, name, self.url(text))
        return Part(place, self.words(name), self._header(name, text))

    def _by_field(self, text: str, fields: Iterable[Field]) -> str:
        """Seal the values, and the text between them word by word. In a large text short values count as text between."""
        parts, done, seen = [], 0, 0  # only sealed values become parts, because a large text has a million fields
        large = len(text) > MAX_LISTED
        for field in self.work.counted(fields) if large else fields:
            if not (large and len(field.value) < SHORTEST):
                between, written = text[seen : field.start], text[field.start : field.end]
                before, sealed = self.words(between), self._field(field, written)
                if before != between:
                    parts += [text[done:seen], before]
                    done = field.start
                if sealed != written:
                    parts += [text[done : field.start], sealed]
                    done = field.end
                seen = field.end
        rest = self.words(text[seen:])
        return "".join([*parts, text[done:seen], rest]) if parts or rest != text[seen:] else text

    def url(self, url: str) -> str:
        """Seal a URL or request target: origin and path word by word, parameters by value."""
        found = _QUERY.search(url)
        if found is None:
            return self.words(url)
        parts = [self.words(url[: found.start()])]
        for part in re.split(r"([?#])", url[found.start() :]):
            parts.append(self._by_field(part, form_fields(part)))
        return "".join(parts)

    def words(self, text: str) -> str:
        """A text in sentences with its unreadable words sealed."""
        if len(text) < SHORTEST:
            return text
        parts, done = [], 0
        for from_, to in self._illegible(text):
            parts += [text[done:from_], self._keep(text[from_:to])]
            done = to
        return "".join([*parts, text[done:]]) if parts else text

    def _illegible(self, text: str) -> Iterator[tuple[int, int]]:
        """The positions of the words that are unreadable and were not typed."""
        if len(text) > MAX_REMEMBERED or not can_be_read(text):
            for start, end in spans_to_look_at(text):
                yield from illegible(text, start, end, self._is_legible)

    def _header(self, name: str, value: str) -> str:
        if is_identifier(name, value) or value in self.typed:
            return value
        return self.url(value) if "=" in value and ("?" in value or "#" in value) else self.words(value)

    def _field(self, field: Field, written: str) -> str:
        value = field.value
        if len(value) < SHORTEST or (OPENING in value and REFERENCE.fullmatch(value)) or value in self.typed:
            return written
        if field.writing == "number":
            return written if sum(map(str.isdigit, value)) <= MAX_NUMBER else re.sub("[0-9]", "9", value)
        if is_identifier(field.name, value):
            return written
        if not _SENTENCE.search(value) and OPENING not in value:
            return written if not any(self._illegible(value)) else self._keep(value)
        sealed = self.url(value) if "://" in value or value.startswith("/") else self.words(value)
        return written if sealed == value else _WRITTEN[field.writing](sealed)

    def _is_legible(self, word: str) -> bool:
        self.work.step()
        return legible(word, self.typed)

    def _whole(self, found: re.Match[str]) -> str:
        """Seal a run of HTML's character references as a whole."""
        return found[0] if self._is_legible(found[0]) else self._keep(found[0])


@lru_cache(maxsize=4096)
def can_be_read(text: str) -> bool:
    """Whether every word of a text is readable, without regard to what the person typed."""
    return not any(any(illegible(text, start, end, legible)) for start, end in spans_to_look_at(text))


def illegible(text: str, start: int, end: int, is_legible: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The positions of the unreadable parts of a text between `start` and `end`.

    The characters of base64 and of forms join their neighbours into one run. "/" and "." also join runs, but occur in addresses and
    names too: so a run that is too short to judge is joined to its neighbours only if it looks like a part of a token, and several
    such runs are one token.
    """
    # A row of joined runs that may be parts of a token, and whether it certainly is one.
    begin: int | None = None
    last, sure = start, False
    for run in _RUN.finditer(text, start, end):
        words = WORD.findall(run[0])
        unread = not all(map(is_legible, words))
        strange = unread or (not words and _PART.fullmatch(run[0]) is not None and not is_legible(run[0]))
        if begin is not None and not (strange and run.start() == last + 1 and text[last] in _JOINTS):
            if sure or last - begin >= SHORTEST_ROW:
                yield begin, last
            begin, sure = None, False
        if strange:
            begin, last, sure = (run.start() if begin is None else begin), run.end(), sure or unread
    if begin is not None and (sure or last - begin >= SHORTEST_ROW):
        yield begin, last


def is_public_header(part: Part) -> bool:
    """Whether a part is a header in which nothing is ever sealed by place or by value."""
    return part.place == "header" and len(part.name) + len(part.text) <= MAX_REMEMBERED and _is_public(*part[1:])


@lru_cache(maxsize=4096)
def _is_public(name: str, value: str) -> bool:
    if name.lower() in SECRET_HEADERS or says_secret(name) or not can_be_read(name) or _ADDRESS.search(value):
        return False
    return is_identifier(name, value) or can_be_read(value)


def legible(word: str, typed: str = "", levels: int = MAX_LEVELS) -> bool:
    """Whether a word is readable or was typed, as it is or with its escapes decoded. levels: how often they are decoded."""
    plain = unescaped(word) if len(word) <= MAX_ESCAPED else word
    if plain == word:
        return readable(word) or word in typed
    return levels > 0 and not any(illegible(plain, 0, len(plain), lambda one: legible(one, typed, levels - 1)))
