"""A real Chromium at the consent page: what a person presses arrives at the application."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from airisk_tui.sandbox.data.registry import SandboxData
from airisk_tui.sandbox.server import SandboxServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium on this machine, so no browser was driven."),
]


@contextlib.asynccontextmanager
async def chromium_page(**options: Any) -> AsyncIterator[Any]:
    playwright = pytest.importorskip("playwright.async_api", reason="The extra `browser` is not installed.")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(**options)
        try:
            yield page
        finally:
            await browser.close()


class Application:
    """The other end of the redirect: it notes the targets that it is asked for."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, IndexError):
            target = (await reader.readline()).decode().split(" ")[1]
            self.heard.put_nowait(target)
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()


@pytest.mark.ci
async def test_approve_and_deny_without_any_script() -> None:
    application = Application()
    server = await asyncio.start_server(application, "127.0.0.1", 0)
    uri = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/callback"
    async with server, SandboxServer(SandboxData().with_redirect_uri(uri)) as sandbox:
        query = urlencode({"client_id": "demo-app", "redirect_uri": uri, "userid": "user_12", "state": "s t"})
        async with chromium_page(java_script_enabled=False) as page:
            for button, expected in (("Approve", "code"), ("Deny", "error")):
                await page.goto(f"{sandbox.base_url}/api/oauth2?{query}")
                assert await page.locator("select").input_value() == "user_12"
                await page.get_by_role("button", name=button).click(no_wait_after=True)
                target = urlsplit(await asyncio.wait_for(application.heard.get(), 10))
                params = parse_qs(target.query)
                assert target.path == "/callback"
                assert params["state"] == ["s t"]
                assert expected in params


@pytest.mark.ci
async def test_the_page_is_styled_and_its_policy_is_not_violated() -> None:
    async with SandboxServer() as sandbox, chromium_page(color_scheme="dark") as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        query = urlencode({"client_id": "demo-app", "redirect_uri": sandbox.data.applications[0].registered[0]})
        await page.goto(f"{sandbox.base_url}/api/oauth2?{query}")
        dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        await page.emulate_media(color_scheme="light")
        light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (dark, light) == ("rgb(15, 20, 28)", "rgb(238, 241, 246)")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert said == []
