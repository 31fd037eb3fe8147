"""What enters the log holds no secret, in any place and any encoding, and says which secret stood where."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    FailedExchange,
    HttpRequest,
    HttpResponse,
    ServerCertificate,
    TransportFault,
)
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import NO_CODES
from airisk_tui.oauth.reference import OPENING, REFERENCE
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.text.fields import form_fields
from airisk_tui.redaction.checking import Check, Leftover
from airisk_tui.redaction.echoes import Echoes, encoded_forms
from airisk_tui.redaction.parts import is_text
from airisk_tui.redaction.places import MAX_LISTED, replaced
from airisk_tui.redaction.public import SENSITIVE, public_texts, says_secret
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.redaction.work import LOOK, MAX_STEPS, TooMuch, Work
from tests.runs import INPUTS

KEY = b"k" * 32
SECRET = 'S3cr3t/with+"odd" characters & ü'
SEALED = Sealer(KEY).learn("of-another-edit").reference
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyXzQyIn0.c2lnbmF0dXJlLXRoYXQtaXMtbmV2ZXIta2VwdA"


def test_F1_a_fingerprint_needs_the_key() -> None:
    one, other = Sealer(KEY).learn(SECRET), Sealer(b"o" * 32).learn(SECRET)
    assert one == Sealer(KEY).learn(SECRET)
    assert one.fingerprint != other.fingerprint
    assert one.length == len(SECRET)


def test_F1_a_jwt_keeps_its_claims_and_loses_its_signature() -> None:
    view = Sealer(KEY).learn(JWT)
    assert (view.shape, json.loads(view.payload or "")) == ("jwt", {"sub": "user_42"})
    assert "c2lnbmF0dXJl" not in repr(view)
    claims = {"sub": "user_42", "password": "correct horse", "note": "see q7Rk2vXw9LpZ4tYb", "of": "a-known-secret"}
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    sealer = Sealer(KEY)
    sealer.learn("a-known-secret")
    told = json.loads(sealer.learn(f"{JWT.partition('.')[0]}.{encoded}.c2lnbmF0dXJl").payload or "")
    assert {name: sealer.unseal(text) for name, text in told.items()} == claims
    assert [name for name, text in told.items() if OPENING in text] == ["password", "note", "of"]


@pytest.mark.parametrize("form", sorted(encoded_forms(SECRET)))
def test_F1_a_learned_secret_is_found_again_in_any_encoding(form: bytes) -> None:
    sealer = Sealer(KEY)
    view = sealer.learn(SECRET)
    body = sealer.body(Body.of(b"before " + form + b" after"))
    assert form not in body.data
    assert view.reference.encode() in body.data or REFERENCE.fullmatch(body.data[2:].decode()), "or sealed as a whole"


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc", b"abcd"])
@pytest.mark.parametrize(
    "encode",
    [
        bytes,
        base64.b64encode,
        base64.urlsafe_b64encode,
        base64.b32encode,
        lambda raw: raw.hex().encode(),
        lambda raw: base64.b64encode(raw.decode().encode("utf-16-le")),
        lambda raw: raw.decode().encode("utf-16-be"),
        lambda raw: "".join(f"&#{byte};" for byte in raw).encode(),
        lambda raw: "".join(f"%{byte:02X}" for byte in raw).encode(),
        lambda raw: raw[::-1],
    ],
)
def test_F1_a_jwt_cannot_be_made_whole_from_any_encoding_of_it(encode: Callable[[bytes], bytes], before: bytes) -> None:
    """Its header and claims are in the log; its signature, which makes a token of them, is in no form."""
    sealer = Sealer(KEY)
    sealer.learn(JWT)
    signature = JWT.rpartition(".")[2]
    body = sealer.body(Body.of(b"before " + encode(before + JWT.encode()) + b" after"))
    assert not [form for form in encoded_forms(signature) if form in body.data]
    assert OPENING.encode() in body.data


@pytest.mark.parametrize("length", [0, 19, 20])
def test_F1_a_jwt_with_next_to_no_signature_is_found_as_a_whole(length: int) -> None:
    """Of any other its signature is."""
    sealer = Sealer(KEY)
    sealer.learn(JWT[: JWT.rindex(".") + 1 + length])
    found = sealer.text(base64.b64encode(JWT[: JWT.rindex(".") + 1 + length].encode()).decode())
    assert OPENING in found
    assert found.startswith(OPENING) is (length < 20)


@given(st.from_regex(SENSITIVE, fullmatch=True))
def test_a_name_that_says_so_is_read_so(name: str) -> None:
    assert says_secret(name)


def test_F1_a_secret_of_the_request_is_sealed_in_the_answer_that_came_before_it_was_known() -> None:
    request = HttpRequest("GET", "http://h/", (("X-Api-Key", "k3y-of-the-request"),))
    response = HttpResponse(200, (("X-Echo", "k3y-of-the-request"),), Body.of(b"you sent k3y-of-the-request"))
    assert "k3y-of-the" not in repr(Sealer(KEY).exchange(Exchange(request, response)))


def test_F1_a_secret_of_plain_words_is_sealed_in_a_header_that_can_be_read() -> None:
    sealer = Sealer(KEY)
    reference = sealer.learn("plain-words").reference
    headers = (("X-Said", "some plain-words here"), ("Server", "Kestrel"))
    found = sealer.request(HttpRequest("GET", "/", headers)).headers
    assert found == (("X-Said", f"some {reference} here"), ("Server", "Kestrel"))


@pytest.mark.parametrize("prefix", ["", "a", "ab", "client:"])
def test_F1_base64_is_recognised_at_every_alignment(prefix: str) -> None:
    sealer = Sealer(KEY)
    view = sealer.learn("a-long-client-secret")
    text = sealer.text(base64.b64encode(f"{prefix}a-long-client-secret-and-more".encode()).decode())
    assert view.reference in text


def test_F1_a_whole_exchange_is_sealed_and_can_be_read_again() -> None:
    sealer = Sealer(KEY)
    client_secret, code = sealer.learn("client-secret-value"), "SplxlOBeZQQYbYS6WxSbIA"
    request = HttpRequest(
        "POST",
        f"https://user:hunter22@host/api/oauth2/Token?code={code}",
        (("Authorization", f"Bearer {JWT}"), ("Cookie", "ARRAffinity=abcdef123456; other=zyxwvu987654")),
        Body.of(f"client_id=demo&client_secret=client-secret-value&code={code}".encode()),
    )
    answer = json.dumps({"access_token": JWT, "refresh_token": "r3fr3sh-me-not", "expiration": "2027-01-01T00:00:00Z"})
    headers = (("Set-Cookie", "ARRAffinity=session-value-1;Path=/;HttpOnly"), ("Content-Type", "application/json"))
    exchange = sealer.exchange(Exchange(request, HttpResponse(200, headers, Body.of(answer.encode()))))
    text = repr(exchange)
    for secret in (
        "hunter22",
        code,
        JWT,
        "abcdef123456",
        "zyxwvu987654",
        "client-secret-value",
        "r3fr3sh",
        "session-value-1",
    ):
        assert secret not in text
    assert json.loads(exchange.response.body.data)["access_token"] == sealer.learn(JWT).reference
    assert client_secret in sealer.views_in(exchange)
    assert "Path=/;HttpOnly" in dict(exchange.response.headers)["Set-Cookie"]
    assert sealer.unseal(exchange.request.body.data.decode()) == request.body.data.decode()
    check = Check()
    check.look("token-request", exchange.request)
    check.look("token-request, response", exchange.response)
    assert check.leftovers == []
    assert check.summary == (
        "10 values are sealed: 2 code, 2 Cookie, 1 words in texts, 1 Authorization, 1 client_secret, 1 Set-Cookie, "
        "1 access_token, 1 refresh_token."
    )
    counted = Check()
    counted.count(exchange.request)
    counted.count(exchange.response)
    assert counted == check


def test_F10_what_is_left_is_named_by_its_place_and_length_and_what_was_typed_is_no_leftover() -> None:
    query, headers = "client=q7Rk2vXw9LpZ4tYb8NcD3fGh6JmS1aQe&code=abc", (("X-A", "x q7Rk2vXw9LpZ4tYb"),)
    message = HttpRequest("POST", f"/cb?{query}", headers, Body.of(b'{"access_token": "hello"}'))
    check = Check()
    check.look("callback", message, typed="x q7Rk2vXw9LpZ4tYb")
    assert check.summary == "Nothing in it is sealed."
    assert check.leftovers == [
        Leftover("callback, url", 3),
        Leftover("callback, url", 32),
        Leftover("callback, body", 5),
    ]
    check = Check()
    check.look("a", HttpRequest("GET", "/cb?code=~sealed.0123456789abcdef.22.opaque~&state=x"))
    assert (check.leftovers, check.summary) == ([], "1 value is sealed: 1 code.")


@pytest.mark.parametrize("begin", [b"\x89P", b"\0\1", b"\1\0", b"\0\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"])
@pytest.mark.parametrize("length", [1, 2, 3, 10_000])
def test_a_body_that_is_no_text_is_one_reference_that_is_found_again(begin: bytes, length: int) -> None:
    sealer = Sealer(KEY)
    sealed = sealer.request(HttpRequest("POST", "/x", (), Body.of(begin + b"\0\xd8\1" * length)))
    assert (sealed.body.data[:2], sealed.body.size) == (begin, 2 + 3 * length)
    assert [view.length for view in sealer.views_in(sealed)] == [2 + 3 * length]
    check = Check()
    check.look("a", sealed)
    assert (check.leftovers, check.summary) == ([], "1 value is sealed: 1 whole bodies.")


def test_F1_of_a_failed_exchange_no_text_that_somebody_else_chose_tells_a_secret() -> None:
    sealer = Sealer(KEY)
    fault = TransportFault("protocol", "malformed", "h", 1, subject="of-the-subject", received="HTTP of-the-start")
    fault = replace(fault, library_text="said: of-the-library")
    named = ServerCertificate("CN=of-the-owner", "CN=of-the-issuer")
    shown = Connection(proxy="http://me:of-the-proxy@proxy:1", certificate=named)
    request = HttpRequest("GET", "https://h/?access_token=of-the-request")
    parts = ("subject", "start", "library", "owner", "issuer", "proxy", "request")
    for part in parts:
        sealer.learn(f"of-the-{part}")
    sealed = sealer.failed(FailedExchange(request, fault, connection=shown))
    assert "of-the-" not in repr(sealed)
    told = (sealed.request.url, *sealed.fault.foreign_texts)
    assert sealer.views_in(sealed) == sealer.views_named(*told) != ()
    assert [sealer.unseal(text) for text in told] == [request.url, *fault.foreign_texts]
    assert sealed.fault.received.startswith("HTTP ") and sealed.fault.library_text.startswith("said: ")


OWN_NAMES: dict[str, Callable[[Sealer, str], str]] = {
    "query": lambda seal, name: seal.url(f"/callback?{name}=hello+there&state=open"),
    "fragment": lambda seal, name: seal.url(f"/callback#state=open&{name}=hello%20there"),
    "field": lambda seal, name: seal.field(name, "hello there"),
    "form": lambda seal, name: seal.form(f"{name}=hello+there&a=b"),
    "JSON": lambda seal, name: seal.form(json.dumps({"data": {name: "hello there"}})),
    "JSON number": lambda seal, name: seal.form(json.dumps({name: 847261})),
    "XML": lambda seal, name: seal.form(f"<?xml version='1.0'?><t><{name}>hello there</{name}></t>"),
    "multipart": lambda seal, name: seal.form(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nhello there\r\n--b--\r\n'
    ),
}


@pytest.mark.parametrize("place", OWN_NAMES)
def test_F1_the_names_that_an_environment_gives_to_code_and_token_say_secret_too(place: str) -> None:
    for name, secret in (("ticket", True), ("grant", True), ("data", False), ("message", False)):
        told, untold = Sealer(KEY), Sealer(KEY)
        told.name_secrets("ticket", "data.grant")
        seen = [re.search("hello.{1,3}there|847261", OWN_NAMES[place](one, name)) is not None for one in (told, untold)]
        assert seen == [not secret, True], name


def test_F1_where_the_whole_body_is_the_token_a_word_that_can_be_read_is_sealed_in_it() -> None:
    word, told = "plain-words-for-a-token", Sealer(KEY)
    told.name_secrets("code", WHOLE_BODY)
    for body in (word, f'"{word}"', f" {word}\n"):
        assert Sealer(KEY).form(body) == body
        assert told.form(body) == body.replace(word, told.learn(word).reference)
    assert told.form("Sorry, there is no such client") == "Sorry, there is no such client"


@pytest.mark.parametrize("joint", ["", ";", "+", "%20", "%26", "%2C", "\\u0026", "%5Cu0026"])
@pytest.mark.parametrize("sign", ["=", "%3D"])
def test_a_state_that_a_server_joined_to_the_code_stays_in_clear_behind_it(joint: str, sign: str) -> None:
    """Where a server forgets to write “&”, or writes it otherwise, the state is a part of the code's value (RFC 6749 §4.1.2)."""
    sealer = Sealer(KEY)
    sealer.expect_state("s/9 x")
    sealed = sealer.url(f"/cb?code=ab%2F1{joint}state{sign}s%2F9%20x")
    assert sealed == f"/cb?code={sealer.learn('ab/1').reference}{joint}state{sign}s%2F9%20x"
    for value in (f"ab%2F1{joint}state{sign}other", f"ab%2F1{joint}s%2F9%20x"):
        assert sealer.url(f"/cb?code={value}") == f"/cb?code={sealer.learn(unquote_plus(value)).reference}"


