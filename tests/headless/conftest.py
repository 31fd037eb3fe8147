"""Commands as a person types them: in this process, with a home of their own, and no network but loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.cli import run_command
from airisk_tui.tui.app import AppOptions


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which has to be exactly one document."""
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's folder, and an environment without a client secret."""
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AIRISK_CLIENT_SECRET", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return tmp_path / "home"


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`command("run", "--json")` runs it and gives what it did."""

    def run(*arguments: str) -> Ran:
        code = run_command(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def screen(home: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[..., Ran]) -> Callable[..., AppOptions]:
    """What the screen is opened with, as if there were a terminal."""

    def opened(*arguments: str) -> AppOptions:
        given: list[AppOptions] = []
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdin.isatty", lambda: True, raising=False)
            patch.setattr("sys.stdout.isatty", lambda: True, raising=False)
            patch.setattr("airisk_tui.tui.app.run_app", lambda options: given.append(options) or 0)
            ran = command(*arguments)
        assert ran.code == 0, ran.err
        return given[0]

    return opened
