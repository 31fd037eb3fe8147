"""Secrets by their place: what stands in a field, header, cookie or member whose name says that it is secret, before the host
of a URL, or in a hidden field (threats.md F1). Whoever keeps the secrets says what takes their place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import unquote, unquote_plus

from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.http import Headers
from airisk_tui.oauth.secret import REFERENCE
from airisk_tui.redaction.names import MARKS, SENSITIVE, says_secret

_SECRET_MEMBER = re.compile(
    rb'("(?:' + SENSITIVE.encode() + rb')"\s*:\s*")((?:[^"\\]|\\.)*)(")',
    re.IGNORECASE,
)
_MARKS = tuple(mark.encode() for mark in MARKS)
_MEMBER = rb'(%s\s*:\s*")((?:[^"\\]|\\.)*)(")'
_FORM = re.compile(rb"[\w.~%+-]+=[^\s<{]*")
_BARE_BODY = re.compile(rb'(\s*"?)([A-Za-z0-9._~+/=-]{20,})("?\s*)')
_RANDOM_CODE_MEMBER = re.compile(rb'("code"\s*:\s*")((?=[^"\\]{0,200}\d)[\w.~+/=-]{12,})(")', re.IGNORECASE)
_HIDDEN_FIELD = re.compile(rb'(<input\b[^>]{0,300}?\bvalue\s*=\s*["\'])([^"\'>]{8,})(["\'])', re.IGNORECASE)
_USERINFO = re.compile(r"(://[^/?#@\s:]*:)([^/?#@\s]+)(@)")
_PAIR = re.compile(r"([^?&#;=\s]+)=([^&#;\s]*)")
_COOKIE_HEADERS = {"cookie", "set-cookie"}
_CREDENTIAL_HEADERS = {"authorization", "proxy-authorization", "x-api-key", "x-auth-token"}


class Places:
    """keep: takes a raw secret and gives what takes its place."""

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
        head, mark, rest = url.partition("?")
        if not mark:
            head, mark, rest = url.partition("#")
        return head + mark + self._pairs(rest, unquote_plus)

    def headers(self, headers: Headers) -> Headers:
        """Credentials, cookies, and URLs with secrets in them."""
        return tuple([(name, self._header(name.lower(), value)) for name, value in headers])

    def body(self, data: bytes, content_type: str) -> bytes:
        """A body in UTF-8: form fields, JSON members and hidden HTML fields by name. content_type: in lower case."""
        if "form-urlencoded" in content_type or _FORM.fullmatch(data[:4096]):
            return self._pairs(data.decode("latin-1"), unquote_plus).encode("latin-1")
        if self._bare_body and (bare := _BARE_BODY.fullmatch(data)):
            return bare[1] + self.value(bare[2].decode("ascii")).encode() + bare[3]
        lowered = data.lower()
        if any(mark in lowered for mark in _MARKS):
            data = _RANDOM_CODE_MEMBER.sub(self._member, _SECRET_MEMBER.sub(self._member, data))
        for name in self._own_names:
            data = re.sub(_MEMBER % re.escape(json.dumps(name).encode()), self._member, data)
        return _HIDDEN_FIELD.sub(self._hidden, data) if b"<input" in lowered else data

    def _header(self, name: str, value: str) -> str:
        if name in _COOKIE_HEADERS:
            return self._cookies(value, only_first=name == "set-cookie")
        if name in _CREDENTIAL_HEADERS or says_secret(name):
            scheme, space, credentials = value.partition(" ")
            return scheme + space + self.value(credentials.strip()) if space else self.value(value)
        return self.url(value) if "=" in value or "@" in value else value

    def _pairs(self, text: str, decode: Callable[[str], str]) -> str:
        def sealed(found: re.Match[str]) -> str:
            if self.says_secret(decode(found[1])):
                return f"{found[1]}={self.value(decode(found[2]))}"
            return found[0]

        return _PAIR.sub(sealed, text)

    def _cookies(self, value: str, *, only_first: bool) -> str:
        parts = value.split(";")
        for index, part in enumerate(parts[:1] if only_first else parts):
            name, mark, cookie = part.partition("=")
            if mark and cookie.strip():
                parts[index] = f"{name}={self.value(cookie.strip())}"
        return ";".join(parts)

    def _member(self, found: re.Match[bytes]) -> bytes:
        try:
            value = json.loads(b'"' + found[2] + b'"', strict=False)
        except ValueError:
            value = found[2].decode("latin-1")
        return found[1] + self.value(value).encode("utf-8", "replace") + found[3]

    def _hidden(self, found: re.Match[bytes]) -> bytes:
        return found[1] + self.value(found[2].decode("utf-8", "replace")).encode() + found[3]