def test_F1_a_jwt_is_sealed_as_one_wherever_it_stands_and_what_only_begins_like_one_is_none() -> None:
    sealer = Sealer(KEY)
    view = Sealer(KEY).learn(JWT)
    assert sealer.text(f"a {JWT} b") == f"a {view.reference} b"
    assert view.reference.endswith(".jwt\ufdd1")
    assert sealer.views_named(view.reference) == (view,)
    assert sealer.text("a eyes-of-mine.and.hers b") == "a eyes-of-mine.and.hers b"


def test_F1_the_forms_of_a_secret_are_those_of_the_standards() -> None:
    forms = {
        b"k/Bz+ \xc3\xa4", b"k%2FBz%2B%20%C3%A4", b"k%2fBz%2b%20%c3%a4", b"k%252FBz%252B%2520%25C3%25A4", b"k/Bz%2B%20%C3%A4",
        b"k%252fBz%252b%2520%25c3%25a4", b"k%2FBz%2B+%C3%A4", b"k/Bz+ \\u00e4", b"k\\/Bz+ \\u00e4", b"6b2f427a2b20c3a4",
        b"6B2F427A2B20C3A4", b"%6b%2f%42%7a%2b%20%c3%a4", b"\\u006b\\u002f\\u0042\\u007a\\u002b\\u0020\\u00e4",
        b"&#107;&#47;&#66;&#122;&#43;&#32;&#228;", b"&#x6b;&#x2f;&#x42;&#x7a;&#x2b;&#x20;&#xe4;", b"\xa4\xc3 +zB/k",
        b"k\0/\0B\0z\0+\0 \0\xe4", b"ay9Ceisgw6", b"svQnorIMOk", b"rL0J6KyDDp",
    }  # fmt: skip
    assert forms <= encoded_forms("k/Bz+ \u00e4")
    assert min(map(len, encoded_forms("abc12"))) == 6


