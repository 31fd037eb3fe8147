"""Secrets by their place: what stands in a field, header, cookie or member whose name says that it is secret, before the host
of a URL, or in a hidden field (threats.md F1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.fields import Field, fields_in, form_fields, json_string, kind_of, xml_fields
from airisk_tui.oauth.http import Headers
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.redaction.names import SENSITIVE, member_says_secret, says_secret

_MEMBER_IN_TEXT = pattern(rf'("(?:{SENSITIVE})"\s*:\s*")([^"\\]*+(?:\\.[^"\\]*+)*+)(?=")', re.IGNORECASE | re.DOTALL)
_HIDDEN_FIELD = pattern(r'(<input\b[^>]{0,300}?\bvalue\s*=\s*["\'])([^"\'>]{8,})(?=["\'])', re.IGNORECASE)
_BARE_BODY = pattern(r'(\s*"?)([A-Za-z0-9._~+/=-]{20,}+)("?\s*)')
_USERINFO = pattern(r"(://[^/?#@\s:]*:)([^/?#@\s]+)(@)")
_COOKIE_HEADERS = {"cookie", "set-cookie"}
_CREDENTIAL_HEADERS = {"authorization", "proxy-authorization", "x-api-key", "x-auth-token"}

Instead = Callable[[Field], str | None]
"""What takes a value's place, or None where it stays."""


def replaced(text: str, fields: Iterable[Field], instead: Instead) -> str:
    """The text with some of its values replaced where they stand."""
    parts, done = [], 0
    for field in fields:
        new = instead(field)
        if new is not None and field.start >= done:
            parts += [text[done : field.start], new]
            done = field.end
    return "".join([*parts, text[done:]]) if parts else text


class Places:
    """keep: takes a raw secret and gives the reference that takes its place."""

    def __init__(self, keep: Callable[[str], str]) -> None:
        self._keep = keep
        self._own_names: set[str] = set()
        self._bare_body = False

    def expect(self, code: str, token: str) -> None:
        """Take what comes under these names for secret, too: a deployment's own names for the code and the token."""
        self._bare_body = self._bare_body or token == WHOLE_BODY
        names = {code, token.rpartition(".")[2]} - {""}
        self._own_names |= {name for name in names if not says_secret(name)}

    def says_secret(self, name: str) -> bool:
        """Whether a field's name says that its value is secret, the deployment's own names among them."""
        return name in self._own_names or says_secret(name)

    def value(self, raw: str) -> str:
        """A value that is secret as a whole."""
        return self._keep(raw) if raw and not REFERENCE.fullmatch(raw) else raw

    def url(self, url: str) -> str:
        """A URL or request target: by parameter name in query and fragment, and credentials before the host."""
        url = _USERINFO.sub(
            lambda m: m[1] + "\\".join(self.value(unquote(one)) for one in m[2].split("\\")) + m[3], url
        )
        before, mark, fragment = url.partition("#")
        head, question, query = before.partition("?")
        return f"{head}{question}{self._pairs(query)}{mark}{self._pairs(fragment.rpartition('?')[2], fragment)}"

    def headers(self, headers: Headers) -> Headers:
        """Credentials, cookies, and URLs with secrets in them."""
        return tuple([(name, self._header(name.lower(), value)) for name, value in headers])

    def body(self, text: str, content_type: str) -> str:
        """A body: form fields, JSON members, XML elements, parts and hidden HTML fields by name."""
        if self._bare_body and (bare := _BARE_BODY.fullmatch(text)):
            return bare[1] + self.value(bare[2]) + bare[3]
        kind = kind_of(text, content_type)
        if kind in ("html", "text"):
            text = _MEMBER_IN_TEXT.sub(lambda m: m[1] + self.value(json_string(m[2])), text)
            text = replaced(text, xml_fields(text), self._member) if kind == "html" else text
            return _HIDDEN_FIELD.sub(lambda m: m[1] + self.value(m[2]), text) if "<input" in text.lower() else text
        fields = self._whole_field if kind in ("form", "multipart") else self._member
        return replaced(text, fields_in(text, content_type), fields)

    def _header(self, name: str, value: str) -> str:
        if name in _COOKIE_HEADERS:
            return self._cookies(value, only_first=name == "set-cookie")
        if name in _CREDENTIAL_HEADERS or says_secret(name):
            scheme, space, credentials = value.partition(" ")
            return scheme + space + self.value(credentials.strip()) if space else self.value(value)
        return self.url(value) if "=" in value or "@" in value else value

    def _pairs(self, text: str, whole: str | None = None) -> str:
        sealed = replaced(text, form_fields(text), self._whole_field)
        return sealed if whole is None else whole[: len(whole) - len(text)] + sealed

    def _whole_field(self, field: Field) -> str | None:
        return self.value(field.value) if field.value and self.says_secret(field.name) else None

    def _member(self, field: Field) -> str | None:
        if not field.value or not (member_says_secret(field.name) or field.name in self._own_names):
            return None
        sealed = self.value(field.value)
        return without_digits(field.value) if field.writing == "number" else sealed

    def _cookies(self, value: str, *, only_first: bool) -> str:
        parts = value.split(";")
        for index, part in enumerate(parts[:1] if only_first else parts):
            name, mark, cookie = part.partition("=")
            if mark and cookie.strip():
                parts[index] = f"{name}={self.value(cookie.strip())}"
        return ";".join(parts)


def without_digits(number: str) -> str:
    """A secret number as a number of the same length: a reference would be a string, and the reader of the log could not see
    that the server sent none."""
    return re.sub("[0-9]", "9", number)
