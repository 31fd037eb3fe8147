"""The token endpoint, the ID token, and what a client does with its tokens afterwards."""

from __future__ import annotations

import secrets

import httpx2
import pytest
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.core import CodeIDToken
from authlib.oidc.core.claims import get_claim_cls_by_response_type
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import KeySet, import_key

from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, DEMO_SECRET
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID, PUBLIC_CLIENT_ID, demo_clients
from tests.sandbox.client import BASE
from tests.sandbox.standard.client import BASIC, DEVICE_GRANT, IssuerClient, claims, part

KEY = import_key(demo_clients()[2].private_key, "EC")


async def test_the_metadata_are_valid_and_name_only_what_there_is() -> None:
    async with IssuerClient() as client:
        document = await client.metadata()
        assert document["issuer"] == BASE
        OpenIDProviderMetadata(document).validate()
        AuthorizationServerMetadata(document).validate()
        assert (await client.http.get("/.well-known/oauth-authorization-server")).json() == document
        for name, url in document.items():
            if name.endswith("_endpoint") or name == "jwks_uri":
                assert {(await client.http.get(url)).status_code, (await client.http.post(url)).status_code} != {404}
        keys = (await client.http.get(document["jwks_uri"])).json()["keys"]
    assert {key["alg"] for key in keys} == set(document["id_token_signing_alg_values_supported"])
    assert not {"d", "p", "q"} & {member for key in keys for member in key}


@pytest.mark.parametrize("public", [False, True])
async def test_the_id_token_passes_the_checks_of_openid_connect(public: bool) -> None:
    async with IssuerClient() as client:
        code = (await client.redirect(client_id=PUBLIC_CLIENT_ID if public else DEMO_CLIENT_ID))["code"]
        redeemed = await client.redeem(code, None if public else BASIC, client_id=PUBLIC_CLIENT_ID if public else None)
        tokens = redeemed.json()
        keys = KeySet.import_key_set((await client.http.get("/jwks")).json())
    assert redeemed.headers["cache-control"] == "no-store"  # RFC 6749 §5.1
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, "openid profile email")
    read = jwt.decode(tokens["id_token"], keys, ["RS256", "ES256"])
    assert read.header["alg"] == ("ES256" if public else "RS256")
    kind = get_claim_cls_by_response_type("code id_token")
    assert kind is not CodeIDToken  # the hybrid flow's checks look at c_hash, too
    expected = {"nonce": "n-1", "client_id": client_id(public), "code": code, "access_token": tokens["access_token"]}
    options = {"iss": {"values": [BASE]}, "aud": {"values": [client_id(public)]}}
    kind(read.claims, read.header, options, expected).validate(now=int(client.clock.now))
    assert read.claims["email"] == "ada@example.com"


def client_id(public: bool) -> str:
    """The client of a test."""
    return PUBLIC_CLIENT_ID if public else DEMO_CLIENT_ID


