"""Another client's requests as a draft that sends the same (editing.md, "As my client does").

The inputs are read from the requests. What the documented requests would not send as that client does becomes edits, so that the
bytes are the same but for what is new in each run: the code, the state, the verifier.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import fields, replace
from urllib.parse import quote, urlsplit

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.inputs import Inputs, Settings
from airisk_tui.flow.parts import Part, parts
from airisk_tui.flow.requests import meant_request, values_in
from airisk_tui.flow.state import FlowState
from airisk_tui.later import dataclass
from airisk_tui.oauth.dialect import Encoding
from airisk_tui.oauth.edit import ALL, Edit, Place, Step
from airisk_tui.oauth.fields import kind_of, params_of
from airisk_tui.oauth.http import header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.planned import MEDIA_TYPES, PlannedField, PlannedRequest, Rendered, Values, edited, rendered
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.oauth.text import decoded
from airisk_tui.oauth.urls import query_of
from airisk_tui.recording.written import Unreadable, WrittenRequest

AUTHORIZE, TOKEN = "/api/oauth2", "/api/oauth2/token"
"""Ends of the documented paths, in lower case."""

CODE_VIEW = SecretView("c0de" * 4, 4)
SECRET_VIEW = SecretView("5ec1" * 4, 6)
"""What stand for the code and the client secret while the two requests are compared."""

FRESH = ("state", "code_challenge", "code_verifier", "nonce")
"""What is made anew for each run."""


@dataclass(frozen=True, slots=True)
class Departure:
    """What the client sends otherwise than it is documented. documented, sent: None where it is not there."""

    step: Step
    part: Part


@dataclass(frozen=True, slots=True)
class Likeness:
    """draft: sends what the client sends; departures: where that is not what is documented; notes: what could not be taken over,
    in sentences."""

    draft: Draft
    departures: tuple[Departure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A request with its parameters and fields."""

    request: WrittenRequest
    params: Params
    fields: Params

    @property
    def all(self) -> Params:
        return self.params + self.fields


def likeness(requests: tuple[WrittenRequest, ...], base: Draft) -> Likeness:
    """A draft that sends the same. base: what the environment says, for what the requests do not tell. Raises Unreadable."""
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
    for step, one in (("authorization", authorization), ("token", token)):
        if one is not None:
            found = _edits("token" if step == "token" else "authorization", one, draft, _code(token))
            edits += found[0]
            departures += found[1]
    return Likeness(draft.to(edits=tuple(edits)), tuple(departures), tuple(_notes(authorization, token, len(read))))


def _read(request: WrittenRequest) -> _Read:
    kind = header(request.headers, "content-type") or ""
    came = params_of(decoded(request.content), kind) if request.content else Params()
    return _Read(request, Params.parse(query_of(request.url)), came)


def _is_token(one: _Read) -> bool:
    names = {name for name, _ in one.all}
    if "refresh_token" in names:
        return False
    return one.request.method.upper() not in ("GET", "HEAD") and bool(
        names & {"code", "client_secret", "grant_type", "code_verifier"}
    )


def _is_authorization(one: _Read) -> bool:
    names = {name for name, _ in one.all}
    return "client_id" in names and bool(names & {"redirect_uri", "response_type"} or _path(one).endswith(AUTHORIZE))


def _path(one: _Read) -> str:
    return urlsplit(one.request.url).path.rstrip("/").lower()


def _code(token: _Read | None) -> str:
    return (token.all.get("code") or "") if token is not None else ""


def _inputs(base: Draft, authorization: _Read | None, token: _Read | None) -> Draft:
    """The inputs that the requests tell."""
    known = Params().items + (authorization.all.items if authorization else ()) + (token.all.items if token else ())
    told = Params(known)
    basic = _basic(token)
    secret = (token.all.get("client_secret") if token else None) or basic[1]
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
        client_secret=Secret(secret) if secret else base.client_secret,
        state=base.state if authorization is None or authorization.all.get("state") is not None else None,
        dialect=dialect,
        encoding=_encoding(token) if token is not None else base.encoding,
        params=Params(),
        token_params=Params(),
        edits=(),
    )


