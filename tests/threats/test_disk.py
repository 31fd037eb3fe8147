"""A recording and a disk that is really full, and a program that is really killed (F2, F3)."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.recording.disk.reader import read_recording
from tests.hostile.server import HostileServers
from tests.threats.conftest import Command, Open

DIRECT = ("run", "--env", "sandbox", "--mode", "direct")
ROOM = 64 * 1024
"""Bytes of the small disk: a page for each of the few files and some kibibytes for a recording."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a file system, and not in every container")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("left", [0, 2048, 4096, 8192])
def test_F3_a_full_disk_costs_the_recording_and_never_the_run(
    command: Command, small_disk: Path, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    monkeypatch.setenv("AIRISK_TUI_HOME", str(small_disk / "airisk"))
    recordings = small_disk / "airisk" / "recordings"
    first = command(*DIRECT, "--json")
    assert (first.code, first.json["outcome"]) == (0, "token")
    with (small_disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            try:
                ballast.write(bytes(4096))
            except OSError:
                break
        ballast.truncate(max(0, ballast.tell() - left))
    ran = command(*DIRECT, "--json")
    assert (ran.code, ran.json["outcome"]) == (0, "token"), ran.err
    said = b"the disk is full" in ran.err or b"No space left" in ran.err
    whole = ran.json["recording"] is not None and read_recording(Path(ran.json["recording"])).closing is not None
    assert said is not whole
    assert said or left > 0
    assert b"Traceback" not in ran.err
    for path in recordings.glob("*.jsonl"):
        recording = read_recording(path)
        assert recording.problems == ()
        assert path.stat().st_mode & 0o777 == 0o600
    assert command("replay", Path(first.json["recording"]).name, "--json").json["outcome"] == "token"
    assert command("recordings", "list").code == 0


@pytest.mark.pty
def test_F3_killed_while_it_waits_everything_that_happened_can_be_read(
    opened: Open, servers: HostileServers, tmp_path: Path
) -> None:
    uri = f"http://127.0.0.1:{free_port()}/callback"
    program = opened("run", "--env", "sandbox", "--mode", "paste", "--redirect-uri", uri)
    program.says("Listening for the redirect")
    program.send(f"{uri}?code=a-code-of-nobody&state=forged\r")
    program.says("was not believed")
    program.signal(signal.SIGKILL)
    program.ended()
    (path,) = (tmp_path / "airisk" / "recordings").glob("*.jsonl")
    recording = read_recording(path)
    assert [type(event).__name__ for event in recording.events] == ["RunStarted", "ListenerBound", "CallbackReceived"]
    assert recording.problems == ()
    assert recording.closing is None
    assert b"a-code-of-nobody" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
