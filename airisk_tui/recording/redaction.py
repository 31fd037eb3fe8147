"""Sealing: every secret in what was sent and received becomes a placeholder before it enters the log (threats.md F1).

A `Sealer` learns secrets in three ways: it is told (the client secret), it finds them by their place (a field, header or
cookie whose name says so), or by their look (a JWT). What it has learned it replaces wherever it comes again, in any of
the common encodings. Its memory is the only place where raw values live; it is never written anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import unquote, unquote_plus

from airisk_tui.oauth.characters import characters_of
from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.http import Body, Connection, Exchange, FailedExchange, Headers, HttpRequest, HttpResponse
from airisk_tui.oauth.jwt import json_text, jwt_oddities, read_jwt
from airisk_tui.oauth.secret import PLACEHOLDER, Secret, SecretView, Shape
from airisk_tui.recording.echoes import Echoes
from airisk_tui.recording.names import SENSITIVE, says_secret

MIN_ECHO = 6
"""Characters. A shorter secret is sealed in its place, but not looked for elsewhere: it would blot out ordinary words."""

_SECRET_MEMBER = re.compile(
    rb'("(?:' + SENSITIVE.encode() + rb')"\s*:\s*")((?:[^"\\]|\\.)*)(")',
    re.IGNORECASE,
)
_MEMBER = rb'(%s\s*:\s*")((?:[^"\\]|\\.)*)(")'
_BARE_BODY = re.compile(rb'(\s*"?)([A-Za-z0-9._~+/=-]{20,})("?\s*)')
_RANDOM_CODE_MEMBER = re.compile(rb'("code"\s*:\s*")((?=[^"\\]{0,200}\d)[\w.~+/=-]{12,})(")', re.IGNORECASE)
_HIDDEN_FIELD = re.compile(rb'(<input\b[^>]{0,300}?\bvalue\s*=\s*["\'])([^"\'>]{8,})(["\'])', re.IGNORECASE)
_JWT = re.compile(rb"ey[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2,4}")
_USERINFO = re.compile(r"(://[^/?#@\s:]*:)([^/?#@\s]+)(@)")
_PAIR = re.compile(r"([^?&#;=\s]+)=([^&#;\s]*)")
_COOKIE_HEADERS = {"cookie", "set-cookie"}
_CREDENTIAL_HEADERS = {"authorization", "proxy-authorization", "x-api-key", "x-auth-token"}


def _oddity(value: str) -> str:
    """What a value holds that seldom belongs there (`SecretView.oddity`)."""
    if " " in value.strip():
        return "space"
    return "escape" if _ESCAPE.search(value) else ""


_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


class Sealer:
    """Seals under one key; see the module. `key` is the recordings folder's, so fingerprints agree within a folder."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._secrets: dict[str, Secret] = {}
        self._views: dict[str, SecretView] = {}
        self._by_value: dict[str, SecretView] = {}
        self._learned = Echoes()
        self._looked_for: set[str] = set()
        self._own_names: set[str] = set()
        self._bare_body = False

    def learn(self, value: str, *, echo: bool = True) -> SecretView:
        """Take a value for a secret from now on, and give its view. echo: whether it is looked for elsewhere, too."""
        if value in self._by_value:
            view = self._by_value[value]
            self._look_for(value, view, echo)
            return view
        digest = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]
        jwt = read_jwt(value)
        odd = tuple((part, self.text(what)) for part, what in jwt_oddities(value))
        view = SecretView(digest, len(value), oddity=_oddity(value), characters=characters_of(value), departures=odd)
        if jwt is not None:
            claims = None if jwt.claims is None else self.text(json_text(jwt.claims))
            shape: Shape = "jwe" if jwt.kind == "jwe" else "jwt"
            view = replace(view, shape=shape, header=json_text(jwt.header), payload=claims)
        self._views[digest] = self._by_value[value] = view
        self._secrets[digest] = Secret(value)
        self._look_for(value, view, echo)
        if jwt is not None:
            self.learn(value.rpartition(".")[2])  # a signature makes a token of header and claims, which are in the log
        return view

    def _look_for(self, value: str, view: SecretView, echo: bool) -> None:
        if echo and len(value) >= MIN_ECHO and value not in self._looked_for:
            self._looked_for.add(value)
            self._learned.learn(value, view.placeholder.encode())

    def expect(self, code: str, token: str) -> None:
        """Take what comes under these names for secret, too: a deployment's own names for the code and the token."""
        self._bare_body = self._bare_body or token == WHOLE_BODY
        names = {code, token.rpartition(".")[2]} - {""}
        self._own_names |= {name for name in names if not says_secret(name)}

    def _secret_name(self, name: str) -> bool:
        return name in self._own_names or says_secret(name)

    def reveal(self, view: SecretView) -> Secret | None:
        """The raw secret, where this process knows it."""
        return self._secrets.get(view.fingerprint)

    def unseal(self, text: str, encode: Callable[[str], str] = str) -> str:
        """The text with every placeholder that this process can resolve replaced by its raw value, `encode`d for its place."""

        def raw(found: re.Match[str]) -> str:
            secret = self._secrets.get(found[1])
            return encode(secret.reveal()) if secret else found[0]

        return PLACEHOLDER.sub(raw, text)

    def raw_secrets(self, views: Iterable[SecretView]) -> dict[str, str]:
        """Fingerprint to raw value, for a recording that a person asked to hold them."""
        return {v.fingerprint: s.reveal() for v in views if (s := self._secrets.get(v.fingerprint))}

    def field(self, name: str, value: str) -> str:
        """A named value: sealed as a whole when its name says that it is secret."""
        return self._place(value) if self._secret_name(name) else self.text(value)

    def text(self, text: str) -> str:
        """A text with everything sealed that has been learned or looks like a JWT."""
        return self._echoes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def url(self, url: str) -> str:
        """A URL or request target: secrets by parameter name, in query and fragment, and credentials before the host."""
        return self.text(self._url(url))

    def headers(self, headers: Headers) -> Headers:
        """Headers: credentials, cookies, URLs with secrets in them; then, in all of them, what has been learned."""
        placed = tuple((name, self._header(name.lower(), value)) for name, value in headers)
        return self._echoless(placed)

    def body(self, body: Body, content_type: str = "") -> Body:
        """A body: form fields, JSON members and hidden HTML fields by name, everything learned in any encoding.

        A body in a content encoding that was not undone is not kept: what cannot be read cannot be sealed.
        """
        if body.cut == "encoding":
            return replace(body, data=b"")
        if not body.data:
            return body

        def sealed(data: bytes) -> bytes:
            return self._plain_body(data, content_type.lower())

        return replace(body, data=in_utf_8(body.data, sealed, self._echoes))

    def request(self, request: HttpRequest) -> HttpRequest:
        """A request as it may enter the log."""
        body = self.body(request.body, _content_type(request.headers))
        return replace(request, url=self.url(request.url), headers=self.headers(request.headers), body=body)

    def response(self, response: HttpResponse) -> HttpResponse:
        """A response as it may enter the log. The headers twice: a cookie may be repeated in an earlier header, or in the body."""
        headers = self.headers(response.headers)
        body = self.body(response.body, _content_type(response.headers))
        headers = self._echoless(headers)
        return replace(response, headers=headers, body=body, reason=self.text(response.reason))

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange as it may enter the log. The response is sealed first, so that its secrets are known."""
        response = self.response(exchange.response)
        return replace(
            exchange,
            request=self.request(exchange.request),
            response=response,
            connection=self._connection(exchange.connection),
        )

    def failed(self, failed: FailedExchange) -> FailedExchange:
        """A failed exchange as it may enter the log."""
        fault = replace(failed.fault, message=self.url(failed.fault.message), detail=self.url(failed.fault.detail))
        connection = self._connection(failed.connection)
        return replace(failed, request=self.request(failed.request), fault=fault, connection=connection)

    def views_in(self, *sealed: HttpRequest | Exchange | FailedExchange) -> tuple[SecretView, ...]:
        """The views of the secrets whose placeholders stand in what was sealed, in order of appearance."""
        found: dict[str, SecretView] = {}
        for text in (text for one in sealed for text in _texts(one)):
            for match in PLACEHOLDER.finditer(text):
                if match[1] in self._views:
                    found[match[1]] = self._views[match[1]]
        return tuple(found.values())

    def _place(self, raw: str) -> str:
        if not raw or PLACEHOLDER.fullmatch(raw):
            return raw
        return self.learn(raw).placeholder

    def _pairs(self, text: str, decode: Callable[[str], str]) -> str:
        def sealed(found: re.Match[str]) -> str:
            if self._secret_name(decode(found[1])):
                return f"{found[1]}={self._place(decode(found[2]))}"
            return found[0]

        return _PAIR.sub(sealed, text)

    def _echoless(self, headers: Headers) -> Headers:
        together = "\n".join([value for _, value in headers])
        if self.text(together) == together:
            return headers
        return tuple((name, self.text(value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name in _COOKIE_HEADERS:
            return self._cookies(value, only_first=name == "set-cookie")
        if name in _CREDENTIAL_HEADERS or says_secret(name):
            scheme, space, credentials = value.partition(" ")
            return scheme + space + self._place(credentials.strip()) if space else self._place(value)
        return self._url(value) if "=" in value or "@" in value else value

    def _url(self, url: str) -> str:
        url = _USERINFO.sub(
            lambda m: m[1] + "\\".join(self._place(unquote(one)) for one in m[2].split("\\")) + m[3], url
        )
        head, mark, rest = url.partition("?")
        if not mark:
            head, mark, rest = url.partition("#")
        return head + mark + self._pairs(rest, unquote_plus)

    def _cookies(self, value: str, *, only_first: bool) -> str:
        parts = value.split(";")
        for index, part in enumerate(parts[:1] if only_first else parts):
            name, mark, cookie = part.partition("=")
            if mark and cookie.strip():
                parts[index] = f"{name}={self._place(cookie.strip())}"
        return ";".join(parts)

    def _plain_body(self, data: bytes, content_type: str) -> bytes:
        if "form-urlencoded" in content_type or re.fullmatch(rb"[\w.~%+-]+=[^\s<{]*", data[:4096]):
            return self._echoes(self._pairs(data.decode("latin-1"), unquote_plus).encode("latin-1"))
        if self._bare_body and (bare := _BARE_BODY.fullmatch(data)):
            return bare[1] + self._place(bare[2].decode("ascii")).encode() + bare[3]
        data = _SECRET_MEMBER.sub(self._member, data)
        for name in self._own_names:
            data = re.sub(_MEMBER % re.escape(json.dumps(name).encode()), self._member, data)
        data = _RANDOM_CODE_MEMBER.sub(self._member, data)
        return self._echoes(_HIDDEN_FIELD.sub(self._hidden, data))

    def _member(self, found: re.Match[bytes]) -> bytes:
        try:
            value = json.loads(b'"' + found[2] + b'"', strict=False)
        except ValueError:
            value = found[2].decode("latin-1")
        return found[1] + self._place(value).encode("utf-8", "replace") + found[3]

    def _hidden(self, found: re.Match[bytes]) -> bytes:
        return found[1] + self._place(found[2].decode("utf-8", "replace")).encode() + found[3]

    def _echoes(self, data: bytes) -> bytes:
        return self._learned.replaced(_JWT.sub(self._jwt, data))

    def _jwt(self, found: re.Match[bytes]) -> bytes:
        text = found[0].decode("ascii")
        return self.learn(text).placeholder.encode() if read_jwt(text) else found[0]

    def _connection(self, connection: Connection) -> Connection:
        return replace(connection, proxy=self.url(connection.proxy)) if connection.proxy else connection


def in_utf_8(data: bytes, work: Callable[[bytes], bytes], otherwise: Callable[[bytes], bytes] | None = None) -> bytes:
    """What `work` makes of a body, which is given to it in UTF-8 where it is in UTF-16 or UTF-32; `otherwise` where it is
    neither, though it begins so."""
    wide = b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    charset = json.detect_encoding(data[:4]) if wide else None
    if charset is None:
        return work(data)
    try:
        return work(data.decode(charset).encode()).decode().encode(charset)
    except UnicodeError:
        return (otherwise or work)(data)


def _content_type(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _texts(sealed: HttpRequest | Exchange | FailedExchange) -> Iterable[str]:
    request = sealed if isinstance(sealed, HttpRequest) else sealed.request
    yield request.url
    yield from (value for _, value in request.headers)
    yield request.body.data.decode("latin-1").replace("\0", "")
    if isinstance(sealed, Exchange):
        yield from (value for _, value in sealed.response.headers)
        yield sealed.response.body.data.decode("latin-1").replace("\0", "")
    if isinstance(sealed, FailedExchange):
        yield sealed.fault.message
        yield sealed.fault.detail
