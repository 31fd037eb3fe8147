"""A real Chromium at the listener: one callback, no favicon, the page as it is meant (threats.md L5, L9, L10)."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.engine.listener.rig import Rig, listening

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 30.0

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")]


async def visit(url: str, profile: Path, *flags: str) -> str:
    """The DOM of the page at a URL, as Chromium has it."""
    process = await asyncio.create_subprocess_exec(
        str(CHROMIUM),
        *FLAGS,
        *flags,
        f"--user-data-dir={profile}",
        "--dump-dom",
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return out.decode()


def callback(rig: Rig) -> str:
    return f"{rig.redirect_uri}?code=abc&state=xyz"


@pytest.mark.ci
async def test_L5_the_callback_comes_once_and_no_icon_is_asked_for(tmp_path: Path) -> None:
    async with listening() as rig:
        dom = await visit(callback(rig), tmp_path)
        assert "<h1>Received</h1>" in dom
        assert rig.strays == [None]
        assert rig.inbox[0].request.url == "/callback?code=abc&state=xyz"


@pytest.mark.ci
async def test_L9_chromium_applies_the_style_and_shows_nothing_of_the_request(tmp_path: Path) -> None:
    async with listening() as rig:
        picture = tmp_path / "page.png"
        await visit(callback(rig), tmp_path / "profile", f"--screenshot={picture}", "--window-size=640,400")
        dom = await visit(callback(rig), tmp_path / "profile")
        assert "Already received" in dom
        assert "xyz" not in dom
        assert picture.stat().st_size > 0


async def test_L9_chromium_hands_over_the_fragment_once(tmp_path: Path) -> None:
    async with listening(fragment=True) as rig:
        dom = await visit(f"{rig.redirect_uri}#code=a%26b&state=xyz", tmp_path, "--virtual-time-budget=5000")
        assert "The answer has arrived" in dom
        assert "xyz" not in dom
        assert [heard.request.url for heard in rig.inbox] == ["/callback", "/callback"]
        assert rig.inbox[1].request.body.data == b"code=a%26b&state=xyz"


@pytest.mark.ci
async def test_L10_https_with_the_certificate_accepted(tmp_path: Path) -> None:
    async with listening("https://localhost:0/callback") as rig:
        dom = await visit(callback(rig), tmp_path, "--ignore-certificate-errors")
        assert "<h1>Received</h1>" in dom
        assert [stray for stray in rig.strays if stray != "tls-refused"] == [None]


@pytest.mark.ci
async def test_L10_https_with_the_certificate_refused_is_reported(tmp_path: Path) -> None:
    async with listening("https://localhost:0/callback") as rig:
        dom = await visit(callback(rig), tmp_path)
        assert "Received" not in dom
        assert set(rig.strays) == {"tls-refused"}
