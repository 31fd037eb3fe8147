"""What a shell is given at a Tab: the script of `airisk-tui completion`, and the words that the program answers with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.everyday import with_the_rest_in_ci
from tests.headless.conftest import Ran
from tests.recording.disk import record
from tests.recording.logs import LOGS

ROOT = Path(__file__).parents[2]
Tab = Callable[[str], list[str]]


@pytest.fixture
def tab(home: Path, tmp_path: Path) -> Tab:
    """The words for a line in bash, whose cursor is at its end."""
    home.mkdir()
    (home / "config.toml").write_text(
        '[environments.staging]\nbase_url = "https://a.example"\nclient_id = "a"\n', "utf-8"
    )
    (home / "recordings").mkdir(mode=0o700)
    record(home / "recordings" / "2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl", LOGS["browser-token"])
    program = tmp_path / "airisk-tui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m airisk_tui "$@"\n', "utf-8")
    program.chmod(0o700)

    def words(line: str) -> list[str]:
        script = (
            'source <(airisk-tui completion bash); COMP_LINE=$1; COMP_POINT=${#1}; COMP_TYPE=9; read -ra COMP_WORDS <<< "$1"; '
            '_python_argcomplete airisk-tui; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            ["bash", "-c", script, "bash", line], env=environment, capture_output=True, text=True, check=True
        )
        return [word.strip() for word in done.stdout.split()]

    return words


LINES: dict[str, set[str]] = {
    "airisk-tui re": {"recordings", "replay"},
    "airisk-tui run --env stag": {"staging"},
    "airisk-tui run --env": {"--env", "--env-file"},
    "airisk-tui run --fault code-e": {"code-expired"},
    "airisk-tui run --mode p": {"paste"},
    "airisk-tui help comple": {"completion"},
    "airisk-tui explain state-mism": {"state-mismatch"},
    "airisk-tui export 2026": {"2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl"},
    "airisk-tui environments show st": {"staging"},
    "airisk-tui --sta": {"--start", "--state"},
}
"""By what is typed: the words that Tab offers."""

EVERYDAY = ["airisk-tui re", "airisk-tui run --env stag", "airisk-tui export 2026"]
"""A command, a value that a file holds, and a file."""


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("line", with_the_rest_in_ci(LINES, EVERYDAY))
def test_a_line_is_completed(tab: Tab, line: str) -> None:
    assert set(tab(line)) == LINES[line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(command: Callable[..., Ran], shell: str) -> None:
    ran = command("completion", shell)
    assert (ran.code, "airisk-tui" in ran.out, "_ARGCOMPLETE" in ran.out) == (0, True, True)
