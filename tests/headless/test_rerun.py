"""Running a recording again with --against: what changed is told, and no secret goes where it was not sent before."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from tests.headless.recorded import SANDBOX, Command, recorded
from tests.recording.logs import LOGS
from tests.runs import started


def test_against_the_same_server_nothing_changes(command: Command) -> None:
    command(*SANDBOX, "--userid", "user_42")
    ran = command("replay", "last", "--against", "sandbox", "--json")
    assert (ran.code, ran.json["outcome"]) == (0, "token")
    assert [one for one in ran.json["differences"] if one["kind"] != "timing"] == []
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
    assert "a host that it did not come from" in ran.err


def test_F5_a_server_without_a_name_is_run_against_again_where_the_recording_says_so(
    command: Command, two_servers: tuple[SandboxServer, SandboxServer]
) -> None:
    here = two_servers[0]
    run = ("run", "--base-url", here.base_url, "--client-id", "demo-app", "--mode", "direct")
    assert command(*run, "--redirect-uri", "http://127.0.0.1:8765/callback").code == 0
    before = here.requests.total()
    refused = command("replay", "last", "--against", "other")
    assert (refused.code, here.requests.total()) == (2, before)
    assert f"would go to {here.base_url}, a host that only the recording names" in refused.err
    assert command("replay", "last", "--against", "other", "--send-secret-to-new-host").code == 0
    assert here.requests.total() > before


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
    kinds = {one["kind"] for one in ran.json["differences"]}
    assert kinds <= {"timing"}, "client and user stay as they were recorded"
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    ran = command(*again, "--client-secret-stdin")
    assert (ran.code, ran.json["runs"]["live"]["outcome"]) == (10, "token-refused")
