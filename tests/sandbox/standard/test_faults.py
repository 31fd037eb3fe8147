"""Every fault does what its sentence says, and nothing of it is there without the fault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx2
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from airisk_tui.sandbox.registry import DEMO_CLIENT_ID, DEMO_SECRET
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from tests.sandbox.client import BASE, START
from tests.sandbox.standard.client import BASIC, DEVICE_GRANT, IssuerClient, claims, part

Document = Mapping[str, Any]
IN_BODY: Final = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_SECRET}

METADATA: Final[dict[str, Callable[[Document], bool]]] = {
    "metadata-other-issuer": lambda told: told["issuer"] == "https://other-issuer.example",
    "issuer-trailing-slash": lambda told: told["issuer"] == f"{BASE}/" and told["token_endpoint"] == f"{BASE}/token",
    "metadata-no-token-endpoint": lambda told: "token_endpoint" not in told,
    "metadata-no-authorization-endpoint": lambda told: "authorization_endpoint" not in told,
    "metadata-no-jwks": lambda told: "jwks_uri" not in told,
    "metadata-members-missing": lambda told: "subject_types_supported" not in told,
    "metadata-http-endpoint": lambda told: told["userinfo_endpoint"].startswith("http://issuer.example"),
    "par-required": lambda told: told["require_pushed_authorization_requests"],
}
REDIRECT: Final[dict[str, Callable[[Document], bool]]] = {
    "denied": lambda told: told.get("error") == "access_denied" and "code" not in told and "state" in told,
    "login-required": lambda told: told.get("error") == "login_required" and "code" not in told,
    "state-missing": lambda told: "state" not in told,
    "state-changed": lambda told: told["state"] != "s t&a=te",
    "iss-missing": lambda told: "iss" not in told,
    "iss-wrong": lambda told: told["iss"] == "https://other-issuer.example",
    "no-code": lambda told: "code" not in told and "error" not in told,
    "scope-required": lambda told: told.get("error") == "invalid_scope",
}
TOKEN: Final[dict[str, Callable[[Document], bool]]] = {
    "token-200-error": lambda told: told.get("error") == "invalid_grant",
    "client-refused": lambda told: told.get("error") == "invalid_client",
    "pkce-refused": lambda told: "PKCE" in told.get("error_description", ""),
    "code-expired": lambda told: told.get("error") == "invalid_grant",
    "dpop-required": lambda told: told.get("error") == "invalid_dpop_proof",
    "token-type-missing": lambda told: "token_type" not in told,
    "token-type-other": lambda told: told["token_type"] == "DPoP",
    "expires-in-missing": lambda told: "expires_in" not in told,
    "scope-narrowed": lambda told: told["scope"] == claims(told["access_token"])["scope"] == "openid",
    "no-id-token": lambda told: "id_token" not in told,
    "no-refresh-token": lambda told: "refresh_token" not in told,
    "basic-refused": lambda told: told.get("error") == "invalid_client",
}
ID_TOKEN: Final[dict[str, Callable[[Document], bool]]] = {
    "nonce-missing": lambda told: "nonce" not in told,
    "nonce-wrong": lambda told: told["nonce"] != "n-1",
    "id-token-wrong-iss": lambda told: told["iss"] != BASE,
    "id-token-wrong-aud": lambda told: told["aud"] == ["key-app"],
    "id-token-wrong-azp": lambda told: told.get("azp") == "key-app",
    "id-token-no-sub": lambda told: "sub" not in told,
    "id-token-expired": lambda told: told["exp"] == START - 3600,
    "id-token-from-the-future": lambda told: told["iat"] == START + 3600,
    "at-hash-wrong": lambda told: set(told["at_hash"]) == {"A"},
    "c-hash-wrong": lambda told: set(told["c_hash"]) == {"A"},
    "clock-skew": lambda told: told["iat"] == START - 300,
}
Check = Callable[[IssuerClient], Awaitable[bool]]
OTHER: dict[str, Check] = {}


def plays(name: str) -> Callable[[Check], Check]:
    """Register the check of a fault, which gives whether the fault is seen."""

    def register(check: Check) -> Check:
        OTHER[name] = check
        return check

    return register


async def seen(name: str, client: IssuerClient) -> bool:
    if name in METADATA:
        return bool(METADATA[name](await client.metadata()))
    if name in REDIRECT:
        return bool(REDIRECT[name](await client.redirect()))
    if name in TOKEN:
        return bool(TOKEN[name](await client.tokens()))
    if name in ID_TOKEN:
        token = (await client.tokens())["id_token"]
        assert await verifies(client, token), "its signature is right"
        return bool(ID_TOKEN[name](claims(token)))
    return await OTHER[name](client)


@pytest.mark.parametrize("name", STANDARD_FAULTS)
async def test_the_fault_does_what_it_says(name: str) -> None:
    async with IssuerClient(name) as broken, IssuerClient() as clean:
        assert (await seen(name, broken), await seen(name, clean)) == (True, False)


def test_no_check_is_left_over() -> None:
    assert {*METADATA, *REDIRECT, *TOKEN, *ID_TOKEN, *OTHER} == STANDARD_FAULTS.keys()


async def verifies(client: IssuerClient, token: str) -> bool:
    """Whether one of the issuer's keys, the one that the token names, has signed it."""
    keys = KeySet.import_key_set((await client.http.get("/jwks")).json())
    try:
        jwt.decode(token, keys, ["RS256", "ES256"])
    except (JoseError, ValueError):
        return False
    return True


