"""Requests before they are sent: edits, encodings, boundaries, and what stands for a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from airisk_tui.oauth.reference import (
    plain_bytes,
    plain_json,
    unmarked,
    unmarked_bytes,
    unmarked_in,
    wide_text,
    with_plain_references,
)
from airisk_tui.oauth.request.edit import Action, Edit, UnreadableEdit, literal, read_edit
from airisk_tui.oauth.request.planned import (
    Assertion,
    Computed,
    Credentials,
    Inserted,
    PlannedField,
    PlannedRequest,
    Value,
    edited,
    effective,
    encoded_fields,
    rendered,
    shown_value,
    value_of,
    wire_headers,
)
from airisk_tui.oauth.secret import SecretView
from airisk_tui.qr import qr_code, too_big
from tests.kept import Reading
from tests.oauth.readings.inputs import REFERENCE

SECRET = SecretView("5ec12e7000000000", 6)
VALUES: dict[str, Any] = {
    "client_secret": SECRET,
    "state": 'a "b"',
    "basic": Credentials("i:d", SECRET),
    "code": Credentials("i:d", SECRET, encoded=False),
}
KINDS = ("form", "json", "multipart")
FIELDS: tuple[PlannedField, ...] = (("a b", ("1",)), ('q"\r\n', (SECRET,)), ("a b", (Inserted("2&"),)), ("c", ("{x}",)))
FORM: Value = ("application/x-www-form-urlencoded",)

EDITS = (
    *(
        "set token.body.a b=9",
        "omit token.body.a b",
        "add token.body.a b=",
        "omit token.body.*",
        "set token.body.new={basic}",
    ),
    *("set token.body={state}|{client_secret}|{nobody}", "set token.method=put", "set token.url=https://h/{state}"),
    *(
        "omit token.header.HOST",
        "set token.header.host={host}x",
        "set token.encoding=json",
        "set token.encoding=multipart",
    ),
    *("omit token.header.*", "add token.param.p={code}", "set token.header.content-type=application/json"),
    *(
        'set token.header.Content-Type=multipart/x; boundary="q"; y',
        "set token.header.Content-Type=x; boundary={boundary}",
    ),
    *("set token.body.a b={brace}code}", "set probe.body.a b=9", "set probe(GET /a.b?c=d).param.x=1"),
)

WRONG = (
    *("toke.body.x=1", "token.bod.x=1", "token.body.x", "token.body=1", "token.body", "token.method.x=1"),
    *("token.encoding=xml", "token.body.*=1", "redirect.header.x=1"),
)


def plan(kind: Any) -> PlannedRequest:
    """A token request with fields of every kind in it."""
    headers = wire_headers(("Content-Type", FORM), with_body=True)
    start = PlannedRequest("POST", ("https://h:8/t?x",), (("p", ("é",)),), headers, FIELDS)
    return edited(start, (Edit("token", "encoding", value=kind),), "token", {})


def revealed(piece: str | SecretView) -> str:
    """The raw value of the one secret."""
    return piece if isinstance(piece, str) else 's"&:/'


def _sent(edit: str, kind: str) -> Any:
    action: Any = edit.partition(" ")[0]
    one = read_edit(action, edit.partition(" ")[2])
    made = edited(plan(kind), (one,), "token", VALUES)
    return one, one.text, one.option, effective(plan(kind), (one, one), "token", VALUES), rendered(made, revealed)


def _read(action: Action, text: str) -> str:
    try:
        return read_edit(action, text).text
    except UnreadableEdit as error:
        return str(error)


def _drawn(columns: int, lines: int) -> tuple[int, int, int, str]:
    code = qr_code("https://h/", columns, lines)
    return code.width, code.height, code.size, too_big(code, columns, lines)


def requests() -> Iterator[Reading]:
    """All of them."""
    empty = PlannedRequest("GET", ("https://h",), headers=wire_headers())
    taken = with_boundaries("----airisk-tui-boundary-1", "----airisk-tui-boundary-2x")
    yield "planned.rendered", lambda one: rendered(one, revealed), [(one,) for one in (*map(plan, KINDS), empty, taken)]
    yield "planned.address", lambda one: (one.address, one.field_params), [(plan("form"),)]
    calls = [(one, "form") for one in EDITS] + [(one, kind) for one in EDITS[:6] for kind in KINDS[1:]]
    yield "planned.edited", _sent, calls
    named = (("é", "ä"), ("é", "x\ud800"))
    yield "planned.encoded_fields", encoded_fields, [(named, kind, "B") for kind in ("form", "json", "multipart")]
    assertion = Assertion("client_secret_jwt", "a", SECRET, "b")
    pieces: tuple[Value, ...] = ((Computed("host"),), (Computed("length"), "x"), (Credentials("a", "b"),), (assertion,))
    yield "planned.shown_value", shown_value, [(one,) for one in pieces]
    texts = ("", "x", "{state}", "a{state}b{nobody}{brace}c", "{token}")
    yield "planned.value_of", lambda text: value_of(text, VALUES), [(one,) for one in texts]
    actions: tuple[Action, ...] = ("set", "omit")
    yield "edit.read_edit", _read, [(action, one) for one in WRONG for action in actions]
    yield "edit.literal", literal, [(one,) for one in ("{code}", "{x}", "{{state}}", "plain")]
    yield "qr.qr_code", _drawn, [(29, 15), (28, 15), (29, 14), (25, 13), (1, 1)]
    yield from _references()


def with_boundaries(name: str, value: str) -> PlannedRequest:
    """A request in whose fields two of our boundaries stand."""
    return PlannedRequest("POST", ("https://h",), fields=((name, (value,)),), encoding="multipart")


def _references() -> Iterator[Reading]:
    marks = f"a{REFERENCE}b\ufdd0c\ufdd1"
    reader: Callable[..., Any]
    for reader in (with_plain_references, unmarked):
        yield f"reference.{reader.__name__}", reader, [(marks,), ("plain",)]
    plain = (marks.encode(), b"\xff\xfe\xff", b"\x00plain", b"\xff")
    wide = tuple(marks.encode(name) for name in ("utf-16", "utf-16-le", "utf-32"))
    for reader in (plain_bytes, unmarked_bytes, wide_text):
        yield f"reference.{reader.__name__}", reader, [(one,) for one in plain]
    for reader in (unmarked_bytes, wide_text):
        yield f"reference.{reader.__name__} of wide characters", reader, [(one,) for one in wide]
    yield "reference.plain_json", plain_json, [({"a": [marks, 1]},)]
    values = (Edit("token", "body", marks, value="x"), (marks, 1, (marks,)), ("a", None), 7)
    yield "reference.unmarked_in", unmarked_in, [(one,) for one in values]
