"""When nobody comes back: the question, its answers, and the key that each leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.insight import browser_question
from airisk_tui.session.session import Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.request.column import RequestColumn
from tests.pictures import until

ANSWERS = {"login": 0, "error": 1, "unreachable": 2, "certificate": 3, "nothing": 4}


async def _opener(url: str) -> BrowserLaunch:
    return BrowserLaunch(True, "firefox")


def app_on(folder: Path) -> AiriskApp:
    home = Home(folder / "config.toml", folder / "recordings")
    return AiriskApp(AppOptions(session=Session(home=home, opener=_opener, environ={})))


async def asked(pilot: Pilot[Any], app: AiriskApp) -> None:
    await until(pilot, lambda: app.screen.query_one(RequestColumn).base is not None, "the form is filled")
    await pilot.press("ctrl+r")
    await until(pilot, lambda: app.screen.has_class("-asking"), "the question is asked")


async def answered(pilot: Pilot[Any], app: AiriskApp, answer: str) -> str:
    await pilot.press("w", *["down"] * ANSWERS[answer], "enter")
    await until(
        pilot, lambda: app.screen.query_one("#browser-question").has_class("-answered"), "the answer is explained"
    )
    return str(app.screen.query_one("#question-meaning", Static).content)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The silence is short here, and this machine is neither a container nor reached by SSH."""
    monkeypatch.setattr(browser_question, "SILENCE", 0.2)
    monkeypatch.setattr(Path, "exists", lambda self, real=Path.exists: str(self) != "/.dockerenv" and real(self))
    for name in ("container", "SSH_CONNECTION", "SSH_TTY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)


async def test_asking_directly_is_one_key_after_the_answer(tmp_path: Path) -> None:
    app = app_on(tmp_path)
    async with app.run_test(size=(140, 45)) as pilot:
        await asked(pilot, app)
        assert "Fix" in await answered(pilot, app, "error")
        await pilot.press("enter")
        await until(pilot, lambda: str(getattr(app.screen, "phase", "")) == "done", "the direct run is done")
        assert not app.screen.has_class("-asking")
        await app.screen.controller.session.aclose()  # type: ignore[attr-defined] # the run screen's
