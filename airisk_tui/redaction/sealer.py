"""Sealing: every secret in what was sent and received becomes a placeholder before it enters the log (threats.md F1).

A `Sealer` learns secrets in three ways: it is told (the client secret), it finds them by their place (a field, header or
cookie whose name says so), or by their look (a JWT). What it has learned it replaces wherever it comes again, in any of
the common encodings. Its memory is the only place where raw values live; it is never written anywhere.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from airisk_tui.oauth.characters import characters_of
from airisk_tui.oauth.http import Body, Connection, Exchange, FailedExchange, Headers, HttpRequest, HttpResponse
from airisk_tui.oauth.jsontext import compact_json
from airisk_tui.oauth.jwt import examine_jwt, read_jwt
from airisk_tui.oauth.secret import REFERENCE, Secret, SecretView, Shape
from airisk_tui.redaction.echoes import Echoes
from airisk_tui.redaction.encodings import common_forms, rare_forms
from airisk_tui.redaction.places import Places

MIN_ECHO = 6
"""Characters. A shorter secret is sealed in its place, but not looked for elsewhere: it would blot out ordinary words."""

MIN_SIGNATURE = 20
"""Characters of a signature from which on finding it is enough to find its JWT, in whatever encoding: an HMAC of 128 bits has 22."""

_JWT = re.compile(rb"ey[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2,4}")


class Sealer:
    """Seals under one key; see the module. `key` is the recordings folder's, so fingerprints agree within a folder."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._secrets: dict[str, Secret] = {}
        self._views: dict[str, SecretView] = {}
        self._by_value: dict[str, SecretView] = {}
        self._learned = Echoes()
        self._looked_for: set[str] = set()
        self._places = Places(lambda raw: self.learn(raw).reference)

    def learn(self, value: str, *, echo: bool = True) -> SecretView:
        """Take a value for a secret from now on, and give its view. echo: whether it is looked for elsewhere, too."""
        if value in self._by_value:
            view = self._by_value[value]
            self._look_for(value, view, echo)
            return view
        digest = hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]
        jwt, oddities = examine_jwt(value)
        odd = tuple((part, self.text(what)) for part, what in oddities)
        view = SecretView(digest, len(value), oddity=_oddity(value), characters=characters_of(value), departures=odd)
        if jwt is not None:
            claims = None if jwt.claims is None else self.text(compact_json(jwt.claims))
            shape: Shape = "jwe" if jwt.kind == "jwe" else "jwt"
            view = replace(view, shape=shape, header=compact_json(jwt.header), payload=claims)
        self._views[digest] = self._by_value[value] = view
        self._secrets[digest] = Secret(value)
        if jwt is not None:
            self.learn(_signature(value))  # a signature makes a token of header and claims, which are in the log
        self._look_for(value, view, echo)
        return view

    def _look_for(self, value: str, view: SecretView, echo: bool) -> None:
        if echo and len(value) >= MIN_ECHO and value not in self._looked_for:
            self._looked_for.add(value)
            signed = view.shape == "jwt" and len(_signature(value)) >= MIN_SIGNATURE
            if signed:
                self._learned.learn((value.encode("utf-8", "surrogatepass"),), view.reference.encode())
            else:
                self._learned.learn(common_forms(value), view.reference.encode(), lambda: rare_forms(value))

    def expect(self, code: str, token: str) -> None:
        """Take what comes under these names for secret, too: a deployment's own names for the code and the token."""
        self._places.expect(code, token)

    def reveal(self, view: SecretView) -> Secret | None:
        """The raw secret, where this process knows it."""
        return self._secrets.get(view.fingerprint)

    def unseal(self, text: str, encode: Callable[[str], str] = str) -> str:
        """The text with every placeholder that this process can resolve replaced by its raw value, `encode`d for its place."""

        def raw(found: re.Match[str]) -> str:
            secret = self._secrets.get(found[1])
            return encode(secret.reveal()) if secret else found[0]

        return REFERENCE.sub(raw, text)

    def raw_secrets(self, views: Iterable[SecretView]) -> dict[str, str]:
        """Fingerprint to raw value, for a recording that a person asked to hold them."""
        return {v.fingerprint: s.reveal() for v in views if (s := self._secrets.get(v.fingerprint))}

    def field(self, name: str, value: str) -> str:
        """A named value: sealed as a whole when its name says that it is secret."""
        return self._places.value(value) if self._places.says_secret(name) else self.text(value)

    def text(self, text: str) -> str:
        """A text with everything sealed that has been learned or looks like a JWT."""
        return self._echoes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def url(self, url: str) -> str:
        """A URL or request target: secrets by parameter name, in query and fragment, and credentials before the host."""
        return self.text(self._places.url(url))

    def urls(self, *urls: str) -> tuple[str, ...]:
        """Several of them, with one look for what has been learned, because there seldom is any of it."""
        placed = tuple(map(self._places.url, urls))
        together = "\n".join(placed)
        return placed if self.text(together) == together else tuple(map(self.text, placed))

    def body(self, body: Body, content_type: str = "") -> Body:
        """A body: form fields, JSON members and hidden HTML fields by name, everything learned in any encoding.

        A body in a content encoding that was not undone is not kept: what cannot be read cannot be sealed.
        """
        return self._body_without_echoes(self._body_by_place(body, content_type))

    def request(self, request: HttpRequest) -> HttpRequest:
        """A request as it may enter the log."""
        placed = self._request_by_place(request)
        return self._request_without_echoes(placed) if self._echo_in(placed) else placed

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange as it may enter the log. All places first, the answer's before ours, so that every secret is known when
        echoes are looked for; and that once in all of it, because there seldom is one."""
        response, connection = self._response_by_place(exchange.response), self._connection(exchange.connection)
        request = self._request_by_place(exchange.request)
        if self._echo_in(request, response):
            request, response = self._request_without_echoes(request), self._response_without_echoes(response)
        return Exchange(request, response, exchange.timing, connection)

    def failed(self, failed: FailedExchange) -> FailedExchange:
        """A failed exchange as it may enter the log. The request first, whose secrets the library's words may repeat."""
        request, connection = self.request(failed.request), self._connection(failed.connection)
        subject, received, text = map(self.url, failed.fault.foreign_texts)
        fault = replace(failed.fault, subject=subject, received=received, library_text=text)
        return replace(failed, request=request, fault=fault, connection=connection)

    def views_in(self, *sealed: HttpRequest | Exchange | FailedExchange) -> tuple[SecretView, ...]:
        """The views of the secrets whose placeholders stand in what was sealed, in order of appearance."""
        text = "\n".join([text for one in sealed for text in _texts(one)])
        marks = dict.fromkeys(match[1] for match in REFERENCE.finditer(text))
        return tuple(self._views[mark] for mark in marks if mark in self._views)

    def _request_by_place(self, request: HttpRequest) -> HttpRequest:
        body = self._body_by_place(request.body, _content_type(request.headers))
        url, headers = self._places.url(request.url), self._places.headers(request.headers)
        return HttpRequest(request.method, url, headers, body)

    def _response_by_place(self, response: HttpResponse) -> HttpResponse:
        body = self._body_by_place(response.body, _content_type(response.headers))
        headers = self._places.headers(response.headers)
        return HttpResponse(response.status, headers, body, response.reason, response.version)

    def _body_by_place(self, body: Body, content_type: str) -> Body:
        if body.cut == "encoding":
            return replace(body, data=b"")
        if not body.data:
            return body
        lowered = content_type.lower()
        return replace(body, data=in_utf_8(body.data, lambda data: self._places.body(data, lowered), bytes))

    def _echo_in(self, *messages: HttpRequest | HttpResponse) -> bool:
        """Whether any of it is to be sealed; a JWT that stands there is learned by that."""
        texts = "\n".join([text for message in messages for text in _own_texts(message)])
        bodies = [self._body_without_echoes(message.body) != message.body for message in messages if message.body.data]
        return self.text(texts) != texts or any(bodies)

    def _request_without_echoes(self, request: HttpRequest) -> HttpRequest:
        headers = self._headers_without_echoes(request.headers)
        return replace(
            request, url=self.text(request.url), headers=headers, body=self._body_without_echoes(request.body)
        )

    def _response_without_echoes(self, response: HttpResponse) -> HttpResponse:
        headers, body = self._headers_without_echoes(response.headers), self._body_without_echoes(response.body)
        return replace(response, headers=headers, body=body, reason=self.text(response.reason))

    def _headers_without_echoes(self, headers: Headers) -> Headers:
        return tuple((name, self.text(value)) for name, value in headers)

    def _body_without_echoes(self, body: Body) -> Body:
        return replace(body, data=in_utf_8(body.data, self._echoes)) if body.data else body

    def _echoes(self, data: bytes) -> bytes:
        return self._learned.replaced(_JWT.sub(self._jwt, data))

    def _jwt(self, found: re.Match[bytes]) -> bytes:
        text = found[0].decode("ascii")
        return self.learn(text).reference.encode() if read_jwt(text) else found[0]

    def _connection(self, connection: Connection) -> Connection:
        return replace(connection, proxy=self.url(connection.proxy)) if connection.proxy else connection


def _signature(jwt: str) -> str:
    return jwt.rpartition(".")[2]


def _oddity(value: str) -> str:
    """What a value holds that seldom belongs there (`SecretView.oddity`)."""
    if " " in value.strip():
        return "space"
    return "escape" if _ESCAPE.search(value) else ""


_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


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


def _own_texts(message: HttpRequest | HttpResponse) -> Iterable[str]:
    yield message.url if isinstance(message, HttpRequest) else message.reason
    yield from [value for _, value in message.headers]


def _texts(sealed: HttpRequest | Exchange | FailedExchange) -> Iterable[str]:
    request = sealed if isinstance(sealed, HttpRequest) else sealed.request
    for message in (request, sealed.response) if isinstance(sealed, Exchange) else (request,):
        yield from _own_texts(message)
        yield message.body.data.decode("latin-1").replace("\0", "")
    if isinstance(sealed, FailedExchange):
        yield from sealed.fault.foreign_texts
