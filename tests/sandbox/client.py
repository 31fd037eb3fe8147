"""A client for the tests of the sandbox: it talks to the app without a socket and knows nothing of the debugger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx2

from airisk_tui.sandbox.airisk.app import create_app
from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, DEMO_REDIRECT_URI, DEMO_SECRET, SandboxData
from airisk_tui.sandbox.state import Sandbox

BASE = "http://127.0.0.1:5000"
START = 1_750_000_000.0  # 2025-06-15T15:06:40Z


class FakeClock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class SandboxClient:
    """The three steps, each with every parameter open to change; None leaves a parameter out."""

    def __init__(
        self,
        *faults: str,
        data: SandboxData | None = None,
        auto_approve: bool | None = None,
        lenient: bool = False,
    ) -> None:
        self.clock = FakeClock()
        self.app = create_app(
            data, faults, clock=self.clock, auto_approve=auto_approve, lenient=lenient, slow_seconds=0.0
        )
        self.sandbox: Sandbox = self.app.state.sandbox
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url=BASE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def authorize(self, headers: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
        query = _changed({"client_id": DEMO_CLIENT_ID, "redirect_uri": DEMO_REDIRECT_URI}, changes)
        return await self.http.get("/api/oauth2", params=query, headers=headers)

    async def code(self, **changes: Any) -> str:
        return redirect_params(await self.authorize(**changes))["code"]

    async def token(
        self, code: str, encoding: str = "form", headers: dict[str, str] | None = None, **changes: Any
    ) -> httpx2.Response:
        usual = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_SECRET, "redirect_uri": DEMO_REDIRECT_URI}
        fields = _changed({**usual, "code": code}, changes)
        body: dict[str, Any] = {"json" if encoding == "json" else "data": fields}
        if encoding == "multipart":
            body = {"files": {name: (None, value) for name, value in fields.items()}}
        return await self.http.post("/api/oauth2/Token", headers=headers, **body)

    async def access_token(self, client_id: str = DEMO_CLIENT_ID, **changes: Any) -> str:
        code = await self.code(client_id=client_id, **changes)
        answer = await self.token(code, client_id=client_id, **changes)
        return str(answer.json()["access_token"])

    async def get(self, path: str, token: str | None = None) -> httpx2.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})

    async def post(self, path: str, token: str | None = None, **body: Any) -> httpx2.Response:
        return await self.http.post(path, headers={"Authorization": f"Bearer {token}"} if token else {}, **body)


def _changed(usual: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def redirect_pairs(response: httpx2.Response) -> list[tuple[str, str]]:
    """The parameters in the query of a redirect, in order, duplicates kept."""
    assert response.status_code == 302
    return parse_qsl(urlsplit(response.headers["location"]).query, keep_blank_values=True)


def redirect_params(response: httpx2.Response) -> dict[str, str]:
    """The same, by name."""
    return dict(redirect_pairs(response))


def is_problem(response: httpx2.Response, status: int) -> bool:
    """Whether this is the documented problem document (protocol.md, outcomes)."""
    keys: Iterable[str] = ("type", "title", "status", "traceId")
    return (
        response.status_code == status
        and response.headers["content-type"] == "application/problem+json"
        and list(response.json()) == list(keys)
    )


def is_plain(response: httpx2.Response, text: str) -> bool:
    """Whether this is the documented short error: 400, text/plain, that text."""
    headers = response.headers["content-type"]
    return (response.status_code, headers, response.text) == (400, "text/plain; charset=utf-8", text)
