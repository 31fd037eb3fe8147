"""Programs under a terminal, commands in this process, both in a home of their own; and a thread for hostile servers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.cli import run_command
from tests.hostile.server import HostileServers
from tests.threats.program import Program

Open = Callable[..., Program]
Command = Callable[..., "Ran"]

SECRET = "the-client-secret-of-these-tests"


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, and the bytes that it wrote."""

    code: int
    out: bytes
    err: bytes

    @property
    def json(self) -> Any:
        """stdout, which has to be exactly one document."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def servers() -> Iterator[HostileServers]:
    """The thread on which servers of these tests run."""
    running = HostileServers()
    yield running
    running.stop()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """`opened("run", "--json")` starts the program at a terminal; it is ended with the test."""
    programs: list[Program] = []

    def start(*arguments: str, **options: Any) -> Program:
        programs.append(Program(tmp_path, *arguments, **options))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's folder: everything that the program writes is below it. A client secret is in the environment."""
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path / "airisk"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "airisk"


@pytest.fixture
def command(home: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """`command("run", "--json")` runs it in this process and gives what it did."""

    def run(*arguments: str) -> Ran:
        code = run_command(arguments)
        captured = capsysbinary.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
