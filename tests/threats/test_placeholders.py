"""A secret's placeholder is for programs: what a person reads says what it is, how long, and the start of its fingerprint."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from airisk_tui.engine.listener.free_port import free_port
from tests.everyday import with_the_rest_in_ci
from tests.hostile.server import HostileServers
from tests.threats.conftest import Command, Open
from tests.threats.leaky import Leaky
from tests.threats.program import Program

MARK = b"~sealed."
SPOKEN = re.compile(r"‹(code|token|client secret|secret) · [0-9,]+ characters · [0-9a-f]{4}…›")
STEPS = ("1 Auth", "3 Redirect", "4 Token request", "5 Token")
TABS = ("Meaning", "Request", "Response", "Body", "Timing")


@pytest.fixture
def leaky(servers: HostileServers, home: Path) -> Leaky:
    """The deployment `leaky`, which repeats every secret, as an environment."""
    server = Leaky("token", {"client secret": "planted/client+secret=1"})
    home.mkdir()
    (home / "config.toml").write_text(
        f'[environments.leaky]\nbase_url = "{servers.serve(server.serve)}"\nclient_id = "app"\n'
        f'redirect_uri = "http://127.0.0.1:{free_port()}/callback"\n'
        '[[environments.leaky.endpoints]]\npath = "/api/leak"\n'
    )
    return server


@pytest.fixture
def recording(leaky: Leaky, command: Command) -> str:
    """A run against it."""
    document = command("run", "--env", "leaky", "--mode", "direct", "--json").json
    assert document["outcome"] == "token"
    return Path(document["recording"]).name


COMMANDS = (
    "run --env leaky --mode direct",
    "run --env leaky --mode direct --no-record --no-exchange",
    "compare --env leaky --mode direct --userid user_42",
    "compare --env leaky --mode direct --userid user_42 --markdown",
    "compare --env leaky --mode direct --userid user_42 --with-bearer",
    "replay {}",
    "replay {} --against leaky",
    "recordings list",
    "recordings show {}",
    "export {} --as markdown",
    "export {} --as curl",
    "export {} --as python",
    "environments list",
    "environments show leaky",
    "doctor --env leaky",
)


@pytest.mark.parametrize("how", with_the_rest_in_ci(["token", "refused"], ["token"]))
def test_no_command_shows_a_person_a_placeholder(command: Command, leaky: Leaky, recording: str, how: str) -> None:
    leaky.how = how
    for line in COMMANDS:
        ran = command(*line.format(recording).split())
        assert ran.out or ran.err, line
        assert MARK not in ran.out + ran.err, line


def test_what_changed_names_the_secrets_in_words_and_keeps_the_placeholders_in_json(
    command: Command, leaky: Leaky, recording: str
) -> None:
    leaky.how = "refused"
    ran = command("replay", recording, "--against", "leaky")
    assert ran.code == 10
    assert SPOKEN.search(ran.out.decode())
    assert MARK in command("replay", recording, "--against", "leaky", "--json").out


def test_the_report_for_the_administrator_names_the_secrets(command: Command, recording: str) -> None:
    told = command("export", recording, "--as", "markdown").out.decode()
    assert {"code", "token"} <= {found[1] for found in SPOKEN.finditer(told)}


def walked(program: Program) -> None:
    """Every step and every tab, and what the keys open."""
    for step in STEPS:
        program.click(step)
        for tab in TABS:
            program.click(tab)
            program.read(0.05)
            assert "~sealed" not in program.text


@pytest.mark.ci
@pytest.mark.pty
def test_no_screen_shows_a_person_a_placeholder(opened: Open, leaky: Leaky, recording: str, home: Path) -> None:
    mine = {"AIRISK_TUI_HOME": str(home), "AIRISK_CLIENT_SECRET": "planted/client+secret=1"}
    program = opened("--env", "leaky", "--start", "--mode", "direct", env=mine)
    program.sees("✓ token")
    walked(program)
    leaky.how = "refused"
    program.send("\x0f")
    program.sees("recordings  ·", "Enter Replay")
    assert "~sealed" not in program.text
    program.send("a")
    program.sees("Run again, against")
    program.send("\r")
    program.sees("changed, in:")
    program.read(0.3)
    assert "~sealed" not in program.text and SPOKEN.search(program.text.replace("\n", " "))
    program.send("=")
    program.read(0.3)
    program.send("d")
    program.read(0.3)
    assert "~sealed" not in program.text
    assert MARK not in program.written
