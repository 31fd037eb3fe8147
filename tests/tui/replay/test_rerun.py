"""A rerun from the screen, against the real sandbox: what is asked first, the run, and what changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.flow.start.fields import OTHER
from airisk_tui.sandbox.airisk.faults import faults_named
from airisk_tui.session.session import RecordingOptions, Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.comparison.screen import ComparisonScreen
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.recordings.screen import RecordingsScreen
from airisk_tui.tui.replay.rerun import RerunScreen
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen, ConfirmScreen
from tests.tui.bare_app import until
from tests.tui.conftest import at_sizes


async def _opener(url: str) -> BrowserLaunch:
    return BrowserLaunch(True, "firefox")


def text(pilot: Pilot[Any]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


def said(pilot: Pilot[Any]) -> str:
    return "\n".join(note.message for note in pilot.app._notifications)


@asynccontextmanager
async def recorded(
    home: Path, way: str = "direct", *, fault: str = "", size: tuple[int, int] = (140, 45)
) -> AsyncIterator[tuple[Pilot[Any], Session]]:
    """The library with one run of the sandbox in it; one in the browser is cancelled."""
    session = Session(
        home=Home(home / "config.toml", home / "recordings"),
        environ={"AIRISK_CLIENT_SECRET": "a-secret-of-the-environment"},
        opener=_opener,
        record=RecordingOptions(),
        sandbox_faults=(fault,) if fault else (),
    )
    app = AiriskApp(AppOptions(session=session, start=way))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, RunScreen)
        if way == "browser":
            await until(pilot, lambda: screen.waiting)
            await pilot.press("escape")
        await until(pilot, lambda: screen.state is not None and screen.state.outcome is not None)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, RecordingsScreen) and bool(app.screen.rows.rows))
        yield pilot, session
    await session.aclose()


async def run_again(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press("a")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen) and pilot.app.focused is not None)
    await pilot.press(*keys, "enter")


async def test_from_the_library_nothing_changed_and_the_new_run_is_listed(tmp_path: Path) -> None:
    async with recorded(tmp_path) as (pilot, _):
        library = pilot.app.screen
        assert isinstance(library, RecordingsScreen)
        await run_again(pilot)
        await until(pilot, lambda: "Nothing changed" in text(pilot))
        assert "Recorded in" in text(pilot)
        await pilot.press("equals_sign")
        assert isinstance(pilot.app.screen, ComparisonScreen)
        await pilot.press("escape", "a")
        await until(pilot, lambda: len(list((tmp_path / "recordings").glob("*.jsonl"))) == 3)
        await until(pilot, lambda: "Nothing changed" in text(pilot))
        await pilot.press("escape")
        assert pilot.app.screen is library
        await until(pilot, lambda: len(library.rows.rows) == 3)


@at_sizes((80, 24), (140, 45))
async def test_from_the_replay_what_changed_is_told(tmp_path: Path, size: tuple[int, int]) -> None:
    async with recorded(tmp_path, fault="code-expired", size=size) as (pilot, session):
        assert session.sandbox is not None
        session.sandbox._sandbox.faults = faults_named([])
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen) and pilot.app.screen.opened is not None)
        await run_again(pilot)
        await until(pilot, lambda: "things changed, in: run" in text(pilot))
        lines = [" ".join(line.strip("│ ").split()) for line in text(pilot).splitlines()]
        assert "≠ status 400 200" in lines
        assert "≠ outcome token-refused token" in lines
        assert any("now, against sandbox" in line for line in lines)
        await pilot.press("f5", "d")
        assert "token-request  status: 400 → 200" in pilot.app.clipboard
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, ReplayScreen)


@pytest.mark.parametrize("answer", ["y", "n"])
async def test_F5_a_secret_goes_to_another_host_only_after_a_question(tmp_path: Path, answer: str) -> None:
    async with recorded(tmp_path) as (pilot, session):
        sandbox = session.environments["sandbox"]
        session.environments["elsewhere"] = Environment(
            name="elsewhere", base_url=sandbox.base_url.replace("127.0.0.1", "localhost"), client_id="demo-app"
        )
        runs = len(session.history)
        offered = [name for name in session.environments if name != OTHER]
        await run_again(pilot, *["down"] * offered.index("elsewhere"))
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        question = str(pilot.app.screen.query(Static).first().content)
        assert "the client secret would go to http://localhost" in question
        await pilot.press(answer)
        if answer == "y":
            await until(pilot, lambda: isinstance(pilot.app.screen, RerunScreen) and pilot.app.screen.live_run is None)
            assert len(session.history) == runs + 1
        else:
            await until(pilot, lambda: "Nothing was sent" in said(pilot))
            assert len(session.history) == runs


async def test_one_that_needs_the_browser_says_so_and_can_go_without(tmp_path: Path) -> None:
    async with recorded(tmp_path, "browser") as (pilot, _):
        await pilot.press("a")
        await until(pilot, lambda: "You agree in the browser" in text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "agree in the browser" in text(pilot))
        assert "F7 Paste" in text(pilot)
        await pilot.press("f5", "u")
        assert "/api/oauth2?" in pilot.app.clipboard
        await pilot.press("f6")
        await until(pilot, lambda: "≠ outcome cancelled" in " ".join(text(pilot).split()))


async def test_cancelled_it_says_nothing_of_the_server(tmp_path: Path) -> None:
    async with recorded(tmp_path) as (pilot, session):
        path = next((tmp_path / "recordings").glob("*.jsonl"))
        path.write_text(path.read_text().replace('"mode":"direct"', '"mode":"paste"'))
        assert session.sandbox is not None
        await run_again(pilot)
        await until(pilot, lambda: "paste the address that it ends on" in text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "says nothing about the server" in text(pilot))


async def test_a_replay_that_was_opened_by_name_has_a_session_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with recorded(tmp_path):
        path = next((tmp_path / "recordings").glob("*.jsonl"))
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path))
    app = AiriskApp(AppOptions(replay=str(path)))
    async with app.run_test(size=(140, 45)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        await until(pilot, lambda: screen.opened is not None)
        await run_again(pilot)
        await until(pilot, lambda: "Nothing changed" in text(pilot))
        await pilot.press("escape")
        assert app.screen is screen


async def test_a_secret_that_is_not_there_is_asked_for_and_F6_in_the_question_runs_directly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with recorded(tmp_path, "browser") as (pilot, session):
        sandbox = session.environments["sandbox"]
        session.environments["elsewhere"] = Environment(
            name="elsewhere", base_url=sandbox.base_url.replace("127.0.0.1", "localhost"), client_id="demo-app"
        )
        monkeypatch.setattr(session, "secret", lambda *_: None)
        offered = [name for name in session.environments if name != OTHER]
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen) and pilot.app.focused is not None)
        await pilot.press(*["down"] * offered.index("elsewhere"), "f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen))
        await pilot.press(*"typed-by-hand")
        assert "elsewhere has none" in " ".join(text(pilot).split()) and "typed-by-hand" not in text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: len(session.history) == 2 and not session.history[-1].state.live)
        inputs = session.history[-1].state.inputs
        assert inputs is not None and inputs.mode == "direct" and inputs.client_secret is not None
        assert inputs.client_secret.length == len("typed-by-hand")
