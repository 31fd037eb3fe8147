"""What integrators' clients send (protocol.md, the marks [I]), and what the sandbox takes for it."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, DEMO_SECRET
from tests.sandbox.client import SandboxClient, is_plain, redirect_params
from tests.sandbox.test_token import claims

GUID_USER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


async def test_a_token_request_may_be_multipart() -> None:
    async with SandboxClient() as client:
        answer = await client.token(await client.code(userid=GUID_USER), "multipart", userid=GUID_USER)
        assert claims(answer.json()["access_token"])["sub"] == GUID_USER


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"]
)
async def test_a_broken_multipart_body_has_no_fields(content_type: str) -> None:
    async with SandboxClient() as client:
        body = b'--b\r\nContent-Disposition: form-data; name="client_id"\r\n\r\ndemo-app\r\n--b--\r\n'
        answer = await client.http.post("/api/oauth2/Token", content=body, headers={"Content-Type": content_type})
        assert is_plain(answer, "Invalid client_id")


async def test_where_forms_are_refused_multipart_is_too() -> None:
    async with SandboxClient("form-refused") as client:
        assert is_plain(await client.token(await client.code(), "multipart"), "Invalid client_id")


async def test_only_a_lenient_server_takes_a_token_request_without_what_step_1_had() -> None:
    async with SandboxClient() as strict, SandboxClient(lenient=True) as lenient:
        for client in (strict, lenient):
            code = await client.code(userid="user_42")
            bare = await client.token(code, redirect_uri=None)
            if client is strict:
                assert is_plain(bare, "Invalid redirect_uri")
            else:
                assert claims(bare.json()["access_token"])["sub"] == "user_42"


async def test_a_lenient_server_still_compares_what_is_there() -> None:
    async with SandboxClient(lenient=True) as client:
        code = await client.code(userid="user_42")
        assert is_plain(await client.token(code, redirect_uri="http://localhost:1/cb"), "Invalid redirect_uri")
        assert is_plain(await client.token(code, userid="user_7"), "Invalid userid")
        assert is_plain(await client.token(""), "Invalid Code")
        assert (await client.token(code, userid="user_42")).status_code == 200


async def test_paths_are_matched_without_regard_to_case() -> None:
    async with SandboxClient() as client:
        query = {"client_id": "demo-app", "redirect_uri": DEMO_REDIRECT_URI}
        code = redirect_params(await client.http.get("/API/OAuth2", params=query))["code"]
        fields = {**query, "client_secret": DEMO_SECRET, "code": code}
        token = (await client.http.post("/api/oauth2/token", data=fields)).json()["access_token"]
        assert (await client.get("/api/users/listusers", token)).status_code == 200
        assert [endpoint for endpoint, _ in client.sandbox.calls].count("POST /api/oauth2/Token") == 1


async def test_list_users_has_its_shorter_path_too() -> None:
    async with SandboxClient() as client:
        token = await client.access_token()
        users = (await client.get("/api/ListUsers", token)).json()
        assert users == (await client.get("/api/Users/ListUsers", token)).json()
        assert GUID_USER in [user["id"] for user in users]


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "utf-16", "no-such-charset"])
@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", "application/json"])
async def test_the_charset_of_a_body_may_be_declared(encoding: str, charset: str) -> None:
    async with SandboxClient() as client:
        usual = {"client_id": "demo-app", "client_secret": DEMO_SECRET, "redirect_uri": DEMO_REDIRECT_URI}
        fields = {**usual, "code": await client.code()}
        text = json.dumps(fields) if encoding == "application/json" else urlencode(fields)
        body = text.encode("utf-16" if charset == "utf-16" else "utf-8")
        headers = {"Content-Type": f"{encoding}; charset={charset}"}
        answer = await client.http.post("/api/oauth2/Token", content=body, headers=headers)
        assert answer.status_code == 200
