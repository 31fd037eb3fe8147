"""A client for the tests of the issuer: it talks to the app without a socket and knows nothing of the debugger."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx2

from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, DEMO_REDIRECT_URI, DEMO_SECRET
from airisk_tui.sandbox.standard.app import create_issuer_app
from airisk_tui.sandbox.standard.registry import PUBLIC_CLIENT_ID
from airisk_tui.sandbox.standard.state import IssuerState
from tests.sandbox.client import BASE, FakeClock

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
BROWSER = {"accept": "text/html", "sec-fetch-mode": "navigate"}
BASIC = httpx2.BasicAuth(DEMO_CLIENT_ID, DEMO_SECRET)

Changes = dict[str, str | None]


class IssuerClient:
    """The steps of the flow, each with every parameter open to change; None leaves a parameter out."""

    def __init__(self, *faults: str, auto_approve: bool | None = None) -> None:
        self.clock = FakeClock()
        self.app = create_issuer_app(None, faults, clock=self.clock, auto_approve=auto_approve, slow_seconds=0.0)
        self.state: IssuerState = self.app.state.issuer
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url=BASE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def metadata(self) -> dict[str, Any]:
        return dict((await self.http.get("/.well-known/openid-configuration")).json())

    def request(self, **changes: str | None) -> dict[str, str]:
        """The parameters of an authorization request."""
        usual = {
            "response_type": "code",
            "client_id": DEMO_CLIENT_ID,
            "redirect_uri": DEMO_REDIRECT_URI,
            "scope": "openid profile email",
            "state": "s t&a=te",
            "nonce": "n-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    async def authorize(self, headers: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
        return await self.http.get("/authorize", params=self.request(**changes), headers=headers)

    async def redirect(self, **changes: Any) -> dict[str, str]:
        """The parameters of the redirect."""
        return redirect_of(await self.authorize(**changes))

    async def token(self, auth: httpx2.Auth | None = BASIC, **fields: str | None) -> httpx2.Response:
        return await self.post("/token", auth, **fields)

    async def post(self, path: str, auth: Any = BASIC, **fields: str | None) -> httpx2.Response:
        """Post a form; None leaves a field out."""
        sent = {name: value for name, value in fields.items() if value is not None}
        return await self.http.post(path, data=sent, auth=auth)

    async def redeem(
        self, code: str | None, auth: httpx2.Auth | None = BASIC, **changes: str | None
    ) -> httpx2.Response:
        usual: Changes = {"grant_type": "authorization_code", "redirect_uri": DEMO_REDIRECT_URI}
        return await self.token(auth, **{**usual, "code": code, "code_verifier": VERIFIER, **changes})

    async def tokens(self, **changes: str | None) -> dict[str, Any]:
        """The token response of a whole flow."""
        return dict((await self.redeem((await self.redirect(**changes))["code"])).json())

    async def public_tokens(self, **changes: str | None) -> dict[str, Any]:
        """The token response of a whole flow of the public client."""
        code = (await self.redirect(client_id=PUBLIC_CLIENT_ID, **changes))["code"]
        return dict((await self.redeem(code, None, client_id=PUBLIC_CLIENT_ID)).json())

    async def userinfo(self, token: str) -> httpx2.Response:
        return await self.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"})


def redirect_of(answer: httpx2.Response) -> dict[str, str]:
    """The parameters of a redirect to the application, from its query or its fragment."""
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    assert parts._replace(query="", fragment="").geturl() == DEMO_REDIRECT_URI
    return dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True))


def part(token: str, which: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a JWT."""
    text = token.split(".")[which]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def claims(token: str) -> dict[str, Any]:
    """The claims of a JWT, which nothing verifies."""
    return part(token, 1)
