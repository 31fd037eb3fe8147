"""The program can be imported where POSIX's own modules and flags are missing, as on Windows."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import airisk_tui
from airisk_tui.cli import COMMANDS, run_command
from airisk_tui.systems import interrupted_by_signals, on_signals

ROOT = Path(airisk_tui.__file__).parent

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP, and its loops no signal handlers")

OTHERS = (
    "asyncio",
    "subprocess",
    "getpass",
    "textual.app",
    "textual.widgets",
    "httpx2",
    "uvicorn",
    "starlette.applications",
)
"""What is imported first, whole, because it asks by itself which system it runs on."""

SCRIPT = """
import importlib, os, select, signal, socket, sys
for name in {others!r}:
    importlib.import_module(name)
for name in ("termios", "tty", "pty", "fcntl", "pwd", "grp", "resource", "readline", "syslog", "textual.drivers.linux_driver"):
    sys.modules[name] = None
for module, names in (
    (os, ("O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW", "getuid", "geteuid", "fchmod", "fork", "killpg", "setsid", "uname")),
    (signal, ("SIGHUP", "SIGTSTP", "SIGWINCH", "SIGKILL", "SIGCONT")),
    (select, ("poll", "epoll")),
    (socket, ("AF_UNIX",)),
):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
for name in {ours!r}:
    importlib.import_module(name)
print("imported")
"""


def test_every_module_can_be_imported_without_what_posix_alone_has() -> None:
    places = (
        path.relative_to(ROOT.parent).with_suffix("") for path in ROOT.rglob("*.py") if path.name != "__main__.py"
    )
    ours = sorted(".".join(place.parts).removesuffix(".__init__") for place in places)
    assert len(ours) > 300
    script = f"import sys; sys.path.insert(0, {str(ROOT.parent)!r})\n" + SCRIPT.format(others=OTHERS, ours=ours)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("imported\n", "")


@pytest.fixture
def ending() -> Iterator[list[signal.Signals]]:
    """The signals that end a program beside Ctrl+C, as the system has them; Ctrl+C as Python has it, also where a shell that started
    the tests in the background had it ignored."""
    ending = [signal.SIGTERM, signal.SIGHUP]
    before = {number: signal.signal(number, signal.SIG_DFL) for number in ending}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield ending
    for number, handler in before.items():
        signal.signal(number, handler)


@posix
def test_a_signal_does_what_ctrl_c_does(ending: list[signal.Signals]) -> None:
    """It cancels what runs in an event loop, where it never interrupts an import, and raises elsewhere."""
    interrupted_by_signals()
    for number in ending:
        went_on: list[str] = []

        async def between_two_runs(number: signal.Signals, went_on: list[str]) -> None:
            with on_signals(lambda: None):
                pass
            signal.raise_signal(number)
            went_on.append("to the next await")
            await asyncio.sleep(10)
            went_on.append("beyond it")

        with pytest.raises(KeyboardInterrupt):
            asyncio.run(between_two_runs(number, went_on))
        assert went_on == ["to the next await"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)


def test_an_interrupt_that_an_import_made_another_exception_of_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object) -> int:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise TypeError("as Python says of a class that could not be made")  # noqa: B904 - so Python raises it

    monkeypatch.setitem(COMMANDS, "run", COMMANDS["run"]._replace(start=start))
    assert run_command(["run"]) == 130
