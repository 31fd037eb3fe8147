"""Another client's requests as a draft that sends the same (editing.md, "As my client does").

The inputs are read from the requests. Where the documented requests of these inputs differ from the client's, edits are added, so that
the bytes are the same except for values that are new in each run: the code, the state, the verifier.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.reading.parts import Part, parts
from airisk_tui.flow.requests import meant_request, values_in
from airisk_tui.flow.start.inputs import Inputs, Settings
from airisk_tui.flow.state import FlowState
from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import Encoding
from airisk_tui.oauth.http import basic_in, header
from airisk_tui.oauth.params import Params, pairs_in, quoted
from airisk_tui.oauth.request.edit import ALL, Edit, Place, Step, literal
from airisk_tui.oauth.request.planned import (
    PlannedField,
    PlannedRequest,
    Rendered,
    Value,
    Values,
    as_reference,
    edited,
    rendered,
    shown_value,
)
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.oauth.text.fields import kind_of, params_of
from airisk_tui.oauth.text.visible import QUOTED, decoded
from airisk_tui.oauth.urls import query_of
from airisk_tui.recording.written import VARIABLE, Unreadable, WrittenRequest, placeholder_of
from airisk_tui.redaction.public import says_secret

AUTHORIZE, TOKEN = "/api/oauth2", "/api/oauth2/token"
"""The ends of the documented paths, in lower case."""

CODE_VIEW = SecretView("c0de" * 4, 4)
SECRET_VIEW = SecretView("5ec1" * 4, 6)
STATE = "\x01state\x01"
"""Stand-ins for the code, the client secret and the state while two requests are compared."""

STAND_INS: dict[object, str] = {CODE_VIEW: "code", SECRET_VIEW: "client_secret", STATE: "state"}
"""The placeholders by stand-in."""

FIELDS_OF: dict[Place, str] = {"param": "params", "header": "headers", "body": "fields"}
"""By place, the member of a `PlannedRequest` with its fields."""

FINDABLE = 4
"""The fewest characters of a value that is searched for in other text; a shorter one could be a part of it by chance."""

FRESH = ("state", "code_challenge", "code_verifier", "nonce")
"""Parameters that are new in each run."""


class Departure(Struct, frozen=True):
    """A part of a request that the client does not send as it is documented."""

    step: Step
    part: Part


class Likeness(Struct, frozen=True):
    """The result. draft: sends the same as the client; departures: the parts that differ from the documentation; notes: the data that
    could not be taken over, in sentences."""

    draft: Draft
    departures: tuple[Departure, ...]
    notes: tuple[str, ...] = ()


class _Read(Struct, frozen=True):
    """A request with its parameters and fields."""

    request: WrittenRequest
    params: Params
    fields: Params

    @property
    def all(self) -> Params:
        return self.params + self.fields


def likeness(requests: tuple[WrittenRequest, ...], base: Draft) -> Likeness:
    """A draft that sends the same as these requests. base: a draft of the environment, for inputs that are not in them. Raises
    Unreadable."""
    read = [_read(request) for request in requests]
    token = next((one for one in read if _is_token(one)), None)
    authorization = next((one for one in read if one is not token and _is_authorization(one)), None)
    if token is None and authorization is None:
        raise Unreadable(
            "none of its requests is an authorization request (client_id) or a token request (code, client_secret)"
        )
    draft = _inputs(base, authorization, token)
    departures: list[Departure] = []
    edits: list[Edit] = []
    secrets = _Secrets((token.all.get("code") or "") if token is not None else "", _secret(token))
    steps: tuple[tuple[Step, _Read | None], ...] = (("authorization", authorization), ("token", token))
    for step, one in steps:
        if one is not None:
            found = _edits(step, one, draft, secrets)
            edits += found[0]
            departures += found[1]
    return Likeness(draft.to(edits=tuple(edits)), tuple(departures), tuple(_notes(authorization, token, len(read))))


class _Secrets(Struct, frozen=True):
    """The code and the client secret in the requests, or ""."""

    code: str
    secret: str


def _is_known(text: str) -> bool:
    """Whether a text is the value itself, and not a variable or a reference for it."""
    return VARIABLE.search(text) is None and "~sealed." not in text


def _read(request: WrittenRequest) -> _Read:
    kind = header(request.headers, "content-type") or ""
    came = params_of(decoded(request.content), kind) if request.content else Params()
    return _Read(request, Params.parse(query_of(request.url)), came)


def _is_token(one: _Read) -> bool:
    names = {name for name, _ in one.all}
    if "refresh_token" in names:
        return False
    return one.request.method.upper() not in ("GET", "HEAD") and (
        bool(names & {"code", "client_secret", "grant_type", "code_verifier"}) or _path(one).endswith(TOKEN)
    )


def _is_authorization(one: _Read) -> bool:
    names = {name for name, _ in one.all}
    return "client_id" in names and bool(names & {"redirect_uri", "response_type"} or _path(one).endswith(AUTHORIZE))


def _path(one: _Read) -> str:
    return urlsplit(one.request.url).path.rstrip("/").lower()


def _secret(token: _Read | None) -> str:
    """The client secret: a variable for it anywhere in the request, else the field, the password of Basic, or the parameter; else ""."""
    if token is None:
        return ""
    request = token.request
    texts = (request.url, decoded(request.content), *(value for _, value in request.headers))
    named = (found for text in texts for found in VARIABLE.finditer(text))
    marked = next((found[0] for found in named if placeholder_of(found[1]) == "client_secret"), "")
    return marked or token.fields.get("client_secret") or _basic(token)[1] or token.params.get("client_secret") or ""


def _inputs(base: Draft, authorization: _Read | None, token: _Read | None) -> Draft:
    """A draft with the inputs in the requests."""
    pairs = [pair for one in (authorization, token) if one is not None for pair in one.all.items]
    told = Params(tuple(pair for pair in pairs if _is_known(pair[1])))
    basic, secret = _basic(token), _secret(token)
    first = token or authorization
    assert first is not None  # noqa: S101 - `likeness` looked
    origin, dialect = _origin(first.request.url), base.dialect
    if token is not None:
        origin, path = _split(token.request.url, TOKEN)
        dialect = replace(dialect, token_path=path or dialect.token_path)
    if authorization is not None:
        there, path = _split(authorization.request.url, AUTHORIZE)
        dialect = replace(dialect, authorize_path=path or dialect.authorize_path)
        if token is not None and there != origin:
            dialect = replace(dialect, authorize_path=authorization.request.url.partition("?")[0])
        origin = origin if token is not None else there
    return base.to(
        base_url=origin,
        client_id=told.get("client_id") or basic[0] or base.client_id,
        redirect_uri=told.get("redirect_uri") or base.redirect_uri,
        userid=told.get(dialect.users or "userid") or "",
        client_secret=Secret(secret) if secret and _is_known(secret) else base.client_secret,
        state=base.state if authorization is None or authorization.all.get("state") is not None else None,
        dialect=dialect,
        encoding=_encoding(token) if token is not None else base.encoding,
        params=Params(),
        token_params=Params(),
        edits=(),
    )


def _basic(token: _Read | None) -> tuple[str, str]:
    """The client id and the secret in an `Authorization: Basic`, each "" if there is none."""
    return (basic_in(token.request.headers) if token is not None else None) or ("", "")


def _origin(url: str) -> str:
    parts_of = urlsplit(url)
    return f"{parts_of.scheme}://{parts_of.netloc}"


def _split(url: str, documented: str) -> tuple[str, str]:
    """The base URL and the path of an endpoint; "" for the path if it is the documented one."""
    address = url.partition("?")[0].partition("#")[0]
    if address.lower().endswith(documented):
        base, path = address[: -len(documented)], address[-len(documented) :]
        return base, "" if path in ("/api/oauth2", "/api/oauth2/Token") else path
    origin = _origin(address)
    return origin, address[len(origin) :] or "/"


def _encoding(token: _Read) -> Encoding:
    kind = kind_of(decoded(token.request.content), header(token.request.headers, "content-type") or "")
    return "json" if kind == "json" else "multipart" if kind == "multipart" else "form"


def _edits(step: Step, one: _Read, draft: Draft, secrets: _Secrets) -> tuple[list[Edit], list[Departure]]:
    """The edits that turn the documented request into the client's, and the parts in which these two differ."""
    inputs = _as_inputs(draft, secrets)
    state = FlowState().to(inputs=inputs, code=CODE_VIEW)
    meant, values = meant_request(state, inputs, step), values_in(state, inputs)
    edits = list(_edits_between(step, meant, one, values, _Filler(draft, one, secrets)))
    plan = edited(meant, edits, step, values)
    return edits, [Departure(step, part) for part in parts(meant, plan) if part.changed]


