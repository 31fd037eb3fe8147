"""Lines of stdin while a run waits (threats.md L12)."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.headless.pasting import lines_of_stdin
from tests.headless.conftest import Ran


async def test_L12_a_terminal_that_went_away_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that lost its terminal, and is not in the foreground, gets EIO at each read, and is told to read for ever."""
    reads: list[int] = []
    wrong: list[dict[str, Any]] = []
    theirs, ours = os.pipe()
    system = os.read

    def read(descriptor: int, length: int) -> bytes:
        if descriptor != theirs:
            return system(descriptor, length)
        reads.append(descriptor)
        if len(reads) > 1:
            raise OSError(errno.EIO, "Input/output error")
        return system(descriptor, 6)

    lines: list[str] = []
    monkeypatch.setattr(os, "read", read)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: wrong.append(context))
    with io.TextIOWrapper(io.FileIO(theirs, "r")) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with lines_of_stdin(lines.append):
            os.write(ours, b"first\nand more")
            await asyncio.sleep(0.05)
    os.close(ours)
    assert (lines, len(reads), wrong) == (["first"], 2, [])


@pytest.fixture
def busy() -> Iterator[int]:
    """A callback port that another program listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


TERMINAL_LESS = {"closed": "<&-", "null": "</dev/null", "empty": "< <(printf '')", "junk": "< <(echo http://nonsense)"}


@pytest.mark.parametrize("stdin", TERMINAL_LESS.values(), ids=TERMINAL_LESS)
@pytest.mark.parametrize("mode", ["busy", "elsewhere"])
def test_L12_where_nothing_can_be_pasted_or_heard_the_run_is_over_at_once(
    home: Path, busy: int, stdin: str, mode: str
) -> None:
    uri = f"http://127.0.0.1:{busy}/cb" if mode == "busy" else "https://app.example.com/cb"
    command = f"{sys.executable} -m airisk_tui run --env sandbox --mode paste --timeout 60 --redirect-uri {uri} {stdin}"
    began = time.monotonic()
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=50)
    assert time.monotonic() - began < 40
    assert "can be pasted" in done.stderr and "nobody could bring" in done.stderr
    if mode == "elsewhere" and "(" not in stdin:
        assert done.returncode == 2, "nothing was started"
        return
    assert (done.returncode, done.stdout, "Outcome: listener." in done.stderr) == (3, "", True)
    assert "run again with --mode paste where you can paste something" in done.stderr.lower()


def test_L12_a_forged_answer_that_is_all_that_can_come_is_told_at_once(home: Path, busy: int) -> None:
    uri = f"http://127.0.0.1:{busy}/cb"
    command = [sys.executable, "-m", "airisk_tui", "run", "--env", "sandbox", "--mode", "paste", "--redirect-uri", uri]
    done = subprocess.run(
        [*command, "--timeout", "60"],
        input="code=x&state=forged\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (done.returncode, done.stdout, "Outcome: response-invalid." in done.stderr) == (5, "", True)
    assert "Nothing more can be pasted, so the wait is over." in done.stderr


def test_L12_a_code_from_a_pipe_is_exchanged_although_the_pipe_is_at_its_end_and_the_port_busy(
    home: Path, busy: int
) -> None:
    command = [sys.executable, "-m", "airisk_tui", "run", "--env", "sandbox", "--mode", "paste", "--timeout", "60"]
    done = subprocess.run(
        [*command, "--redirect-uri", f"http://127.0.0.1:{busy}/cb"],
        input="a-code-that-nobody-issued\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert "Outcome: token-refused." in done.stderr


def test_L12_a_listener_that_listens_is_waited_for_though_nothing_can_be_pasted(command: Callable[..., Ran]) -> None:
    ran = command("run", "--env", "sandbox", "--mode", "paste", "--timeout", "0.3", "--json")
    assert ran.json["outcome"] == "timeout"
