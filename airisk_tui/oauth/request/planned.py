"""A request that is still to be sent: every part of it in its order, each to be changed before there is a byte of it.

Secrets stand in it as views. Whoever sends it gives the function that puts the raw values in (`rendered`); everybody else gets
references.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.oauth.dialect import Encoding
from airisk_tui.oauth.http import Headers
from airisk_tui.oauth.params import Params, quoted
from airisk_tui.oauth.reference import REFERENCE, outside_references
from airisk_tui.oauth.request.assertion import AssertionWay, client_assertion
from airisk_tui.oauth.request.edit import ALL, PLACEHOLDER, Edit, Step
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.urls import authority_of, origin
from airisk_tui.version import __version__


class Credentials(Struct, frozen=True):
    """Client id and secret for HTTP Basic. encoded: whether both are form-encoded first, as RFC 6749 §2.3.1 asks; many clients
    do not do that."""

    client_id: str
    secret: str | SecretView
    encoded: bool = True


class Assertion(Struct, frozen=True):
    """What the client signs to show who it is (RFC 7523 §2.2). key: the secret, or the private key; audience: whom it is for."""

    way: AssertionWay
    client_id: str
    key: SecretView
    audience: str


class Computed(Struct, frozen=True):
    """What only the finished request has: its host, the length of its body, or the boundary of its parts."""

    name: Literal["host", "length", "boundary"]


_NOT_KNOWN = {name: f"{{{name}}}" for name in ("host", "length", "boundary")}
"""What stands for them before there is such a request: their placeholders."""


class Inserted(Struct, frozen=True):
    """A text in the place of a placeholder, which is written as its surroundings ask."""

    text: str


Piece = str | SecretView | Credentials | Assertion | Computed | Inserted
Value = tuple[Piece, ...]
PlannedField = tuple[str, Value]

Values = Mapping[str, Piece]
"""What the placeholders of edits stand for, by name."""

Reveal = Callable[[str | SecretView], str]
"""Gives the text of a piece: the raw one for sending, or one with references."""

MEDIA_TYPES: dict[Encoding, str] = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "multipart": "multipart/form-data; boundary=",
}


class PlannedRequest(Struct, frozen=True):
    """A request that is still to be sent. url: up to the parameters; headers: all of them, in the order of the wire; raw: the whole
    body, in place of the fields."""

    method: str
    url: Value
    params: tuple[PlannedField, ...] = ()
    headers: tuple[PlannedField, ...] = ()
    fields: tuple[PlannedField, ...] = ()
    encoding: Encoding = "form"
    raw: Value | None = None

    @property
    def field_params(self) -> Params:
        """The fields of the body as texts, each secret as its reference."""
        return with_references(self.fields)

    @property
    def address(self) -> str:
        """The whole URL, each secret as its reference."""
        return _address(self, referring)

    @property
    def origin(self) -> str:
        """The origin that the request goes to, "" where its address has none (`oauth.urls.origin`)."""
        return origin(self.address)


class Rendered(Struct, frozen=True):
    """A request in the bytes that are sent; headers as ISO-8859-1 text."""

    method: str
    url: str
    headers: Headers
    content: bytes


ACCEPT_ENCODING = "gzip, deflate"
"""What `engine.client.body` can undo in bounded steps."""

USER_AGENT = f"airisk-tui/{__version__}"


def wire_headers(*own: PlannedField, with_body: bool = False) -> tuple[PlannedField, ...]:
    """Headers of a request's own, between those that every request of this program has."""
    first = (("Host", (Computed("host"),)), ("User-Agent", (USER_AGENT,)), ("Accept-Encoding", (ACCEPT_ENCODING,)))
    return (*first, *own, *((("Content-Length", (Computed("length"),)),) if with_body else ()))


def referring(piece: str | SecretView) -> str:
    """Each secret as its reference (`Reveal`)."""
    return piece if isinstance(piece, str) else piece.reference


def with_references(fields: Iterable[PlannedField]) -> Params:
    """The fields as texts, each secret as its reference."""
    return Params(tuple((name, shown_value(value)) for name, value in fields))


def shown_value(value: Value) -> str:
    """A value as one text: each secret as its reference, and what is not known yet as its placeholder."""
    return _text(value, referring, _NOT_KNOWN)


