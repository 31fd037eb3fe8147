"""Lines of stdin while a run waits (threats.md L12)."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.headless.shared.process import UsageError, secret_from_stdin
from airisk_tui.headless.shared.stdin import MAX_LINE, lines_of_stdin, stdin_line_by_line
from airisk_tui.oauth.secret import Secret
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
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Makes stdin a pipe with these bytes, at its end."""
    with ExitStack() as stack:

        def piped(data: bytes) -> None:
            theirs, ours = os.pipe()
            os.write(ours, data)
            os.close(ours)
            monkeypatch.setattr("sys.stdin", stack.enter_context(os.fdopen(theirs)))

        yield piped


async def test_lines_come_one_by_one_and_behind_the_last_nothing(stdin: Callable[[bytes], None]) -> None:
    stdin("ä\n\nlast".encode())
    with stdin_line_by_line() as line:
        assert [await line() for _ in range(5)] == ["ä", "", "last", None, None]


async def test_a_line_without_an_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    theirs, ours = os.pipe()
    with os.fdopen(theirs) as stdin, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", stdin)
        with lines_of_stdin(lines.append):
            for _ in range(2 * MAX_LINE // 4096):
                os.write(ours, b"x" * 4096)
                await asyncio.sleep(0)
            os.close(ours)
            for _ in range(50):
                await asyncio.sleep(0)
    assert [len(line) for line in lines] == [MAX_LINE]


@pytest.mark.parametrize("error", [PermissionError(errno.EPERM, "Operation not permitted"), NotImplementedError()])
async def test_where_the_loop_cannot_wait_for_stdin_it_says_so(
    stdin: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: Any) -> None:
        raise error

    stdin(b"x\n")
    monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", refuse)
    with lines_of_stdin(lambda line: None) as read:
        assert read is False


@pytest.mark.parametrize(
    ("data", "secret"), [(b"s\r\nmore", "s"), (b"s", "s"), (b"\n", "nothing came"), (b"\xff\n", "in UTF-8")]
)
def test_a_secret_is_the_first_line(stdin: Callable[[bytes], None], data: bytes, secret: str) -> None:
    stdin(data)
    if len(secret) == 1:
        assert secret_from_stdin("--x") == Secret(secret)
        return
    with pytest.raises(UsageError, match=f"^--x expects the client secret.*{secret}"):
        secret_from_stdin("--x")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.EIO, "Input/output error"), "could not read stdin: Input/output error"),
        (OSError(), "could not read stdin: it gives an error"),
        (ValueError("I/O operation on closed file."), "nothing came there"),
    ],
)
def test_a_secret_that_cannot_be_read_has_its_reason(
    monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    class Failing(io.StringIO):
        def readline(self, size: int | None = -1) -> str:  # type: ignore[override] # as a text stream has it
            raise error

    monkeypatch.setattr("sys.stdin", Failing())
    with pytest.raises(UsageError, match=why):
        secret_from_stdin("--x")


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
