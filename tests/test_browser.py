"""The browser way, for real: Chromium at the sandbox's consent page, our listener at the end of the redirect."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.session.session import Session

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium on this machine, so no browser was driven."),
]
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


@asynccontextmanager
async def page(**options: Any) -> AsyncIterator[Any]:
    """A page of a real Chromium; self-signed certificates are clicked away, as a person would."""
    playwright = pytest.importorskip("playwright.async_api", reason="The extra `browser` is not installed.")
    async with playwright.async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield await chromium.new_page(ignore_https_errors=True, **options)
        finally:
            await chromium.close()


class Person:
    """Opens what the program asks to open, and presses a button there."""

    def __init__(self, browser_page: Any, button: str) -> None:
        self.page = browser_page
        self.button = button
        self.done: asyncio.Task[None] | None = None

    async def __call__(self, url: str) -> BrowserLaunch:
        self.done = asyncio.create_task(self._press(url))
        return BrowserLaunch(True, "chromium")

    async def _press(self, url: str) -> None:
        await self.page.goto(url)
        await self.page.get_by_role("button", name=self.button).click()
        await self.page.wait_for_load_state()


async def flow(button: str, host: str = "http://127.0.0.1:{port}/callback", **changes: Any) -> tuple[FlowState, str]:
    """One run through the browser; the final state and what the browser showed at its end."""
    async with page() as browser_page:
        person = Person(browser_page, button)
        session = Session(opener=person, environ={})
        await session.ready("sandbox")
        uri = host.format(port=free_port())
        assert session.sandbox is not None
        session.sandbox.data = session.sandbox.data.with_redirect_uri(uri)
        try:
            run = session.start(session.draft("sandbox").to(redirect_uri=uri, timeout=20.0, **changes))
            state = await asyncio.wait_for(run.finished(), 25)
            assert person.done is not None
            await person.done
            return state, await browser_page.inner_text("body")
        finally:
            await session.aclose()


async def test_approving_brings_a_user_specific_token() -> None:
    state, shown = await flow("Approve", userid="user_42")
    assert state.outcome is Outcome.TOKEN
    assert state.token is not None
    assert '"sub":"user_42"' in (state.token.payload or "")
    assert "terminal" in shown
    assert "success" not in shown.lower()


@pytest.mark.ci
async def test_denying_is_told_as_a_refusal() -> None:
    state, shown = await flow("Deny")
    assert state.outcome is Outcome.AUTHORIZATION_REFUSED
    assert state.answer is not None
    assert state.answer.redirect.error == "access_denied"
    assert "terminal" in shown


@pytest.mark.ci
@pytest.mark.parametrize("host", ["https://localhost:{port}/callback", "http://localhost:{port}/callback"])
async def test_localhost_is_heard_on_both_families_and_over_tls(host: str) -> None:
    state, shown = await flow("Approve", host)
    assert state.outcome is Outcome.TOKEN
    assert state.listener is not None
    assert (state.listener.certificate is not None) == host.startswith("https")
    assert "terminal" in shown
