"""The fix that is printed for a fault of the sandbox, followed to the letter, makes the next run work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.cli import run_command

FIXES = {
    "affinity-lost": "--carry-cookies",
    "state-dropped": "--state none",
    "code-renamed": "--field code=auth_code",
    "token-307": "--field token_path=/api/oauth2/v2/Token",
    "form-refused": "--body json",
    "access-code": "--field token=access_code",
}
"""A fault, and the options that its first finding's fix names."""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def ran(fault: str, options: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """What `run --json` says of a direct run against the sandbox with this fault."""
    common = ["run", "--env", "sandbox", "--mode", "direct", "--fault", fault, "--json", "--no-record"]
    run_command([*common, *options.split()])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("fault", FIXES)
def test_the_fix_of_a_fault_works(fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = ran(fault, "", capsys)
    assert first["outcome"] != "token"
    assert FIXES[fault] in first["findings"][0]["fix"]
    assert ran(fault, FIXES[fault], capsys)["outcome"] == "token"
