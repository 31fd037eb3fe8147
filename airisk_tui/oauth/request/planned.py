"""A request before it is sent: its parts in order, each of which an edit can change before the bytes are written.

Its secrets are views. The sender passes `rendered` a function that inserts the raw values; all other code gets references.
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
from airisk_tui.oauth.request.assertion import AssertionMethod, client_assertion
from airisk_tui.oauth.request.edit import ALL, PLACEHOLDER, Edit, Step
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.urls import authority_of, origin
from airisk_tui.version import __version__


class Credentials(Struct, frozen=True):
    """Client ID and secret for HTTP Basic. encoded: whether both are form-encoded first, as RFC 6749 §2.3.1 requires and many clients
    do not do."""

    client_id: str
    secret: str | SecretView
    encoded: bool = True


class Assertion(Struct, frozen=True):
    """The assertion with which the client authenticates (RFC 7523 §2.2). key: the secret or the private key that signs it; audience:
    the token endpoint."""

    method: AssertionMethod
    client_id: str
    key: SecretView
    audience: str


class Computed(Struct, frozen=True):
    """A value that depends on the finished request: its host, the length of its body, or the boundary of its parts."""

    name: Literal["host", "length", "boundary"]


_NOT_KNOWN = {name: f"{{{name}}}" for name in ("host", "length", "boundary")}
"""The placeholders that are shown for these values before the request is finished."""


class Inserted(Struct, frozen=True):
    """A text in place of a placeholder, which is escaped for the URL, the form or the JSON around it."""

    text: str


Piece = str | SecretView | Credentials | Assertion | Computed | Inserted
Value = tuple[Piece, ...]
PlannedField = tuple[str, Value]

Values = Mapping[str, Piece]
"""The values of the placeholders of edits, by name."""

Reveal = Callable[[str | SecretView], str]
"""Returns the text of a piece: the raw text for sending, or a text with references."""

MEDIA_TYPES: dict[Encoding, str] = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "multipart": "multipart/form-data; boundary=",
}


class PlannedRequest(Struct, frozen=True):
    """A request before it is sent. url: the address before the parameters; headers: all of them, in the order in which they are sent;
    raw: the whole body in place of the fields, or None."""

    method: str
    url: Value
    params: tuple[PlannedField, ...] = ()
    headers: tuple[PlannedField, ...] = ()
    fields: tuple[PlannedField, ...] = ()
    encoding: Encoding = "form"
    raw: Value | None = None

    @property
    def field_params(self) -> Params:
        """The fields of the body as text, with references."""
        return with_references(self.fields)

    @property
    def address(self) -> str:
        """The whole URL, with references."""
        return _address(self, as_reference)

    @property
    def origin(self) -> str:
        """The origin to which the request is sent, or "" (`oauth.urls.origin`)."""
        return origin(self.address)


class Rendered(Struct, frozen=True):
    """A finished request; headers as ISO-8859-1 text, content as bytes."""

    method: str
    url: str
    headers: Headers
    content: bytes


ACCEPT_ENCODING = "gzip, deflate"
"""The encodings that `engine.client.body` can decode in bounded steps."""

USER_AGENT = f"airisk-tui/{__version__}"


def wire_headers(*own: PlannedField, with_body: bool = False) -> tuple[PlannedField, ...]:
    """The headers of one request between the headers that every request of this program has."""
    first = (("Host", (Computed("host"),)), ("User-Agent", (USER_AGENT,)), ("Accept-Encoding", (ACCEPT_ENCODING,)))
    return (*first, *own, *((("Content-Length", (Computed("length"),)),) if with_body else ()))


def as_reference(piece: str | SecretView) -> str:
    """Each secret as its reference (`Reveal`)."""
    return piece if isinstance(piece, str) else piece.reference


def with_references(fields: Iterable[PlannedField]) -> Params:
    """The fields as text, with references."""
    return Params(tuple((name, shown_value(value)) for name, value in fields))


def shown_value(value: Value) -> str:
    """A value as text: each secret as its reference, each value that is not known yet as its placeholder."""
    return _text(value, as_reference, _NOT_KNOWN)


def content_type(encoding: Encoding) -> Value:
    """The value of `Content-Type` for an encoding."""
    media = MEDIA_TYPES[encoding]
    return (media, Computed("boundary")) if encoding == "multipart" else (media,)


def value_of(text: str, values: Values) -> Value:
    """The pieces of an edit's value: the value of each placeholder that the run knows, and the text between them."""
    pieces: list[Piece] = []
    done = 0
    for found in PLACEHOLDER.finditer(text):
        known, (begin, end) = "{" if found[1] == "brace" else values.get(found[1]), found.span()
        if known is not None:
            pieces += [text[done:begin], Inserted(known) if isinstance(known, str) else known]
            done = end
    return tuple(piece for piece in (*pieces, text[done:]) if piece != "") or ("",)


