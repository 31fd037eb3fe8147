"""A keyring that hangs, raises or is not there costs seconds and a sentence, never a trace and never the program (threats.md C10)."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from airisk_tui.engine.machine.daemon import WAIT
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from tests.everyday import with_the_rest_in_ci
from tests.forking import Popen
from tests.pace import paced
from tests.threats.program import ROOT, Program, environment

AT_ONCE = 2.0
"""Seconds. What waits for the keyring would take until it is killed."""

BACKENDS = """
import time
from pathlib import Path
from keyring.backend import KeyringBackend

def hang(*names):
    (Path(__file__).parent / "asked").touch()
    time.sleep(1000)

def fail(error):
    def raised(*names):
        raise error
    return raised

def backend(act):
    members = {name: lambda self, *names: act(*names) for name in ("get_password", "set_password", "delete_password")}
    return type("Keyring", (KeyringBackend,), {"priority": 1, **members})

Hanging = backend(hang)
Wrong = backend(fail(ValueError("hunter2")))
Leaving = backend(fail(SystemExit(7)))
Interrupted = backend(fail(KeyboardInterrupt()))
Numbers = backend(lambda *names: 7)
Keeping = backend(lambda *names: "kept-for-there")
"""

BROKEN = [f"backends_of_a_test.{name}" for name in ("Wrong", "Leaving", "Interrupted", "Numbers", "Missing")]
BROKEN += ["no_such_module.Keyring", "nothing"]


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def variables(tmp_path: Path, server: SandboxServer) -> dict[str, str]:
    """The environment of a program with these backends at hand, and a deployment `there` without a secret."""
    (tmp_path / "backends_of_a_test.py").write_text(BACKENDS)
    (tmp_path / "airisk").mkdir()
    (tmp_path / "airisk" / "config.toml").write_text(
        f'[environments.there]\nbase_url = "{server.base_url}"\nclient_id = "demo-app"\n'
    )
    (tmp_path / "secret.env").write_text(f"CLIENT_SECRET={DEMO_SECRET}\n")
    return {**environment(tmp_path), "PYTHONPATH": f"{ROOT}:{tmp_path}"}


Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def begin(variables: dict[str, str], tmp_path: Path) -> Iterator[Begin]:
    """Starts a command with a backend."""
    begun: list[subprocess.Popen[str]] = []

    def start(backend: str, *arguments: str) -> subprocess.Popen[str]:
        process = Popen(
            [sys.executable, "-m", "airisk_tui", *arguments],
            env={**variables, "PYTHON_KEYRING_BACKEND": backend},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


HANGING = "backends_of_a_test.Hanging"
RUN = ("run", "--env", "there", "--mode", "direct", "--redirect-uri", "http://127.0.0.1:8765/callback")


def test_C10_a_keyring_that_hangs_costs_three_seconds_and_one_sentence(begin: Begin) -> None:
    began = time.monotonic()
    process = begin(HANGING, *RUN, "--no-exchange")
    _, told = process.communicate("", timeout=60)
    assert process.returncode == 0  # everything else still works: the code came
    assert told.count("The keyring of this machine did not answer within 3 seconds") == 1
    assert time.monotonic() - began < paced(WAIT + 4)


def test_C10_the_first_ctrl_c_ends_the_wait_for_a_keyring(begin: Begin, tmp_path: Path) -> None:
    process = begin(HANGING, *RUN)
    _until((tmp_path / "asked").exists)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert time.monotonic() - began < paced(AT_ONCE)


def test_F8_a_secret_of_the_keyring_goes_to_its_own_environment_alone(begin: Begin) -> None:
    process = begin("backends_of_a_test.Keeping", *RUN, "--base-url", "http://127.0.0.1:1")
    out, told = process.communicate("", timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "was not given for http://127.0.0.1:1, so nothing was sent." in told
    assert "kept-for-there" not in told


@pytest.mark.parametrize("backend", BROKEN)
def test_C10_whatever_else_a_keyring_does_is_a_sentence(begin: Begin, backend: str) -> None:
    process = begin(backend, *RUN, "--no-exchange")
    _, told = process.communicate("", timeout=60)
    assert process.returncode == 0
    assert told.count("The keyring of this machine") == 1
    assert "Traceback" not in told
    assert "hunter2" not in told


@pytest.mark.parametrize("backend", [pytest.param(HANGING, marks=pytest.mark.ci), *BROKEN])
def test_C10_no_environment_is_written_without_its_secret(begin: Begin, tmp_path: Path, backend: str) -> None:
    config = tmp_path / "airisk" / "config.toml"
    before = config.read_bytes()
    add = ("environments", "add", "new", "--base-url", "https://new.example", "--client-id", "x", "--keep-secret")
    process = begin(backend, *add)
    _, told = process.communicate("s3cret\n", timeout=60)
    assert process.returncode == 2
    assert "The environment was not written." in told
    assert "Traceback" not in told
    assert config.read_bytes() == before


@pytest.mark.pty
@pytest.mark.parametrize(
    "backend", with_the_rest_in_ci([HANGING, "backends_of_a_test.Wrong", "no_such_module.Keyring"], [HANGING])
)
def test_C10_the_screen_draws_and_is_left_at_once(variables: dict[str, str], tmp_path: Path, backend: str) -> None:
    env = {**variables, "PYTHON_KEYRING_BACKEND": backend}
    program = Program(tmp_path, "--env", "there", env=env)
    try:
        program.sees("demo-app")
        if backend == HANGING:
            _until((tmp_path / "asked").exists)
        else:
            program.sees("The keyring of this machine")
        began = time.monotonic()
        program.send("\x11")
        program.ended()
        assert time.monotonic() - began < paced(AT_ONCE)
    finally:
        program.close()


def _until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