def test_F1_a_secret_that_is_very_long_is_found_as_it_is_and_one_that_is_not_in_its_encodings_too() -> None:
    for length, encoded in ((4 * 1024, True), (4 * 1024 + 1, False)):
        sealer, secret = Sealer(KEY), ("a b-" * 1_025)[:length]
        reference = sealer.learn(secret).reference
        assert sealer.text(f"x {secret} y") == f"x {reference} y"
        assert (sealer.text(f"x {quote(secret)} y") == f"x {reference} y") is encoded


def test_F1_a_header_is_read_by_the_names_in_it_where_it_is_an_address() -> None:
    for header, secret in (("/cb#code=hello", True), ("/cb?code=hello", True), ("code=hello", False)):
        found = Sealer(KEY).header("X-Next", header)
        assert found == (header.replace("hello", Sealer(KEY).learn("hello").reference) if secret else header)
    assert Sealer(KEY).header("X-Next", "//me:hello@h/") == "//me:hello@h/", "no address of a server without a scheme"
    assert "hello" not in Sealer(KEY).header("X-Next", "https://me:hello@h/")


def test_F1_a_hidden_field_is_sealed_by_its_value_unless_it_is_a_refusals() -> None:
    reference = Sealer(KEY).learn("plain-words").reference
    for name, value in (("error", "plain-words"), ("iss", "plain-words"), ("data-error", reference), ("x", reference)):
        field = f'<p><input type="hidden" name="{name}" value="{{}}"></p>'
        page = Sealer(KEY).body(Body.of(field.format("plain-words").encode()), "text/html").data.decode()
        assert page == field.format(value)


