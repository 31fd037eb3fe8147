"""Streams that fail while a command writes: a result that is lost is said, narration is dropped, and no descriptor stays open."""

from __future__ import annotations

import errno
import io
import os
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from airisk_tui.cli import run_command
from airisk_tui.headless.shared import output, qr
from airisk_tui.headless.shared.process import OutputFailed, is_terminal, readable

FULL = OSError(errno.ENOSPC, "No space left on device")
GONE = BrokenPipeError(errno.EPIPE, "Broken pipe")


class Failing(io.StringIO):
    """A stream that cannot be written to, on a descriptor that is its own."""

    def __init__(self, error: Exception, descriptor: int) -> None:
        super().__init__()
        self._error, self._descriptor = error, descriptor

    def write(self, text: str) -> int:
        """Fail."""
        raise self._error

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def leads_nowhere(self) -> bool:
        """Whether its descriptor is the null device."""
        return os.path.samestat(os.fstat(self._descriptor), Path(os.devnull).stat())


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Callable[[Exception], Failing]]:
    """Makes one; at the end no more descriptors are open than before."""
    descriptor = os.open(tmp_path / "file", os.O_CREAT | os.O_RDWR)
    free = _lowest_free()
    yield lambda error: Failing(error, descriptor)
    assert _lowest_free() == free
    os.close(descriptor)


def _lowest_free() -> int:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (FULL, "No space left on device"),
        (OSError("of no number"), "it is closed"),
        (ValueError("I/O operation on closed file."), "it is closed"),
    ],
)
def test_a_result_that_is_lost_has_its_reason(
    monkeypatch: pytest.MonkeyPatch, failing: Callable[[Exception], Failing], error: Exception, why: str
) -> None:
    stdout = failing(error)
    monkeypatch.setattr("sys.stdout", stdout)
    for put in (output.put, output.put_raw, output.put_json):
        with pytest.raises(OutputFailed) as failed:
            put("x")
        assert str(failed.value) == f"The result could not be written to stdout: {why}."
    assert not stdout.leads_nowhere()


def test_a_stream_that_was_closed_at_the_start_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
        assert not is_terminal(name)
    with pytest.raises(OutputFailed, match="it is closed"):
        output.put("x")
    output.say("x")
    output.draw(["x"])


def test_a_closed_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stdin", closed)
    assert not is_terminal("stdin")


@pytest.mark.parametrize("say", [output.say, lambda text: output.draw([text])], ids=["say", "draw"])
@pytest.mark.parametrize("error", [FULL, GONE, ValueError()], ids=["full", "gone", "closed"])
def test_narration_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
    failing: Callable[[Exception], Failing],
    say: Callable[[str], None],
    error: Exception,
) -> None:
    stderr = failing(error)
    monkeypatch.setattr("sys.stderr", stderr)
    say("x")
    assert stderr.leads_nowhere(), "the interpreter would try again at its end"


@pytest.mark.parametrize(("error", "code", "words"), [(FULL, 1, "No space left on device.\n"), (GONE, 130, "")])
def test_a_command_ends_with_one_sentence_or_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
    failing: Callable[[Exception], Failing],
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
    words: str,
) -> None:
    stdout = failing(error)
    monkeypatch.setattr("sys.stdout", stdout)
    assert run_command(["schema"]) == code
    assert stdout.leads_nowhere()
    assert capsys.readouterr().err == (words and f"The result could not be written to stdout: {words}")


def test_a_word_that_is_too_long_to_read_loses_its_middle() -> None:
    word = "".join(f"{number:04}" for number in range(101))
    assert readable(f"a {word[:400]} b") == f"a {word[:400]} b"
    assert readable(f"a {word[:401]} b {word} c") == f"a {word[:200]}…{word[381:401]} b {word[:200]}…{word[384:]} c"


def test_a_drawing_leaves_a_line_of_the_terminal_free(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with os.fdopen(theirs, "w") as stderr, monkeypatch.context() as patch:
        patch.setattr("sys.stderr", stderr)
        assert qr._room() == (80, 23)
    os.close(ours)
