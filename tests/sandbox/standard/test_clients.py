"""Strict clients that nobody here wrote get a token from the issuer, unchanged."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.integrations.starlette_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import import_key
from requests_oauthlib import OAuth2Session
from starlette.requests import Request

from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, DEMO_REDIRECT_URI, DEMO_SECRET
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID, PUBLIC_CLIENT_ID, demo_clients
from airisk_tui.sandbox.standard.server import IssuerServer

NODE = Path(__file__).parent / "node"
SCOPE = "openid profile email"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The issuer's name, while it runs."""
    with IssuerServer() as server:
        yield server.base_url


def redirected(url: str) -> str:
    """Where the issuer sends the browser."""
    return str(httpx2.get(url, trust_env=False).headers["location"])


async def test_authlibs_client_discovers_the_issuer_and_believes_its_id_token(issuer: str) -> None:
    oauth = OAuth()
    oauth.register(
        "sandbox",
        client_id=DEMO_CLIENT_ID,
        client_secret=DEMO_SECRET,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "trust_env": False},
    )
    session: dict[str, object] = {}
    asked = await oauth.sandbox.authorize_redirect(request_with(session), DEMO_REDIRECT_URI)
    query = urlsplit(redirected(asked.headers["location"])).query
    token = await oauth.sandbox.authorize_access_token(request_with(session, query))
    assert (token["userinfo"]["sub"], token["userinfo"]["email"]) == ("user_42", "ada@example.com")
    told = await oauth.sandbox.userinfo(token=token)
    assert told["name"] == "Ada Lovelace"


def request_with(session: dict[str, object], query: str = "") -> Request:
    """A request to the application, with the session that its cookie stands for."""
    scope = {"type": "http", "method": "GET", "path": "/callback", "query_string": query.encode(), "headers": []}
    return Request({**scope, "session": session, "server": ("127.0.0.1", 8765), "scheme": "http"})


def test_authlibs_session_proves_itself_with_a_key_refreshes_and_revokes(issuer: str) -> None:
    key = import_key(demo_clients()[2].private_key, "EC")
    with AuthlibSession(
        KEY_CLIENT_ID,
        key,
        scope=SCOPE,
        redirect_uri=DEMO_REDIRECT_URI,
        token_endpoint_auth_method=PrivateKeyJWT(f"{issuer}/token", alg="ES256"),
        revocation_endpoint_auth_method=PrivateKeyJWT(issuer, alg="ES256"),
        code_challenge_method="S256",
    ) as client:
        client.trust_env = False
        url, state = client.create_authorization_url(f"{issuer}/authorize", code_verifier="v" * 43)
        answer = redirected(url)
        first = client.fetch_token(
            f"{issuer}/token", authorization_response=answer, state=state, code_verifier="v" * 43
        )
        second = client.refresh_token(f"{issuer}/token")
        assert second["refresh_token"] != first["refresh_token"]
        assert client.get(f"{issuer}/userinfo").json()["sub"] == "user_42"
        assert client.revoke_token(f"{issuer}/revoke", second["refresh_token"]).status_code == 200
        assert client.get(f"{issuer}/userinfo").status_code == 401


@pytest.mark.parametrize("client_id", [DEMO_CLIENT_ID, PUBLIC_CLIENT_ID])
def test_requests_oauthlib_gets_a_token(issuer: str, client_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # it wants https on loopback, too
    secret = {"client_secret": DEMO_SECRET} if client_id == DEMO_CLIENT_ID else {"include_client_id": True}
    with OAuth2Session(client_id, redirect_uri=DEMO_REDIRECT_URI, scope=SCOPE.split(), pkce="S256") as client:
        client.trust_env = False
        url, _ = client.authorization_url(f"{issuer}/authorize")
        token = client.fetch_token(f"{issuer}/token", authorization_response=redirected(url), **secret)
        assert token["token_type"] == "Bearer"
        assert client.get(f"{issuer}/userinfo").json()["sub"] == "user_42"


@pytest.mark.skipif(shutil.which("node") is None, reason="There is no node.")
@pytest.mark.skipif(
    not (NODE / "node_modules" / "openid-client").is_dir(),
    reason="openid-client is not installed: npm install --prefix tests/sandbox/standard/node",
)
def test_openid_client_runs_every_flow_that_it_knows(issuer: str) -> None:
    clients = {client.client_id: client for client in demo_clients()}
    given = {
        "issuer": issuer,
        "redirect_uri": DEMO_REDIRECT_URI,
        "secret": DEMO_SECRET,
        "key": dict(import_key(clients[KEY_CLIENT_ID].private_key, "EC").as_dict(private=True)),
        "kid": clients[KEY_CLIENT_ID].public_key["kid"],
    }
    done = subprocess.run(
        ["node", str(NODE / "flows.mjs"), json.dumps(given)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "client_secret_basic": "user_42",
        "client_secret_post": "user_42",
        "none": "user_42",
        "private_key_jwt": "user_42",
        "pushed": "user_42",
        "form_post": "user_42",
        "device": "user_42",
        "refreshed": True,
        "active": [True, False],
    }
