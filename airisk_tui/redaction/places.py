"""Secrets by their place: in a field, header, cookie or member whose name means a secret, before the host of a URL, or in a hidden
field (threats.md F1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.params import quoted
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.characters import is_sentence
from airisk_tui.oauth.text.fields import Field, fields_in, form_fields, json_string, kind_of, xml_fields
from airisk_tui.redaction.parts import Part
from airisk_tui.redaction.public import SENSITIVE, member_says_secret, says_secret
from airisk_tui.redaction.work import Work

_MEMBER_IN_TEXT = pattern(rf'("(?:{SENSITIVE})"\s*:\s*")([^"\\]*+(?:\\.[^"\\]*+)*+)(?=")', re.IGNORECASE | re.DOTALL)
_HIDDEN_FIELD = pattern(r'(<input\b[^>]{0,300}?\bvalue\s*=\s*["\'])([^"\'>]{8,})(?=["\'])', re.IGNORECASE)
_OF_A_REFUSAL = pattern(r'(?<![-\w])name\s*=\s*["\'](?:error|error_description|error_uri|iss)["\']', re.IGNORECASE)
"""The field names of a refusal (RFC 6749 §4.1.2.1) on a page of OAuth 2.0 Form Post Response Mode."""
_COMPLAINT = pattern(r"(?:(?:The \w{1,40}|This) )?field (?:is |was )?required\.?|required", re.IGNORECASE)
"""The messages of ASP.NET, Django and FastAPI under the name of a missing field."""

_BARE_BODY = pattern(r'(\s*"?)([A-Za-z0-9._~+/=-]{20,}+)("?\s*)')
_USERINFO = pattern(r"(://[^/?#@\s:]*:)([^/?#@\s]+)(@)")
_JOINT = pattern(r"(?:(?:\\|%5C)u0026|%(?:26|3B|3F|2C|20)|[;,?/+])$", re.IGNORECASE)
_COOKIE_HEADERS = frozenset({"cookie", "set-cookie"})
_CREDENTIAL_HEADERS = frozenset({"authorization", "proxy-authorization", "x-api-key", "x-auth-token"})
SECRET_HEADERS = _COOKIE_HEADERS | _CREDENTIAL_HEADERS

Instead = Callable[[Field], str | None]
"""Returns the replacement of a value, or None if it stays."""

MAX_LISTED = 32 * 1024
"""Characters of a text whose fields are kept between two passes; the fields of a larger text would take more memory than the text."""


class Placed(NamedTuple):
    """A text after the secrets by place are sealed. fields: its remaining fields with their new positions; None if they must be read
    again."""

    text: str
    fields: tuple[Field, ...] | None = None


def replaced(text: str, fields: Iterable[Field], instead: Instead, work: Work) -> Placed:
    """The text with some of its values replaced. Raises TooMuch if that exceeds the allowed work."""
    parts, kept, done, moved = [], [], 0, 0
    listed = len(text) <= MAX_LISTED
    for field in fields if listed else work.counted(fields):
        new = instead(field)
        if new is not None:
            parts += [text[done : field.start], new]
            moved += len(new) - (field.end - field.start)
            done = field.end
        elif listed:
            kept.append(Field(field.name, field.value, field.start + moved, field.end + moved, field.writing))
    sealed = "".join([*parts, text[done:]]) if parts else text
    return Placed(sealed, tuple(kept) if listed else None)


class Places:
    """Seals secrets by their place. keep: takes a raw secret and returns its reference."""

    def __init__(self, keep: Callable[[str], str]) -> None:
        self._keep = keep
        self.work = Work()
        self._own_names: set[str] = set()
        self._state = ""
        self._bare_body = False

    def name_secrets(self, code: str, token: str) -> None:
        """Treat values of these names as secret too: a deployment's own names for the code and the token."""
        self._bare_body = self._bare_body or token == WHOLE_BODY
        names = {code, token.rpartition(".")[2]} - {""}
        self._own_names |= {name for name in names if not says_secret(name)}

    def expect_state(self, state: str) -> None:
        """Learn the state of the run. A server that forgets the “&” before the state makes it part of the code's value, which must
        stay visible for `oauth.redirect.mangling`."""
        self._state = quoted(state).lower()

    def says_secret(self, name: str) -> bool:
        """Whether a field's name means a secret, including the deployment's own names."""
        return name in self._own_names or says_secret(name)

    def value(self, raw: str) -> str:
        """Seal a value as a whole."""
        return self._keep(raw) if raw and not REFERENCE.fullmatch(raw) else raw

    def part(self, part: Part) -> Placed:
        """A text of a message."""
        if part.place == "body":
            return self.body(part.text, part.name)
        return Placed(self.url(part.text) if part.place == "url" else self.header(part.name.lower(), part.text))

    def url(self, url: str) -> str:
        """Seal a URL or request target: parameters in query and fragment by name, and credentials before the host."""
        if "@" in url:
            url = _USERINFO.sub(self._userinfo, url)
        if "=" not in url:
            return url
        before, mark, fragment = url.partition("#")
        head, question, query = before.partition("?")
        return f"{head}{question}{self._pairs(query)}{mark}{self._pairs(fragment.rpartition('?')[2], fragment)}"

    def header(self, name: str, value: str) -> str:
        """Seal the value of a header: credentials, cookies, and secrets in URLs. name: in lower case."""
        if name in _COOKIE_HEADERS:
            return self._cookies(value, only_first=name == "set-cookie")
        if name in _CREDENTIAL_HEADERS or says_secret(name):
            scheme, space, credentials = value.partition(" ")
            return scheme + space + self.value(credentials.strip()) if space else self.value(value)
        return self.url(value) if "?" in value or "#" in value or "@" in value else value

    def body(self, text: str, content_type: str) -> Placed:
        """Seal a body: form fields, JSON members, XML elements, parts and hidden HTML fields by name."""
        if not text:
            return Placed(text, ())
        if self._bare_body and (bare := _BARE_BODY.fullmatch(text)):
            return Placed(bare[1] + self.value(bare[2]) + bare[3])
        kind = kind_of(text, content_type)
        if kind in ("html", "text"):
            text = _MEMBER_IN_TEXT.sub(lambda m: m[1] + self.value(json_string(m[2])), text)
            text = replaced(text, xml_fields(text), self._member, self.work).text
            return Placed(_HIDDEN_FIELD.sub(self._hidden_field, text), ())
        by_name = self._whole_field if kind in ("form", "multipart") else self._member
        return replaced(text, fields_in(text, content_type), by_name, self.work)

    def _hidden_field(self, found: re.Match[str]) -> str:
        """Seal the value of a hidden field whatever its name is, except those that an authorization response has in clear."""
        return found[0] if _OF_A_REFUSAL.search(found[1]) else found[1] + self.value(found[2])

    def _userinfo(self, found: re.Match[str]) -> str:
        return found[1] + "\\".join(self.value(unquote(one)) for one in found[2].split("\\")) + found[3]

    def _pairs(self, text: str, whole: str | None = None) -> str:
        sealed = replaced(text, form_fields(text), lambda field: self._pair(field, text), self.work).text
        return sealed if whole is None else whole[: len(whole) - len(text)] + sealed

    def _pair(self, field: Field, text: str) -> str | None:
        if not field.value or not self.says_secret(field.name):
            return None
        written = text[field.start : field.end]
        end = self._before_the_state(written) if self._state else 0
        if end:
            return self.value(unquote_plus(written[:end])) + written[end:]
        sealed = self.value(field.value)
        return None if sealed == field.value else sealed  # a value in clear keeps its encoding

    def _before_the_state(self, written: str) -> int:
        """The end of the code in a value that also contains the state; 0 if it does not contain the state."""
        at = max(written.lower().find(f"state{sign}{self._state}") for sign in ("=", "%3d"))
        before = written[: max(at, 0)]
        joint = _JOINT.search(before)
        return len(before) if joint is None else joint.start()

    def _whole_field(self, field: Field) -> str | None:
        return self.value(field.value) if field.value and self.says_secret(field.name) else None

    def _member(self, field: Field) -> str | None:
        if not field.value or not (member_says_secret(field.name) or field.name in self._own_names):
            return None
        if field.name.lower().endswith("token") and is_sentence(field.value):
            return None  # the words of a refusal, which are judged word by word
        if _COMPLAINT.fullmatch(field.value):
            return None
        sealed = self.value(field.value)
        return without_digits(field.value) if field.writing == "number" else sealed

    def _cookies(self, value: str, *, only_first: bool) -> str:
        parts = value.split(";")
        for index, part in enumerate(parts):
            name, mark, cookie = part.partition("=")
            if mark and cookie.strip():
                parts[index] = f"{name}={self.value(cookie.strip())}"
                if only_first:
                    break
        return ";".join(parts)


def without_digits(number: str) -> str:
    """A secret number replaced by a number of the same length: a reference would be a string, which would hide that the server sent a
    number."""
    return re.sub("[0-9]", "9", number)
