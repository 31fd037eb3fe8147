"""The screen opened from the command line, as the README has it: the form says what the options say."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.screen import RunScreen
from tests.headless.conftest import Ran
from tests.headless.recorded import recorded
from tests.pictures import until
from tests.readme_parts import README
from tests.recording.logs import LOGS

Screen = Callable[..., AppOptions]
LINES = re.findall(r"^airisk-tui (--.+)$", README.read_text(encoding="utf-8"), re.MULTILINE)
FORM = {
    LINES[0]: {"base_url": "https://airisk.example.com", "client_id": "abc123", "environment": "other"},
    "--issuer https://login.example.com --client-id abc123 --redirect-uri http://127.0.0.1:8765/callback": {
        "issuer": "https://login.example.com",
        "client_id": "abc123",
        "redirect_uri": "http://127.0.0.1:8765/callback",
    },
    "--env sandbox-standard": {"environment": "sandbox-standard"},
    "--env staging --env-file .env": {"client_id": "of_the_file", "userid": "user_7", "environment": "staging"},
}
"""Lines that open the screen, among them the README's, and what stands in the form then."""


def test_each_line_of_the_readme_that_opens_the_screen_is_tried() -> None:
    assert set(LINES) <= set(FORM)


async def draft_in(options: AppOptions) -> Any:
    """The draft that the form stands for, once it is filled."""
    app = AiriskApp(options)
    async with app.run_test(size=(140, 45)) as pilot:
        screen = app.screen
        assert isinstance(screen, RunScreen)
        await until(pilot, lambda: screen.request.base is not None, "the environment is ready")
        await pilot.pause()
        draft = screen.request.draft()
        assert screen.controller is not None
        await screen.controller.session.aclose()
    return draft


@pytest.fixture
def staging(command: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment and the .env file of the README."""
    added = ("--base-url", "https://airisk.example.com", "--client-id", "abc123")
    assert command("environments", "add", "staging", *added).code == 0
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("CLIENT_ID=of_the_file\nCLIENT_SECRET=secret\nUSER_ID=user_7\n")


@pytest.mark.parametrize("line", FORM)
async def test_the_form_says_what_the_line_says(staging: None, screen: Screen, line: str) -> None:
    draft = await draft_in(screen(*shlex.split(line)))
    assert {name: getattr(draft, name) for name in FORM[line]} == FORM[line]
    if line != "--env sandbox-standard":  # which brings all of its own
        assert draft.base_url == ("" if draft.issuer else "https://airisk.example.com")
        assert draft.redirect_uri == "http://127.0.0.1:8765/callback"
        assert (draft.client_secret is not None) is ("--env-file" in line)
    assert not [mistake for mistake in draft.mistakes if mistake.severity == "error" and "secret" not in mistake.field]


async def test_a_file_without_client_and_user_leaves_the_environments_own(
    staging: None, screen: Screen, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("CLIENT_SECRET=secret\n")
    draft = await draft_in(screen("--env", "staging", "--env-file", ".env"))
    assert (draft.client_id, draft.client_secret.reveal()) == ("abc123", "secret")


@pytest.mark.parametrize(
    ("words", "display", "way"),
    [
        ("--start", "", "direct"),
        ("--start", ":0", "browser"),
        ("--start --mode paste", "", "paste"),
        ("--env sandbox", "", None),
    ],
)
def test_start_goes_the_way_that_the_key_would(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, words: str, display: str, way: str | None
) -> None:
    for name in ("WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr("airisk_tui.engine.machine.host.default_mode.__defaults__", (os.environ, "linux"))
    assert screen(*words.split()).start == way


async def test_what_the_form_has_no_row_for_is_kept(staging: None, screen: Screen) -> None:
    draft = await draft_in(screen("--env", "staging", "--field", "token=access_code", "--carry-cookies"))
    assert (draft.dialect.token, draft.carry_cookies) == ("access_code", True)


@pytest.mark.parametrize(
    "words", ["--fault nonsense", "--env sandbox-standard --fault code-used", f"--record {Path(__file__).name}"]
)
def test_what_nobody_would_play_or_record_is_refused_before_a_screen_opens(
    command: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr("airisk_tui.tui.app.run_app", lambda options: pytest.fail("a screen opened"))
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    monkeypatch.chdir(Path(__file__).parent)
    ran = command(*words.split())
    assert ran.code == 2 and words.split()[-1] in ran.err


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"not a recording\n", "not a recording"), (b'{"format":999,"tool":"airisk-tui"}\n', "newer")],
)
def test_what_cannot_be_replayed_is_refused_before_a_screen_opens(
    command: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, words: str
) -> None:
    monkeypatch.setattr("airisk_tui.tui.app.run_app", lambda options: pytest.fail("a screen opened"))
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    (tmp_path / "x.jsonl").write_bytes(content)
    ran = command("replay", str(tmp_path / "x.jsonl"))
    assert ran.code == 2 and words in ran.err


def test_a_replay_opens_on_the_screen_where_there_is_a_terminal_and_nothing_else_was_asked_for(
    screen: Screen, command: Callable[..., Ran], tmp_path: Path
) -> None:
    path = recorded(tmp_path, LOGS["browser-token"])
    assert screen("replay", path).replay == path
    for words in (["--json"], ["--speed", "1000"], ["--against-last-good"]):
        with pytest.raises((AssertionError, IndexError)):
            screen("replay", path, *words)
    assert "Outcome: token." in command("replay", path).err, "no terminal"