def says(answer: httpx2.Response, error: str) -> bool:
    return answer.status_code == 400 and answer.json().get("error") == error


@plays("no-metadata")
async def no_metadata(client: IssuerClient) -> bool:
    paths = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
    return [(await client.http.get(path)).status_code for path in paths] == [404, 404]


@plays("metadata-html")
async def metadata_html(client: IssuerClient) -> bool:
    return (await client.http.get("/.well-known/openid-configuration")).headers["content-type"].startswith("text/html")


@plays("keys-404")
async def keys_404(client: IssuerClient) -> bool:
    return (await client.http.get("/jwks")).status_code == 404


@plays("authorization-error-page")
async def authorization_error_page(client: IssuerClient) -> bool:
    answer = await client.authorize()
    return (answer.status_code, "unauthorized_client" in answer.text) == (400, True)


@plays("token-error-page")
async def token_error_page(client: IssuerClient) -> bool:
    answer = await client.redeem("x")
    return "text/html" in answer.headers["content-type"] and "invalid_grant" in answer.text


@plays("response-mode-ignored")
async def response_mode_ignored(client: IssuerClient) -> bool:
    return (await client.authorize(response_mode="form_post")).status_code == 302


@plays("pkce-required")
async def pkce_required(client: IssuerClient) -> bool:
    return "code" not in await client.redirect(code_challenge=None, code_challenge_method=None)


@plays("pkce-not-enforced")
async def pkce_not_enforced(client: IssuerClient) -> bool:
    return (await client.redeem((await client.redirect())["code"], code_verifier="w" * 43)).status_code == 200


@plays("post-refused")
async def post_refused(client: IssuerClient) -> bool:
    answer = await client.redeem((await client.redirect())["code"], None, **IN_BODY)
    return bool(answer.json().get("error") == "invalid_client")


@plays("code-replay-accepted")
async def code_replay_accepted(client: IssuerClient) -> bool:
    code = (await client.redirect())["code"]
    return [(await client.redeem(code)).status_code for _ in range(2)] == [200, 200]


@plays("id-token-unsigned")
async def id_token_unsigned(client: IssuerClient) -> bool:
    token = (await client.tokens())["id_token"]
    return (part(token, 0)["alg"], token[-1]) == ("none", ".")


@plays("id-token-forged")
async def id_token_forged(client: IssuerClient) -> bool:
    token = (await client.tokens())["id_token"]
    assert part(token, 0)["kid"] in await known_keys(client)
    return not await verifies(client, token)


@plays("id-token-unknown-key")
async def id_token_unknown_key(client: IssuerClient) -> bool:
    return part((await client.tokens())["id_token"], 0)["kid"] not in await known_keys(client)


async def known_keys(client: IssuerClient) -> set[str]:
    return {key["kid"] for key in (await client.http.get("/jwks")).json()["keys"]}


async def refreshed(client: IssuerClient) -> tuple[str, httpx2.Response]:
    """The first refresh token, and what it brings."""
    old = (await client.tokens())["refresh_token"]
    return old, await client.token(grant_type="refresh_token", refresh_token=old)


@plays("refresh-refused")
async def refresh_refused(client: IssuerClient) -> bool:
    return says((await refreshed(client))[1], "invalid_grant")


@plays("refresh-not-rotated")
async def refresh_not_rotated(client: IssuerClient) -> bool:
    old, answer = await refreshed(client)
    again = await client.token(grant_type="refresh_token", refresh_token=old)
    return ("refresh_token" in answer.json(), again.status_code) == (False, 200)


@plays("refresh-scope-narrowed")
async def refresh_scope_narrowed(client: IssuerClient) -> bool:
    return bool((await refreshed(client))[1].json()["scope"] == "openid")


@plays("userinfo-other-user")
async def userinfo_other_user(client: IssuerClient) -> bool:
    tokens = await client.tokens()
    told = await client.userinfo(tokens["access_token"])
    return bool(told.json()["sub"] != claims(tokens["id_token"])["sub"])


@plays("userinfo-refused")
async def userinfo_refused(client: IssuerClient) -> bool:
    answer = await client.userinfo((await client.tokens())["access_token"])
    return answer.status_code == 401 and "expired" in answer.headers["www-authenticate"]


@plays("introspection-inactive")
async def introspection_inactive(client: IssuerClient) -> bool:
    answer = await client.post("/introspect", token=(await client.tokens())["access_token"])
    return bool(answer.json() == {"active": False})


@plays("revocation-ignored")
async def revocation_ignored(client: IssuerClient) -> bool:
    token = (await client.tokens())["access_token"]
    assert (await client.post("/revoke", token=token)).status_code == 200
    return (await client.userinfo(token)).status_code == 200


async def polled(client: IssuerClient) -> httpx2.Response:
    """The first poll of a device."""
    device = (await client.post("/device_authorization", BASIC)).json()
    return await client.token(grant_type=DEVICE_GRANT, device_code=device["device_code"])


@plays("device-slow-down")
async def device_slow_down(client: IssuerClient) -> bool:
    return says(await polled(client), "slow_down")


@plays("device-expired")
async def device_expired(client: IssuerClient) -> bool:
    return says(await polled(client), "expired_token")


@plays("device-denied")
async def device_denied(client: IssuerClient) -> bool:
    return says(await polled(client), "access_denied")


@plays("slow")
async def slow(client: IssuerClient) -> bool:
    return client.state.policy.slow
