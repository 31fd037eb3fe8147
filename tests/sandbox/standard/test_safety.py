"""Whatever is sent, the issuer refuses it with an answer, and never fails itself."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from airisk_tui.sandbox.standard.app import ENDPOINTS
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, GRANT_TYPES, SCOPES
from tests.sandbox.client import BASE
from tests.sandbox.standard.client import BROWSER, IssuerClient

NAMES = (
    *(
        "client_id",
        "client_secret",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "prompt",
        "claims",
    ),
    *("code_challenge", "code_challenge_method", "code_verifier", "grant_type", "code", "refresh_token", "device_code"),
    *("token", "token_type_hint", "client_assertion", "client_assertion_type", "request_uri", "request", "login_hint"),
    *("user_code", "ticket", "account", "decision", "nonce"),
)
VALUES = (
    *(
        "",
        "code",
        "S256",
        "plain",
        "demo-app",
        "public-app",
        "key-app",
        "form_post",
        "fragment",
        "login",
        "none login",
        "v" * 43,
    ),
    *(
        *GRANT_TYPES,
        *SCOPES,
        *AUTH_METHODS,
        'é\\"<>',
        "\x00",
        "http://[::1",
        "http://127.0.0.1:99999/callback",
        "a.b.c",
    ),
    *(
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrZXktYXBwIn0.AA",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOjF9.AA",
    ),
    *("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "urn:ietf:params:oauth:request_uri:x"),
)
AUTHORIZATION = (None, "Basic", "Basic gIA=", "Basic OjoK", "Basic ZGVtby1hcHA6eA==", "Bearer x", "Bearer", "x")

pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=9)), max_size=6)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(ENDPOINTS), pairs, st.sampled_from(AUTHORIZATION), st.booleans(), st.booleans())
def test_F6_no_request_makes_the_issuer_fail(
    endpoint: tuple[str, str, object],
    sent: list[tuple[str, str]],
    authorization: str | None,
    browser: bool,
    whole: bool,
) -> None:
    async def ask() -> int:
        async with IssuerClient() as client:
            data = urlencode([*(client.request().items() if whole else ()), *sent], errors="replace")
            headers = {"origin": BASE, **(BROWSER if browser else {})}
            headers |= {"authorization": authorization} if authorization else {}
            if endpoint[0] == "GET":
                return (await client.http.get(f"{endpoint[1]}?{data}", headers=headers)).status_code
            form = {**headers, "content-type": "application/x-www-form-urlencoded"}
            return (await client.http.post(endpoint[1], content=data, headers=form)).status_code

    assert asyncio.run(ask()) < 500  # an error of the app is raised here, too
