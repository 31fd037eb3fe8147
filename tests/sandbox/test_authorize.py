"""Step 1, row by row of protocol.md."""

from __future__ import annotations

import re
from typing import Any

import pytest

from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, SandboxData
from tests.sandbox.client import SandboxClient, is_plain, is_problem, redirect_pairs, redirect_params

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate"}


async def test_approved_redirects_at_once_with_code_and_state() -> None:
    async with SandboxClient() as client:
        answer = await client.authorize(state="xyz")
        assert answer.headers["location"].startswith(DEMO_REDIRECT_URI + "?code=")
        assert [name for name, _ in redirect_pairs(answer)] == ["code", "state"]
        assert len(redirect_params(answer)["code"]) == len("SplxlOBeZQQYbYS6WxSbIA")
        assert answer.content == b""
        assert answer.headers["content-length"] == "0"


@pytest.mark.parametrize("state", ["", "a b+c&d=e", "%00%0d%0a", "héé 🦊", "x" * 2000])
async def test_state_comes_back_unmodified(state: str) -> None:
    async with SandboxClient() as client:
        assert redirect_params(await client.authorize(state=state))["state"] == state


async def test_without_state_none_comes_back() -> None:
    async with SandboxClient() as client:
        assert "state" not in redirect_params(await client.authorize())


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
@pytest.mark.parametrize("value", [None, ""])
async def test_missing_parameter(name: str, value: str | None) -> None:
    changes: dict[str, Any] = {name: value}
    async with SandboxClient() as client:
        assert is_plain(await client.authorize(**changes), f"Invalid {name}")


async def test_unknown_client_is_a_problem_document_and_no_redirect() -> None:
    async with SandboxClient() as client:
        answer = await client.authorize(client_id="nobody")
        assert is_problem(answer, 401)
        assert "location" not in answer.headers
        problem = answer.json()
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", problem.pop("traceId"))
        assert problem == {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.2",
            "title": "Unauthorized",
            "status": 401,
        }


async def test_unknown_userid_and_unregistered_uri_are_refused_alike() -> None:
    async with SandboxClient() as client:
        assert is_problem(await client.authorize(userid="user_0"), 401)
        assert is_problem(await client.authorize(redirect_uri="http://127.0.0.1:8765/other"), 401)


async def test_each_registered_uri_is_good_with_or_without_spaces_after_commas() -> None:
    data = SandboxData()
    async with SandboxClient(data=data.with_redirect_uri(" http://127.0.0.1:1/cb ")) as client:
        for uri in (*data.applications[0].registered, "http://127.0.0.1:1/cb"):
            answer = await client.authorize(redirect_uri=uri)
            assert answer.headers["location"].startswith(uri + "?code=")


async def test_a_query_in_the_registered_uri_is_kept() -> None:
    uri = "http://127.0.0.1:8765/callback?tenant=7"
    async with SandboxClient(data=SandboxData().with_redirect_uri(uri)) as client:
        answer = await client.authorize(redirect_uri=uri)
        assert answer.headers["location"].startswith(uri + "&code=")


async def test_a_repeated_parameter_is_read_as_the_vendors_framework_reads_it() -> None:
    async with SandboxClient() as client:
        answer = await client.http.get(
            f"/api/oauth2?client_id=demo-app&client_id=demo-app&redirect_uri={DEMO_REDIRECT_URI}"
        )
        assert is_problem(answer, 401)


async def test_what_is_not_supported_is_told_in_the_redirect() -> None:
    async with SandboxClient() as client:
        answer = redirect_params(await client.authorize(response_type="token", state="s"))
        assert (answer["error"], answer["state"]) == ("unsupported_response_type", "s")
        plain = redirect_params(await client.authorize(code_challenge="abc", code_challenge_method="plain"))
        assert plain["error"] == "invalid_request"
        assert "code" in redirect_params(await client.authorize(response_type="code"))


@pytest.mark.parametrize("headers", [{"Accept": "text/html"}, {"Sec-Fetch-Mode": "navigate"}, BROWSER])
async def test_a_browser_is_asked(headers: dict[str, str]) -> None:
    async with SandboxClient() as client:
        answer = await client.authorize(headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


async def test_the_switch_overrules_the_headers() -> None:
    async with SandboxClient(auto_approve=True) as always:
        assert (await always.authorize(headers=BROWSER)).status_code == 302
    async with SandboxClient(auto_approve=False) as never:
        assert (await never.authorize()).status_code == 200


async def test_the_habits_of_the_vendors_host() -> None:
    async with SandboxClient() as client:
        for answer in (await client.authorize(), await client.authorize(client_id="x"), await client.get("/nowhere")):
            assert answer.headers["server"] == "Kestrel"
            assert answer.headers["strict-transport-security"] == "max-age=2592000"
            assert answer.headers["request-context"].startswith("appId=cid-v1:")
            assert answer.headers["date"] == "Sun, 15 Jun 2025 15:06:40 GMT"
            one, two = answer.headers.get_list("set-cookie")
            assert re.match(r"ARRAffinity=[0-9a-f]{64};Path=/;HttpOnly;", one)
            assert re.match(r"ARRAffinitySameSite=[0-9a-f]{64};Path=/;HttpOnly;SameSite=None;", two)


@pytest.mark.parametrize(
    "path", ["/", "/api/oauth2/", "/api/api/oauth2/Token", "/api/oauth2/Tokens", "/api/oauth2/v2/Token"]
)
async def test_other_paths_are_not_found(path: str) -> None:
    async with SandboxClient() as client:
        answer = await client.http.post(path)
        assert (answer.status_code, answer.content) == (404, b"")


async def test_a_wrong_method_is_refused() -> None:
    async with SandboxClient() as client:
        answer = await client.http.get("/api/oauth2/Token")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
