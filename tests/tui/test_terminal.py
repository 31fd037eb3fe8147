"""The promises S1, S2, S3, S5 and L11 of threats.md, on the bytes that arrive at a pseudo-terminal."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import socket
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest
from rich.cells import set_cell_size

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.tui import type_ahead
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.terminal import MAX_BACKLOG, TerminalWriter, _called_by_the_loop, joined_links, kept_in_place
from tests.pace import paced, within
from tests.tui.terminal import Terminal

pytestmark = pytest.mark.pty

HOSTILE = "id\x07\x1b]0;OWNED\x07\x1b[2J\x9b31m\u202e\u200b[red]x[/][@click=app.quit]y[/]"
OURS = re.compile(
    rb"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b[=>78()cDEHMNOZ]B?"
)
"""The sequences that Textual's driver and renderer send."""

Open = Callable[..., Terminal]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open the program in a terminal."""
    terminals: list[Terminal] = []

    def make(*arguments: str, script: str | None = None) -> Terminal:
        argv = ["-c", script] if script is not None else ["-m", "airisk_tui", *arguments]
        terminals.append(Terminal(argv, tmp_path))
        return terminals[-1]

    yield make
    for terminal in terminals:
        terminal.close()


UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;<>?]*)?$")
"""The beginning of a sequence whose rest has not been read yet: a read ends anywhere."""


def control_free(written: bytes) -> bool:
    """Whether nothing but the renderer's own sequences and line feeds is in it."""
    rest = OURS.sub(b"", UNFINISHED.sub(b"", written)).decode("utf-8", "replace")
    return all(c.isprintable() or c in "\r\n" for c in rest)


def test_s1_s2_s3_hostile_values_in_fields_reach_the_terminal_harmlessly(opened: Open) -> None:
    terminal = opened("--userid", HOSTILE, "--env", "sandbox")
    terminal.sees("control or invisible")
    terminal.read(0.5)
    assert b"OWNED" in terminal.written
    assert b"\x1b]0;OWNED" not in terminal.written
    assert control_free(terminal.written)
    assert "[red]x[/]" in terminal.text.replace("\n", "")


def test_s1_a_hostile_paste_reaches_the_terminal_harmlessly(opened: Open) -> None:
    terminal = opened()
    terminal.sees("new ^G")
    terminal.paste("a\x07b\x9bc\u202ed")
    terminal.sees("a␇b")
    terminal.read(0.5)
    assert control_free(terminal.written)


@pytest.mark.ci
def test_bytes_that_are_no_text_do_not_end_the_program(opened: Open) -> None:
    terminal = opened()
    terminal.sees("new ^G")
    for data in (b"\xff", b"\xed\xa0\x80", b"caf\xe9", b"\x00", b"\xe2\x82"):
        for around in ((b"\x1b[200~", b"\x1b[201~"), (b"", b"")):
            terminal.child.send(around[0] + data + b"AfterIt" + around[1])
            terminal.sees("AfterIt")
        terminal.child.send(b"\x7f" * 40)
        terminal.until(lambda: "AfterIt" not in terminal.text)
    terminal.read(0.5)
    assert control_free(terminal.written)
    assert "Traceback" not in terminal.text


def test_the_whole_way_with_one_key(opened: Open) -> None:
    terminal = opened()
    terminal.sees("Enter")
    terminal.sees("redirect_uri")
    terminal.send("\x1b[17~")
    terminal.sees("Claims", 15)
    terminal.send("\x11")
    assert terminal.ended() == 0


def test_l11_ctrl_c_cancels_then_quits_within_a_second_and_the_port_is_free(opened: Open) -> None:
    port = free_port()
    terminal = opened("--redirect-uri", f"http://127.0.0.1:{port}/callback")
    terminal.sees("redirect_uri")
    terminal.send("\x12")
    terminal.sees("Waiting for the redirect")
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        terminal.send("\x03")
        terminal.until(lambda: "Waiting for the redirect" not in terminal.text, paced(2))
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    with within(1.0):
        terminal.send("\x03")
        assert terminal.ended() == 0


CRASH = """
from airisk_tui.tui.app import AiriskApp
def action_crash(self):
    client_secret = "the-secret-in-a-local"
    raise ValueError("broken \\x1b]0;OWNED\\x07 " + self.screen.request.base.client_secret.reveal())
AiriskApp.action_crash = action_crash
app = AiriskApp()
app.bind("f12", "crash")
app.run()
raise SystemExit(app.return_code)
"""


def test_s5_a_crash_shows_no_locals_and_leaves_the_terminal_usable(opened: Open) -> None:
    terminal = opened(script=CRASH)
    terminal.sees("redirect_uri")
    terminal.send("\x1b[17~")
    terminal.sees("Claims", 15)
    terminal.send("\x1b[24~")
    assert terminal.ended() == 1
    tail = terminal.written[terminal.written.rindex(b"\x1b[?1049l") :]
    assert b"airisk-tui ended because of an error in the program" in tail
    assert b"ValueError: broken" in tail
    assert b"the-secret-in-a-local" not in terminal.written
    assert b"sandbox-secret-not-for-production" not in terminal.written
    assert b"\x1b]0;OWNED" not in terminal.written
    for mode in (b"\x1b[?25h", b"\x1b[?1049l", b"\x1b[?2004l", b"\x1b[?1000l"):
        assert mode in terminal.written


