"""What a shell is given at a Tab: the script of `airisk-tui completion`, and the words that the program answers with."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import argcomplete
import pytest

from airisk_tui.cli import run_command
from airisk_tui.headless.completion import SHELLS, VALUES
from tests.headless.conftest import Ran
from tests.recording.disk import record
from tests.recording.logs import LOGS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def known(home: Path) -> None:
    """An environment and a recording to complete."""
    home.mkdir()
    (home / "config.toml").write_text(
        '[environments.staging]\nbase_url = "https://a.example"\nclient_id = "a"\n', "utf-8"
    )
    (home / "recordings").mkdir(mode=0o700)
    record(home / "recordings" / "2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl", LOGS["browser-token"])


LINES: dict[str, str] = {
    "airisk-tui re": "replay recordings",
    "airisk-tui help": "help",
    "airisk-tui help comple": "completion",
    "airisk-tui rnu --e": "--env --env-file",
    "airisk-tui --sta": "--state --start",
    "airisk-tui --start --env stag": "staging",
    "airisk-tui run --env ": "sandbox sandbox-standard staging",
    "airisk-tui run --env": "--env --env-file",
    "airisk-tui run --env=stag": "--env=staging",
    "airisk-tui run --fault code-e": "code-expired",
    "airisk-tui run --fault pkce-r": "pkce-required pkce-refused",
    "airisk-tui run --mode p": "paste",
    "airisk-tui run --print ": "outcome access-token",
    "airisk-tui replay 2": "2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl",
    "airisk-tui replay last --against stag": "staging",
    "airisk-tui export 2026": "2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl",
    "airisk-tui recordings show la": "last",
    "airisk-tui environments show st": "staging",
    "airisk-tui explain pro": "protocol proxy-answered proxy-login proxy-failed",
    "airisk-tui explain state-mism": "state-mismatch",
    "airisk-tui completion ": "--help bash zsh fish",
    "airisk-tui completion bash --": "--help",
}
"""By what is typed: the words that Tab offers."""


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("line", LINES)
def test_a_line_is_completed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    offered = io.StringIO()
    for name, value in {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line))}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_ARGCOMPLETE_IFS", "\n")
    monkeypatch.setattr(argcomplete.autocomplete, "_init_debug_stream", lambda: None)  # it would take descriptor 9
    into = partial(argcomplete.autocomplete, exit_method=sys.exit, output_stream=offered)
    monkeypatch.setattr(argcomplete, "autocomplete", into)
    with pytest.raises(SystemExit) as ended:
        run_command([])
    assert (ended.value.code, sorted(offered.getvalue().split())) == (0, sorted(LINES[line].split()))


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.usefixtures("known")
def test_bash_completes_a_line(tmp_path: Path) -> None:
    program = tmp_path / "airisk-tui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m airisk_tui "$@"\n', "utf-8")
    program.chmod(0o700)
    script = (
        "source <(airisk-tui completion bash); COMP_LINE=$1; COMP_POINT=${#1}; COMP_TYPE=9; "
        'read -ra COMP_WORDS <<< "$1"; _python_argcomplete airisk-tui; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", script, "bash", "airisk-tui run --env stag"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["staging"]


def test_where_nothing_can_be_offered_the_exit_code_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    monkeypatch.setattr(argcomplete, "autocomplete", lambda *_, **__: None)
    with pytest.raises(SystemExit) as ended:
        run_command([])
    assert ended.value.code == 1


def test_what_is_offered_is_described(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('[environments.a]\nissuer = "https://i.example"\n', "utf-8")
    described = VALUES["environment"]()
    assert isinstance(described, dict)
    assert (described["sandbox"], described["a"]) == ("an embedded server", "https://i.example")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(command: Callable[..., Ran], shell: str) -> None:
    ran = command("completion", shell)
    assert (ran.code, "airisk-tui" in ran.out, "_ARGCOMPLETE" in ran.out) == (0, True, True)
