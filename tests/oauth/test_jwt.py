"""A JWT is looked into with size caps and never verified; what is none is opaque (threats.md C8; RFC 7519, RFC 7516)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.jwt import MAX_JWT, MAX_ODDITIES, JwtView, examine_jwt, read_jwt
from airisk_tui.oauth.text.lenient_json import compact_json, json_object

RFC_7519 = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
RFC_7516_HEADER = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ"


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


HEADER = part({"alg": "HS256"})


def test_rfc_7519_3_1_example() -> None:
    claims = {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": True}
    assert read_jwt(RFC_7519) == JwtView("jwt", {"typ": "JWT", "alg": "HS256"}, claims)


def test_rfc_7519_6_1_unsecured_example() -> None:
    view = read_jwt("eyJhbGciOiJub25lIn0." + RFC_7519.split(".")[1] + ".")
    assert view is not None
    assert (view.header, view.claims and view.claims["iss"]) == ({"alg": "none"}, "joe")


def test_rfc_7516_3_3_example_is_encrypted() -> None:
    view = read_jwt(
        f"{RFC_7516_HEADER}.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe.48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.XFBoMYUZodetZdvTiFvSkQ"
    )
    assert view == JwtView("jwe", {"alg": "RSA-OAEP", "enc": "A256GCM"}, None)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "2YotnFZFEjr1zCsicMWpAA",
        "ey",
        "ey.ey.ey",
        HEADER,
        f"{HEADER}.e30",
        f"{HEADER}.e30.sig.more",
        f"{HEADER}.W10.sig",
        f"{HEADER}..sig",
        f"{HEADER}.e3\x00.sig",
        f"{HEADER}.é30.sig",
        part({"typ": "JWT"}) + ".e30.sig",
        part(["alg"]) + ".e30.sig",
        f"{HEADER}.{part(b'[' * 5_000)}.sig",
        f"Bearer {RFC_7519}",
    ],
)
def test_what_is_no_jwt_is_opaque(token: str) -> None:
    assert read_jwt(token) is None


def test_c8_size_is_capped() -> None:
    claims = part({"a": "x" * 40_000})
    fits = f"{HEADER}.{claims}." + "s" * (MAX_JWT - len(HEADER) - len(claims) - 2)
    assert len(fits) == MAX_JWT
    assert read_jwt(fits) is not None
    assert read_jwt(fits + "s") is None


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(st.characters())))
def test_claims_are_read_as_they_were_written(claims: dict[str, Any]) -> None:
    view = read_jwt(f"{HEADER}.{part(claims)}.c2ln")
    assert view is not None
    assert view.claims == claims
    assert json.loads(compact_json(view.claims)) == claims
    assert compact_json(view.claims).isascii()


@given(
    st.text(st.characters())
    | st.lists(st.binary().map(part) | st.text("ey.=-_+/ \x00\ud800"), max_size=6).map(
        lambda parts: ".".join([HEADER, *parts])
    )
)
@example("ey" + "." * 1_000)
@example(f"{HEADER}.{'e30' + '=' * 9}.s")
def test_c8_any_text_is_a_jwt_or_is_none(token: str) -> None:
    view = read_jwt(token)
    assert view is None or (view.kind == "jwe") == (view.claims is None)


HOSTILE_PARTS: dict[str, tuple[str | None, dict[str, Any]]] = {
    "nothing": (None, {}),
    "no text": ("", {}),
    "no JSON": ("this is no JSON", {}),
    "a list": ('["sub"]', {}),
    "a number": ("NaN", {}),
    "NaN": ('{"exp":NaN,"a":[-Infinity]}', {"exp": "NaN", "a": ["-Infinity"]}),
    "beyond doubles": ('{"exp":1e999}', {"exp": "1e999"}),
    "long": ('{"exp":' + "9" * 350 + "}", {"exp": "9" * 350}),
    "beyond all digits": ('{"exp":' + "9" * 5_000 + "}", {"exp": "9" * 5_000}),
    "deep": ('{"a":' + "[" * 5_000 + "]" * 5_000 + "}", {}),
    "duplicates": ('{"sub":"a","sub":"b"}', {"sub": "a"}),
    "half a character": ('{"sub":"\ud800"}', {"sub": "\ud800"}),
    "half a character, escaped": ('{"sub":"\\ud800"}', {"sub": "\ud800"}),
}


@pytest.mark.parametrize("name", HOSTILE_PARTS)
def test_c6_what_an_event_keeps_of_a_jwt_is_read_whatever_it_is(name: str) -> None:
    text, value = HOSTILE_PARTS[name]
    assert json_object(text) == value


@given(st.text(st.characters()) | st.text('{}[]":,0123456789eE+-.NaInfity\\ \ud800'))
def test_c6_any_text_gives_an_object_that_is_json(text: str) -> None:
    json.dumps(json_object(text), allow_nan=False)


CLAIMS = part({"sub": "x"})


def with_claims(claims: bytes) -> str:
    return f"{HEADER}.{part(claims)}.c2ln"


@pytest.mark.parametrize(
    ("token", "oddities"),
    [
        (f"{HEADER}.{CLAIMS}.c2ln", ()),
        (RFC_7519, ()),
        ("2YotnFZFEjr1zCsicMWpAA", ()),
        ("a.b.c", ()),
        (with_claims(b'{"sub":"a","sub":"b"}'), (("claims", "duplicate-member sub"),)),
        (with_claims(b'{"exp":NaN,"iat":Infinity}'), (("claims", "not-a-number"),)),
        (with_claims(b'{"exp":' + b"9" * 5000 + b"}"), (("claims", "huge-number"),)),
        (with_claims(b'{"a":' + b"[" * 9000 + b"]" * 9000 + b"}"), (("claims", "too-deep"),)),
        (with_claims(b"x" * 60_000), (("claims", "too-large"),)),
        ("W10.W10.c2ln", (("header", "not-an-object"), ("claims", "not-an-object"))),
        ("eyJ!!.eyJ##.sig", (("header", "not-base64url"), ("claims", "not-base64url"))),
        (f"{HEADER}.{CLAIMS}.s!g", (("signature", "not-base64url"),)),
        (f"{part({'alg': 'HS256', 'cty': 'JWT'})}.{part(RFC_7519.encode())}.c2ln", ()),
    ],
)
def test_C6_every_departure_from_a_jwt_is_named(token: str, oddities: tuple[tuple[str, str], ...]) -> None:
    assert examine_jwt(token)[1] == oddities


@given(st.text(st.characters(codec=None)) | st.lists(st.binary().map(part), max_size=6).map(".".join))
def test_C6_any_text_has_few_oddities(token: str) -> None:
    assert len(examine_jwt(token)[1]) <= MAX_ODDITIES
