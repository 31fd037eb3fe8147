"""Step 1: the published requests and redirects, to the letter, and any text at all (RFC 6749 §4.1; protocol.md, step 1)."""

from __future__ import annotations

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.dialect import AIRISK, DIALECTS, STANDARD, Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import (
    CODE_NAMES,
    Redirect,
    authorization_params,
    authorization_request,
    read_redirect,
)

BASE = "https://api.AIRisk.example.com"
OURS = "http://127.0.0.1:8765/callback"
ANY_TEXT = st.text(st.characters())
URLISH = st.text("abcode=&?#/:.%[]@\x00\ud800 é+127") | ANY_TEXT
ANY_DIALECT = st.sampled_from([AIRISK, STANDARD, Dialect(code="auth_code")])


def asked(dialect: Dialect, **values: str) -> Params:
    return authorization_params(dialect, **values)  # type: ignore[arg-type] # every value is text here


def test_protocol_md_generic_request() -> None:
    params = asked(AIRISK, client_id="abc123", redirect_uri="https://localhost/callback")
    expected = f"{BASE}/api/oauth2?client_id=abc123&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback"
    assert authorization_request(BASE, AIRISK, params).address == expected


def test_protocol_md_user_specific_request() -> None:
    params = asked(AIRISK, client_id="abc123", redirect_uri="https://localhost/callback", userid="user_42")
    assert authorization_request(f"{BASE}/", AIRISK, params).address.endswith(
        "https%3A%2F%2Flocalhost%2Fcallback&userid=user_42"
    )


def test_rfc_6749_4_1_1_request() -> None:
    params = asked(STANDARD, client_id="s6BhdRkqt3", redirect_uri="https://client.example.com/cb", state="xyz")
    url = authorization_request("https://server.example.com", STANDARD, params).address
    place, _, query = url.partition("?")
    published = (
        "response_type=code&client_id=s6BhdRkqt3&state=xyz&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb"
    )
    assert place == "https://server.example.com/authorize"
    assert sorted(Params.parse(query)) == sorted(Params.parse(published))


def test_rfc_7636_appendix_b_challenge() -> None:
    challenge = create_s256_code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    params = asked(STANDARD, client_id="c", redirect_uri=OURS, challenge=challenge)
    assert params.get("code_challenge") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert params.get("code_challenge_method") == "S256"
    assert asked(STANDARD, client_id="c", redirect_uri=OURS).get("code_challenge_method") is None


def test_extra_parameters_come_last_and_may_repeat() -> None:
    params = authorization_params(
        AIRISK, client_id="a", redirect_uri=OURS, extra=Params((("client_id", "b"), ("x", "1")))
    )
    assert params.items == (("client_id", "a"), ("redirect_uri", OURS), ("client_id", "b"), ("x", "1"))


def test_a_query_in_the_endpoint_is_kept() -> None:
    dialect = Dialect(authorize_path="/authorize?tenant=7")
    assert authorization_request(BASE, dialect, Params((("a", "b"),))).address == f"{BASE}/authorize?tenant=7&a=b"


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_DIALECT)
def test_whatever_is_filled_in_arrives_as_one_parameter_each(
    client: str, uri: str, state: str, dialect: Dialect
) -> None:
    params = asked(dialect, client_id=client, redirect_uri=uri, state=state)
    url = authorization_request(BASE, dialect, params).address
    assert url.isascii()
    assert [name for name, _ in Params.parse(url.partition("?")[2])] == [name for name, _ in params]


def test_rfc_6749_4_1_2_response() -> None:
    redirect = read_redirect("https://client.example.com/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz", STANDARD)
    assert (redirect.kind, redirect.code, redirect.state) == ("code", "SplxlOBeZQQYbYS6WxSbIA", "xyz")


