"""Step 2: the published requests and answers, to the letter, and any answer at all (RFC 6749 §4.1.3-5.2; protocol.md)."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.expiry import Expiry
from airisk_tui.oauth.answer.server_error import MAX_WORDS, ServerError, read_error
from airisk_tui.oauth.answer.token import (
    IssuedToken,
    TokenAnswer,
    read_token_answer,
)
from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import unmarked
from airisk_tui.oauth.request.planned import (
    Credentials,
    as_reference,
    basic_credentials,
    encoded_fields,
)
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.text.members import Member

NOW = 1_743_400_000.0
JSON = "application/json; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
PROBLEM = "application/problem+json; charset=utf-8"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
ANY_TEXT = st.text(st.characters())


def answer(status: int, body: str | bytes, media: str = JSON, *headers: tuple[str, str]) -> HttpResponse:
    data = body.encode() if isinstance(body, str) else body
    return HttpResponse(status, (("Content-Type", media), *headers), Body.of(data))


def read(response: HttpResponse, dialect: Dialect = AIRISK) -> TokenAnswer:
    return read_token_answer(response, dialect, NOW)


def test_rfc_6749_2_3_1_basic_credentials() -> None:
    assert basic_credentials(Credentials("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw"), as_reference) == (
        "czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"
    )


def _sent(text: str) -> str:
    return unmarked(text.encode("utf-8", "replace").decode())


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT).map(lambda pair: tuple(map(unmarked, pair))), max_size=6))
def test_what_is_asked_for_is_sent_in_either_encoding(items: list[tuple[str, str]]) -> None:
    fields = Params(tuple(items))
    sent = [(_sent(name), _sent(value)) for name, value in items]
    assert list(Params.parse(encoded_fields(fields.items, "form").decode())) == sent
    written = json.loads(encoded_fields(fields.items, "json"), object_pairs_hook=list)
    assert [tuple(pair) for pair in written] == sent


@given(ANY_TEXT, ANY_TEXT)
def test_any_credentials_make_a_header(client_id: str, secret: str) -> None:
    assert basic_credentials(Credentials(client_id, secret), as_reference).isascii()


def test_protocol_md_success() -> None:
    token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln"
    body = json.dumps({"access_token": token, "expiration": "2025-03-31T13:12:17Z"})
    expiry = Expiry(1_743_426_737.0, "2025-03-31T13:12:17Z")
    assert read(answer(200, body)) == TokenAnswer(
        "token", 200, IssuedToken(token, "access_token", expiry, "expiration")
    )


RFC_5_1 = """{
  "access_token":"2YotnFZFEjr1zCsicMWpAA",
  "token_type":"example",
  "expires_in":3600,
  "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
  "example_parameter":"example_value"
}"""


@pytest.mark.parametrize("dialect", [AIRISK, STANDARD])
def test_rfc_6749_5_1_success(dialect: Dialect) -> None:
    token = read(answer(200, RFC_5_1, "application/json;charset=UTF-8"), dialect).token
    assert token == IssuedToken(
        "2YotnFZFEjr1zCsicMWpAA",
        "access_token",
        Expiry(NOW + 3600, "3600"),
        "expires_in",
        "example",
        None,
    )


def test_rfc_6749_5_2_error() -> None:
    read_answer = read(answer(400, '{"error":"invalid_request"}', "application/json;charset=UTF-8"), STANDARD)
    assert (read_answer.kind, read_answer.error) == ("refused", ServerError("oauth", "invalid_request"))


def test_rfc_9457_3_problem() -> None:
    body = """{
      "type": "https://example.com/probs/out-of-credit",
      "title": "You do not have enough credit.",
      "detail": "Your current balance is 30, but that costs 50.",
      "instance": "/account/12345/msgs/abc",
      "balance": 30,
      "accounts": ["/account/12345", "/account/67890"]
    }"""
    expected = ServerError(
        "problem", "You do not have enough credit.", "Your current balance is 30, but that costs 50."
    )
    assert read_error(answer(403, body, "application/problem+json")) == expected


@pytest.mark.parametrize("media", [PROBLEM, JSON, PLAIN])
def test_protocol_md_unauthorized_under_any_label(media: str) -> None:
    problem = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.2",
        "title": "Unauthorized",
        "status": 401,
        "traceId": TRACE,
    }
    expected = ServerError("problem", "Unauthorized", "", TRACE)
    assert read(answer(401, json.dumps(problem), media)) == TokenAnswer("refused", 401, error=expected)


@pytest.mark.parametrize("words", ["Invalid client_id", "Invalid Code"])
def test_protocol_md_text_errors(words: str) -> None:
    assert read(answer(400, words, PLAIN)) == TokenAnswer("refused", 400, error=ServerError("text", words))
    assert read(answer(400, f"\ufeff{words}\r\n", PLAIN)).error == ServerError("text", words)


@pytest.mark.parametrize(
    ("response", "kind", "form"),
    [
        (answer(200, ""), "not-a-token", "empty"),
        (answer(200, "[]"), "not-a-token", "text"),
        (answer(200, "{}"), "not-a-token", "json"),
        (answer(200, '{"access_token": ""}'), "not-a-token", "json"),
        (answer(200, '{"access_token": null}'), "not-a-token", "json"),
        (answer(200, '{"access_token": ["x"]}'), "not-a-token", "json"),
        (answer(200, "<!DOCTYPE html><title>Log in</title>", "text/html"), "not-a-token", "html"),
        (answer(200, "  <html>", JSON), "not-a-token", "html"),
        (answer(200, b"\x89PNG\r\n\x1a\n\x00", "image/png"), "not-a-token", "other"),
        (answer(200, '{"access_token": "x", "error": "server_error"}'), "refused", "oauth"),
        (answer(200, '{"error": {"code": 7}}'), "refused", "oauth"),
        (answer(200, '{"access_code": "x"}'), "renamed", "json"),
        (answer(500, "<html>oops", "text/html"), "refused", "html"),
        (answer(500, ""), "refused", "empty"),
        (answer(404, " \r\n"), "refused", "empty"),
        (answer(400, '{"message": "no"}'), "refused", "json"),
        (answer(400, RFC_5_1), "refused", "json"),
    ],
)
def test_c4_what_is_no_token_is_told_apart(response: HttpResponse, kind: str, form: str) -> None:
    got = read(response)
    assert got.token is None
    assert got.error is not None
    assert (got.kind, got.error.form) == (kind, form)


def test_a_renamed_token_is_suspected_by_name_and_never_taken() -> None:
    assert read(answer(200, '{"access_code": "x"}')).suspect == Member(("access_code",), "x")
    held = Member(("access_token", "value"), "0123456789abcdefghijk")
    assert read(answer(200, '{"access_token": {"value": "0123456789abcdefghijk", "kind": "x"}}')).suspect == held
    deep = Member(("data", "token", "value"), "0123456789abcdefghijk")
    assert read(answer(200, '{"data": {"token": {"value": "0123456789abcdefghijk", "ttl": 9}}}')).suspect == deep
    assert read(answer(200, '{"data": {"csrf_token": {"value": "0123456789abcdefghijk"}}}')).kind == "not-a-token"
    assert read(answer(200, '{"access_code": ""}')).kind == "not-a-token"
    assert read(answer(200, '{"access_code": "x"}'), Dialect(token="access_code")).kind == "token"


@pytest.mark.parametrize("empty", ["null", '""', "false"])
def test_an_error_member_that_says_nothing_is_no_error(empty: str) -> None:
    assert read(answer(200, f'{{"access_token": "x", "error": {empty}}}')).kind == "token"


def test_c3_a_redirect_is_shown_and_its_body_is_not_believed() -> None:
    got = read(answer(307, RFC_5_1, JSON, ("location", "https://elsewhere.example/")))
    assert got == TokenAnswer("redirect", 307, location="https://elsewhere.example/")


def test_c6_oddities_travel_with_the_answer() -> None:
    got = read(answer(200, '{"access_token": "a", "access_token": "b"}'))
    assert got.token is not None
    assert (got.token.value, got.oddities) == ("a", (("duplicate-member", "access_token"),))


def test_token_type_and_scope_of_any_type_become_text() -> None:
    token = read(answer(200, '{"access_token": "a", "token_type": 7, "scope": ["r", "w"]}')).token
    assert token is not None
    assert (token.token_type, token.scope, token.expiry) == ("7", '["r", "w"]', None)


def test_long_words_are_cut_and_stay_the_words_they_were() -> None:
    for text in ("é" * 9_000, "x" + "é" * 9_000):
        assert read_error(answer(400, text, PLAIN)) == ServerError("text", text[:MAX_WORDS])
    problem = json.dumps({"title": "t" * 9_000, "detail": "d" * 9_000, "status": 400, "traceId": "i" * 9_000})
    error = read_error(answer(400, problem, PROBLEM))
    assert [len(part or "") for part in (error.code, error.description, error.trace_id)] == [MAX_WORDS] * 3


MEMBERS = st.dictionaries(
    st.sampled_from(
        [
            "access_token",
            "access_code",
            "expiration",
            "expires_in",
            "error",
            "error_description",
            "token_type",
            "title",
            "status",
        ]
    )
    | st.text(),
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.lists(st.text(), max_size=2),
    max_size=6,
)
BODIES = st.binary() | MEMBERS.map(lambda members: json.dumps(members).encode())


@given(st.integers(-1, 1_000), BODIES, ANY_TEXT, st.sampled_from([AIRISK, STANDARD]), st.floats())
@example(200, b'{"access_token":"a","expiration":' + b"9" * 400 + b"}", JSON, AIRISK, NOW)
@example(200, b'{"access_token":"a","expires_in":' + b"9" * 400 + b"}", JSON, AIRISK, NOW)
@example(200, b'{"access_token":"a","expires_in":' + b"9" * 9_000 + b"}", JSON, STANDARD, NOW)
@example(200, b"[" * 100_000, JSON, AIRISK, NOW)
@example(200, b'{"error":"\\ud800","error_description":[]}', "\x00", STANDARD, NOW)
def test_c4_any_answer_is_read(status: int, body: bytes, media: str, dialect: Dialect, received: float) -> None:
    got = read_token_answer(answer(status, body, media), dialect, received)
    assert (got.kind == "token") == (got.token is not None)
    assert (got.kind == "renamed") == (got.suspect is not None)
    assert (got.error is None) == (got.kind in ("token", "redirect"))
    if got.token is not None:
        assert got.token.value == read_json(body).value[dialect.token]


@pytest.mark.parametrize(
    ("path", "body", "value"),
    [
        ("data.access_token", {"data": {"access_token": "abc"}}, "abc"),
        ("a.b.c", {"a": {"b": {"c": "abc"}}}, "abc"),
        ("data.access_token", {"data.access_token": "abc", "data": {"access_token": "other"}}, "abc"),
        ("data.access_token", {"data": "abc"}, None),
        ("data.access_token", {"access_token": "abc"}, None),
        (".", "abcdefghijklmnopqrst1", "abcdefghijklmnopqrst1"),
        (".", "two words 1 and some more", None),
        (".", {"access_token": "abc"}, None),
    ],
)
def test_a_token_is_found_by_its_path(path: str, body: object, value: str | None) -> None:
    read = read_token_answer(answer(200, json.dumps(body)), Dialect(token=path), NOW)
    assert (read.token.value if read.token else None) == value


def test_the_expiry_is_looked_for_beside_the_token() -> None:
    body = {"expiration": "2001-01-01T00:00:00Z", "data": {"access_token": "abc", "expiration": "2025-03-31T13:12:17Z"}}
    read = read_token_answer(answer(200, json.dumps(body)), Dialect(token="data.access_token"), NOW)
    assert read.token is not None and read.token.expiry == Expiry(1_743_426_737.0, "2025-03-31T13:12:17Z")


def test_a_body_that_is_the_token_may_do_without_quotes() -> None:
    read = read_token_answer(answer(200, "abcdefghijklmnopqrst1\n", PLAIN), Dialect(token="."), NOW)
    assert read.token == IssuedToken("abcdefghijklmnopqrst1", ".")