def test_a_reference_is_counted_as_a_whole_body_only_where_it_is_one() -> None:
    reference = Sealer(KEY).learn("x").reference
    for before, rule in (("", "whole bodies"), ("ab", "whole bodies"), ("abc", "words in texts")):
        check = Check()
        check.count(HttpRequest("POST", "/", (), Body.of(f"{before}{reference}".encode())))
        assert check.summary == f"1 value is sealed: 1 {rule}."


def test_the_forms_of_a_secret_are_made_once_in_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted(secret: str) -> tuple[bytes, ...]:
        made.append(secret)
        return ()

    monkeypatch.setattr("airisk_tui.redaction.sealer.forms_to_find", noted)
    echoes = Echoes()
    for _ in range(2):
        sealer = Sealer(KEY, echoes=echoes)
        for value in ("the-first-secret", "the-second", "short", "the-first-secret"):
            sealer.learn(value)
    assert made == ["the-first-secret", "the-second"]


def test_the_fields_of_a_text_are_kept_between_two_passes_unless_it_is_large() -> None:
    for text, kept in ((f"a=1&b={'x' * (MAX_LISTED - 6)}", 1), (f"a=1&b={'x' * (MAX_LISTED - 5)}", None)):
        placed = replaced(text, form_fields(text), lambda field: "---" if field.name == "a" else None, Work())
        assert placed.text == text.replace("a=1", "a=---")
        fields = placed.fields
        assert (None if fields is None else [(one.start, one.end) for one in fields]) == (kept and [(8, len(text) + 2)])