def _as_inputs(draft: Draft, secrets: _Secrets) -> Inputs:
    """The settings of the draft as those of a run, with views in place of secrets."""
    settings = {name: getattr(draft, name) for name in Settings.__struct_fields__}
    settings["state"] = STATE if draft.state is not None else None
    return Inputs(
        **settings | {"client_secret": SECRET_VIEW if secrets.secret or draft.client_secret else None, "bearer": None}
    )


class _Filler:
    """Replaces the client secret, and values that are new in each run, by placeholders."""

    def __init__(self, draft: Draft, one: _Read, secrets: _Secrets) -> None:
        self._host = urlsplit(one.request.url).netloc
        self.values = {name: one.all.get(name) or "" for name in FRESH} | {
            "code": secrets.code,
            "client_secret": secrets.secret,
        }
        self._basic = base64.b64encode(f"{draft.client_id}:{secrets.secret}".encode("utf-8", "replace")).decode("ascii")

    def _whole(self, text: str) -> str | None:
        return next((f"{{{name}}}" for name, value in self.values.items() if value and value == text), None)

    def value(self, text: str) -> str:
        """A value with a placeholder, if the whole of it has one."""
        return self._whole(text) or typed(text)

    def header(self, name: str, value: str, content: bytes) -> str:
        """The value of a header with placeholders. content: the body of the request."""
        if name.lower() == "host" and value == self._host:
            return "{host}"
        if name.lower() == "content-length" and (value == str(len(content)) or not _is_known(decoded(content))):
            return "{length}"
        if value == f"Basic {self._basic}":
            return "Basic {basic}"
        return self.value(value)

    def form(self, text: str) -> str:
        """A query or a form as it is written, with placeholders for whole values."""
        pieces, done = [], 0
        for pair in pairs_in(text):
            value = Params.parse(f"x={pair.value}").get("x") or ""
            filled = self._whole(value)
            as_sent = quoted(value) == pair.value or filled != "{client_secret}" or not _is_known(value)
            if filled is not None and as_sent:
                pieces += [typed(text[done : pair.start]), filled]
                done = pair.end
        return "".join((*pieces, typed(text[done:])))

    def raw(self, text: str) -> str:
        """Any other text with placeholders for values between characters that no value contains."""
        text = typed(text)
        for name, value in self.values.items():
            if len(value) >= FINDABLE:
                whole = rf"(?<![\w.~-]){re.escape(typed(value))}(?![\w.~-])"
                text = re.sub(whole, lambda found, name=name: f"{{{name}}}", text)  # type: ignore[misc] # mypy sees no default
        return text


