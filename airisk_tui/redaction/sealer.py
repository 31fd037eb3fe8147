"""Sealing: in what enters the log a reference stands in the place of everything that is not known to be public (redaction.md).

A message is sealed in three passes. By place: what a name says to be secret (`places`). By echo: what is known by then, in
whatever encoding it comes again (`echoes`). By value: what is left and cannot be read (`unnamed`). A sealer belongs to one
run: it knows no other run's secrets, and its memory is the only place where their raw values are.
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
"""Characters. A shorter secret is sealed in its place, but not looked for elsewhere: it would blot out ordinary words."""

MIN_SIGNATURE = 20
"""Characters of a signature from which on finding it is enough to find its JWT, in whatever encoding: an HMAC of 128 bits has 22."""

MAX_REMEMBERED = 1_000
"""Secrets of one message whose values and views are kept; the rest are sealed and forgotten, so that a hostile body of nothing
else takes no more memory than it has bytes (threats.md C9)."""

MAX_ECHOES = 200
"""Secrets of one message that are looked for elsewhere, too: each takes some kilobytes of forms."""

SealPart = Callable[[Part], str]
"""Seals what is secret in a text of a message; gives that text."""

Late = Callable[[], bool]
"""Whether the time for sealing a message is over."""

MAX_ENCODED = 4 * 1024
"""Characters of a secret that is looked for in its encodings; a longer one, which no header carries, only as it is. All forms of
one of 9 MiB took 1.5 GiB."""

MAX_TEXT = 1024 * 1024
"""Bytes of a text or a page that the log keeps: what is beyond is cut off, because what is kept must be gone through word by
word within the time and the memory of an exchange (threats.md C9)."""

MAX_JSON = 4 * MAX_TEXT
"""Bytes of a JSON document that the log keeps: a list of 10,000 users with ten fields each."""

_JWT = pattern(rb"ey(?<![A-Za-z0-9_-]ey)[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*+){2,4}")


class Sealer:
    """Seals the messages of one run; see the module.

    key: the recordings folder's, so that fingerprints agree within a folder; echoes: of the whole session, so that a secret of an
    earlier run is sealed where it comes again. It cannot be released.
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
        """Take a value for a secret from now on, and give its view. echo: whether it is looked for elsewhere, too."""
        if value in self._by_value:
            view = self._by_value[value]
            self._look_for(value, view, echo)
            return view
        digest = self._digest(value)
        view = self._sealed_view(SecretView.of(value, digest))
        self._views[digest] = self._by_value[value] = view
        self._raw[digest] = value
        if view.header is not None:
            self.learn(_signature(value))  # a signature makes a token of header and claims, which are in the log
        self._look_for(value, view, echo)
        return view

    def _sealed_view(self, view: SecretView) -> SecretView:
        """The claims of a JWT are public but for those that would be sealed in any JSON (redaction.md)."""
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
        """Let no secret of the run go to another origin than these, those that were learned before included."""
        self._origins = origins

    def name_secrets(self, code: str, token: str) -> None:
        """Take what comes under these names for secret, too: a deployment's own names for the code and the token."""
        self._places.name_secrets(code, token)

    def expect_state(self, state: str) -> None:
        """Learn the state that the run sends: it is public, also where a server joins it to the code."""
        self._places.expect_state(state)

    def reveal(self, view: SecretView) -> Secret | None:
        """The raw secret with the origins that it may go to, where this process knows it."""
        raw = self._raw.get(view.fingerprint)
        return None if raw is None else Secret(raw, self._bound.get(view.fingerprint, self._origins))

    def learn_secret(self, secret: Secret) -> SecretView:
        """Learn a secret together with the origins that it may go to."""
        view = self.learn(secret.reveal())
        self._bound[view.fingerprint] = secret.origins
        return view

    def inputs_are_sealed(self) -> None:
        """Count what has been learned so far as the run's inputs; what is learned from now on came from outside."""
        self._given = frozenset(self._raw)

    def extend_origins(self, issuer: str, origins: frozenset[str]) -> None:
        """Let a secret that may go to the origin of an issuer go to the origins that its metadata names, too."""
        self._extended_to = (issuer, origins)

    def _may_go(self, there: str, origins: frozenset[str] | None) -> bool:
        issuer, led_to = self._extended_to
        return origins is None or there in origins or (issuer in origins and there in led_to)

    def add_to_inputs(self, views: Iterable[SecretView]) -> None:
        """Count secrets that a person typed into an edit as part of the inputs."""
        self._given |= {view.fingerprint for view in views}

    def release(self, view: SecretView, there: str | None) -> str:
        """The raw secret for a request to this origin (`oauth.urls.origin`), or, for None, for this machine alone; raises SecretRefused
        where it is unknown to this run or may not go there."""
        raw = self._raw.get(view.fingerprint)
        if raw is None:
            raise SecretRefused("secret-unknown")
        allowed = (self._origins, self._bound.get(view.fingerprint))
        if there is not None and not all(self._may_go(there, origins) for origins in allowed):
            raise SecretRefused("secret-elsewhere")
        return raw

    def filled(self, text: str, there: str | None) -> str:
        """A text of the run's inputs as it is sent to this origin: in the place of each reference to a secret of the inputs the raw value.
        A reference to any other secret stays one, so that nothing can ask for it by its name."""
        if OPENING not in text:
            return text

        def raw(found: re.Match[str]) -> str:
            return self.release(SecretView(found[1], 0), there) if found[1] in self._given else found[0]

        return REFERENCE.sub(raw, text)

    def unseal(self, text: str) -> str:
        """The text with each secret that this run knows raw in its place: for a person who asks to see it, never for a request."""
        return REFERENCE.sub(lambda found: self._raw.get(found[1], found[0]), text)

    def raw_secrets(self, views: Iterable[SecretView]) -> dict[str, str]:
        """Fingerprint to raw value, for a recording that a person asked to hold them."""
        return {view.fingerprint: self._raw[view.fingerprint] for view in views if view.fingerprint in self._raw}

    def field(self, name: str, value: str) -> str:
        """A named input of the person's: sealed as a whole when its name says that it is secret."""
        value = unmarked(value)
        return self._places.value(value) if self._places.says_secret(name) else self._echoes(value)

    def header(self, name: str, value: str) -> str:
        """A header of the person's."""
        return self._echoes(self._places.header(name.lower(), unmarked(value)))

    def form(self, body: str) -> str:
        """A body of the person's: a form, JSON, XML or parts, whatever its content type will say."""
        return self._echoes(self._places.body(unmarked(body), "form-urlencoded").text)

    def text(self, text: str) -> str:
        """A text of the person's, or of this program's: what is known to be secret is sealed, and what looks like a JWT."""
        return self._echoes(unmarked(text))

    def url(self, url: str) -> str:
        """A URL of the person's: secrets by parameter name, in query and fragment, and credentials before the host."""
        return self._echoes(self._places.url(unmarked(url)))

    def address(self, url: str) -> str:
        """A URL from outside by place and echo; it has still to be sealed as a part of its message."""
        return self._echoes(self._places.url(url))

    def public(self, *typed: str) -> None:
        """Take texts that the person typed into public fields: they stay in clear wherever they come again."""
        self._unnamed.typed = "\n".join((self._unnamed.typed, *typed))
        self._public.update(line for text in typed for line in text.splitlines() if line)

    def body(self, body: Body, kind: str = "") -> Body:
        """A body from outside, whose content type is given; see `exchange`."""
        sealed: HttpResponse = self._sealed(HttpResponse(0, (("Content-Type", kind),), body))[0]
        return sealed.body

    def request(self, request: HttpRequest, codes: SealPart | None = None) -> HttpRequest:
        """A request as it may enter the log. codes: see `exchange`."""
        sealed: HttpRequest = self._sealed(request, codes=codes)[0]
        return sealed

    def exchange(self, exchange: Exchange, codes: SealPart | None = None, late: Late = lambda: False) -> Exchange:
        """An exchange as it may enter the log. The places of both messages come first, the answer's before ours, so that every
        secret is known when echoes are looked for. codes: seals in a part of the answer what only the endpoint's kind shows to be
        secret. late: a large body that is not sealed by then is sealed as a whole (threats.md C9)."""
        response, request = self._sealed(exchange.response, exchange.request, codes=codes, late=late)
        return Exchange(request, response, exchange.timing, self._connection(exchange.connection))

    def failed(self, failed: FailedExchange) -> FailedExchange:
        """A failed exchange as it may enter the log. The request first, whose secrets the library's words may repeat."""
        request, connection = self.request(failed.request), self._connection(failed.connection)
        subject, received, text = map(self.url, failed.fault.foreign_texts)
        fault = replace(failed.fault, subject=subject, received=received, library_text=text)
        return replace(failed, request=request, fault=fault, connection=connection)

    def views_in(self, *sealed: HttpRequest | Exchange | FailedExchange) -> tuple[SecretView, ...]:
        """The views of the secrets whose references stand in what was sealed, in order of appearance."""
        return self.views_named(*(text for one in sealed for text in _texts(one)))

    def views_named(self, *texts: str) -> tuple[SecretView, ...]:
        """The views of the secrets whose references stand in texts, in order of appearance."""
        marks = dict.fromkeys(match[1] for match in REFERENCE.finditer("\n".join(texts)))
        return tuple(self._views[mark] for mark in marks if mark in self._views)

    def seal(self, value: str, *, echo: bool = False) -> str:
        """The reference for a value of a message. echo: whether it is looked for elsewhere, as far as MAX_ECHOES allows.

        What is public as a whole stays, whatever it is called: servers keep the state in a cookie, and were it sealed there, its
        echo in the redirect would be, too, and look like another state. No server makes a known secret public by handing it out so.
        """
        if (value in self._public and value not in self._by_value) or value.lower() in NO_CODES:
            return value
        self._unnamed.work.step(SEALING)
        if value not in self._by_value and self._left <= 0:
            return SecretView(self._digest(value), len(value)).reference
        self._left -= value not in self._by_value
        return self.learn(value, echo=echo and self._left > MAX_REMEMBERED - MAX_ECHOES).reference

    def _sealed(self, *messages: Any, codes: SealPart | None = None, late: Late = lambda: False) -> list[Any]:
        """Value by value, or, where there are too many of them, each large body as a whole."""
        bodies = [self._kept(message) for message in messages]
        self._places.work = self._unnamed.work = Work(late)
        with suppress(TooMuch):
            try:
                return self._value_by_value(messages, bodies, codes)
            finally:  # what a person types later has no part in the time and the work of this message
                self._places.work = self._unnamed.work = Work()
        # Not while the exception is handled: its frames hold all that was sealed until then.
        bodies = [self._whole(body) if len(body.data) > MAX_LISTED else body for body in bodies]
        return self._value_by_value(messages, bodies, codes)

    def _value_by_value(self, messages: tuple[Any, ...], bodies: list[Body], codes: SealPart | None) -> list[Any]:
        """The three passes, each over all texts of all messages before the next. codes: for the first message."""
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
        """A body that is no text becomes one reference, behind the two bytes by which file formats are told apart; one in a content
        encoding that was not undone is not kept at all, and of one that is very large only the beginning."""
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
        # Two bytes can look like the beginning of UTF-16: then the whole is read as that, and the reference with it.
        written = (begin + reference.encode(charset) for charset in ("utf-8", "utf-16-be", "utf-16-le"))
        readable = (data for data in written if reference in body_text(data))
        return replace(body, data=next(readable, reference.encode()), cut=cut)

    def _echoes_in(self, texts: list[str]) -> list[str]:
        """The same texts, where no secret comes again: they are looked through together, because it seldom does."""
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
        """A certificate as it may enter the log: a server can make one for a connection, with a secret that it has heard before in a
        name."""
        return replace(shown, subject=self.text(shown.subject), issuer=self.text(shown.issuer))

    def _digest(self, value: str) -> str:
        return hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def _signature(jwt: str) -> str:
    return jwt.rpartition(".")[2]


def _in_bytes(text: str) -> tuple[bytes, str]:
    """A text as the bytes that it came in, or, where it never came in bytes, with its lone surrogates written out; and which."""
    try:
        return text.encode("utf-8", "surrogateescape"), "surrogateescape"
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass"), "surrogatepass"


def _unmarked(parts: list[Part]) -> list[Part]:
    """The parts without the marks of references. The body, which stands last, has none any more (`Sealer._kept`)."""
    return [*(Part(one.place, unmarked(one.name), unmarked(one.text)) for one in parts[:-1]), parts[-1]]


def _texts(sealed: HttpRequest | Exchange | FailedExchange) -> Iterable[str]:
    request = sealed if isinstance(sealed, HttpRequest) else sealed.request
    for message in (request, sealed.response) if isinstance(sealed, Exchange) else (request,):
        yield message.url if isinstance(message, HttpRequest) else message.reason
        yield from [value for _, value in message.headers]
        yield body_text(message.body.data)
    if isinstance(sealed, FailedExchange):
        yield from sealed.fault.foreign_texts
