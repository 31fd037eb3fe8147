"""The ground under a run: the clock jumps, the port is taken, a crash, a flood of bytes (L3, S4, S5)."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from itertools import cycle
from pathlib import Path

import pytest

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.session.session import RecordingOptions, Session
from tests.hostile.server import HostileServers
from tests.threats.conftest import Open
from tests.threats.deployment import respond
from tests.threats.program import Program

MIB = 1024 * 1024


class JumpingClock:
    """A wall clock that is set to another time at each look, and a monotonic one that stands still or leaps."""

    def __init__(self, walls: list[float], leap: float) -> None:
        self._walls = cycle(walls)
        self._now, self._leap = 0.0, leap

    def monotonic(self) -> float:
        self._now += self._leap
        return self._now

    def wall(self) -> float:
        return next(self._walls)


@pytest.mark.parametrize("walls", [[0.0], [1.8e9, -1e9], [4e9, 1e9, 0.5], [1.8e9, 2.5e11]])
@pytest.mark.parametrize("leap", [0.0, 1e-3, 1e7])
async def test_C6_F3_a_clock_that_jumps_never_breaks_a_run(tmp_path: Path, walls: list[float], leap: float) -> None:
    home = Home(tmp_path / "config.toml", tmp_path / "recordings")
    session = Session(home=home, environ={}, clock=JumpingClock(walls, leap), record=RecordingOptions())
    try:
        await session.ready("sandbox")
        draft = session.draft("sandbox").to(mode="direct")
        run = session.start(draft)
        state = await run.finished()
        assert state.outcome is not None
        assert state.outcome.value == "token"
        assert session.explained(run)
        assert run.notices == []
        assert run.recording is not None
        assert run.recording.is_file()
    finally:
        await session.aclose()


@pytest.mark.pty
def test_L3_a_port_that_is_taken_in_the_last_moment_is_named_and_can_be_had_again(opened: Open) -> None:
    port = free_port()
    program = opened("--redirect-uri", f"http://127.0.0.1:{port}/callback")
    program.sees("Enter runs the flow")
    with socket.create_server(("127.0.0.1", port)):
        program.send("\x12")
        program.sees("cannot be listened on", seconds=3)
        assert str(port) in program.text
    program.send("\x1b[18~")
    program.sees(f"listening on 127.0.0.1:{port}", seconds=3)
    program.send("\x03")
    program.sees("cancelled")


CRASH = """
from airisk_tui.tui.app import AiriskApp
def action_crash(self):
    client_secret = "the-secret-in-a-local"
    raise ValueError("broken \\x1b]0;OWNED\\x07")
AiriskApp.action_crash = action_crash
app = AiriskApp()
app.bind("f12", "crash")
app.run()
raise SystemExit(app.return_code)
"""


@pytest.mark.pty
def test_S5_after_a_crash_the_terminal_is_as_it_was_and_no_local_is_told(opened: Open) -> None:
    program = opened(script=CRASH)
    program.sees("Enter runs the flow")
    program.send("\x1b[24~")
    assert program.ended() == 1
    assert program.left_as_it_was()
    tail = program.written[program.written.rindex(b"\x1b[?1049l") :]
    assert b"ValueError: broken" in tail
    assert b"the-secret-in-a-local" not in program.written
    assert b"\x1b]0;" not in program.written


def flood(size: int, longest: int) -> str:
    """A token answer of about so many bytes in members of 200, and one value that is so long."""
    more = {"longest": "y" * longest, **{f"member-{number}": "x" * 200 for number in range((size - longest) // 200)}}
    return json.dumps({"access_token": "token-of-the-flood-1234", "expiration": "2099-01-01T00:00:00Z", **more})


def serve_flood(servers: HostileServers, body: str) -> tuple[str, ...]:
    """A deployment whose token answer has this body."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ")[1].decode()
            if not target.endswith("/Token"):
                writer.write(respond("token", target))
                continue
            await reader.read(4096)
            kind = "Content-Type: application/json\r\nConnection: close"
            writer.write(f"HTTP/1.1 200 OK\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()
            return

    return ("--base-url", servers.serve(serve), "--client-id", "app", "--redirect-uri", "http://127.0.0.1:1/cb")


KEYS = ("\x1bOQ", "\x1bOR", "\x1bOS")
"""F2, F3, F4: to each of the panes, from wherever the focus is."""


def response_time(program: Program) -> float:
    """Seconds from a key to what it draws, the best of some tries: what else runs on the machine is not meant."""
    best = 9.0
    for key in KEYS * 2:
        program.read(0.02)
        seen = len(program.written)
        began = time.monotonic()
        program.send(key)
        while len(program.written) == seen and time.monotonic() - began < 2:
            program.read(0.001)
        best = min(best, time.monotonic() - began)
    return best


@pytest.mark.pty
@pytest.mark.fuzz  # measures time at a real terminal: a loaded machine would fail it
def test_S4_keys_are_as_quick_with_mebibytes_as_with_a_few_bytes(opened: Open, servers: HostileServers) -> None:
    times = []
    for body in (flood(1, 1), flood(5 * MIB, MIB)):
        env = {"AIRISK_CLIENT_SECRET": "a-secret-for-floods"}
        program = opened(*serve_flood(servers, body), "--start", "--mode", "direct", env=env)
        program.until(lambda program=program: "✓ token received" in program.text or "✗ token refused" in program.text)
        program.click("4 Token request")
        program.read(0.1)
        program.click("Body")
        program.read(0.1)
        times.append(response_time(program))
        program.close()
    small, large = times
    assert large < 3 * small + 0.02, times