def test_what_the_person_chose_for_a_run_is_public_and_what_was_not_chosen_is_no_text() -> None:
    edits = (Edit("token", "param", "a", "set", "of-an-edit"), Edit("token", "param", "b", "set", SEALED))
    chosen = replace(INPUTS, userid="the-user", scope="the-scope", nonce="the-nonce", challenge="the-challenge")
    chosen = replace(chosen, listen="the-listen", params=Params((("a-name", "a-value"),)), edits=edits)
    chosen = replace(chosen, token_params=Params((("t-name", "t-value"),)))
    texts = public_texts(chosen)
    own = {chosen.client_id, chosen.base_url, chosen.redirect_uri, chosen.state, "the-user", "the-scope", "the-nonce"}
    own |= {"the-challenge", "the-listen", "a-name", "a-value", "t-name", "t-value", "of-an-edit"}
    assert own <= set(texts)
    assert set(texts) - own == {*chosen.dialect.addresses, *(one.path for one in chosen.probes)}
    bare = replace(chosen, userid=None, scope=None, nonce=None, challenge=None, state=None)
    assert all(isinstance(text, str) for text in public_texts(bare))


def test_F1_the_code_in_a_redirect_and_in_a_referer() -> None:
    sealer = Sealer(KEY)
    request = HttpRequest("GET", "/callback?code=ab&state=open", (("Referer", "http://h/callback?state=open&code=ab"),))
    sealed = sealer.request(request)
    placeholder = sealer.learn("ab").reference
    assert sealed.url == f"/callback?code={placeholder}&state=open"
    assert sealed.headers[0][1] == f"http://h/callback?state=open&code={placeholder}"


def test_ordinary_words_are_left_alone() -> None:
    sealer = Sealer(KEY)
    body = (
        b'{"error": "invalid_grant", "code": "Unauthorized", "status_code": "E1", "token_type": "Bearer", "title": "x"}'
    )
    assert sealer.body(Body.of(body)).data == body
    url = "/cb?error=access_denied&token_type=x&code_challenge=abc"
    assert sealer.url(url) == url


def test_a_body_whose_encoding_could_not_be_undone_is_not_kept() -> None:
    assert Sealer(KEY).body(Body(b"\x8b\x02", 2, 2, "encoding")).data == b""


