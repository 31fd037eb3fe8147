"""Signals at each step of a run, at a real terminal: it is as it was, the port is free, and it took no time (L11, S5)."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from airisk_tui.engine.listener.free_port import free_port
from tests.hostile.server import HostileServers
from tests.pace import within
from tests.threats.conftest import Open
from tests.threats.program import MODES_SET, Program, is_free

pytestmark = pytest.mark.pty

SECOND = 1.0
ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
SECRET = {"AIRISK_CLIENT_SECRET": "a-secret-for-signals"}

Step = Callable[[Open, HostileServers, int], Program]


async def silent_at_the_token(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Redirects with a code at once, and never answers the token request."""
    target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
    if target.endswith("/Token"):
        await asyncio.sleep(60)
    state = target.partition("state=")[2].partition("&")[0]
    location = f"http://127.0.0.1:1/callback?code=code-of-the-signals&state={state}"
    writer.write(
        f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )
    await writer.drain()


def deployment(servers: HostileServers) -> tuple[str, ...]:
    return ("--base-url", servers.serve(silent_at_the_token), "--client-id", "app")


def idle(opened: Open, servers: HostileServers, port: int) -> Program:
    program = opened()
    program.sees("demo-app", "Enter runs the flow")
    return program


def waiting(opened: Open, servers: HostileServers, port: int) -> Program:
    uri = f"http://127.0.0.1:{port}/callback"
    program = opened("--redirect-uri", uri, "--start", "--mode", "paste")
    program.sees(f"listening on 127.0.0.1:{port}")
    return program


def exchanging(opened: Open, servers: HostileServers, port: int) -> Program:
    uri = ("--redirect-uri", "http://127.0.0.1:1/callback")
    program = opened(*deployment(servers), *uri, "--start", "--mode", "direct", env=SECRET)
    program.sees("exchanging …")
    return program


def run_waiting(opened: Open, servers: HostileServers, port: int) -> Program:
    program = opened(
        "run", "--env", "sandbox", "--mode", "paste", "--redirect-uri", f"http://127.0.0.1:{port}/callback"
    )
    program.says("Listening for the redirect")
    return program


def run_exchanging(opened: Open, servers: HostileServers, port: int) -> Program:
    uri = ("--redirect-uri", "http://127.0.0.1:1/callback")
    program = opened("run", *deployment(servers), *uri, "--mode", "direct", env=SECRET)
    program.says("answered 302")
    return program


def compare_exchanging(opened: Open, servers: HostileServers, port: int) -> Program:
    uri = ("--redirect-uri", "http://127.0.0.1:1/callback")
    program = opened("compare", *deployment(servers), *uri, "--userid", "u", env=SECRET)
    program.says("answered 302")
    return program


def sandbox(opened: Open, servers: HostileServers, port: int) -> Program:
    program = opened("sandbox", "--port", str(port))
    program.says("The sandbox runs until Ctrl-C")
    return program


SCREENS: list[Step] = [idle, waiting, exchanging]
COMMANDS: list[Step] = [run_waiting, run_exchanging, compare_exchanging]
EVERYDAY: dict[tuple[Step, signal.Signals], Any] = {
    (waiting, signal.SIGHUP): (),
    (idle, signal.SIGINT): pytest.mark.ci,
    (exchanging, signal.SIGTERM): pytest.mark.ci,
    (run_waiting, signal.SIGHUP): pytest.mark.ci,
    (run_exchanging, signal.SIGTERM): (),
    (compare_exchanging, signal.SIGINT): (),
    (sandbox, signal.SIGTERM): pytest.mark.ci,
}
"""Each step and each signal once, with its marks; the other pairs take long."""

PAIRS = [(step, number) for step in (*SCREENS, *COMMANDS, sandbox) for number in ENDING]


@pytest.mark.parametrize(
    ("step", "number"),
    [pytest.param(*pair, marks=EVERYDAY.get(pair, pytest.mark.long)) for pair in PAIRS],
)
def test_L11_S5_a_signal_ends_it_at_once_and_gives_everything_back(
    opened: Open, servers: HostileServers, step: Step, number: signal.Signals
) -> None:
    port = free_port()
    program = step(opened, servers, port)
    with within(SECOND):
        program.signal(number)
        assert program.ended() == (0 if step is sandbox else 130)
    assert program.left_as_it_was()
    assert is_free(port)
    assert b"Traceback" not in program.written
    assert b"never retrieved" not in program.written


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=pytest.mark.ci if step is waiting else pytest.mark.long) for step in SCREENS]
)
def test_S5_stopped_and_resized_to_nothing_the_terminal_is_given_back_and_drawn_again(
    opened: Open, servers: HostileServers, step: Step
) -> None:
    program = step(opened, servers, free_port())
    before = program.text.splitlines()[0].split()[:3]
    program.signal(signal.SIGTSTP)
    program.until(lambda: program.state == "T")
    program.read()
    assert program.left_as_it_was()
    seen = len(program.written)
    program.signal(signal.SIGCONT)
    program.until(lambda: all(mode in program.written[seen:] for mode in MODES_SET))
    for size in ((1, 1), (2, 1), (1, 50), (300, 1), (140, 45)):
        program.resize(*size)
        program.read(0.05)
    program.until(lambda: program.text.splitlines()[0].split()[:3] == before)
    program.signal(signal.SIGTERM)
    assert program.ended() == 130
    assert program.left_as_it_was()


@pytest.mark.parametrize("step", [run_waiting, run_exchanging])
def test_S5_a_command_that_is_stopped_goes_on_where_it_was(opened: Open, servers: HostileServers, step: Step) -> None:
    port = free_port()
    program = step(opened, servers, port)
    program.signal(signal.SIGTSTP)
    program.until(lambda: program.state == "T")
    assert program.modes_are_as_before
    program.signal(signal.SIGCONT)
    program.until(lambda: program.state in "RS")
    program.send("\x03")
    assert program.ended() == 130
    assert program.modes_are_as_before
    assert is_free(port)


@pytest.mark.parametrize("step", [waiting, run_waiting])
def test_L11_a_terminal_that_goes_away_takes_the_program_with_it(
    opened: Open, servers: HostileServers, step: Step
) -> None:
    port = free_port()
    outlived_by_nothing(step(opened, servers, port))
    assert is_free(port)


def test_L11_a_terminal_that_goes_away_is_noticed_though_no_signal_tells_it(opened: Open) -> None:
    """Its leader waits for the program, and gets the only SIGHUP."""
    program = opened(env={"LEADER_STAYS": "1"})
    program.sees("demo-app", "Enter runs the flow")
    outlived_by_nothing(program)


def outlived_by_nothing(program: Program) -> None:
    """Take its terminal away, and see it end."""
    with within(2 * SECOND):
        program.child.ptyproc.fileobj.close()
        given_up = time.monotonic() + 30
        while program.state not in ("", "Z"):
            assert time.monotonic() < given_up, "The program outlived its terminal."
            time.sleep(0.01)