def content_type(encoding: Encoding) -> Value:
    """The value of `Content-Type` for an encoding."""
    media = MEDIA_TYPES[encoding]
    return (media, Computed("boundary")) if encoding == "multipart" else (media,)


def value_of(text: str, values: Values) -> Value:
    """The pieces of an edit's value: what its placeholders stand for, where the run knows it, and the texts between them."""
    pieces: list[Piece] = []
    done = 0
    for found in PLACEHOLDER.finditer(text):
        known = "{" if found[1] == "brace" else values.get(found[1])
        if known is not None:
            pieces += [text[done : found.start()], Inserted(known) if isinstance(known, str) else known]
            done = found.end()
    return tuple(piece for piece in (*pieces, text[done:]) if piece != "") or ("",)


def edited(
    plan: PlannedRequest, edits: Iterable[Edit], step: Step, values: Values, endpoint: str = ""
) -> PlannedRequest:
    """The request with the edits of its step made, in their order. Total."""
    values = {"host": Computed("host"), "length": Computed("length"), "boundary": Computed("boundary"), **values}
    for edit in edits:
        if edit.step == step and edit.endpoint in ("", endpoint):
            plan = _with(plan, edit, value_of(edit.value, values))
    return plan


def effective(
    plan: PlannedRequest, edits: Iterable[Edit], step: Step, values: Values, endpoint: str = ""
) -> tuple[Edit, ...]:
    """The edits of a step that change something in the request."""
    found = []
    for edit in edits:
        after = edited(plan, (edit,), step, values, endpoint)
        if after != plan:
            found.append(edit)
        plan = after
    return tuple(found)


def _with(plan: PlannedRequest, edit: Edit, value: Value) -> PlannedRequest:
    match edit.place:
        case "method":
            return replace(plan, method="".join(piece for piece in value if isinstance(piece, str)))
        case "url":
            return replace(plan, url=value)
        case "encoding":
            return _encoded_as(plan, edit.value)
        case "param":
            return replace(plan, params=changed(plan.params, edit, value))
        case "header":
            return replace(plan, headers=changed(plan.headers, edit, value, folded=True))
        case "body":
            whole = edit.action == "set" and not edit.name
            return (
                replace(plan, raw=value) if whole else replace(plan, fields=changed(plan.fields, edit, value), raw=None)
            )


def _encoded_as(plan: PlannedRequest, name: str) -> PlannedRequest:
    """The body in another encoding, and the header that names it, unless a person has changed that."""
    encoding = next((each for each in MEDIA_TYPES if each == name), plan.encoding)
    before, after = content_type(plan.encoding), content_type(encoding)
    headers = tuple((n, after if n.lower() == "content-type" and v == before else v) for n, v in plan.headers)
    return replace(plan, encoding=encoding, headers=headers, raw=None)


def changed(
    fields: tuple[PlannedField, ...], edit: Edit, value: Value, *, folded: bool = False
) -> tuple[PlannedField, ...]:
    """The fields after one edit. folded: names are compared without regard to case, as those of headers (RFC 9110 §5.1)."""
    if edit.action == "add":
        return (*fields, (edit.name, value))
    if edit.action == "omit" and edit.name == ALL:
        return ()

    def is_meant(name: str) -> bool:
        return name.lower() == edit.name.lower() if folded else name == edit.name

    first = next((place for place, (name, _) in enumerate(fields) if is_meant(name)), None)
    if edit.action == "set" and first is None:
        return (*fields, (edit.name, value))
    return tuple(
        (edit.name, value) if place == first else field
        for place, field in enumerate(fields)
        if not is_meant(field[0]) or (edit.action == "set" and place == first)
    )


def rendered(plan: PlannedRequest, reveal: Reveal) -> Rendered:
    """The request with every value in its place. reveal: raises what it likes where a secret may not be sent."""
    url = _address(plan, reveal)
    kind = next((shown_value(value) for name, value in plan.headers if name.lower() == "content-type"), "")
    texts = [(name, _text(value, reveal)) for name, value in plan.fields]
    boundary = _boundary(kind, texts)
    content = _content(plan, texts, kind, boundary, reveal)
    computed = {"host": authority_of(url), "length": str(len(content)), "boundary": boundary}
    headers = tuple((name, _text(value, reveal, computed)) for name, value in plan.headers)
    return Rendered(plan.method, url, headers, content)


