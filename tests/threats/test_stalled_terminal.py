"""A terminal that stops reading: Ctrl+S, a stalled SSH, a window that hangs (S6)."""

from __future__ import annotations

import signal
import socket
import time

import pytest

from airisk_tui.engine.listener.free_port import free_port
from tests.pace import within
from tests.threats.conftest import Open
from tests.threats.program import Program

pytestmark = pytest.mark.pty

SCREENS = 40
"""Whole screens that are drawn while nobody reads: enough to fill every queue on the way to the terminal."""

ANSWERED = 0.25
"""Seconds (threats.md S6)."""


def stalled(opened: Open, port: int) -> Program:
    """A program that waits for its redirect, at a terminal that has read nothing for many screens."""
    program = opened("--redirect-uri", f"http://127.0.0.1:{port}/callback", "--start", "--mode", "paste")
    program.sees(f"listening on 127.0.0.1:{port}")
    for number in range(SCREENS):
        program.child.setwinsize(45 + number % 2, 140 + number % 3)
        time.sleep(0.1)
    return program


@pytest.mark.ci
def test_s6_the_callback_is_answered_and_the_screen_is_whole_when_the_terminal_reads_again(opened: Open) -> None:
    port = free_port()
    program = stalled(opened, port)
    with within(ANSWERED), socket.create_connection(("127.0.0.1", port), 5) as browser:
        browser.sendall(f"GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        assert browser.recv(64).startswith(b"HTTP/1.1 ")
    program.resize(120, 40)
    program.sees("GET /favicon.ico", f"listening on 127.0.0.1:{port}")
    program.sees("client_id", "Flow", "F1")
    program.send("\x11")
    assert program.ended() == 0
    assert program.left_as_it_was()


@pytest.mark.ci
def test_s6_a_signal_ends_the_program_though_nobody_reads(opened: Open) -> None:
    program = stalled(opened, free_port())
    with within(1.0):
        program.signal(signal.SIGTERM)
        while program.state not in ("", "Z"):
            time.sleep(0.01)


@pytest.mark.ci
def test_s6_the_end_of_the_terminal_ends_the_program_though_nobody_reads(opened: Open) -> None:
    program = stalled(opened, free_port())
    with within(1.0):
        program.child.ptyproc.fileobj.close()
        while program.state not in ("", "Z"):
            time.sleep(0.01)


def test_a_driver_that_textual_does_not_have_is_told_in_a_sentence(opened: Open) -> None:
    program = opened(env={"TEXTUAL_DRIVER": "nope"})
    assert program.ended() == 2
    assert "TEXTUAL_DRIVER must name a driver of Textual" in program.text.replace("\n", "")
    assert b"Traceback" not in program.written
