"""Recordings on the command line: told again, and nothing of it reaches the network."""

from __future__ import annotations

import argparse
import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.engine.ports import SystemEntropy
from airisk_tui.flow.events import TokenExchanged
from airisk_tui.headless.replay import _check_speed
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.insight.comparison.fields import compare, differences
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from airisk_tui.session.recordings.opening import open_recording
from airisk_tui.session.recordings.server import RecordedServer, fresh_with
from tests.everyday import with_the_rest_in_ci
from tests.headless.recorded import SANDBOX, Command, recorded
from tests.oauth.test_jwt import HOSTILE_PARTS
from tests.pace import within
from tests.recording.logs import LOGS
from tests.runs import TOKEN


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called, no socket can be made but the event loop's own pair."""

    def forbid() -> None:
        class Forbidden(socket.socket):
            def connect(self, *address: Any) -> None:
                raise AssertionError("A replay connected to something.")

            def bind(self, *address: Any) -> None:
                raise AssertionError("A replay bound an address.")

        monkeypatch.setattr(socket, "socket", Forbidden)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("A replay looked a name up."))

    return forbid


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("--userid", "user_42"),
        ("--userid", "user_999"),
        ("--redirect-uri", "http://127.0.0.1:8765/calback"),
        ("--fault", "code-expired"),
        ("--fault", "registered-uri-stray-space"),
        ("--fault", "clock-skew"),
        ("--fault", "expiration-past"),
        ("--no-exchange",),
    ],
    ids=" ".join,
)
def test_live_and_replay_give_the_same_document(
    command: Command, no_network: Callable[[], None], wrong: tuple[str, ...]
) -> None:
    live = command(*SANDBOX, "--json", *wrong)
    no_network()
    again = command("replay", live.json["recording"], "--json")
    assert again.json == live.json
    assert again.code == live.code


def test_last_is_the_newest_and_a_name_is_enough(command: Command) -> None:
    command(*SANDBOX)
    newest = command(*SANDBOX, "--userid", "user_42", "--json").json["recording"]
    assert command("replay", "last", "--json").json["recording"] == newest
    assert command("replay", Path(newest).stem, "--json").json["kind"] == "user-specific"


def test_without_json_the_events_and_the_outcome_are_told(command: Command, tmp_path: Path) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]))
    assert (ran.code, ran.out, "Outcome: token-refused." in ran.err) == (6, "", True)
    assert "answered 400" in ran.err


def test_speed_takes_the_time_of_the_run_divided(command: Command, tmp_path: Path) -> None:
    path = recorded(tmp_path, LOGS["direct-token-and-a-later-probe"])
    began = perf_counter()
    with within(1.5):
        assert command("replay", path, "--speed", "20").code == 0
    assert perf_counter() - began >= 3.2 / 20


def test_step_waits_for_a_line_each_and_not_after_the_last(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.StringIO("\n\n\n")
    monkeypatch.setattr("sys.stdin", lines)
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]), "--step")
    assert ("Outcome: token-refused." in ran.err, lines.read()) == (True, "\n")


@pytest.mark.parametrize("speed", ["-1", "nan", "inf", "1e-9", "5e-324", "", "fast"])
def test_an_impossible_speed_is_refused(command: Command, tmp_path: Path, speed: str) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]), "--json", f"--speed={speed}")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")


def test_a_run_that_was_killed_is_told_to_its_last_event(command: Command, tmp_path: Path) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["browser-token"][:3]), "--json")
    assert (ran.code, ran.json["outcome"]) == (130, "cancelled")
    assert "has no end: the run was killed" in ran.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a recording\n", "not a recording"),
        (b'{"format":999,"tool":"airisk-tui"}\n', "newer"),
        (b"", "not a recording"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_sentence(
    command: Command, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    ran = command("replay", str(tmp_path / "x.jsonl"), "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert words in ran.json["error"]


def test_a_broken_line_is_told_and_the_rest_is_replayed(command: Command, tmp_path: Path) -> None:
    path = Path(recorded(tmp_path, LOGS["invalid-code"]))
    path.write_bytes(path.read_bytes() + b'{"event":"Torn')
    ran = command("replay", str(path), "--json")
    assert (ran.code, ran.json["outcome"]) == (6, "token-refused")
    assert "Line 5:" in ran.err


def test_a_slow_replay_that_ends_within_a_day_is_begun() -> None:
    opened = argparse.Namespace(recording=argparse.Namespace(events=LOGS["forged-then-timeout"]))
    _check_speed(0.004, opened)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="would take longer than a day; 1 is as fast as it was"):
        _check_speed(0.003, opened)  # type: ignore[arg-type]


def test_a_recording_that_includes_secrets_says_so_in_its_name_and_its_header(command: Command) -> None:
    path = Path(command(*SANDBOX, "--include-secrets", "--json").json["recording"])
    header = json.loads(path.read_text().splitlines()[0])
    assert (path.stem.endswith("-with-secrets"), header["secrets"]) == (True, "included")
    assert path.stat().st_mode & 0o777 == 0o600
    assert DEMO_SECRET in path.read_text()


def test_the_same_secret_has_one_fingerprint_in_all_recordings_of_the_library(command: Command, home: Path) -> None:
    def fingerprint(path: str) -> str:
        return str(json.loads(Path(path).read_text().splitlines()[1])["inputs"]["client_secret"]["fingerprint"])

    first, second = (fingerprint(command(*SANDBOX, "--json").json["recording"]) for _ in range(2))
    assert first == second
    key = home / "recordings" / ".fingerprint-key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_without_a_recording_no_key_is_made(command: Command, home: Path) -> None:
    assert command(*SANDBOX, "--no-record").code == 0
    assert not (home / "recordings").exists()


@pytest.mark.parametrize("name", with_the_rest_in_ci(HOSTILE_PARTS, [*HOSTILE_PARTS][2::4]))
def test_c6_whatever_a_recording_keeps_of_a_token_every_command_tells_it(
    command: Command, tmp_path: Path, name: str
) -> None:
    payload = HOSTILE_PARTS[name][0]
    token = replace(TOKEN, payload=payload, header=payload)
    events = tuple(
        replace(event, secrets=(*event.secrets[:-1], token)) if isinstance(event, TokenExchanged) else event
        for event in LOGS["browser-token"]
    )
    path = recorded(tmp_path, events)
    ran = command("replay", path, "--json")
    document = json.loads(ran.out, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))
    assert (ran.code, document["outcome"]) == (0, "token"), ran.err
    for words in (("replay", path), ("recordings", "show", path), ("export", path, "--as", "markdown")):
        assert command(*words).code == 0
    against = command("replay", path, "--against", "sandbox", "--mode", "direct", "--json")
    assert against.json["outcome"] == "different", against.err
    opened = open_recording(Path(path))
    assert differences(compare(opened.final, opened.final)) == ()
    RecordedServer(opened)
    assert fresh_with(SystemEntropy(), [token], 50.0)(token.length, "jwt").count(".") == 2