def typed(text: str) -> str:
    """A text of the client as the value of an edit: placeholders for its variables, its braces escaped."""
    return VARIABLE.sub(_variable, literal(text))


def _variable(found: re.Match[str]) -> str:
    name = placeholder_of(found[1])
    return f"${found[1]}".replace("$$", "$") if name is None else f"{{{name}}}"


def _wanted_fields(one: _Read, filler: _Filler) -> dict[Place, list[tuple[str, str]]]:
    """The parameters, headers and fields of the client's request, with placeholders."""
    content = one.request.content
    return {
        "param": [(name, filler.value(value)) for name, value in one.params],
        "header": [(name, filler.header(name, value, content)) for name, value in one.request.headers],
        "body": [(name, filler.value(value)) for name, value in one.fields],
    }


def _edits_between(step: Step, meant: PlannedRequest, one: _Read, values: Values, filler: _Filler) -> Iterator[Edit]:
    request, wanted = one.request, _wanted_fields(one, filler)
    if request.method != meant.method:
        yield Edit(step, "method", value=request.method)
    yield from _address(step, meant, wanted["param"], one, values, filler)
    yield from _edits_of_fields(step, "header", meant.headers, wanted["header"], values)
    changes = list(_edits_of_fields(step, "body", meant.fields, wanted["body"], values))
    plan = edited(meant, changes, step, values)
    if not _same_body(plan, request, filler):
        text = request.content.decode("utf-8", "surrogateescape")
        is_form = "urlencoded" in (header(request.headers, "content-type") or "")
        text = filler.form(text) if is_form else filler.raw(text)
        changes = [Edit(step, "body", value=text)] if request.content else [Edit(step, "body", ALL, "omit")]
    yield from changes if request.content or meant.fields else ()