async def test_a_code_is_for_its_client_its_redirect_uri_its_verifier_and_its_time() -> None:
    async with IssuerClient() as client:
        for changes in (
            {"redirect_uri": "http://localhost:8765/callback"},
            {"redirect_uri": None},
            {"code_verifier": "w" * 43},
            {"code_verifier": None},
        ):
            refused = await client.redeem((await client.redirect())["code"], **changes)
            assert (refused.status_code, refused.json()["error"]) in [(400, "invalid_grant"), (400, "invalid_request")]
        stolen = await client.redeem((await client.redirect())["code"], None, client_id=PUBLIC_CLIENT_ID)
        assert stolen.json()["error"] == "invalid_grant"
        code = (await client.redirect())["code"]
        client.clock.now += 61
        assert (await client.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_code_that_comes_again_is_refused_and_takes_its_tokens_along() -> None:
    async with IssuerClient() as client:
        code = (await client.redirect())["code"]
        token = (await client.redeem(code)).json()["access_token"]
        assert (await client.userinfo(token)).status_code == 200
        assert (await client.redeem(code)).json()["error"] == "invalid_grant"
        assert (await client.userinfo(token)).status_code == 401  # RFC 6749 §4.1.2


@pytest.mark.parametrize(
    ("auth", "fields", "error"),
    [
        (BASIC, {}, None),
        (None, {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_SECRET}, None),
        (httpx2.BasicAuth(DEMO_CLIENT_ID, "wrong"), {}, "invalid_client"),
        (httpx2.BasicAuth("nobody", DEMO_SECRET), {}, "invalid_client"),
        (None, {"client_id": DEMO_CLIENT_ID, "client_secret": "wrong"}, "invalid_client"),
        (None, {"client_id": DEMO_CLIENT_ID}, "invalid_client"),
        (None, {}, "invalid_client"),
        (BASIC, {"client_secret": DEMO_SECRET}, "invalid_request"),
        (BASIC, {"client_id": PUBLIC_CLIENT_ID}, "invalid_request"),
        (BASIC, {"grant_type": "password"}, "unsupported_grant_type"),
        (BASIC, {"grant_type": None}, "invalid_request"),
        (BASIC, {"code": None}, "invalid_request"),
    ],
)
async def test_a_client_proves_who_it_is_in_one_way(
    auth: httpx2.Auth | None, fields: dict[str, str | None], error: str | None
) -> None:
    async with IssuerClient() as client:
        answer = await client.redeem(auth=auth, **{"code": (await client.redirect())["code"], **fields})
    assert answer.json().get("error") == error
    assert answer.status_code == (200 if error is None else 401 if error == "invalid_client" else 400)
    assert ("www-authenticate" in answer.headers) is (answer.status_code == 401)  # RFC 6749 §5.2


async def test_bytes_that_are_no_credentials_are_refused_and_no_error_of_the_server() -> None:
    async with IssuerClient() as client:
        for value in ("Basic", "Basic !", "Basic gIA=", "Basic OA==", "Bearer x"):
            answer = await client.http.post(
                "/token", data={"grant_type": "refresh_token", "refresh_token": "x"}, headers={"authorization": value}
            )
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        answer = await client.http.post("/token", json={"grant_type": "authorization_code"})
        assert answer.json()["error"] == "invalid_request"


async def test_a_client_with_a_key_proves_it_once_with_each_assertion() -> None:
    async with IssuerClient() as client:

        async def redeemed(**changes: str) -> httpx2.Response:
            assertion = private_key_jwt_sign(
                KEY,
                changes.get("client", KEY_CLIENT_ID),
                changes.get("audience", BASE),
                alg="ES256",
                claims={"jti": changes.get("jti", secrets.token_hex(8))},
            )
            return await client.redeem(
                (await client.redirect(client_id=KEY_CLIENT_ID))["code"],
                None,
                client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                client_assertion=assertion,
            )

        assert (await redeemed(jti="one")).status_code == 200
        assert (await redeemed(audience=f"{BASE}/token")).status_code == 200
        for wrong in ({"jti": "one"}, {"audience": "https://elsewhere.example"}, {"client": DEMO_CLIENT_ID}):
            refused = await redeemed(**wrong)
            assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


async def test_a_refresh_token_is_good_once_and_its_theft_ends_the_grant() -> None:
    async with IssuerClient() as client:
        first = await client.tokens()
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        assert (await client.token(**refresh, scope="offline_access")).json()["error"] == "invalid_scope"  # RFC 6749 §6
        second = (await client.token(**refresh, scope="openid")).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert second["scope"] == "openid"
        assert (await client.userinfo(second["access_token"])).json() == {"sub": "user_42"}
        assert (await client.token(**refresh)).json()["error"] == "invalid_grant"
        for token in (first, second):
            assert (await client.userinfo(token["access_token"])).status_code == 401  # RFC 9700 §4.14.2
        stolen = await client.token(**{**refresh, "refresh_token": second["refresh_token"]})
        assert stolen.json()["error"] == "invalid_grant"


async def test_userinfo_lets_good_tokens_in_and_says_why_it_refuses_others() -> None:
    async with IssuerClient() as client:
        tokens = await client.tokens()
        told = await client.http.post("/userinfo", headers={"authorization": f"bearer {tokens['access_token']}"})
        assert told.json()["sub"] == claims(tokens["id_token"])["sub"]
        no_openid = await client.tokens(scope="profile")
        assert ("id_token" in no_openid, part(no_openid["access_token"], 0)["typ"]) == (False, "at+jwt")
        short = await client.userinfo(no_openid["access_token"])
        assert (short.status_code, 'error="insufficient_scope"' in short.headers["www-authenticate"]) == (403, True)
        client.clock.now += 3601
        for token in (tokens["access_token"], tokens["refresh_token"], "x"):
            refused = await client.userinfo(token)
            assert (refused.status_code, 'error="invalid_token"' in refused.headers["www-authenticate"]) == (401, True)
        bare = await client.http.get("/userinfo")
        assert (bare.status_code, bare.headers["www-authenticate"]) == (401, 'Bearer realm="sandbox"')  # RFC 6750 §3.1


async def test_introspection_and_revocation_are_for_the_tokens_of_the_client_that_asks() -> None:
    async with IssuerClient() as client:
        tokens, foreign = await client.tokens(), await client.public_tokens()

        async def told(token: str) -> dict[str, object]:
            return dict((await client.post("/introspect", token=token, token_type_hint="unknown")).json())

        about = await told(tokens["access_token"])
        assert (about["active"], about["sub"], about["iss"], about["token_type"]) == (True, "user_42", BASE, "Bearer")
        assert "token_type" not in await told(tokens["refresh_token"])
        assert (
            await told(foreign["access_token"]) == await told("x") == {"active": False}
        )  # RFC 7662 §2.2: nothing else
        assert (await client.post("/introspect", None, token="x", client_id=PUBLIC_CLIENT_ID)).status_code == 401
        assert (await client.post("/introspect")).json()["error"] == "invalid_request"

        assert (await client.post("/revoke", token="x")).status_code == 200  # RFC 7009 §2.2
        assert (await client.post("/revoke", token=foreign["access_token"])).json()["error"] == "invalid_grant"
        assert (await client.post("/revoke", None, token=tokens["refresh_token"])).status_code == 401
        revoked = await client.post("/revoke", token=tokens["refresh_token"], token_type_hint="access_token")
        assert revoked.status_code == 200
        for token in (tokens["refresh_token"], tokens["access_token"]):
            assert await told(token) == {"active": False}


async def test_a_device_waits_for_its_person_and_slows_down_when_told() -> None:
    async with IssuerClient() as client:
        device = (await client.post("/device_authorization", scope="openid")).json()

        async def poll(seconds: float) -> dict[str, object]:
            client.clock.now += seconds
            return dict((await client.token(grant_type=DEVICE_GRANT, device_code=device["device_code"])).json())

        assert (await poll(2))["error"] == "authorization_pending"
        assert (await poll(1))["error"] == "slow_down"  # RFC 8628 §3.5: five seconds more from here on
        assert (await poll(2))["error"] == "slow_down"
        assert (await poll(12))["error"] == "authorization_pending"
        page = await client.http.get(device["verification_uri"], headers={"accept": "text/html"})
        assert 'name="user_code" value=""' in page.text
        typed = {"user_code": device["user_code"].lower().replace("-", " "), "account": "user_7", "decision": "approve"}
        assert (await client.http.post("/device", data=typed)).status_code == 403
        assert (await client.http.post("/device", data=typed, headers={"origin": BASE})).status_code == 200
        tokens = await poll(12)
        assert claims(str(tokens["id_token"]))["sub"] == "user_7"
        assert (await poll(12))["error"] == "invalid_grant"

        device = (await client.post("/device_authorization", None, client_id=PUBLIC_CLIENT_ID)).json()
        denied = {"user_code": device["user_code"], "account": "user_7", "decision": "deny"}
        await client.http.post("/device", data=denied, headers={"origin": BASE})
        fields = {"grant_type": DEVICE_GRANT, "device_code": device["device_code"], "client_id": PUBLIC_CLIENT_ID}
        assert (await client.token(None, **fields)).json()["error"] == "access_denied"
        client.clock.now += 601
        assert (await client.token(None, **fields)).json()["error"] == "expired_token"


async def test_a_slow_issuer_takes_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("airisk_tui.sandbox.standard.app.asyncio.sleep", sleep)
    async with IssuerClient("slow") as client:
        await client.metadata()
    assert slept == [0.0]
