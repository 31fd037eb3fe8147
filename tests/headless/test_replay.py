"""Recordings on the command line: told again, run again, and nothing of it reaches the network that should not."""

from __future__ import annotations

import argparse
import io
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from airisk_tui.engine.ports import SystemEntropy
from airisk_tui.flow.events import AnyEvent, TokenExchanged
from airisk_tui.headless.arguments import add_flow_options
from airisk_tui.headless.mock_app import RecordedServer, fresh_with
from airisk_tui.headless.replay import _check_speed
from airisk_tui.headless.usage import UsageError
from airisk_tui.insight.comparison import compare, differences
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.sandbox.registry import DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from airisk_tui.session.recordings import open_recording
from tests.oauth.test_jwt import HOSTILE_PARTS
from tests.recording.disk import record
from tests.recording.logs import LOGS
from tests.runs import TOKEN, started

Command = Callable[..., Any]
SANDBOX = ("run", "--env", "sandbox", "--mode", "direct")
REGISTERED = "http://127.0.0.1:8765/callback"


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


def recorded(folder: Path, events: tuple[AnyEvent, ...], name: str = "a.jsonl") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(record(folder / name, events))


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


def test_without_json_the_events_are_told_and_the_outcome_is_the_data(command: Command, tmp_path: Path) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]))
    assert (ran.code, ran.out) == (6, "token-refused\n")
    assert "answered 400" in ran.err


def test_speed_takes_the_time_of_the_run_divided(command: Command, tmp_path: Path) -> None:
    path = recorded(tmp_path, LOGS["direct-token-and-a-later-probe"])
    began = perf_counter()
    assert command("replay", path, "--speed", "20").code == 0
    assert 3.2 / 20 <= perf_counter() - began < 1.5


def test_step_waits_for_a_line_each_and_not_after_the_last(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.StringIO("\n\n\n")
    monkeypatch.setattr("sys.stdin", lines)
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]), "--step")
    assert (ran.out, lines.read()) == ("token-refused\n", "\n")


@pytest.mark.parametrize("speed", ["-1", "nan", "inf", "1e-9", "5e-324", "", "fast"])
def test_an_impossible_speed_is_refused(command: Command, tmp_path: Path, speed: str) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]), "--json", f"--speed={speed}")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")


def test_a_run_that_was_killed_is_told_to_its_last_event(command: Command, tmp_path: Path) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["browser-token"][:3]), "--json")
    assert (ran.code, ran.json["outcome"]) == (130, "cancelled")
    assert "ends before the run did" in ran.err


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


def test_against_the_same_server_nothing_changes(command: Command) -> None:
    command(*SANDBOX, "--userid", "user_42")
    ran = command("replay", "last", "--against", "sandbox", "--json")
    assert (ran.code, ran.json["outcome"], ran.json["differences"]) == (0, "token", [])
    runs = ran.json["runs"]
    assert runs["live"]["recording"] != runs["recorded"]["recording"]
    assert runs["live"]["code"]["fingerprint"] != runs["recorded"]["code"]["fingerprint"]


def test_against_a_server_that_behaves_otherwise_exits_10(command: Command) -> None:
    command(*SANDBOX, "--fault", "code-expired")
    ran = command("replay", "last", "--against", "sandbox", "--json")
    assert (ran.code, ran.json["outcome"], ran.json["exit_code"]) == (10, "different", 10)
    changed = {
        (one["exchange"], one["kind"], one["field"]): (one["before"], one["after"]) for one in ran.json["differences"]
    }
    assert changed["token-request", "status", "status"] == ("400", "200")
    assert changed["run", "outcome", "outcome"] == ("token-refused", "token")
    assert changed["run", "finding", "code-refused"] == ("code-refused", None)
    plain = command("replay", "last", "--against", "sandbox")
    assert plain.code == 0, "the last recording is by now the run that went well"


