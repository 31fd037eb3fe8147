"""Commands as a person types them: in this process, with a home of their own, and no network but loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.cli import run_command
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from airisk_tui.tui.options import AppOptions
from tests.runs import URI
from tests.schemas import check_document


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
    monkeypatch.delenv("COLUMNS", raising=False)  # a worker of pytest-xdist has it, and tables are cut to it
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return tmp_path / "home"


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`command("run", "--json")` runs it and gives what it did."""

    def run(*arguments: str) -> Ran:
        code = run_command(arguments)
        captured = capsys.readouterr()
        ran = Ran(code, captured.out, captured.err)
        if "--json" in arguments and ran.out:
            check_document(arguments, ran.json)
        return ran

    return run


@pytest.fixture
def screen(home: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[..., Ran]) -> Callable[..., AppOptions]:
    """What the screen is opened with, as if there were a terminal."""

    def opened(*arguments: str) -> AppOptions:
        given: list[AppOptions] = []

        def opened_with(options: AppOptions) -> int:
            given.append(options)
            return 0

        with monkeypatch.context() as patch:
            for stream in ("stdin", "stdout", "stderr"):
                patch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
            patch.setattr("airisk_tui.tui.app.run_app", opened_with)
            ran = command(*arguments)
        assert ran.code == 0, ran.err
        return given[0]

    return opened


@pytest.fixture
def two_servers(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SandboxServer, SandboxServer]]:
    """Environments `here` and `there`, whose client secret is in the variable."""
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    with SandboxServer() as here, SandboxServer() as there:
        home.mkdir(parents=True)
        lines = []
        for name, server in (("here", here), ("there", there)):
            lines += [f"[environments.{name}]", f'base_url = "{server.base_url}"', 'client_id = "demo-app"']
            lines += [f'redirect_uri = "{URI}"']
        (home / "config.toml").write_text("\n".join(lines))
        yield here, there
