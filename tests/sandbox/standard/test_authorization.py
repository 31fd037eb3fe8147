"""The authorization endpoint: what it must refuse and how, its response modes, consent, and pushed requests."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest

from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI
from airisk_tui.sandbox.standard.registry import PUBLIC_CLIENT_ID
from tests.sandbox.client import BASE
from tests.sandbox.standard.client import BASIC, BROWSER, IssuerClient, claims, redirect_of

TICKET = re.compile(r'name="ticket" value="([^"]+)"')


async def test_the_redirect_has_the_code_the_state_unchanged_and_the_issuer() -> None:
    async with IssuerClient() as client:
        for mode in (None, "query", "fragment"):
            answer = await client.authorize(response_mode=mode)
            assert bool(urlsplit(answer.headers["location"]).fragment) is (mode == "fragment")
            found = redirect_of(answer)
            assert found.pop("code")
            assert found == {"state": "s t&a=te", "iss": BASE}  # RFC 6749 §4.1.2, RFC 9207 §2


async def test_form_post_gives_the_response_as_a_form_for_the_redirect_uri_alone() -> None:
    async with IssuerClient() as client:
        answer = await client.authorize(response_mode="form_post", state='"><script>alert(1)</script>')
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
        assert (fields.keys(), unescape(fields["state"])) == ({"code", "state", "iss"}, '"><script>alert(1)</script>')
        assert f'action="{DEMO_REDIRECT_URI}"' in answer.text
        policy = answer.headers["content-security-policy"]
        assert "form-action 'self' http://127.0.0.1:8765" in policy
        assert answer.text.count("<script>") == policy.count("script-src 'sha256-") == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"response_mode": "pigeon"}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"client_id": PUBLIC_CLIENT_ID, "code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"request": "eyJ.e30."}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
async def test_a_wrong_request_is_told_in_the_redirect(changes: dict[str, Any], error: str) -> None:
    async with IssuerClient() as client:
        told = redirect_of(await client.authorize(**changes))
    assert (told["error"], told["state"], told["iss"], "code" in told) == (error, "s t&a=te", BASE, False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/callback"}, "invalid_request"),
        ({"redirect_uri": 'http://127.0.0.1:8765/"\\é'}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:8765/callback/"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1@evil.example/callback"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:unknown"}, "invalid_request_uri"),
        ({"request_uri": "https://evil.example/request.jwt"}, "invalid_request_uri"),
    ],
)
async def test_F6_nobody_is_redirected_to_where_the_client_was_not_registered(
    changes: dict[str, Any], error: str
) -> None:
    async with IssuerClient() as client:
        answer = await client.authorize(**changes)
        assert (answer.status_code, answer.json()["error"], "location" in answer.headers) == (400, error, False)
        page = await client.authorize(BROWSER, **changes)
    assert (page.status_code, f"<code>{error}</code>" in page.text, "location" in page.headers) == (400, True, False)


async def test_a_loopback_address_may_have_any_port_and_a_parameter_comes_once() -> None:
    async with IssuerClient() as client:
        query = client.request(redirect_uri="http://127.0.0.1:50123/callback")
        answer = await client.http.get("/authorize", params=query)
        assert answer.headers["location"].startswith("http://127.0.0.1:50123/callback?code=")
        other = await client.http.get("/authorize", params=[*query.items(), ("state", "second")])
    assert other.json()["error"] == "invalid_request"  # RFC 6749 §3.1


async def test_a_person_decides_once_on_the_issuers_own_page_and_is_who_they_say() -> None:
    async with IssuerClient() as client:
        page = await client.authorize(BROWSER, scope="openid email")
        assert ("Demo application" in page.text, "e-mail" in page.text, "your name" in page.text) == (True, True, False)
        ticket = {"ticket": TICKET.findall(page.text)[0], "account": "user_7", "decision": "approve"}
        assert (
            await client.http.post("/consent", data=ticket, headers={"origin": "http://evil.example"})
        ).status_code == 403
        approved = await client.http.post("/consent", data=ticket, headers={"origin": BASE})
        tokens = (await client.redeem(redirect_of(approved)["code"])).json()
        assert claims(tokens["id_token"])["sub"] == "user_7"
        assert (await client.http.post("/consent", data=ticket, headers={"origin": BASE})).status_code == 400

        page = await client.authorize(BROWSER)
        ticket = {"ticket": TICKET.findall(page.text)[0], "account": "user_7", "decision": "deny"}
        denied = redirect_of(await client.http.post("/consent", data=ticket, headers={"origin": BASE}))
        assert (denied["error"], denied["state"]) == ("access_denied", "s t&a=te")
        assert redirect_of(await client.authorize(BROWSER, prompt="none"))["error"] == "login_required"


async def test_a_request_can_be_pushed_and_is_then_referred_to_once_by_its_client() -> None:
    async with IssuerClient() as client:
        pushed = await client.http.post("/par", data=client.request(client_id=None), auth=BASIC)
        assert (pushed.status_code, pushed.json()["expires_in"], pushed.headers["cache-control"]) == (
            201,
            60,
            "no-store",
        )
        reference = {"client_id": "demo-app", "request_uri": pushed.json()["request_uri"]}
        answer = await client.http.get("/authorize", params=reference)
        assert (await client.redeem(redirect_of(answer)["code"])).status_code == 200
        assert (await client.http.get("/authorize", params=reference)).json()["error"] == "invalid_request_uri"

        again = (await client.http.post("/par", data=client.request(), auth=BASIC)).json()["request_uri"]
        for other in ({"client_id": PUBLIC_CLIENT_ID}, {"client_id": "demo-app"}):
            refused = await client.http.get("/authorize", params={**other, "request_uri": again})
            assert (
                refused.json()["error"] == "invalid_request_uri"
            )  # RFC 9126 §2.2: bound to its client; used up by the first
        wrong = await client.http.post("/par", data=client.request(scope="nothing"), auth=BASIC)
        assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_scope")
        assert (await client.http.post("/par", data=client.request())).status_code == 401
        nested = await client.http.post("/par", data=client.request(request_uri=again), auth=BASIC)
        assert nested.json()["error"] == "invalid_request"  # RFC 9126 §2.1


async def test_F6_another_host_and_a_huge_body_are_refused() -> None:
    async with IssuerClient() as client:
        assert (await client.http.get("/jwks", headers={"host": "evil.example"})).status_code == 421
        assert (await client.http.post("/token", content=b"x" * 70_000)).status_code == 413