def _basic(token: _Read | None) -> tuple[str, str]:
    """Client id and secret of an `Authorization: Basic`."""
    value = (header(token.request.headers, "authorization") or "") if token is not None else ""
    if not value.lower().startswith("basic "):
        return "", ""
    try:
        client, _, secret = base64.b64decode(value[6:].strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return client, secret


def _origin(url: str) -> str:
    parts_of = urlsplit(url)
    return f"{parts_of.scheme}://{parts_of.netloc}"


def _split(url: str, documented: str) -> tuple[str, str]:
    """The base URL and the path of an endpoint; "" where the path is the documented one below the base."""
    address = url.partition("?")[0].partition("#")[0]
    if address.lower().endswith(documented):
        return address[: -len(documented)], "" if address.endswith(("/api/oauth2", "/api/oauth2/Token")) else address[
            -len(documented) :
        ]
    origin = _origin(address)
    return origin, address[len(origin) :] or "/"


def _encoding(token: _Read) -> Encoding:
    kind = kind_of(decoded(token.request.content), header(token.request.headers, "content-type") or "")
    return "json" if kind == "json" else "multipart" if kind == "multipart" else "form"


def _edits(step: Step, one: _Read, draft: Draft, code: str) -> tuple[list[Edit], list[Departure]]:
    """The edits that turn the documented request into the client's, and the parts in which these two differ."""
    inputs = _as_inputs(draft)
    state = FlowState().to(inputs=inputs, code=CODE_VIEW)
    meant, values = meant_request(state, inputs, step), values_in(state, inputs)
    wanted = _wanted(one, meant, _Filler(draft, one, code))
    edits = list(_between(step, meant, wanted, one, values, draft, code))
    plan = edited(meant, edits, step, values)
    return edits, [Departure(step, part) for part in parts(meant, plan) if part.changed]


def _as_inputs(draft: Draft) -> Inputs:
    """The draft's settings as a run has them, the secret as a view."""
    settings = {one.name: getattr(draft, one.name) for one in fields(Settings)}
    settings["state"] = "{state}" if draft.state is not None else None
    return Inputs(**settings | {"client_secret": SECRET_VIEW if draft.client_secret else None, "bearer": None})


class _Filler:
    """Puts placeholders in the place of what is new in each run, and of the client's secret."""

    def __init__(self, draft: Draft, one: _Read, code: str) -> None:
        self._host = urlsplit(one.request.url).netloc
        secret = draft.client_secret.reveal() if draft.client_secret else ""
        self.values = {name: one.all.get(name) or "" for name in FRESH} | {"code": code, "client_secret": secret}
        self._basic = base64.b64encode(f"{draft.client_id}:{secret}".encode("utf-8", "replace")).decode("ascii")

    def value(self, text: str) -> str:
        """A whole value."""
        return next((f"{{{name}}}" for name, value in self.values.items() if value and value == text), text)

    def header(self, name: str, value: str, content: bytes) -> str:
        """A header's value."""
        if name.lower() == "host" and value == self._host:
            return "{host}"
        if name.lower() == "content-length" and (value == str(len(content)) or b"~sealed." in content):
            return "{length}"
        if value == f"Basic {self._basic}":
            return "Basic {basic}"
        return self.value(value)

    def raw(self, text: str, *, quoted: bool) -> str:
        """A text in which values stand as they are, or percent-encoded."""
        for name, value in self.values.items():
            if len(value) > 3:
                for form in dict.fromkeys((quote(value, safe="") if quoted else value, value)):
                    text = text.replace(form, f"{{{name}}}")
        return text


def _wanted(one: _Read, meant: PlannedRequest, filler: _Filler) -> dict[Place, list[tuple[str, str]]]:
    """The parts of the client's request as texts with placeholders."""
    request = one.request
    headers = [(name, filler.header(name, value, request.content)) for name, value in request.headers]
    if request.ours:
        removed = request.removed | {name.lower() for name, _ in headers}
        own = [name for name in ("User-Agent", "Accept-Encoding") if name.lower() not in removed]
        plain = [(name, "".join(str(piece) for piece in value)) for name, value in meant.headers if name in own]
        headers = [*headers[:1], *plain, *(pair for pair in headers[1:])]
        headers.sort(key=lambda pair: pair[0] == "Content-Length")
    return {
        "param": [(name, filler.value(value)) for name, value in one.params],
        "header": headers,
        "body": [(name, filler.value(value)) for name, value in one.fields],
    }


def _between(
    step: Step,
    meant: PlannedRequest,
    wanted: dict[Place, list[tuple[str, str]]],
    one: _Read,
    values: Values,
    draft: Draft,
    code: str,
) -> Iterator[Edit]:
    request, filler = one.request, _Filler(draft, one, code)
    if request.method != meant.method:
        yield Edit(step, "method", value=request.method)
    yield from _address(step, meant, wanted["param"], one, values, filler)
    yield from _listed(step, "header", meant.headers, _with_boundary(wanted["header"], request), values)
    changes = list(_listed(step, "body", meant.fields, wanted["body"], values))
    plan = edited(meant, changes, step, values)
    if not _same_body(plan, request, filler, one):
        quoted = "urlencoded" in (header(request.headers, "content-type") or "")
        text = filler.raw(request.content.decode("utf-8", "surrogateescape"), quoted=quoted)
        changes = [Edit(step, "body", value=text)] if request.content else [Edit(step, "body", ALL, "omit")]
    yield from changes if request.content or meant.fields else ()


def _with_boundary(headers: list[tuple[str, str]], request: WrittenRequest) -> list[tuple[str, str]]:
    """The headers, with the boundary that is made for each request where nobody gave one."""
    if not request.boundary:
        return headers
    made = MEDIA_TYPES["multipart"] + "{boundary}"
    return [(name, made if name.lower() == "content-type" else value) for name, value in headers]


def _address(
    step: Step,
    meant: PlannedRequest,
    wanted: list[tuple[str, str]],
    one: _Read,
    values: Values,
    filler: _Filler,
) -> Iterator[Edit]:
    """The edits of the address and its parameters. A query that is written as no encoding of ours is given as it stands."""
    url, query = one.request.url.partition("#")[0].partition("?")[0], query_of(one.request.url)
    base = rendered(replace(meant, params=()), _text).url
    if Params.parse(query).encode() != query:
        yield Edit(step, "param", ALL, "omit")
        yield Edit(step, "url", value=f"{url}?{filler.raw(query, quoted=True)}")
        return
    if url != base:
        yield Edit(step, "url", value=url)
    yield from _listed(step, "param", meant.params, wanted, values)


def _text(piece: str | SecretView) -> str:
    return piece if isinstance(piece, str) else piece.reference


def _listed(
    step: Step, place: Place, meant: tuple[PlannedField, ...], wanted: list[tuple[str, str]], values: Values
) -> Iterator[Edit]:
    """The fewest edits that give these fields in this order; where few do not do, all are left out and given anew."""
    names, fold = [name for name, _ in wanted], place == "header"
    target = edited(_empty(place), [Edit(step, place, name, "add", value) for name, value in wanted], step, values)
    few = list(_few(step, place, meant, wanted))
    start = _holding(place, meant)
    if _fields(edited(start, few, step, values), place) == _fields(target, place) and len(set(names)) == len(names):
        yield from few
        return
    if fold or wanted or meant:
        yield Edit(step, place, ALL, "omit")
        yield from (Edit(step, place, name, "add", value) for name, value in wanted)


def _few(step: Step, place: Place, meant: tuple[PlannedField, ...], wanted: list[tuple[str, str]]) -> Iterator[Edit]:
    here, there = {name for name, _ in wanted}, dict(meant)
    yield from (Edit(step, place, name, "omit") for name in there if name not in here)
    for name, value in wanted:
        if name not in there:
            yield Edit(step, place, name, "add", value)
        elif "".join(map(_piece, there[name])) != value:
            yield Edit(step, place, name, "set", value)


def _piece(piece: object) -> str:
    """A piece of the documented request as a person would type it."""
    if piece == CODE_VIEW:
        return "{code}"
    if piece == SECRET_VIEW:
        return "{client_secret}"
    name = getattr(piece, "name", None)
    return piece if isinstance(piece, str) else f"{{{name}}}"


def _empty(place: Place) -> PlannedRequest:
    return _holding(place, ())


def _holding(place: Place, fields_of: tuple[PlannedField, ...]) -> PlannedRequest:
    plan = PlannedRequest("POST", ("http://host/",))
    if place == "param":
        return replace(plan, params=fields_of)
    return replace(plan, headers=fields_of) if place == "header" else replace(plan, fields=fields_of)


def _fields(plan: PlannedRequest, place: Place) -> list[tuple[str, str]]:
    there = {"param": plan.params, "header": plan.headers}.get(place, plan.fields)
    return [(name, "".join(_plain(piece) for piece in value)) for name, value in there]


def _plain(piece: object) -> str:
    text = getattr(piece, "text", None)
    return text if isinstance(text, str) else _piece(piece)


def _same_body(plan: PlannedRequest, request: WrittenRequest, filler: _Filler, one: _Read) -> bool:
    """Whether the fields, encoded as we do it, are the client's bytes."""
    kind = header(request.headers, "content-type") or ""
    headers: tuple[PlannedField, ...] = (("Content-Type", (kind,)),)
    sent: Rendered = rendered(replace(plan, headers=headers), lambda piece: _as_it_was(piece, filler, one))
    return sent.content == request.content


def _as_it_was(piece: str | SecretView, filler: _Filler, one: _Read) -> str:
    """What the client had in the place of what is new in each run."""
    if piece == CODE_VIEW:
        return filler.values["code"]
    if piece == SECRET_VIEW:
        return filler.values["client_secret"]
    return piece if isinstance(piece, str) else ""


def _notes(authorization: _Read | None, token: _Read | None, number: int) -> Iterator[str]:
    if authorization is None:
        yield "The file has no authorization request, so that it is the documented one; where it needs more, add it to the recipe."
    if token is None:
        yield "The file has no token request, so that it is the documented one."
    if token is not None and authorization is None and token.all.get("redirect_uri") is None:
        yield "The token request has no redirect_uri, so that step 1 uses the environment's; give the client's own by --redirect-uri."
    used = sum(one is not None for one in (authorization, token))
    if number > used:
        yield f"{number - used} more requests in the file are left out: they are neither."