def test_a_utf_16_token_response_is_sealed() -> None:
    sealer = Sealer(KEY)
    data = json.dumps({"access_token": "opaque-token-value"}).encode("utf-16")
    sealed = sealer.body(Body.of(data)).data.decode("utf-16")
    assert "opaque-token-value" not in sealed
    assert OPENING in sealed


@given(st.binary(max_size=300), st.text(max_size=60))
@example(b"no part begins at --this", "")
def test_sealing_takes_anything(data: bytes, text: str) -> None:
    sealer = Sealer(KEY)
    sealer.learn("a-long-client-secret")
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=this"):
        sealer.body(Body.of(data), kind)
    sealer.url(text)
    sealer.request(HttpRequest("GET", text, (("Cookie", text), ("Authorization", text), (text, text))))


@given(st.text(min_size=1, max_size=40))
def test_F1_whatever_the_secret_the_sealed_query_does_not_hold_it(secret: str) -> None:
    secret = "".join(c for c in secret if not "\ud800" <= c <= "\udfff") or "x"
    assume(secret.lower() not in NO_CODES)
    sealed = Sealer(KEY).url(f"/cb?code={quote(secret, safe='')}&state=s")
    assert Sealer(KEY).unseal(sealed) == sealed
    assert sealed.startswith(f"/cb?code={OPENING}")


@pytest.mark.parametrize("name", ["oauth_state", "session", "access_token"])
@pytest.mark.parametrize(
    "state", ["9fX2mQ7xZp4LwV8sTgAb1c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.AbC123dEf456GhIjklmn"]
)
def test_our_state_in_a_cookie_stays_what_it_is(name: str, state: str) -> None:
    sealer = Sealer(b"k" * 32)
    sealer.public(state)
    location = f"http://127.0.0.1:8765/callback?code=SplxlOBeZQQYbYS6WxSbIA&state={state}"
    headers = (("Set-Cookie", f"{name}={state}; Path=/"), ("Location", location))
    asked = HttpRequest("GET", f"https://airisk.example.com/api/oauth2?state={state}")
    sealed = sealer.exchange(Exchange(asked, HttpResponse(302, headers)))
    cookie, address = (value for _, value in sealed.response.headers)
    assert cookie == f"{name}={state}; Path=/"
    assert address.endswith(f"&state={state}")
    assert "SplxlOBeZQQYbYS6WxSbIA" not in address


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (b"a" * 7 + b"\xe9" * 3, "", True),
        (b"a" * 69 + b"\xe9" * 31, "", False),
        (b"a" * 69 + b"\xe9" * 31, "text/html; charset=ISO-8859-1", True),
        (b"a" * 69 + b"\xe9" * 31, "text/html; charset=unknown; charset=ISO-8859-1", False),
        ("\u00e9".encode() * 9, "", True),
        (b"\1" * 10 + b"a\t\r\n\f\x1b" + b"a" * 84, "", True),
        (b"\1" * 11 + b"a" * 89, "", False),
        (b"aaaaa\0", "", False),
        (b"a" * 65_536 + b"\0", "", True),
        (b"a" * 65_535 + b"\0", "", False),
        ("{}".encode("utf-16"), "", True),
        (b"\xff\xfe{", "", False),
    ],
)
def test_a_body_is_text_by_its_charset_or_by_what_most_of_it_is(data: bytes, declared: str, text: bool) -> None:
    assert is_text(data, declared) is text


def test_C9_a_message_may_make_so_many_steps_and_while_it_makes_them_the_clock_is_looked_at() -> None:
    assert MAX_STEPS == 700_000
    done = 0
    with pytest.raises(TooMuch):
        for done in Work().counted(range(MAX_STEPS + LOOK)):  # noqa: B007 - how far it came is what counts
            pass
    assert MAX_STEPS - LOOK < done + 1 < MAX_STEPS + LOOK
    looks: list[int] = []

    def late() -> bool:
        looks.append(len(looks))
        return len(looks) > 2

    work = Work(late)
    with pytest.raises(TooMuch):
        for done in work.counted(range(MAX_STEPS)):  # noqa: B007
            pass
    assert (done + 2, len(looks)) == (3 * LOOK, 3)
