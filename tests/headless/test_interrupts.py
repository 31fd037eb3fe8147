"""Ctrl-C ends a command that waits for a line at once, with 130 (command-line.md; threats.md L11)."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.sandbox.server import SandboxServer
from tests.forking import Popen, output_of
from tests.pace import within
from tests.recording.disk import record
from tests.recording.logs import LOGS

AT_ONCE = 2.0
"""Seconds: a thread that waits in readline would hold the program for ever."""

pytestmark = pytest.mark.pty


class Waiting:
    """A command whose stdin is a pipe or a terminal, read until it waits."""

    def __init__(self, home: Path, *arguments: str, terminal: bool = False) -> None:
        self._ends = pty.openpty() if terminal else os.pipe()[::-1]
        ours, theirs = self._ends
        env = {**os.environ, "AIRISK_TUI_HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        self.process = Popen(
            [sys.executable, "-m", "airisk_tui", *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs if terminal else subprocess.PIPE,
            env=env,
        )
        self._told = ours if terminal else self.process.stderr.fileno() if self.process.stderr else -1

    def until(self, words: str, seconds: float = 15.0) -> str:
        """What is told, up to these words."""
        told, end = b"", time.monotonic() + seconds
        while words.encode() not in told:
            ready, _, _ = select.select([self._told], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self._told, 4096) if ready else b""
            assert data, f"“{words}” was not told: {told!r}"
            told += data
        return told.decode("utf-8", "replace")

    def type(self, text: str) -> None:
        """Type into its stdin."""
        os.write(self._ends[0], text.encode())

    def interrupted(self) -> tuple[int, bytes]:
        """The exit code after a Ctrl-C, at once, and stdout."""
        with within(AT_ONCE):
            self.process.send_signal(signal.SIGINT)
            out, _ = self.process.communicate(timeout=30)
        return self.process.returncode, out

    def close(self) -> None:
        """Give everything back."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        for end in self._ends:
            os.close(end)


@pytest.fixture
def waiting(home: Path) -> Any:
    """Makes commands that wait."""
    made: list[Waiting] = []

    def make(*arguments: str, terminal: bool = False) -> Waiting:
        made.append(Waiting(home, *arguments, terminal=terminal))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_replay_step_ends_at_once(waiting: Callable[..., Waiting], tmp_path: Path, terminal: bool) -> None:
    path = record(tmp_path / "a.jsonl", LOGS["invalid-code"])
    one = waiting("replay", str(path), "--step", terminal=terminal)
    one.until("Authorization request")
    one.type("\n")
    one.until("brought a code")
    code, _ = one.interrupted()
    assert code == 130


def test_an_interrupted_replay_still_gives_its_document(waiting: Callable[..., Waiting], tmp_path: Path) -> None:
    path = record(tmp_path / "a.jsonl", LOGS["invalid-code"])
    one = waiting("replay", str(path), "--step", "--json")
    one.until("Authorization request")
    code, out = one.interrupted()
    document = json.loads(out)
    assert (code, document["outcome"], document["exit_code"]) == (130, "cancelled", 130)


def test_the_question_whether_a_secret_may_cross_ends_at_once(
    waiting: Callable[..., Waiting], command: Callable[..., Any], two_servers: tuple[SandboxServer, SandboxServer]
) -> None:
    assert command("run", "--env", "here", "--mode", "direct").code == 0
    one = waiting("replay", "last", "--against", "there", terminal=True)
    one.until("Type yes")
    code, _ = one.interrupted()
    assert (code, two_servers[1].requests) == (130, {})


def test_a_bisection_ends_at_once_and_starts_no_other_run(
    waiting: Callable[..., Waiting], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "wrong-secret-4711")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        recipe = f"""
            [[run]]
            name = "one"
            base-url = "http://127.0.0.1:{silent.getsockname()[1]}"
            client-id = "app"
            redirect-uri = "http://127.0.0.1:1/callback"
            """
        good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
        good.write_text(recipe)
        bad.write_text(recipe + 'edits = ["omit token.body.code"]')
        one = waiting("bisect", str(good), str(bad), "--yes", "--json")
        silent.settimeout(15)
        silent.accept()[0].close()
        with silent.accept()[0]:  # the request of the second run, which waits for its answer
            code, out = one.interrupted()
    document = json.loads(out)
    assert (code, document["exit_code"], document["runs"], document["culprits"]) == (130, 130, 2, [])


