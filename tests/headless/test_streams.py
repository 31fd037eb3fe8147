"""Streams that are closed, full, in ASCII or no terminal: the result comes where it can, and what does not come is said."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.cli import run_command
from tests.everyday import with_the_rest_in_ci
from tests.forking import output_of
from tests.headless.conftest import Ran
from tests.tui.terminal import Terminal

ROOT = Path(__file__).parents[2]
RUN = "run --env sandbox --mode direct --no-record --json"
ASCII = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]

Shell = Callable[..., "subprocess.CompletedProcess[bytes]"]

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")


REDIRECTIONS: dict[str, dict[str, Any]] = {
    "": {},
    "<&-": {"closed": (0,)},
    ">&-": {"closed": (1,)},
    "2>&-": {"closed": (2,)},
    "</dev/null": {"files": {0: "/dev/null"}},
    ">/dev/full": {"files": {1: "/dev/full"}},
    "2>/dev/full": {"files": {2: "/dev/full"}},
    "a pipe that stays open": {"held": True},
}
"""As a shell writes them."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """That of a person without anything of ours but a home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRISK_", "LC_", "PYTHON"))}
    kept |= {"AIRISK_TUI_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    return {**kept, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


@pytest.fixture
def shell(tmp_path: Path, environ: dict[str, str]) -> Shell:
    """Run the program with redirections."""

    def run(arguments: str, redirection: str = "", **more: str) -> subprocess.CompletedProcess[bytes]:
        return output_of(shlex.split(arguments), {**environ, **more}, tmp_path, **REDIRECTIONS[redirection])

    return run


@pytest.fixture
def interpreter(tmp_path: Path, environ: dict[str, str]) -> Shell:
    """Run the program in an interpreter of its own, with a shell's words behind its arguments."""

    def run(arguments: str, behind: str = "", **more: str) -> subprocess.CompletedProcess[bytes]:
        line = f"{shlex.quote(sys.executable)} -m airisk_tui {arguments} {behind}"
        return subprocess.run(
            ["bash", "-c", line], capture_output=True, env={**environ, **more}, cwd=tmp_path, timeout=60
        )

    return run


@pytest.mark.parametrize("lost", ["2>&-", "2>/dev/full"])
def test_narration_that_cannot_be_written_is_dropped_and_the_document_comes(shell: Shell, lost: str) -> None:
    done = shell(RUN, lost)
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (0, "token")
    wrong = shell("run --nonsense --json", lost)
    assert (wrong.returncode, json.loads(wrong.stdout)["outcome"]) == (2, "usage")


@pytest.mark.parametrize("lost", [">&-", ">/dev/full"])
@pytest.mark.parametrize(
    "arguments",
    [
        RUN,
        "run --nonsense --json",
        "sandbox --list-faults",
        "sandbox --json",
        "environments list",
        "--help",
        "--version",
    ],
)
def test_a_result_that_cannot_be_written_is_one_sentence_and_exit_1(shell: Shell, arguments: str, lost: str) -> None:
    done = shell(arguments, lost)
    assert done.returncode == 1, done.stderr
    (sentence,) = [line for line in done.stderr.decode().splitlines() if "stdout" in line]
    why = {">&-": "it is closed", ">/dev/full": "No space left on device"}[lost]
    assert sentence == f"The result could not be written to stdout: {why}."
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_a_reader_that_goes_away_needs_no_words(interpreter: Shell) -> None:
    done = interpreter("sandbox --list-faults --json", "| true; exit ${PIPESTATUS[0]}")
    assert (done.returncode in (0, 130), done.stderr) == (True, b"")


@pytest.mark.parametrize("stdin", ["<&-", "</dev/null"])
def test_a_secret_that_does_not_come_is_a_usage_error(shell: Shell, stdin: str) -> None:
    done = shell(f"{RUN} --client-secret-stdin", stdin)
    document = json.loads(done.stdout)
    assert (done.returncode, document["outcome"]) == (2, "usage")
    assert document["error"].startswith("--client-secret-stdin expects the client secret in the first line of stdin")


def test_a_secret_in_another_encoding_is_a_usage_error(interpreter: Shell) -> None:
    done = interpreter(f"{RUN} --client-secret-stdin", "< <(printf '\\377\\n')", PYTHONIOENCODING="utf-8:strict")
    assert (done.returncode, b"in UTF-8" in done.stderr) == (2, True)


@pytest.mark.parametrize("stdin", ["<&-", "</dev/null"])
def test_every_other_command_does_without_a_stdin(shell: Shell, stdin: str) -> None:
    path = json.loads(shell(RUN.replace("--no-record ", ""), stdin).stdout)["recording"]
    for arguments in (f"replay {path} --step", "", "compare --userid user_42"):
        done = shell(arguments, stdin)
        assert (done.returncode, b"Traceback" in done.stderr) == (0 if arguments else 2, False), done.stderr


def test_every_result_is_ascii_for_an_ascii_stdout(
    command: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = command(*RUN.replace("--no-record", "--userid user_42").split()).json["recording"]
    for arguments in (
        *("compare --userid user_42", "sandbox --list-faults", "recordings list", f"recordings show {path}"),
        *(f"export {path} --as {form}" for form in ("markdown", "curl", "python", "har", "json", "html")),
    ):
        stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr("sys.stdout", stdout)
        assert run_command(arguments.split()) == 0, arguments
        stdout.flush()
        written = stdout.buffer.getvalue()
        assert written.isascii() or arguments.startswith("export"), "an export is UTF-8, as with -o"


@pytest.mark.parametrize("language", ASCII, ids=["PYTHONIOENCODING", "LC_ALL"])
def test_json_is_utf_8_and_a_list_is_ascii_where_the_locale_says_so(
    interpreter: Shell, language: dict[str, str]
) -> None:
    done = interpreter("run --env nowhere --json", **language)
    assert "“nowhere”" in json.loads(done.stdout.decode("utf-8"))["error"]
    done = interpreter("sandbox --list-faults", **language)
    assert (done.returncode, done.stdout.isascii(), done.stderr) == (0, True, b"")


NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}


@pytest.mark.parametrize("mode", ["browser", "paste"])
@pytest.mark.parametrize("stdin", with_the_rest_in_ci(["<&-", "</dev/null", "a pipe that stays open"], ["</dev/null"]))
def test_who_can_bring_the_redirect_back_is_said_at_once(shell: Shell, mode: str, stdin: str) -> None:
    done = shell(f"run --env sandbox --mode {mode} --timeout 0.5 --no-record", stdin, **NO_DISPLAY)
    told, over, _ = done.stderr.decode().partition("The time limit has passed.")
    assert (done.returncode, bool(over)) == (8, True)
    assert told.count("by hand") == (mode == "browser")
    assert told.count("`--mode direct` needs no browser.") == 1
    nobody = "Nothing can be pasted here, because stdin is neither a terminal nor a pipe: the run waits 0.5 s"
    assert (nobody in told) is ("pipe" not in stdin)
    assert ("paste the address that the browser ends on" in told) is ("pipe" in stdin)


def test_where_nobody_can_bring_the_redirect_back_nothing_is_waited_for(shell: Shell) -> None:
    flow = "run --base-url http://127.0.0.1:9 --client-id x --no-exchange --mode paste --redirect-uri https://app.example/cb"
    done = shell(f"{flow} --json", "</dev/null")
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (2, "usage")
    assert "nobody could bring it back" in done.stderr.decode()
    assert shell(f"{flow} --timeout 0.5", "a pipe that stays open").returncode == 8


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """The program at a terminal."""
    made: list[Terminal] = []

    def opened(*arguments: str, line: str | None = None) -> Terminal:
        script = f"import os; os.execv('/bin/bash', ['bash', '-c', {line!r}])"
        made.append(Terminal(["-c", script] if line else ["-m", "airisk_tui", *arguments], tmp_path))
        return made[-1]

    yield opened
    for one in made:
        one.close()


@pytest.mark.pty
@pytest.mark.parametrize("more", with_the_rest_in_ci(["", "--start --mode direct", "replay RECORDING"], [""]))
def test_the_screen_is_not_drawn_into_a_file(terminal: Callable[..., Terminal], tmp_path: Path, more: str) -> None:
    from tests.recording.disk import record
    from tests.recording.logs import LOGS

    path = record(tmp_path / "a.jsonl", LOGS["invalid-code"])
    more = more.replace("RECORDING", str(path))
    one = terminal(line=f"{sys.executable} -m airisk_tui {more} 2>{tmp_path}/errors")
    code = one.ended()
    told = (tmp_path / "errors").read_text()
    assert "\x1b" not in told
    if more.startswith("replay"):
        assert "Outcome: token-refused." in told, "without a screen, a replay is told"
    else:
        assert code == 2
        assert "there is none on stderr" in told


@pytest.mark.pty
def test_a_secret_typed_at_a_terminal_is_not_shown(terminal: Callable[..., Any]) -> None:
    one = terminal(*RUN.split(), "--client-secret-stdin")
    one.sees("Client secret:")
    one.send("hunter2-and-more\n")
    one.ended(15)
    assert b"hunter2" not in one.written
    assert b'"outcome": "token-refused"' in one.written