async def test_s5_stopping_waits_for_the_code_that_it_interrupts() -> None:
    """What it writes takes the lock of the writer's queue, which the interrupted code may be holding."""
    app = AiriskApp()
    driver, again = app.get_driver_class(), app.get_driver_class()
    module: Any = sys.modules[driver.__module__]
    assert module.WriterThread.func is TerminalWriter
    assert module.getincrementaldecoder("utf-8")().decode(b"caf\xe9!") == "caf\ufffd!"
    stopped: list[str] = []
    handler = _called_by_the_loop(lambda self: stopped.append(self))
    handler("the driver", signal.SIGTSTP, None)
    assert stopped == []
    await asyncio.sleep(0)
    assert stopped == ["the driver"]
    for name in ("_sigtstp_application", "_sigcont_application"):
        assert getattr(driver, name).__wrapped__ is getattr(again, name).__wrapped__
        assert not hasattr(getattr(again, name).__wrapped__, "__wrapped__"), "and is taken only once between"


def test_a_field_is_edited_in_another_program_and_a_masked_one_is_not(tmp_path: Path) -> None:
    script = tmp_path / "edit"
    script.write_text('#!/bin/sh\necho "it has the terminal"\nread line\nprintf "typed-%s\\n" "$line" > "$1"\n')
    script.chmod(0o700)
    terminal = Terminal(["-m", "airisk_tui"], tmp_path, columns=120, environ={"EDITOR": str(script)})
    terminal.sees("Enter runs the flow")
    terminal.send("\x1b[21~")
    terminal.sees("it has the terminal")
    terminal.send("elsewhere\n")
    terminal.sees("typed-elsewhere")
    terminal.send("\t")
    terminal.send("\x1b[21~")
    terminal.sees("reveal it first")
    terminal.send("\x11")
    assert terminal.ended() == 0


@pytest.mark.parametrize("name", ["नेहा शर्मा", "தமிழ்ச்செல்வி", "Ada", "山田 花子", "ليلى"])
def test_what_stands_behind_a_name_is_drawn_where_it_belongs(name: str) -> None:
    """pyte stops drawing at some vowel signs, as other terminals give them a cell."""
    screen = pyte.Screen(40, 2)
    pyte.Stream(screen).feed(kept_in_place(f"\x1b[7m│{set_cell_size(name, 20)}│\x1b[0m|"))
    assert [screen.buffer[0][at].data for at in (0, 21, 22)] == ["│", "│", "|"]
    assert screen.buffer[0][1].data[0] == name[0]
    assert screen.buffer[0][20].reverse and not screen.buffer[0][22].reverse


def test_two_names_from_right_to_left_stay_in_their_columns() -> None:
    """A terminal that follows UAX #9 draws what stands between two such runs from right to left, unless marks end them."""
    row, mark = "│ user_13  ליאת כהן  دانا  12 │", "\N{LEFT-TO-RIGHT MARK}"
    sent = kept_in_place(row)
    assert sent.replace(f"{mark}\x1b7", "") == row
    assert [part[-4:] for part in sent.split(mark)[:-1]] == [" כהן", "دانا"], "once behind each name, not within it"


def test_a_link_that_is_broken_into_lines_is_one() -> None:
    lines = [f"\x1b]8;id={number};https://a.example/x?y=1\x1b\\part {number}\x1b]8;;\x1b\\" for number in (5, 77)]
    other = "\x1b]8;id=5;https://b.example/\x1b\\b\x1b]8;;\x1b\\"
    ids = re.findall(r"\]8;id=([^;]*);", joined_links("\n".join([*lines, other])))
    assert ids[0] == ids[1] != ids[2]
    assert joined_links("no link ") == "no link "


def test_a_terminal_that_reads_late_gets_all_that_was_written_and_is_drawn_once_more() -> None:
    reading, writing = os.pipe()
    caught_up: list[bool] = []
    with os.fdopen(reading, "rb") as end, os.fdopen(writing, "w") as file:
        writer = TerminalWriter(lambda: caught_up.append(True), file)
        assert not writer.leaves_out_frame()
        writer.write("x" * MAX_BACKLOG)
        writer.write("\xe9")
        assert writer.leaves_out_frame()
        writer.start()
        came = b""
        while len(came) < MAX_BACKLOG + 2 and select.select([end], [], [], paced(5))[0]:
            came += os.read(reading, MAX_BACKLOG)
        assert came == b"x" * MAX_BACKLOG + "\xe9".encode()
        writer.stop()
        assert not writer.is_alive() and caught_up == [True] and not writer.leaves_out_frame()


async def test_where_frames_were_left_out_the_whole_screen_is_laid_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    app = AiriskApp()
    monkeypatch.setattr(app, "refresh", lambda **how: drawn.append(how))
    app._catch_up()
    app._terminal_loop = asyncio.get_running_loop()
    app._catch_up()
    await asyncio.sleep(0)
    assert drawn == [{"layout": True}]


def test_keys_are_kept_in_the_foreground_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other, terminal = os.openpty()
    usual = termios.tcgetattr(terminal)
    monkeypatch.setattr(type_ahead, "_end_on_signals", lambda give_back: None)
    with os.fdopen(other, "rb"), os.fdopen(terminal, "rb", buffering=0) as file:
        monkeypatch.setattr(sys, "__stdin__", file)
        for group, kept in ((os.getpgrp(), True), (0, False)):
            monkeypatch.setattr(os, "tcgetpgrp", lambda descriptor, group=group: group)
            with type_ahead.keys_kept():
                signs = termios.tcgetattr(terminal)[3] & (termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
                assert (signs == 0, type_ahead.before is not None) == (kept, kept)
            assert (termios.tcgetattr(terminal), type_ahead.before) == (usual, None)
