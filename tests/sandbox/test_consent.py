"""The consent page: what it asks, and what each button does."""

from __future__ import annotations

import html
import re

import httpx2
from msgspec.structs import replace

from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, SandboxData, User
from tests.sandbox.client import BASE, SandboxClient, redirect_params
from tests.sandbox.test_token import claims

ORIGIN = {"Origin": BASE}
NASTY = "<script>alert(1)</script>\"'&\x1b[31m"


def ticket(page: httpx2.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def answer(
    client: SandboxClient, page: httpx2.Response, decision: str = "approve", account: str = "user_42"
) -> httpx2.Response:
    fields = {"ticket": ticket(page), "decision": decision, "account": account}
    return await client.http.post("/api/oauth2/Consent", data=fields, headers=ORIGIN)


async def test_approve_goes_back_with_a_code_that_works() -> None:
    async with SandboxClient(auto_approve=False) as client:
        params = redirect_params(await answer(client, await client.authorize(state="s t")))
        assert params["state"] == "s t"
        token = await client.token(params["code"])
        assert claims(token.json()["access_token"])["kind"] == "generic"


async def test_without_userid_the_token_stays_generic_whoever_signs_in() -> None:
    async with SandboxClient(auto_approve=False) as client:
        page = await client.authorize()
        assert "A generic token" in page.text
        params = redirect_params(await answer(client, page, account="user_7"))
        assert claims((await client.token(params["code"])).json()["access_token"])["sub"] == "app:demo-app"


async def test_with_userid_the_page_names_the_user_and_has_him_chosen() -> None:
    async with SandboxClient(auto_approve=False) as client:
        page = await client.authorize(userid="user_7")
        assert "Grace Hopper <code>user_7</code>" in page.text
        assert re.findall(r'value="([^"]+)" selected', page.text) == ["user_7"]
        params = redirect_params(await answer(client, page, account="user_7"))
        token = await client.token(params["code"], userid="user_7")
        assert claims(token.json()["access_token"])["sub"] == "user_7"


async def test_deny_goes_back_with_an_error_and_the_state() -> None:
    async with SandboxClient(auto_approve=False) as client:
        params = redirect_params(await answer(client, await client.authorize(state="s"), "deny"))
        assert (params["error"], params["state"], "code" in params) == ("access_denied", "s", False)


async def test_somebody_else_cannot_consent_for_the_user() -> None:
    async with SandboxClient(auto_approve=False) as client:
        params = redirect_params(await answer(client, await client.authorize(userid="user_42"), account="user_7"))
        assert params["error"] == "access_denied"
        assert params["error_description"] == "user_7 is signed in, the request is for user_42"


async def test_a_page_is_answered_once() -> None:
    async with SandboxClient(auto_approve=False) as client:
        page = await client.authorize()
        assert (await answer(client, page)).status_code == 302
        again = await answer(client, page)
        assert (again.status_code, "location" in again.headers) == (400, False)
        assert "answered before" in again.text


async def test_a_page_grows_old() -> None:
    async with SandboxClient(auto_approve=False) as client:
        page = await client.authorize()
        client.clock.now += 600
        assert (await answer(client, page)).status_code == 400


async def test_an_account_that_does_not_exist_is_not_signed_in() -> None:
    async with SandboxClient(auto_approve=False) as client:
        assert (await answer(client, await client.authorize(), account="nobody")).status_code == 400


async def test_the_denied_fault_holds_whatever_is_pressed() -> None:
    async with SandboxClient("denied", auto_approve=False) as client:
        assert redirect_params(await answer(client, await client.authorize()))["error"] == "access_denied"


async def test_f6_the_form_is_accepted_from_the_own_origin_alone() -> None:
    async with SandboxClient(auto_approve=False) as client:
        page = await client.authorize()
        fields = {"ticket": ticket(page), "decision": "approve", "account": "user_42"}
        for headers in ({}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:5001"}):
            refused = await client.http.post("/api/oauth2/Consent", data=fields, headers=headers)
            assert (refused.status_code, "location" in refused.headers) == (403, False)
        assert (await answer(client, page)).status_code == 302


async def test_f6_everything_shown_is_escaped() -> None:
    data = SandboxData()
    nasty = replace(data.applications[0], name=NASTY, redirect_uris=f"{DEMO_REDIRECT_URI}?{NASTY}")
    data = SandboxData((nasty,), users=(User(NASTY, NASTY, NASTY),))
    async with SandboxClient(data=data, auto_approve=False) as client:
        for userid in (None, NASTY):
            page = await client.authorize(userid=userid, redirect_uri=f"{DEMO_REDIRECT_URI}?{NASTY}")
            assert page.status_code == 200
            assert "<script" not in page.text
            assert page.text.count(html.escape(NASTY)) >= 4


async def test_f6_the_page_runs_nothing_and_loads_nothing() -> None:
    async with SandboxClient(auto_approve=False) as client:
        page = await client.authorize()
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["x-frame-options"] == "DENY"
        assert not re.search(r"<script|javascript:|\son\w+=|https?://(?!127\.0\.0\.1:8765)", page.text)