@pytest.mark.parametrize("typed", ["", "\n", "\n\n\n\n\n\n"], ids=["none", "one", "all at once"])
def test_where_stdin_has_ended_the_rest_is_told_at_once(home: Path, tmp_path: Path, typed: str) -> None:
    path = record(tmp_path / "a.jsonl", LOGS["invalid-code"])
    done = output_of(["replay", str(path), "--step"], os.environ, tmp_path, typed=typed.encode())
    assert (done.returncode, b"Outcome: token-refused." in done.stderr) == (6, True)


STEP, MOMENTS = 0.02, 60
"""Seconds between two moments, and as many moments as there are at most, wherever a command takes long."""

BEGUN = "import os, sys; from airisk_tui.__main__ import main; os.write(2, b'begun'); sys.exit(main())"
"""A new interpreter says so when its own start is over: before that, an interrupt is Python's."""

WHOLE = {
    "run": ("run", "--env", "here", "--mode", "direct", "--json"),
    "with the sandbox": ("run", "--env", "sandbox", "--mode", "direct"),
    "compare": ("compare", "--env", "here", "--userid", "user_42", "--json"),
    "replay": ("replay", "{good}", "--json"),
    "rerun": ("replay", "{good}", "--against", "here"),
    "check": ("check", "{suite}"),
    "bisect": ("bisect", "{good}", "{bad}"),
}
LAST = (b"Outcome", b"Recorded in", b"agree beforehand")
"""The last words of a run, of a rerun, whose result is in stdout alone, and of a bisection that nobody agreed to."""

SUITE = '[[run]]\nname = "a token"\nenv = "here"\n'


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("name", WHOLE)
def test_L11_interrupted_at_every_20_ms_it_ends_cleanly(
    name: str,
    number: signal.Signals,
    command: Callable[..., Any],
    two_servers: object,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {"suite": str(tmp_path / "suite.toml")}
    (tmp_path / "suite.toml").write_text(SUITE)
    for which, user in (("good", "user_42"), ("bad", "nobody")):
        files[which] = command(*WHOLE["run"], "--userid", user).json["recording"]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    arguments = [part.format_map(files) for part in WHOLE[name]]
    began = time.monotonic()
    usual, _, _ = stopped(arguments, 60.0, number)
    after_a_whole_one = beside_recordings(home)
    seconds = 1.1 * (time.monotonic() - began)
    moments = min(MOMENTS, round(seconds / STEP))
    odd = []
    for moment in range(moments):
        code, out, told = stopped(arguments, (moment + 1) * seconds / moments, number)
        if "--json" in arguments and out:
            json.loads(out)
        # Before its first word, and after its last one, the signal may do what it does to any process: a shell tells 130 or 143.
        right = code in (130, usual) or (code == -number and (not told or out or any(word in told for word in LAST)))
        if not right or b"Traceback" in told or b"never retrieved" in told:
            odd.append((moment, code, told[-1000:]))
    assert not odd
    assert not list(temporary.iterdir())
    assert beside_recordings(home) == after_a_whole_one


def beside_recordings(home: Path) -> set[str]:
    """The names of the other files that the program keeps."""
    return {path.name for path in home.rglob("*") if path.is_file() and path.suffix != ".jsonl"}


def stopped(arguments: list[str], after: float, number: int) -> tuple[int, bytes, bytes]:
    """The exit code, stdout and stderr of a command that gets a signal so many seconds after it has begun, or ends before."""
    pipes: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([sys.executable, "-c", BEGUN, *arguments], stdin=subprocess.DEVNULL, **pipes) as process:
        assert process.stderr is not None
        begun = os.read(process.stderr.fileno(), 5)
        assert begun == b"begun"
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        out, told = process.communicate(timeout=30)
        return process.returncode, out, told