@pytest.fixture
def two_servers(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Environments `here` and `there`, whose client secret is in the variable."""
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    with SandboxServer() as here, SandboxServer() as there:
        home.mkdir(parents=True)
        lines = []
        for name, server in (("here", here), ("there", there)):
            lines += [f"[environments.{name}]", f'base_url = "{server.base_url}"', 'client_id = "demo-app"']
            lines += [f'redirect_uri = "{REGISTERED}"']
        (home / "config.toml").write_text("\n".join(lines))
        yield here, there


def test_F5_a_secret_goes_to_another_host_only_when_that_is_asked_for(
    command: Command, two_servers: tuple[SandboxServer, SandboxServer]
) -> None:
    assert command("run", "--env", "here", "--mode", "direct").code == 0
    refused = command("replay", "last", "--against", "there", "--json")
    assert (refused.code, refused.json["outcome"]) == (2, "usage")
    assert "--send-secret-to-new-host" in refused.json["error"]
    assert not two_servers[1].requests
    assert command("replay", "last", "--against", "here").code == 0
    allowed = command("replay", "last", "--against", "there", "--send-secret-to-new-host", "--json")
    assert (allowed.code, allowed.json["differences"]) == (0, [])
    assert two_servers[1].requests["POST /api/oauth2/Token"] == 1


def test_F5_a_recording_cannot_lead_a_secret_or_a_token_away_unasked(
    command: Command, two_servers: tuple[SandboxServer, SandboxServer], tmp_path: Path
) -> None:
    here, there = (server.base_url for server in two_servers)
    safe, unsafe = Endpoint("GET", f"{there}/probed"), Endpoint("DELETE", "/api/Users/user_42")
    for changes in ({"dialect": replace(AIRISK, token_path=f"{there}/t")}, {"probes": (safe,)}):
        hostile = recorded(
            tmp_path, (started(base_url=here, mode="direct", **changes),), f"{next(iter(changes))}.jsonl"
        )
        ran = command("replay", hostile, "--against", "here", "--json")
        assert (ran.code, ran.json["outcome"]) == (2, "usage")
        assert f"would go to {there}" in ran.json["error"]
    careless = recorded(tmp_path, (started(base_url=here, mode="direct", probes=(unsafe,)),))
    assert "DELETE /api/Users/user_42 is left out" in command("replay", careless, "--against", "here").err
    assert not two_servers[1].requests
    assert not any(request.startswith("DELETE") for request in two_servers[0].requests)


@pytest.mark.parametrize(("typed", "sent"), [("yes\n", True), ("no\n", False), ("\n", False), ("", False)])
def test_F5_at_a_terminal_the_person_is_asked(
    command: Command,
    two_servers: tuple[SandboxServer, SandboxServer],
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    sent: bool,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert command("run", "--env", "here", "--mode", "direct").code == 0
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    ran = command("replay", "last", "--against", "there")
    assert (ran.code == 0) is sent
    assert bool(two_servers[1].requests) is sent
    assert "which is not the host" in ran.err


def test_F5_a_recording_with_secrets_does_not_give_them_to_the_embedded_server(
    command: Command, two_servers: tuple[SandboxServer, SandboxServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "of-another-server")
    assert command("run", "--env", "here", "--mode", "direct", "--include-secrets").code == 6
    ran = command("replay", "last", "--against", "sandbox", "--json")
    assert ran.json["runs"]["live"]["outcome"] == "token", "the embedded server's own secret was used"


def test_an_unknown_environment_is_refused(command: Command, tmp_path: Path) -> None:
    ran = command("replay", recorded(tmp_path, LOGS["invalid-code"]), "--against", "nowhere", "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")


RERUN = {
    *("--mode direct", "--timeout 5", "--insecure", "--send-secret-to-new-host", "--env-file x"),
    *("--client-secret-stdin", "--record x", "--no-record", "--include-secrets"),
}
"""What `replay` takes with --against."""

NOT_ITS = {
    *("--env sandbox", "--base-url http://x", "--client-id x", "--redirect-uri x", "--userid x", "--state x"),
    *("--body json", "--param a=b", "--token-param a=b", "--field token=x", "--carry-cookies", "--no-exchange"),
}
"""What belongs to the run that was recorded."""


@pytest.mark.parametrize("options", sorted(RERUN))
def test_what_belongs_to_against_is_refused_without_it(command: Command, tmp_path: Path, options: str) -> None:
    path = recorded(tmp_path, LOGS["invalid-code"])
    ran = command("replay", path, "--json", *options.split())
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert options.split()[0] in ran.json["error"]
    assert "--against" in ran.json["error"]


def test_a_slow_replay_that_ends_within_a_day_is_begun() -> None:
    opened = argparse.Namespace(recording=argparse.Namespace(events=LOGS["forged-then-timeout"]))
    _check_speed(0.004, opened)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="would take longer than a day; 1 is as fast as it was"):
        _check_speed(0.003, opened)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", ["--step", "--speed 2"])
def test_what_belongs_to_a_replay_is_refused_with_against(command: Command, tmp_path: Path, options: str) -> None:
    path = recorded(tmp_path, LOGS["invalid-code"])
    assert command("replay", path, "--json", "--against", "sandbox", *options.split()).json["outcome"] == "usage"


@pytest.mark.parametrize("options", sorted(NOT_ITS))
def test_what_a_replay_does_not_honour_is_refused(command: Command, tmp_path: Path, options: str) -> None:
    path = recorded(tmp_path, LOGS["invalid-code"])
    for more in ((), ("--against", "sandbox")):
        assert command("replay", path, "--json", *options.split(), *more).json["outcome"] == "usage"


def test_every_option_of_flow_is_either_honoured_or_refused() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    add_flow_options(parser)
    flow = {name for action in parser._actions for name in action.option_strings}
    named = {options.split()[0] for options in RERUN | NOT_ITS}
    assert named == flow | {"--mode", "--send-secret-to-new-host"}


def test_against_waits_as_long_and_in_the_way_that_is_said(command: Command) -> None:
    command(*SANDBOX)
    ran = command("replay", "last", "--against", "sandbox", "--mode", "paste", "--timeout", "0.2", "--json")
    assert ran.json["runs"]["live"]["outcome"] == "timeout"


def test_against_records_where_and_whether_that_is_said(command: Command, tmp_path: Path) -> None:
    path = command(*SANDBOX, "--json").json["recording"]
    again = ("replay", path, "--against", "sandbox", "--json")
    assert command(*again, "--no-record").json["runs"]["live"]["recording"] is None
    wanted = tmp_path / "again.jsonl"
    assert command(*again, "--record", str(wanted), "--insecure").json["runs"]["live"]["recording"] == str(wanted)
    assert json.loads(wanted.read_text().splitlines()[1])["inputs"]["verify_tls"] is False
    assert command(*again, "--include-secrets").json["runs"]["live"]["recording"].endswith("-with-secrets.jsonl")


def test_against_takes_the_secret_of_a_file_and_of_stdin(
    command: Command,
    two_servers: tuple[SandboxServer, SandboxServer],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    path = command("run", "--env", "here", "--mode", "direct", "--json").json["recording"]
    monkeypatch.delenv("AIRISK_CLIENT_SECRET")
    again = ("replay", path, "--against", "here", "--json")
    assert command(*again).json["outcome"] == "usage"
    (tmp_path / ".env").write_text(f"CLIENT_ID=another\nCLIENT_SECRET={DEMO_SECRET}\nUSER_ID=user_7\n")
    ran = command(*again, "--env-file", str(tmp_path / ".env"))
    assert (ran.code, ran.json["differences"]) == (0, []), "client and user stay as they were recorded"
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    ran = command(*again, "--client-secret-stdin")
    assert (ran.code, ran.json["runs"]["live"]["outcome"]) == (10, "token-refused")


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


@pytest.mark.parametrize("name", HOSTILE_PARTS)
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
