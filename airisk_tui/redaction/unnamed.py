"""Values that no name speaks for: those that cannot be read are sealed, whatever they are (redaction.md, "What is public")."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable

from airisk_tui.later import pattern
from airisk_tui.oauth.fields import Field, Writing, fields_in, form_fields
from airisk_tui.oauth.http import Headers
from airisk_tui.oauth.params import quoted
from airisk_tui.oauth.reference import OPENING, REFERENCE, outside_references
from airisk_tui.redaction.public import MAX_NUMBER, WORD, is_identifier, readable, spans_to_look_at, unescaped

_SENTENCE = pattern(r"\s|://|^/")
_RUN = pattern(rf"(?:{WORD.pattern}|[A-Za-z0-9+])++")
_QUERY = pattern(r"[?&#;]")


def _in_json(text: str) -> str:
    """As it stands between the quotes of a JSON string, references as they are."""
    return outside_references(text, lambda part: json.dumps(part)[1:-1])


_WRITTEN: dict[Writing, Callable[[str], str]] = {
    "form": quoted,
    "json": _in_json,
    "number": str,
    "xml": lambda text: outside_references(text, html.escape),
    "plain": str,
}


MAX_ESCAPED = 16 * 1024
"""Characters of a word whose escapes are undone: a longer one is sealed as it is."""


class UnnamedValues:
    """keep: takes a raw value and gives the reference that takes its place; typed: what the person typed into public fields,
    one text a line, which stays in clear wherever it comes again."""

    def __init__(self, keep: Callable[[str], str], typed: str = "") -> None:
        self._keep = keep
        self.typed = typed

    def also(self, public: str) -> UnnamedValues:
        """The same, for a message in which this text is public, too."""
        return UnnamedValues(self._keep, f"{self.typed}\n{public}")

    def body(self, text: str, content_type: str) -> str:
        """A body: values by value, and what stands between them word by word."""
        return self._by_field(text, fields_in(text, content_type, names=True))

    def _by_field(self, text: str, fields: Iterable[Field]) -> str:
        parts, done = [], 0
        for field in fields:
            if field.start >= done:
                parts += [self.words(text[done : field.start]), self._field(field, text[field.start : field.end])]
                done = field.end
        return "".join([*parts, self.words(text[done:])])

    def url(self, url: str) -> str:
        """A URL or request target: origin and path word by word, parameters by value."""
        found = _QUERY.search(url)
        if found is None:
            return self.words(url)
        parts = [self.words(url[: found.start()])]
        for part in re.split(r"([?#])", url[found.start() :]):
            parts.append(self._by_field(part, form_fields(part)))
        return "".join(parts)

    def headers(self, headers: Headers) -> Headers:
        """The values of headers."""
        return tuple([(name, self._header(name, value)) for name, value in headers])

    def words(self, text: str) -> str:
        """A text in sentences, without the words that cannot be read."""
        if len(text) < 6:
            return text
        parts, done = [], 0
        for start, end in spans_to_look_at(text):
            parts += [text[done:start], _RUN.sub(self._run, text[start:end])]
            done = end
        return "".join([*parts, text[done:]])

    def clean(self, text: str) -> bool:
        """Whether nothing in a text would be sealed."""
        return self.words(text) == text

    def _header(self, name: str, value: str) -> str:
        if is_identifier(name, value) or value in self.typed:
            return value
        return self.url(value) if "=" in value and ("?" in value or "#" in value) else self.words(value)

    def _field(self, field: Field, written: str) -> str:
        value = field.value
        if len(value) < 6 or (OPENING in value and REFERENCE.fullmatch(value)) or value in self.typed:
            return written
        if field.writing == "number":
            return written if sum(map(str.isdigit, value)) <= MAX_NUMBER else re.sub("[0-9]", "9", value)
        if is_identifier(field.name, value):
            return written
        if not _SENTENCE.search(value) and OPENING not in value:
            return written if self.words(value) == value else self._keep(value)
        sealed = self.url(value) if "://" in value or value.startswith("/") else self.words(value)
        return written if sealed == value else _WRITTEN[field.writing](sealed)

    def _run(self, found: re.Match[str]) -> str:
        """Words that only the signs of base64 and of forms join are sealed together."""
        return found[0] if all(map(self._legible, WORD.findall(found[0]))) else self._keep(found[0])

    def _legible(self, word: str) -> bool:
        if len(word) > MAX_ESCAPED:
            return word in self.typed
        plain = unescaped(word)
        if plain != word:
            return all(map(self._legible, WORD.findall(plain)))
        return readable(word) or word in self.typed