def _address(plan: PlannedRequest, reveal: Reveal) -> str:
    url = "".join(_in_url(piece, reveal) for piece in plan.url)
    if not plan.params:
        return url
    query = Params(tuple((name, _text(value, reveal)) for name, value in plan.params)).encode()
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _in_url(piece: Piece, reveal: Reveal) -> str:
    """A URL's own text stays as it is; what takes a placeholder's or a reference's place is percent-encoded."""
    if isinstance(piece, str):
        return REFERENCE.sub(lambda found: quoted(reveal(found[0])), piece)
    return quoted(_text((piece,), reveal))


def _text(value: Value, reveal: Reveal, computed: Mapping[str, str] | None = None) -> str:
    return "".join([reveal(one) if type(one) is str else _revealed(one, reveal, computed or {}) for one in value])


def _revealed(piece: Piece, reveal: Reveal, computed: Mapping[str, str]) -> str:
    match piece:
        case Credentials():
            return basic_credentials(piece, reveal)
        case Assertion():
            return _signed(piece, reveal)
        case Computed(name):
            return computed.get(name, "")
        case Inserted(text):
            return reveal(text)
        case _:
            return reveal(piece)


def basic_credentials(piece: Credentials, reveal: Reveal) -> str:
    """What follows "Basic " (RFC 7617 §2). RFC 6749 §2.3.1 has both parts form-encoded first; Authlib does not do that."""
    import base64

    parts = (reveal(piece.client_id), reveal(piece.secret))
    pair = ":".join(quote(part, safe="", errors="replace") if piece.encoded else part for part in parts)
    return base64.b64encode(pair.encode("utf-8", "replace")).decode("ascii")


UNSIGNED = "{client_assertion}"
"""What stands for an assertion where there is no key to sign it with."""


def _signed(piece: Assertion, reveal: Reveal) -> str:
    key = reveal(piece.key)
    return (
        UNSIGNED
        if key == piece.key.reference
        else client_assertion(piece.way, reveal(piece.client_id), key, piece.audience)
    )


def _content(plan: PlannedRequest, texts: Sequence[tuple[str, str]], kind: str, boundary: str, reveal: Reveal) -> bytes:
    if plan.raw is None:
        return encoded_fields(texts, plan.encoding, boundary) if texts else b""
    inside = "json" if "json" in kind.lower() else "form" if "urlencoded" in kind.lower() else "plain"
    text = "".join(_in_raw(piece, inside, reveal) for piece in plan.raw)
    return text.encode("utf-8", "surrogateescape")


def _in_raw(piece: Piece, inside: str, reveal: Reveal) -> str:
    """What takes a placeholder's place is written as its surroundings ask."""
    if isinstance(piece, str):
        return reveal(piece)
    text = _text((piece,), reveal)
    if inside == "json":
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return quoted(text) if inside == "form" else text


def encoded_fields(fields: Sequence[tuple[str, str]], encoding: Encoding, boundary: str = "") -> bytes:
    """The body. A field that is given twice is sent twice, in JSON, too: what was asked for is sent."""
    if encoding == "json":
        members = (f"{json.dumps(n, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}" for n, v in fields)
        return f"{{{', '.join(members)}}}".encode("utf-8", "replace")
    if encoding == "multipart":
        parts = "".join(_part(name, value, boundary) for name, value in fields)
        return f"{parts}--{boundary}--\r\n".encode("utf-8", "replace")
    return Params(tuple(fields)).encode().encode()


def _part(name: str, value: str, boundary: str) -> str:
    """A part of multipart/form-data (RFC 7578 §4), its name written as browsers do (WHATWG HTML, multipart/form-data)."""
    escaped = outside_references(name, lambda text: text.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22"))
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{escaped}"\r\n\r\n{value}\r\n'


BOUNDARY = "----airisk-tui-boundary-"


def _boundary(kind: str, texts: Sequence[tuple[str, str]]) -> str:
    """The boundary that the header names, else the first of ours that no value holds (RFC 2046 §5.1.1)."""
    named = kind.partition("boundary=")[2].partition(";")[0].strip().strip('"')
    if named and named != "{boundary}":
        return named
    number = 1
    while any(f"{BOUNDARY}{number}" in text for pair in texts for text in pair):
        number += 1
    return f"{BOUNDARY}{number}"
