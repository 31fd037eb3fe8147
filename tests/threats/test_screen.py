"""Hostile words from everywhere, at a real terminal: none of them is obeyed, and a click on them runs nothing (S1, S2, S3)."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from textual.app import App
from textual.events import MouseDown
from textual.geometry import Offset
from textual.widgets import Static

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.session.session import Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.screen import RunScreen
from tests.everyday import with_the_rest_in_ci
from tests.hostile.server import HostileServers
from tests.threats.conftest import Open
from tests.threats.deployment import CONTROLS, HEADER, PAYLOAD, deployed, told
from tests.threats.program import Program

pytestmark = pytest.mark.pty

SECRET = {"AIRISK_CLIENT_SECRET": "a-secret-for-screens"}
STEPS = {"token": ("4 Token request", "5 Token"), "refused": ("4 Token request",), "denied": ("1 Auth", "3 Redirect")}
TABS = ("Meaning", "Response", "Body")
ENDS = {"token": "✓ token", "denied": "✗ authorization", "problem": "✗ authorization", "refused": "✗ token refused"}
MORE = ("problem", "refused")
MARKUP = ("CLICK", "[link=")


def clicked_everywhere(program: Program, how: str = "") -> None:
    """The steps and the tabs are opened, and in each the hostile words are clicked on."""
    for step in STEPS.get(how, ("1 Auth",)):
        program.click(step)
        for tab in TABS:
            program.click(tab)
            program.read(0.02)
            for words in MARKUP:
                program.click(words)
    program.read(0.2)


@pytest.mark.parametrize(
    "how",
    [
        *with_the_rest_in_ci(["token", "denied"], ["token"]),
        *(pytest.param(how, marks=pytest.mark.fuzz) for how in MORE),
    ],
)
def test_S1_S2_S3_a_hostile_server_is_shown_and_not_obeyed(opened: Open, servers: HostileServers, how: str) -> None:
    program = opened(*deployed(servers, how), "--start", "--mode", "direct", env=SECRET)
    program.sees(ENDS[how], "␛]52;c")
    clicked_everywhere(program, how)
    for key in ("r", "x", "b", "m", "\t", "\r", "\x1b[15~"):
        program.send(key)
        program.read(0.05)
    assert told(program.written) == []
    assert "[red]x[/]" in program.written.decode("utf-8", "replace").replace("\n", "")
    assert program.state in "RS", "no click has ended the program"
    program.send("\x11")
    assert program.ended() == 0
    assert program.left_as_it_was()


def test_S1_S2_S3_hostile_users_and_claims_side_by_side(opened: Open, servers: HostileServers) -> None:
    program = opened(*deployed(servers, "token"), env=SECRET)
    program.sees("Enter runs the flow")
    program.send("\x1b[19~")
    program.sees("user_42", "␛]52;c")
    for words in MARKUP:
        program.click(words)
        program.read(0.05)
    program.click("user_42")
    program.send("\r")
    program.read(1.0)
    assert told(program.written) == []
    assert program.state in "RS"


def connected(port: int) -> socket.socket:
    """A connection to the listener, which is there a moment after the screen has told its address."""
    for _ in range(100):
        with suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port), timeout=2)
        time.sleep(0.1)
    raise AssertionError(f"Nobody listens on port {port}.")


def request(port: int, target: str) -> None:
    """One request as a hostile page or program on this machine would send it."""
    lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    head = "\r\n".join(lines).encode() + b"\r\nUser-Agent: " + HEADER + b"\r\nCookie: " + HEADER + b"=1"
    with connected(port) as connection:
        connection.sendall(head + b"\r\nReferer: http://" + HEADER + b"\r\n\r\n")
        connection.recv(4096)


@pytest.mark.parametrize("screen", [True, False])
def test_S1_S2_S3_hostile_callbacks_and_pastes(opened: Open, servers: HostileServers, screen: bool) -> None:
    port = free_port()
    uri = ("--redirect-uri", f"http://127.0.0.1:{port}/callback", "--mode", "paste")
    program = opened(*(("--start",) if screen else ("run",)), "--env", "sandbox", *uri)
    (program.sees if screen else program.says)(f"127.0.0.1:{port}" if screen else "Listening for the redirect")
    program.read(0.5)
    request(port, f"/callback?error=x&error_description={quote(PAYLOAD)}&state={quote(PAYLOAD)}")
    request(port, f"/{quote(PAYLOAD)}?{quote(PAYLOAD)}")
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(f"G{CONTROLS} / HTTP/1.1\r\nHost: {CONTROLS}\r\n\r\n".encode())
        connection.recv(4096)
    pasted = f"http://127.0.0.1:{port}/callback?error=e&error_description={quote(PAYLOAD)}&state=x\u202e\x9b31m\n"
    program.send(f"\x1b[200~{pasted}\x1b[201~" if screen else pasted.replace("\x9b", ""))
    program.read(0.5)
    if screen:
        program.sees("state")
        clicked_everywhere(program)
    # The terminal itself echoes what is typed at a command; what the program says comes with its own words.
    written = program.written if screen else b"\n".join(x for x in program.written.split(b"\n") if b" s  " in x)
    assert told(written) == []
    assert program.state in "RS"


def test_S1_S2_S3_hostile_arguments_stand_in_the_form(opened: Open) -> None:
    options = ("--client-id", PAYLOAD, "--userid", PAYLOAD, "--base-url", f"http://h/{PAYLOAD}", "--state", PAYLOAD)
    program = opened(*options, "--param", f"{PAYLOAD}={PAYLOAD}")
    program.sees("␛]52;c", "control", "invisible", "User id")
    for words in (*MARKUP, "User id", "State"):
        program.click(words)
        program.read(0.05)
    assert told(program.written) == []
    assert program.state in "RS"


async def test_S2_a_press_on_what_has_just_been_removed_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(home=Home(tmp_path / "config.toml", tmp_path / "recordings"), environ={})
    session.environments["x"] = Environment(name="x", base_url="http://127.0.0.1:1")
    app = AiriskApp(AppOptions(session=session, environment="x"))
    async with app.run_test() as pilot:
        gone = Static("removed while the button went down")
        monkeypatch.setattr(RunScreen, "get_widget_and_offset_at", lambda self, x, y: (gone, Offset(0, 0)))
        press = MouseDown(None, 5, 5, 0, 0, 1, False, False, False)
        await app.on_event(press)
        with pytest.raises(AttributeError):
            await App.on_event(app, press)
        await pilot.pause()
        assert app.is_running