def _address(
    step: Step,
    meant: PlannedRequest,
    wanted: list[tuple[str, str]],
    one: _Read,
    values: Values,
    filler: _Filler,
) -> Iterator[Edit]:
    """The edits of the address and its parameters. A query that this program would encode differently is kept as it is written."""
    url, query = one.request.url.partition("#")[0].partition("?")[0], query_of(one.request.url)
    base = rendered(replace(meant, params=()), as_reference).url
    if Params.parse(query).encode() != query:
        yield Edit(step, "param", ALL, "omit")
        yield Edit(step, "url", value=f"{typed(url)}?{filler.form(query)}")
        return
    if url != base:
        yield Edit(step, "url", value=typed(url))
    yield from _edits_of_fields(step, "param", meant.params, wanted, values)


def _edits_of_fields(
    step: Step, place: Place, meant: tuple[PlannedField, ...], wanted: list[tuple[str, str]], values: Values
) -> Iterator[Edit]:
    """The fewest edits that produce these fields in this order; if that fails, one that omits all, and one that adds each field."""
    names = [name for name, _ in wanted]
    few = list(_fewest_edits(step, place, meant, wanted))
    fields: dict[str, Any] = {FIELDS_OF[place]: meant}
    plan = edited(PlannedRequest("POST", ("http://host/",), **fields), few, step, values)
    if [name for name, _ in getattr(plan, FIELDS_OF[place])] == names and len(set(names)) == len(names):
        yield from few
        return
    if wanted or meant:
        yield Edit(step, place, ALL, "omit")
        yield from (Edit(step, place, name, "add", value) for name, value in wanted)


def _fewest_edits(
    step: Step, place: Place, meant: tuple[PlannedField, ...], wanted: list[tuple[str, str]]
) -> Iterator[Edit]:
    here, there = {name for name, _ in wanted}, dict(meant)
    yield from (Edit(step, place, name, "omit") for name in there if name not in here)
    for name, value in wanted:
        if name not in there:
            yield Edit(step, place, name, "add", value)
        elif "".join(map(_piece, there[name])) != value:
            yield Edit(step, place, name, "set", value)


def _piece(piece: object) -> str:
    """A piece of the documented request as a person would type it."""
    name = STAND_INS.get(piece) or getattr(piece, "name", None)
    return f"{{{name}}}" if piece in STAND_INS or not isinstance(piece, str) else literal(piece)


def _same_body(plan: PlannedRequest, request: WrittenRequest, filler: _Filler) -> bool:
    """Whether the fields, as this program encodes them, are the client's bytes."""
    kind = header(request.headers, "content-type") or ""
    headers: tuple[PlannedField, ...] = (("Content-Type", (kind,)),)
    sent: Rendered = rendered(replace(plan, headers=headers), lambda piece: _original(piece, filler))
    return _MARKED.sub(b"\0\\1\0", sent.content) == request.content


_MARKED = pattern(rb"(?:%00|\\u0000)(\w+)(?:%00|\\u0000)")
"""A variable of a shell (`VARIABLE`) as a form and as JSON encode it."""


def _original(piece: str | SecretView, filler: _Filler) -> str:
    """The value of the client for a stand-in; "" for any other secret."""
    if piece in STAND_INS:
        return filler.values[STAND_INS[piece]]
    return piece if isinstance(piece, str) else ""


def _notes(authorization: _Read | None, token: _Read | None, number: int) -> Iterator[str]:
    for one in (authorization, token):
        yield from one.request.notes if one is not None else ()
    if authorization is None:
        yield "There is no authorization request in it, so that it is the documented one; add what the client sends beyond that."
    if token is None:
        yield "There is no token request in it, so that it is the documented one."
    if token is not None and authorization is None and token.all.get("redirect_uri") is None:
        yield "The token request has no redirect_uri, so that step 1 uses the environment's; give the client's own."
    used = sum(one is not None for one in (authorization, token))
    if number > used:
        yield f"{number - used} more requests in it are left out: they are neither."


def row_of(one: Departure) -> tuple[str, str, str]:
    """A departure in words: its place, the documented value, and that of the client; secrets are masked."""
    part = one.part
    where = ".".join(filter(None, (one.step, part.place, part.name)))
    return where, _shown(part, part.meant), _shown(part, part.value)


def _shown(part: Part, value: Value | None) -> str:
    if value is None:
        return "—"
    text = shown_value(value)
    for piece, name in STAND_INS.items():
        text = text.replace(piece.reference if isinstance(piece, SecretView) else STATE, f"{{{name}}}")
    hidden = (says_secret(part.name) or part.name.lower() in ("authorization", "cookie")) and "{" not in text
    return "•••" if hidden and text else text[:QUOTED]
