"""threats.md F6, and the law for everything that reads free-form input: an answer, never another exception."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airisk_tui.sandbox.airisk.app import create_app
from airisk_tui.sandbox.airisk.faults import FAULTS
from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, SandboxData
from tests.sandbox.client import BASE, SandboxClient

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
REGISTERED = SandboxData().applications[0].registered


@pytest.mark.parametrize("host", ["127.0.0.1:5000", "localhost", "LOCALHOST:1", "[::1]:80"])
async def test_f6_this_machine_is_answered(host: str) -> None:
    async with SandboxClient() as client:
        assert (await client.authorize({"Host": host})).status_code == 302


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "user@evil",
        "[::1",
        "0.0.0.0",
        "a@localhost",
        "localhost/x",
        "localhost:123456",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/api/oauth2", "/api/oauth2/Token", "/api/Users/ListUsers", "/nowhere"])
async def test_f6_any_other_host_is_refused(host: str, path: str) -> None:
    async with SandboxClient() as client:
        answer = await client.http.post(path, headers={"Host": host})
        assert answer.status_code in (405, 421)
        assert (await client.http.get(path, headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.example/",
        DEMO_REDIRECT_URI + "/",
        DEMO_REDIRECT_URI + "?a=b",
        DEMO_REDIRECT_URI.upper(),
        DEMO_REDIRECT_URI.replace("8765", "8764"),
        DEMO_REDIRECT_URI.replace("http:", "https:"),
        f" {DEMO_REDIRECT_URI}",
        f"{DEMO_REDIRECT_URI},http://evil.example",
        ",",
        "javascript:alert(1)",
        "//evil.example",
        "http://127.0.0.1:8765@evil.example/callback",
        f"{DEMO_REDIRECT_URI}\r\nX-Injected: 1",
    ],
)
async def test_f6_no_redirect_to_what_is_not_registered(uri: str) -> None:
    async with SandboxClient() as client:
        answer = await client.authorize(redirect_uri=uri)
        assert (answer.status_code, "location" in answer.headers) == (401, False)
        assert "x-injected" not in answer.headers


@given(
    query=st.dictionaries(st.sampled_from(["client_id", "redirect_uri", "userid", "state", "x"]), st.text()),
    html=st.booleans(),
)
@QUICK
async def test_f6_whatever_is_asked_the_redirect_stays_among_the_registered(query: dict[str, str], html: bool) -> None:
    usual = {"client_id": "demo-app", "redirect_uri": DEMO_REDIRECT_URI}
    async with SandboxClient() as client:
        for sent in (query, {**usual, "state": query.get("state", ""), "userid": query.get("userid", "")}):
            answer = await client.http.get(
                "/api/oauth2", params=sent, headers={"Accept": "text/html" if html else "*/*"}
            )
            assert answer.status_code in (200, 302, 400, 401)
            if "location" in answer.headers:
                assert urlsplit(answer.headers["location"])._replace(query="").geturl() in REGISTERED


@given(
    body=st.binary(max_size=300), kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x/y"])
)
@QUICK
async def test_any_body_gets_an_answer(body: bytes, kind: str) -> None:
    async with SandboxClient() as client:
        for path in ("/api/oauth2/Token", "/api/oauth2/Consent"):
            headers = {"Content-Type": kind, "Origin": BASE}
            assert (await client.http.post(path, content=body, headers=headers)).status_code in (400, 401)


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b'{"client_id": 1e999}', b'{"client_id": NaN}', b'"demo-app"', b"null", b"\xff\xfe"]
)
async def test_a_hostile_json_body_gets_an_answer(body: bytes) -> None:
    async with SandboxClient() as client:
        answer = await client.http.post("/api/oauth2/Token", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400


@given(
    query=st.binary(max_size=200),
    token=st.binary(max_size=60),
    faults=st.sets(st.sampled_from(sorted(FAULTS)), max_size=4),
)
@QUICK
async def test_any_query_and_any_token_under_any_faults_get_an_answer(
    query: bytes, token: bytes, faults: set[str]
) -> None:
    app = create_app(faults=faults, slow_seconds=0.0)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as http:
        for path in ("/api/oauth2", "/api/Users/ListUsers", "/api/GetConversations"):
            url = httpx2.URL(BASE + path).copy_with(query=bytes(b for b in query if 0x21 <= b < 0x7F and b != 0x23))
            answer = await http.get(url, headers=[(b"Authorization", b"Bearer " + token.hex().encode())])
            assert answer.status_code < 500
