"""A real Chromium at the issuer's pages: consent, the form that posts itself, and the device's code."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import httpx2
import pytest

from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.flow.phases import Outcome
from airisk_tui.sandbox.standard.registry import IssuerData
from airisk_tui.sandbox.standard.server import IssuerServer
from airisk_tui.session.session import Session
from tests.sandbox.test_browser import chromium_page
from tests.sandbox.test_browser import pytestmark as pytestmark


@pytest.mark.ci
async def test_consent_is_posted_to_the_application_and_no_policy_is_violated() -> None:
    heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def application(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length:")[2].split()[0]) if head.startswith("POST") else 0
        body = (await reader.readexactly(length)).decode()
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()
        if length and not heard.done():
            heard.set_result(body)

    server = await asyncio.start_server(application, "127.0.0.1", 0)
    uri = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/callback"
    query = {"client_id": "demo-app", "response_type": "code", "redirect_uri": uri, "state": "s <t>", "scope": "openid"}
    async with server, IssuerServer(IssuerData()) as issuer, chromium_page() as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        await page.goto(f"{issuer.base_url}/authorize?{urlencode({**query, 'response_mode': 'form_post'})}")
        await page.get_by_role("button", name="Approve").click(no_wait_after=True)
        posted = parse_qs(await asyncio.wait_for(heard, 10))
        assert (posted["state"], posted["iss"], "code" in posted) == (["s <t>"], [issuer.base_url], True)
        assert said == []


@pytest.mark.ci
async def test_a_person_types_the_code_of_a_device() -> None:
    async with (
        IssuerServer() as issuer,
        chromium_page(java_script_enabled=False) as page,
        httpx2.AsyncClient(base_url=issuer.base_url, trust_env=False) as device,
    ):
        codes = (await device.post("/device_authorization", data={"client_id": "public-app"})).json()
        await page.goto(codes["verification_uri"])
        await page.get_by_label("Code on your device").fill(codes["user_code"].lower())
        await page.get_by_label("Signed in as").select_option("user_12")
        await page.get_by_role("button", name="Approve").click()
        assert "The device is connected" in await page.inner_text("main")
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        fields = {"grant_type": grant, "device_code": codes["device_code"], "client_id": "public-app"}
        assert (await device.post("/token", data=fields)).json()["token_type"] == "Bearer"


@pytest.mark.ci
@pytest.mark.parametrize("response_mode", ["form_post", "fragment"])
async def test_a_run_hears_the_answer_by_each_response_mode(response_mode: str, tmp_path: Path) -> None:
    async with chromium_page() as page:

        async def approve(url: str) -> BrowserLaunch:
            await page.goto(url)
            await page.get_by_role("button", name="Approve").click(no_wait_after=True)
            return BrowserLaunch(True, "Chromium")

        session = Session(opener=approve, environ={"AIRISK_TUI_HOME": str(tmp_path)})
        try:
            await session.ready("sandbox-standard")
            changes = {"mode": "browser", "response_mode": response_mode, "timeout": 20.0}
            run = session.start(session.draft("sandbox-standard", changes))
            state = await asyncio.wait_for(run.finished(), 30)
            assert (state.outcome, session.explained(run).findings) == (Outcome.TOKEN, ())
        finally:
            await session.aclose()
