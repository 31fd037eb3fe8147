"""Edits change any part of a request, keep its order, and never read a secret."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.oauth.dialect import Encoding
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit, Step, UnreadableEdit, read_edit
from airisk_tui.oauth.request.planned import (
    Credentials,
    PlannedRequest,
    Rendered,
    content_type,
    edited,
    effective,
    rendered,
    wire_headers,
)
from airisk_tui.oauth.secret import SecretView

SECRET = SecretView("5ec12e7000000000", 6)
RAW = {SECRET: 's"c&r/t'}
VALUES: dict[str, Any] = {"client_secret": SECRET, "state": "a b", "basic": Credentials("id", SECRET, encoded=False)}
PLAN = PlannedRequest(
    "POST",
    ("https://server.example.com/token",),
    headers=wire_headers(("Content-Type", content_type("form")), with_body=True),
    fields=(("client_id", ("id",)), ("client_secret", (SECRET,)), ("x", ("1",)), ("x", ("2",))),
)


def sent(*texts: str) -> Rendered:
    """The request after edits, each as "set token.body.x=1"."""
    edits = [read_edit(action, text) for action, text in (one.split(" ", 1) for one in texts)]  # type: ignore[arg-type] # a word
    plan = edited(PLAN, edits, "token", VALUES)
    return rendered(plan, lambda piece: piece if isinstance(piece, str) else RAW[piece])


def pairs(result: Rendered) -> list[tuple[str, str]]:
    return list(Params.parse(result.content.decode()))


def test_a_request_without_edits_is_sent_as_it_is_meant() -> None:
    result = sent()
    assert result.url == "https://server.example.com/token"
    assert [name for name, _ in result.headers] == [
        "Host",
        "User-Agent",
        "Accept-Encoding",
        "Content-Type",
        "Content-Length",
    ]
    assert dict(result.headers)["Host"] == "server.example.com"
    assert int(dict(result.headers)["Content-Length"]) == len(result.content)
    assert pairs(result) == [("client_id", "id"), ("client_secret", 's"c&r/t'), ("x", "1"), ("x", "2")]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("set token.body.x=3", [("client_id", "id"), ("client_secret", 's"c&r/t'), ("x", "3")]),
        ("omit token.body.x", [("client_id", "id"), ("client_secret", 's"c&r/t')]),
        ("add token.body.x=", [("client_id", "id"), ("client_secret", 's"c&r/t'), ("x", "1"), ("x", "2"), ("x", "")]),
        ("set token.body.a.b==", [("client_id", "id"), ("client_secret", 's"c&r/t'), ("x", "1"), ("x", "2"), ("a.b", "=")]),
        ("omit token.body.*", []),
        ("set token.body.client_id={client_secret}!", [("client_id", 's"c&r/t!'), ("client_secret", 's"c&r/t'), ("x", "1"), ("x", "2")]),
        ("omit probe.body.x", [("client_id", "id"), ("client_secret", 's"c&r/t'), ("x", "1"), ("x", "2")]),
    ],
)  # fmt: skip
def test_a_field_is_changed_in_its_place_left_out_or_sent_once_more(edit: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(sent(edit)) == expected


def test_every_other_part_can_be_changed() -> None:
    result = sent(
        "set token.method=put",
        "set token.url=https://other.example.com/t?s={state}",
        "add token.param.q=a&b",
        "omit token.header.user-agent",
        "set token.header.HOST=x",
        "add token.header.Authorization=Basic {basic}",
    )
    assert (result.method, result.url) == ("put", "https://other.example.com/t?s=a%20b&q=a%26b")
    assert [name for name, _ in result.headers] == [
        "HOST",
        "Accept-Encoding",
        "Content-Type",
        "Content-Length",
        "Authorization",
    ]
    assert result.headers[-1][1] == "Basic aWQ6cyJjJnIvdA=="


def test_json_multipart_and_a_body_of_ones_own() -> None:
    as_json = sent("set token.encoding=json", "omit token.body.x")
    assert json.loads(as_json.content) == {"client_id": "id", "client_secret": 's"c&r/t'}
    assert dict(as_json.headers)["Content-Type"] == "application/json"
    parts = sent("set token.encoding=multipart", "omit token.body.x", "omit token.body.client_secret")
    boundary = dict(parts.headers)["Content-Type"].partition("boundary=")[2]
    assert parts.content.decode() == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="client_id"\r\n\r\nid\r\n--{boundary}--\r\n'
    )
    own = sent("set token.encoding=multipart", "set token.header.Content-Type=multipart/form-data; boundary=own")
    assert own.content.startswith(b"--own\r\n") and own.content.endswith(b"--own--\r\n")
    assert sent("set token.body=s={client_secret}").content == b"s=s%22c%26r%2Ft"
    assert sent("set token.encoding=json", 'set token.body={"s": "{client_secret}"}').content == b'{"s": "s\\"c&r/t"}'


def test_only_what_changes_something_counts_as_an_edit() -> None:
    edits = tuple(read_edit("set", text) for text in ("token.body.client_id=id", "token.body.client_id=other"))
    assert effective(PLAN, edits, "token", VALUES) == edits[1:]


@pytest.mark.parametrize(
    ("action", "text", "words"),
    [
        ("set", "tokens.body.x=1", "is no step"),
        ("set", "token.boddy.x=1", "is no place"),
        ("set", "token.body.x", "has no value"),
        ("omit", "token.body.x=1", "takes no value"),
        ("omit", "token.body", "names nothing"),
        ("set", "token.param=1", "names nothing"),
        ("set", "token.method.x=1", "can only be set"),
        ("omit", "token.url", "can only be set"),
        ("set", "token.encoding=xml", "is no encoding"),
        ("add", "token.body.*=1", "only be left out"),
        ("set", "redirect.header.x=1", "only parameters"),
    ],
)
def test_what_is_no_edit_is_refused_in_words(action: str, text: str, words: str) -> None:
    with pytest.raises(UnreadableEdit, match=words):
        read_edit(action, text)  # type: ignore[arg-type] # from the table


@given(st.sampled_from(get_args(Step)), st.text(min_size=1), st.text(), st.sampled_from(["set", "add", "omit"]))
def test_an_edit_is_read_back_from_its_text(step: Step, name: str, value: str, action: str) -> None:
    edit = Edit(step, "param", name.replace("=", "") or "x", action, "" if action == "omit" else value)  # type: ignore[arg-type] # likewise
    if edit.name != "*":
        assert read_edit(edit.action, edit.text) == edit
        of_one = replace(edit, step="probe", endpoint="GET /api/a.b?c=d")
        assert read_edit(edit.action, of_one.text) == of_one


@given(st.lists(st.tuples(st.text(), st.text())), st.sampled_from(get_args(Encoding)))
def test_any_fields_are_sent_in_any_encoding(fields: list[tuple[str, str]], encoding: Encoding) -> None:
    plan = PlannedRequest("POST", ("https://h/t",), fields=tuple((n, (v,)) for n, v in fields), encoding=encoding)
    assert isinstance(rendered(plan, lambda piece: piece if isinstance(piece, str) else "").content, bytes)