def test_rfc_6749_4_1_2_1_error() -> None:
    redirect = read_redirect("https://client.example.com/cb?error=access_denied&state=xyz", STANDARD)
    assert (redirect.kind, redirect.code, redirect.error, redirect.state) == ("error", None, "access_denied", "xyz")


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (
            "code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58&state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI&iss=https%3A%2F%2Fhonest.as.example",
            "code",
        ),
        (
            "error=access_denied&state=N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA&iss=https%3A%2F%2Fhonest.as.example",
            "error",
        ),
    ],
)
def test_rfc_9207_2_1_iss(query: str, kind: str) -> None:
    redirect = read_redirect(f"https://client.example/cb?{query}", STANDARD)
    assert (redirect.kind, redirect.iss) == (kind, "https://honest.as.example")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/callback?code=", {"kind": "empty", "code": None}),
        ("/callback", {"kind": "empty"}),
        ("/callback?code=a&error=b", {"kind": "both", "code": "a", "error": "b"}),
        ("/callback?error=", {"kind": "error", "error": ""}),
        ("/callback?code=a&code=b", {"kind": "duplicate", "code": "a", "duplicates": ("code",)}),
        ("/callback?code=a&state=1&state=1", {"kind": "duplicate", "duplicates": ("state",)}),
        ("/callback?code=a&x=1&x=2", {"kind": "code", "duplicates": ()}),
        ("/callback?auth_code=a&state=s", {"kind": "empty", "other_name": "auth_code", "state": "s"}),
        ("/callback?Code=a", {"kind": "empty", "other_name": "Code"}),
        ("/callback#code=a&state=s", {"kind": "empty", "fragment": Params((("code", "a"), ("state", "s")))}),
        ("/callback?error=e&error_description=d&error_uri=u", {"description": "d"}),
        ("?code=a&state=s", {"kind": "code", "code": "a", "state": "s"}),
        ("code=a&state=s", {"kind": "code", "code": "a", "state": "s"}),
        ("code=a&iss=https://as.example/?tenant=1", {"code": "a", "iss": "https://as.example/?tenant=1"}),
        ("/callback?code=a?b", {"code": "a?b"}),
    ],
)
def test_what_comes_back_is_read_as_it_is(target: str, expected: dict[str, object]) -> None:
    redirect = read_redirect(target, AIRISK)
    assert {name: getattr(redirect, name) for name in expected} == expected


def test_form_post_adds_to_the_query_and_repeats_show() -> None:
    assert read_redirect("/callback", AIRISK, "code=a&state=s").code == "a"
    assert read_redirect("/callback?state=s", AIRISK, "code=a&state=s").duplicates == ("state",)


def test_the_code_is_read_under_the_dialect_s_name() -> None:
    redirect = read_redirect("/callback?auth_code=a", Dialect(code="auth_code"))
    assert (redirect.kind, redirect.code, redirect.other_name) == ("code", "a", None)
    assert len(set(CODE_NAMES)) == len(CODE_NAMES)


@given(URLISH, URLISH, ANY_DIALECT)
@example("http://[", "%ff&" * 3, AIRISK)
def test_c4_any_redirect_is_read(target: str, body: str, dialect: Dialect) -> None:
    redirect = read_redirect(target, dialect, body)
    assert isinstance(redirect, Redirect)
    assert (redirect.kind == "code") <= bool(redirect.code and redirect.error is None)
    assert (redirect.kind == "duplicate") == bool(redirect.duplicates)


@given(st.text(min_size=1), st.text())
def test_what_a_server_sends_is_what_is_read(code: str, state: str) -> None:
    query = Params((("code", code), ("state", state))).encode()
    for target in (f"{OURS}?{query}", f"/callback?{query}", f"?{query}", query):
        redirect = read_redirect(target, AIRISK)
        assert (redirect.kind, redirect.code, redirect.state) == ("code", code, state)


CODE = "SplxlOBeZQQYbYS6WxSbIA"


def test_the_dialects_are_found_by_name_and_differ_where_protocol_md_says() -> None:
    assert DIALECTS == {"airisk": AIRISK, "standard": STANDARD}
    assert (AIRISK.authorize_path, AIRISK.token_path) == ("/api/oauth2", "/api/oauth2/Token")
    assert (AIRISK.response_type, AIRISK.grant_type, AIRISK.pkce, AIRISK.users) == (None, None, False, "userid")
    assert (AIRISK.expiration, AIRISK.client_auth, AIRISK.token, AIRISK.code) == (
        "expiration",
        "body",
        "access_token",
        "code",
    )
    assert (STANDARD.response_type, STANDARD.grant_type, STANDARD.pkce) == ("code", "authorization_code", True)
    assert (STANDARD.expiration, STANDARD.users) == ("expires_in", None)
