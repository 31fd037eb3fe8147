"""Lines of stdin while a run waits (threats.md L12)."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.headless.shared.stdin import lines_of_stdin
from tests.forking import output_of
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


TERMINAL_LESS: dict[str, dict[str, Any]] = {
    "closed": {"closed": (0,)},
    "null": {"files": {0: "/dev/null"}},
    "empty": {},
    "junk": {"typed": b"http://nonsense\n"},
}


def pasted(home: Path, uri: str, **stdin: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a run that waits a minute for a paste."""
    arguments = ["run", "--env", "sandbox", "--mode", "paste", "--timeout", "60", "--redirect-uri", uri]
    done = output_of(arguments, os.environ, home.parent, **stdin)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("stdin", TERMINAL_LESS)
@pytest.mark.parametrize("mode", ["busy", "elsewhere"])
def test_L12_where_nothing_can_be_pasted_or_heard_the_run_is_over_at_once(
    home: Path, busy: int, stdin: str, mode: str
) -> None:
    uri = f"http://127.0.0.1:{busy}/cb" if mode == "busy" else "https://app.example.com/cb"
    began = time.monotonic()
    code, out, err = pasted(home, uri, **TERMINAL_LESS[stdin])
    assert time.monotonic() - began < 40
    assert "can be pasted" in err and "nobody could bring" in err
    if mode == "elsewhere" and stdin in ("closed", "null"):
        assert code == 2, "nothing was started"
        return
    assert (code, out, "Outcome: listener." in err) == (3, "", True)
    assert "run again with --mode paste where you can paste something" in err.lower()


def test_L12_a_forged_answer_that_is_all_that_can_come_is_told_at_once(home: Path, busy: int) -> None:
    code, out, err = pasted(home, f"http://127.0.0.1:{busy}/cb", typed=b"code=x&state=forged\n")
    assert (code, out, "Outcome: response-invalid." in err) == (5, "", True)
    assert "Nothing more can be pasted, so the wait is over." in err


def test_L12_a_code_from_a_pipe_is_exchanged_although_the_pipe_is_at_its_end_and_the_port_busy(
    home: Path, busy: int
) -> None:
    _, _, err = pasted(home, f"http://127.0.0.1:{busy}/cb", typed=b"a-code-that-nobody-issued\n")
    assert "Outcome: token-refused." in err


def test_L12_a_listener_that_listens_is_waited_for_though_nothing_can_be_pasted(command: Callable[..., Ran]) -> None:
    ran = command("run", "--env", "sandbox", "--mode", "paste", "--timeout", "0.3", "--json")
    assert ran.json["outcome"] == "timeout"
