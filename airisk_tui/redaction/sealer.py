"""Sealing: everything that enters the log and is not known to be public is replaced by a reference (redaction.md).

A message is sealed in three passes. By place: values whose name means a secret (`places`). By echo: known secrets, in any encoding
(`echoes`). By value: remaining values that are unreadable (`unnamed`). A sealer belongs to one run: it knows the secrets of no other
run, and its memory is the only place with their raw values.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.answer.jwt import read_jwt
from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    FailedExchange,
    HttpRequest,
    HttpResponse,
    ServerCertificate,
    content_type,
)
from airisk_tui.oauth.redirect.authorization import NO_CODES
from airisk_tui.oauth.reference import OPENING, REFERENCE, unmarked, unmarked_bytes
from airisk_tui.oauth.secret import Secret, SecretRefused, SecretView
from airisk_tui.redaction.echoes import Echoes, forms_to_find
from airisk_tui.redaction.parts import Part, body_text, is_text, parts_of, with_parts
from airisk_tui.redaction.places import MAX_LISTED, Placed, Places
from airisk_tui.redaction.unnamed import UnnamedValues, is_public_header
from airisk_tui.redaction.work import SEALING, TooMuch, Work

MIN_ECHO = 6
"""Characters. A shorter secret is sealed in its place but not searched for elsewhere, because ordinary words would be sealed."""

MIN_SIGNATURE = 20
"""Characters of a signature that is long enough to identify its JWT in any encoding: an HMAC of 128 bits has 22."""

MAX_REMEMBERED = 1_000
"""The most secrets of one message whose values and views are kept. The rest are sealed and forgotten, so that a hostile body does not
take more memory than its own size (threats.md C9)."""

MAX_ECHOES = 200
"""The most secrets of one message that are also searched for elsewhere; the forms of each take some kilobytes."""

SealPart = Callable[[Part], str]
"""Seals the secrets in a text of a message and returns the text."""

Late = Callable[[], bool]
"""Returns whether the time for sealing a message is over."""

MAX_ENCODED = 4 * 1024
"""Characters of a secret whose encoded forms are searched for. A longer one, which fits no header, is only found as it is: all forms
of a secret of 9 MiB took 1.5 GiB."""

MAX_TEXT = 1024 * 1024
"""Bytes of a text or a page that the log keeps. The rest is cut off, because every kept word must be judged within the time and the
memory of an exchange (threats.md C9)."""

MAX_JSON = 4 * MAX_TEXT
"""Bytes of a JSON document that the log keeps: a list of 10,000 users with ten fields each."""

_JWT = pattern(rb"ey(?<![A-Za-z0-9_-]ey)[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*+){2,4}")


class Sealer:
    """Seals the messages of one run; see the module.

    key: the recordings folder's key, so that fingerprints agree within a folder; echoes: those of the whole session, so that secrets
    of earlier runs are sealed too, although this sealer cannot release them.
    """

    def __init__(self, key: bytes, echoes: Echoes | None = None) -> None:
        self._key = key
        self._origins: frozenset[str] | None = None
        self._extended_to: tuple[str, frozenset[str]] = ("", frozenset())
        self._given: frozenset[str] = frozenset()
        self._raw: dict[str, str] = {}
        self._bound: dict[str, frozenset[str] | None] = {}
        self._views: dict[str, SecretView] = {}
        self._by_value: dict[str, SecretView] = {}
        self._learned = echoes or Echoes()
        self._left = MAX_REMEMBERED
        self._public: set[str] = set()
        self._places = Places(partial(self.seal, echo=True))
        self._unnamed = UnnamedValues(self.seal)

    def learn(self, value: str, *, echo: bool = True) -> SecretView:
        """Treat a value as secret from now on, and return its view. echo: whether it is also searched for elsewhere."""
        if value in self._by_value:
            view = self._by_value[value]
            self._look_for(value, view, echo)
            return view
        digest = self._digest(value)
        view = self._sealed_view(SecretView.of(value, digest))
        self._views[digest] = self._by_value[value] = view
        self._raw[digest] = value
        if view.header is not None:
            self.learn(
                _signature(value)
            )  # with header and claims, which are in the log, a signature makes the whole token
        self._look_for(value, view, echo)
        return view

    def _sealed_view(self, view: SecretView) -> SecretView:
        """The view with its claims sealed as any JSON is; the rest of a JWT's claims is public (redaction.md)."""
        kind, claims = "application/json", view.payload
        if claims is not None:
            claims = self._unnamed.part("body", kind, self._echoes(self._places.body(claims, kind).text)).text
        departures = tuple((part, self._echoes(what)) for part, what in view.departures)
        return replace(view, payload=claims, departures=departures)

    def _look_for(self, value: str, view: SecretView, echo: bool) -> None:
        if echo and len(value) >= MIN_ECHO and value not in self._learned.values:
            self._learned.values.add(value)
            signed = view.shape == "jwt" and len(_signature(value)) >= MIN_SIGNATURE
            if signed or len(value) > MAX_ENCODED:
                self._learned.learn((value.encode("utf-8", "surrogatepass"),), view.reference.encode())
            else:
                self._learned.learn(forms_to_find(value), view.reference.encode())

    def limit_origins(self, origins: frozenset[str]) -> None:
        """Let the secrets of the run, including those already learned, go to these origins only."""
        self._origins = origins

    def name_secrets(self, code: str, token: str) -> None:
        """Take what comes under these names for secret, too: a deployment's own names for the code and the token."""
        self._places.name_secrets(code, token)

    def expect_state(self, state: str) -> None:
        """Learn the state that the run sends: it stays public even if a server joins it to the code."""
        self._places.expect_state(state)

    def reveal(self, view: SecretView) -> Secret | None:
        """The raw secret with its allowed origins, or None if this process does not know it."""
        raw = self._raw.get(view.fingerprint)
        return None if raw is None else Secret(raw, self._bound.get(view.fingerprint, self._origins))

    def learn_secret(self, secret: Secret) -> SecretView:
        """Learn a secret with its allowed origins."""
        view = self.learn(secret.reveal())
        self._bound[view.fingerprint] = secret.origins
        return view

    def inputs_are_sealed(self) -> None:
        """Mark all secrets learned so far as those of the run's inputs; later ones come from outside."""
        self._given = frozenset(self._raw)

    def extend_origins(self, issuer: str, origins: frozenset[str]) -> None:
        """Let a secret that may be sent to the origin of an issuer also be sent to the origins in its metadata."""
        self._extended_to = (issuer, origins)

    def _may_go(self, there: str, origins: frozenset[str] | None) -> bool:
        issuer, led_to = self._extended_to
        return origins is None or there in origins or (issuer in origins and there in led_to)

    def add_to_inputs(self, views: Iterable[SecretView]) -> None:
        """Mark secrets that a person typed into an edit as secrets of the inputs."""
        self._given |= {view.fingerprint for view in views}

    def release(self, view: SecretView, there: str | None) -> str:
        """The raw secret for a request to this origin (`oauth.urls.origin`), or for use on this machine if None. Raises SecretRefused
        if this run does not know it, or it may not be sent there."""
        raw = self._raw.get(view.fingerprint)
        if raw is None:
            raise SecretRefused("secret-unknown")
        allowed = (self._origins, self._bound.get(view.fingerprint))
        if there is not None and not all(self._may_go(there, origins) for origins in allowed):
            raise SecretRefused("secret-elsewhere")
        return raw

    def filled(self, text: str, there: str | None) -> str:
        """A text of the run's inputs for a request to this origin, with each reference to a secret of the inputs replaced by the raw
        value. A reference to any other secret stays, so that no text can request that secret."""
        if OPENING not in text:
            return text

        def raw(found: re.Match[str]) -> str:
            return self.release(SecretView(found[1], 0), there) if found[1] in self._given else found[0]

        return REFERENCE.sub(raw, text)

    def unseal(self, text: str) -> str:
        """The text with the raw value of each secret that this run knows, for a person who asks to see it, never for a request."""
        return REFERENCE.sub(lambda found: self._raw.get(found[1], found[0]), text)

    def raw_secrets(self, views: Iterable[SecretView]) -> dict[str, str]:
        """The raw values by fingerprint, for a recording in which a person wants them."""
        return {view.fingerprint: self._raw[view.fingerprint] for view in views if view.fingerprint in self._raw}

    def field(self, name: str, value: str) -> str:
        """Seal a named input of the person, as a whole if its name means a secret."""
        value = unmarked(value)
        return self._places.value(value) if self._places.says_secret(name) else self._echoes(value)

    def header(self, name: str, value: str) -> str:
        """Seal a header of the person."""
        return self._echoes(self._places.header(name.lower(), unmarked(value)))

    def form(self, body: str) -> str:
        """Seal a body of the person: a form, JSON, XML or parts, whatever its content type is."""
        return self._echoes(self._places.body(unmarked(body), "form-urlencoded").text)

    def text(self, text: str) -> str:
        """Seal known secrets and JWTs in a text of the person or of this program."""
        return self._echoes(unmarked(text))

    def url(self, url: str) -> str:
        """Seal a URL of the person: parameters in query and fragment by name, and credentials before the host."""
        return self._echoes(self._places.url(unmarked(url)))

    def address(self, url: str) -> str:
        """Seal a URL from outside by place and echo; it must still be sealed as part of its message."""
        return self._echoes(self._places.url(url))

    def public(self, *typed: str) -> None:
        """Add texts that the person typed into public fields: they stay in clear wherever they occur."""
        self._unnamed.typed = "\n".join((self._unnamed.typed, *typed))
        self._public.update(line for text in typed for line in text.splitlines() if line)

    def body(self, body: Body, kind: str = "") -> Body:
        """Seal a body from outside. kind: its content type; see `exchange`."""
        sealed: HttpResponse = self._sealed(HttpResponse(0, (("Content-Type", kind),), body))[0]
        return sealed.body

    def request(self, request: HttpRequest, codes: SealPart | None = None) -> HttpRequest:
        """Seal a request. codes: see `exchange`."""
        sealed: HttpRequest = self._sealed(request, codes=codes)[0]
        return sealed

    def exchange(self, exchange: Exchange, codes: SealPart | None = None, late: Late = lambda: False) -> Exchange:
        """Seal an exchange. Both messages are sealed by place first, the answer before the request, so that every secret is known
        when echoes are searched. codes: seals the secrets in a part of the answer that only the kind of endpoint reveals. late: if it
        becomes True, large bodies that are not sealed yet are sealed as a whole (threats.md C9)."""
        response, request = self._sealed(exchange.response, exchange.request, codes=codes, late=late)
        return Exchange(request, response, exchange.timing, self._connection(exchange.connection))

    def failed(self, failed: FailedExchange) -> FailedExchange:
        """Seal a failed exchange. The request comes first, because the library's message may repeat its secrets."""
        request, connection = self.request(failed.request), self._connection(failed.connection)
        subject, received, text = map(self.url, failed.fault.foreign_texts)
        fault = replace(failed.fault, subject=subject, received=received, library_text=text)
        return replace(failed, request=request, fault=fault, connection=connection)

    def views_in(self, *sealed: HttpRequest | Exchange | FailedExchange) -> tuple[SecretView, ...]:
        """The views of the secrets whose references occur in sealed messages, in order of occurrence."""
        return self.views_named(*(text for one in sealed for text in _texts(one)))

    def views_named(self, *texts: str) -> tuple[SecretView, ...]:
        """The views of the secrets whose references occur in texts, in order of occurrence."""
        marks = dict.fromkeys(match[1] for match in REFERENCE.finditer("\n".join(texts)))
        return tuple(self._views[mark] for mark in marks if mark in self._views)

    def seal(self, value: str, *, echo: bool = False) -> str:
        """The reference for a value of a message. echo: whether it is also searched for elsewhere, up to MAX_ECHOES secrets.

        A value that is a public text stays, whatever its name: servers keep the state in a cookie, and if it were sealed there, its
        echo in the redirect would be sealed too and look like another state. A known secret never becomes public this way.
        """
        if (value in self._public and value not in self._by_value) or value.lower() in NO_CODES:
            return value
        self._unnamed.work.step(SEALING)
        if value not in self._by_value and self._left <= 0:
            return SecretView(self._digest(value), len(value)).reference
        self._left -= value not in self._by_value
        return self.learn(value, echo=echo and self._left > MAX_REMEMBERED - MAX_ECHOES).reference

    def _sealed(self, *messages: Any, codes: SealPart | None = None, late: Late = lambda: False) -> list[Any]:
        """Seal value by value, or if there are too many values, each large body as a whole."""
        bodies = [self._kept(message) for message in messages]
        self._places.work = self._unnamed.work = Work(late)
        with suppress(TooMuch):
            try:
                return self._value_by_value(messages, bodies, codes)
            finally:  # later inputs of the person do not count against this message's time and work
                self._places.work = self._unnamed.work = Work()
        # Not in the except clause: the exception's frames keep all that was sealed so far in memory.
        bodies = [self._whole(body) if len(body.data) > MAX_LISTED else body for body in bodies]
        return self._value_by_value(messages, bodies, codes)

    def _value_by_value(self, messages: tuple[Any, ...], bodies: list[Body], codes: SealPart | None) -> list[Any]:
        """The three passes, each over all texts of all messages. codes: for the first message."""
        self._left = MAX_REMEMBERED
        parts = [_unmarked(parts_of(*one)) for one in zip(messages, bodies, strict=True)]
        placed = [[self._placed(part) for part in some] for some in parts]
        if codes is not None:
            placed[0] = [
                Placed(codes(part._replace(text=one.text))) for part, one in zip(parts[0], placed[0], strict=True)
            ]
        echoed = iter(self._echoes_in([one.text for some in placed for one in some]))
        sealed = []
        for message, body, own, by_place in zip(messages, bodies, parts, placed, strict=True):
            unnamed, after = self._unnamed.of_message(message, own[-1]), []
            for part, one in zip(own, by_place, strict=True):
                text = next(echoed)
                if text is part.text and is_public_header(part):
                    after.append(part)
                    continue
                after.append(unnamed.part(part.place, part.name, text, one.fields if text is one.text else None))
            sealed.append(with_parts(message, body, own, after))
        return sealed

    def _placed(self, part: Part) -> Placed:
        return Placed(part.text) if is_public_header(part) else self._places.part(part)

    def _kept(self, message: HttpRequest | HttpResponse) -> Body:
        """The part of a body that is kept. A binary body becomes one reference after its first two bytes, which identify file
        formats; a body in an encoding that was not decoded is dropped, and a very large one is cut."""
        body = message.body
        if not body.data:
            return body
        if body.cut == "encoding":
            return replace(body, data=b"")
        if not is_text(body.data, content_type(message.headers)):
            return self._whole(body, cut=body.cut)
        limit = MAX_JSON if body.data.lstrip()[:1] in (b"{", b"[") else MAX_TEXT
        if len(body.data) > limit:
            body = replace(body, data=body.data[:limit], cut=body.cut or "size")
        return replace(body, data=unmarked_bytes(body.data))

    def _whole(self, body: Body, cut: str | None = "sealed") -> Body:
        begin, reference = body.data[:2], self.seal(body.data.decode("latin-1"))
        # Two bytes can look like a byte-order mark of UTF-16, in which the reference would be read as well.
        written = (begin + reference.encode(charset) for charset in ("utf-8", "utf-16-be", "utf-16-le"))
        readable = (data for data in written if reference in body_text(data))
        return replace(body, data=next(readable, reference.encode()), cut=cut)

    def _echoes_in(self, texts: list[str]) -> list[str]:
        """The texts with echoes sealed. They are searched together first, because there is seldom an echo."""
        together = b"\n".join([_in_bytes(text)[0] for text in texts])
        if self._without_echoes(together) == together:
            return texts
        return list(map(self._echoes, texts))

    def _echoes(self, text: str) -> str:
        data, errors = _in_bytes(text)
        found = self._without_echoes(data)
        return text if found == data else found.decode("utf-8", errors)

    def _without_echoes(self, data: bytes) -> bytes:
        return self._learned.replaced(_JWT.sub(self._jwt, data))

    def _jwt(self, found: re.Match[bytes]) -> bytes:
        text = found[0].decode("ascii")
        return self.seal(text, echo=True).encode() if text in self._by_value or read_jwt(text) else found[0]

    def _connection(self, connection: Connection) -> Connection:
        shown = None if connection.certificate is None else self.certificate(connection.certificate)
        proxy = self.url(connection.proxy) if connection.proxy else connection.proxy
        return replace(connection, proxy=proxy, certificate=shown)

    def certificate(self, shown: ServerCertificate) -> ServerCertificate:
        """Seal a certificate: a server can make one for a connection and put a secret that it received into a name."""
        return replace(shown, subject=self.text(shown.subject), issuer=self.text(shown.issuer))

    def _digest(self, value: str) -> str:
        return hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def _signature(jwt: str) -> str:
    return jwt.rpartition(".")[2]


def _in_bytes(text: str) -> tuple[bytes, str]:
    """A text as the bytes from which it was decoded, or with its lone surrogates encoded if it was never bytes; and the error handler
    that was used."""
    try:
        return text.encode("utf-8", "surrogateescape"), "surrogateescape"
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass"), "surrogatepass"


def _unmarked(parts: list[Part]) -> list[Part]:
    """The parts without the marks of references. The body, the last part, has none any more (`Sealer._kept`)."""
    return [*(Part(one.place, unmarked(one.name), unmarked(one.text)) for one in parts[:-1]), parts[-1]]


def _texts(sealed: HttpRequest | Exchange | FailedExchange) -> Iterable[str]:
    request = sealed if isinstance(sealed, HttpRequest) else sealed.request
    for message in (request, sealed.response) if isinstance(sealed, Exchange) else (request,):
        yield message.url if isinstance(message, HttpRequest) else message.reason
        yield from [value for _, value in message.headers]
        yield body_text(message.body.data)
    if isinstance(sealed, FailedExchange):
        yield from sealed.fault.foreign_texts