def edited(
    plan: PlannedRequest, edits: Iterable[Edit], step: Step, values: Values, endpoint: str = ""
) -> PlannedRequest:
    """The request after the edits of its step, applied in order. Total."""
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
    """The request in another encoding, with its Content-Type unless an edit has changed that header."""
    encoding = next((each for each in MEDIA_TYPES if each == name), plan.encoding)
    before, after = content_type(plan.encoding), content_type(encoding)
    headers = tuple((n, after if n.lower() == "content-type" and v == before else v) for n, v in plan.headers)
    return replace(plan, encoding=encoding, headers=headers, raw=None)


def changed(
    fields: tuple[PlannedField, ...], edit: Edit, value: Value, *, folded: bool = False
) -> tuple[PlannedField, ...]:
    """The fields after one edit. folded: whether names are compared without regard to case, as for headers (RFC 9110 §5.1)."""
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
    """The finished request. reveal: raises an exception of its own if a secret may not be sent."""
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
    """The URL's own text is kept; a value in place of a placeholder or a reference is percent-encoded."""
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
    """The credentials after "Basic " (RFC 7617 §2). RFC 6749 §2.3.1 requires that both parts are form-encoded first, which Authlib
    does not do."""
    import base64

    parts = (reveal(piece.client_id), reveal(piece.secret))
    pair = ":".join(quote(part, safe="", errors="replace") if piece.encoded else part for part in parts)
    return base64.b64encode(pair.encode("utf-8", "replace")).decode("ascii")


UNSIGNED = "{client_assertion}"
"""The placeholder of an assertion for which there is no key."""


def _signed(piece: Assertion, reveal: Reveal) -> str:
    key = reveal(piece.key)
    return (
        UNSIGNED
        if key == piece.key.reference
        else client_assertion(piece.method, reveal(piece.client_id), key, piece.audience)
    )


def _content(plan: PlannedRequest, texts: Sequence[tuple[str, str]], kind: str, boundary: str, reveal: Reveal) -> bytes:
    if plan.raw is None:
        return encoded_fields(texts, plan.encoding, boundary) if texts else b""
    inside = "json" if "json" in kind.lower() else "form" if "urlencoded" in kind.lower() else "plain"
    text = "".join(_in_raw(piece, inside, reveal) for piece in plan.raw)
    return text.encode("utf-8", "surrogateescape")


def _in_raw(piece: Piece, inside: str, reveal: Reveal) -> str:
    """A piece of a raw body; a value in place of a placeholder is escaped for the JSON or the form around it."""
    if isinstance(piece, str):
        return reveal(piece)
    text = _text((piece,), reveal)
    if inside == "json":
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return quoted(text) if inside == "form" else text


def encoded_fields(fields: Sequence[tuple[str, str]], encoding: Encoding, boundary: str = "") -> bytes:
    """The body. A field that is given twice is sent twice, even in JSON."""
    if encoding == "json":
        members = (f"{json.dumps(n, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}" for n, v in fields)
        return f"{{{', '.join(members)}}}".encode("utf-8", "replace")
    if encoding == "multipart":
        parts = "".join(_part(name, value, boundary) for name, value in fields)
        return f"{parts}--{boundary}--\r\n".encode("utf-8", "replace")
    return Params(tuple(fields)).encode().encode()


def _part(name: str, value: str, boundary: str) -> str:
    """A part of multipart/form-data (RFC 7578 §4), its name escaped as browsers do (WHATWG HTML, multipart/form-data)."""
    escaped = outside_references(name, lambda text: text.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22"))
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{escaped}"\r\n\r\n{value}\r\n'


BOUNDARY = "----airisk-tui-boundary-"


def _boundary(kind: str, texts: Sequence[tuple[str, str]]) -> str:
    """The boundary in the Content-Type header, or the first of our own that no value contains (RFC 2046 §5.1.1)."""
    named = kind.partition("boundary=")[2].partition(";")[0].strip().strip('"')
    if named and named != "{boundary}":
        return named
    number = 1
    while any(f"{BOUNDARY}{number}" in text for pair in texts for text in pair):
        number += 1
    return f"{BOUNDARY}{number}"
