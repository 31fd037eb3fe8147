"""The library and the exports on the command line."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.recording.har.file import parse_har
from airisk_tui.recording.har.flows import find_flows
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from tests.recording import hars
from tests.recording.disk import record
from tests.recording.logs import LOGS

Command = Callable[..., Any]
SANDBOX = ("run", "--env", "sandbox", "--mode", "direct")


def names(command: Command, *words: str) -> list[str]:
    return [row["name"] for row in command("recordings", "list", *words, "--json").json["recordings"]]


def test_an_empty_library_says_what_to_do(command: Command) -> None:
    ran = command("recordings")
    assert (ran.code, ran.out) == (0, "")
    assert "start one with `airisk-tui run`" in ran.err
    assert names(command) == []


def test_every_run_is_listed_and_found_by_a_word(command: Command) -> None:
    command(*SANDBOX)
    command(*SANDBOX, "--fault", "code-expired")
    (row,) = command("recordings", "list", "token-refused", "--json").json["recordings"]
    assert (row["environment"], row["kind"], row["outcome"]) == ("sandbox", "generic", "token-refused")
    assert "Invalid Code" in row["first_finding"]
    assert len(names(command)) == 2
    assert names(command, "no-such-word") == []
    head, *rows = command("recordings", "list").out.splitlines()
    assert head.split()[:3] == ["NAME", "OUTCOME", "SECONDS"] and len(rows) == 2


def test_show_tells_the_steps_and_the_findings(command: Command) -> None:
    command(*SANDBOX, "--fault", "denied")
    ran = command("recordings", "show", "last")
    assert ran.code == 0
    assert "Authorization request" in ran.out
    document = command("recordings", "show", "last", "--json").json
    assert document["events"][0] == {"event": "RunStarted", "at": 0.0}
    assert document["outcome"] == "authorization-refused"


def test_deleted_goes_to_the_trash(command: Command, home: Path) -> None:
    command(*SANDBOX)
    ran = command("recordings", "delete", "last", "--json")
    assert (ran.code, names(command)) == (0, [])
    assert Path(ran.json["trash"]).is_file()


def test_only_the_librarys_own_are_deleted(command: Command, tmp_path: Path) -> None:
    path = record(tmp_path / "mine.jsonl", LOGS["browser-token"])
    assert command("recordings", "delete", str(path)).code == 2
    assert path.exists()


@pytest.mark.parametrize("action", ["show", "delete", "import"])
def test_an_action_without_a_name_is_refused(command: Command, action: str) -> None:
    ran = command("recordings", action, "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")


def test_a_colleagues_recording_is_imported_and_replayed(command: Command, tmp_path: Path) -> None:
    path = record(tmp_path / "from a friend.jsonl", LOGS["browser-token"])
    ran = command("recordings", "import", str(path), "--json")
    assert ran.code == 0
    assert command("replay", ran.json["imported"], "--json").json["outcome"] == "token"
    assert command("recordings", "import", str(path), "--flow", "1").code == 2


def har(path: Path, flows: int) -> Path:
    entries = []
    for number in range(flows):
        for entry in json.loads(hars.chromium())["log"]["entries"]:
            text = (
                json.dumps(entry)
                .replace(hars.STATE, f"{hars.STATE}-{number}")
                .replace(hars.CODE, f"{hars.CODE}{number}")
            )
            entries.append(json.loads(text))
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "test"}, "entries": entries}}))
    return path


def test_a_har_with_one_flow_becomes_a_recording_with_its_findings(
    command: Command, tmp_path: Path, home: Path
) -> None:
    ran = command("recordings", "import", str(har(tmp_path / "a.har", 1)), "--json")
    assert ran.code == 0
    document = command("replay", ran.json["imported"], "--json").json
    assert (document["outcome"], document["kind"]) == ("token", "user-specific")
    written = "".join(path.read_text() for path in (home / "recordings").glob("*.jsonl"))
    assert not [secret for secret in hars.PLANTED if secret in written]


def test_of_several_flows_of_a_har_the_likeliest_is_taken_and_the_others_are_offered(
    command: Command, tmp_path: Path
) -> None:
    path = har(tmp_path / "a.har", 2)
    ran = command("recordings", "import", str(path))
    assert ran.code == 0
    assert "flow 2 is taken, the last one that got a token. --flow N" in ran.err
    assert ran.err.count("abc123") == 2
    assert command("recordings", "import", str(path), "--flow", "2").code == 0
    assert command("recordings", "import", str(path), "--flow", "3").code == 2


def test_a_file_that_is_neither_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello")
    ran = command("recordings", "import", str(tmp_path / "x.txt"), "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert command("recordings", "import", str(tmp_path / "missing")).code == 2
    assert command("recordings", "import", str(tmp_path)).code == 2


@pytest.mark.parametrize("form", ["har", "curl", "python", "markdown", "html", "json"])
def test_an_export_holds_no_secret_even_of_a_recording_that_does(command: Command, form: str) -> None:
    path = command(*SANDBOX, "--include-secrets", "--json").json["recording"]
    token = next(
        json.loads(line)["secret"]["value"] for line in Path(path).read_text().splitlines() if '"value":"ey' in line
    )
    ran = command("export", path, "--as", form)
    assert ran.code == 0
    assert ran.out.strip()
    assert DEMO_SECRET not in ran.out
    assert token not in ran.out


def test_exports_are_what_they_say(command: Command) -> None:
    command(*SANDBOX)
    found = find_flows(parse_har(command("export", "last", "--as", "har").out.encode()))
    assert [flow.steps for flow in found] == [("authorization request", "redirect", "token request")]
    assert command("export", "last", "--as", "json").json["outcome"] == "token"
    compile(command("export", "last", "--as", "python").out, "export", "exec")
    assert command("export", "last", "--as", "curl").out.startswith("#!/usr/bin/env bash")
    assert command("export", "last", "--as", "markdown").out.startswith("# OAuth flow report")


def test_a_written_export_is_private_and_replaces_nothing(command: Command, tmp_path: Path) -> None:
    command(*SANDBOX)
    target = tmp_path / "report.md"
    assert command("export", "last", "--as", "markdown", "-o", str(target)).out == ""
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_text()
    again = command("export", "last", "--as", "curl", "-o", str(target))
    assert (again.code, target.read_text()) == (2, before)
    assert "already" in again.err
    assert command("export", "last", "--as", "curl", "-o", str(tmp_path / "no" / "folder")).code == 2


def test_what_is_left_in_a_file_is_told_by_its_place_and_length(command: Command, tmp_path: Path) -> None:
    clean = command(*SANDBOX, "--json").json["recording"]
    ran = command("recordings", "check", clean, "--json")
    assert (ran.code, ran.json["left"], ran.json["path"]) == (0, [], clean)
    ran = command("recordings", "check", clean)
    assert (ran.code, ran.out) == (0, "") and "Nothing in it looks like a secret." in ran.err
    dirty = record(tmp_path / "dirty.jsonl", LOGS["browser-token"])
    ran = command("recordings", "check", str(dirty), "--json")
    assert ran.code == 10 and ran.json["left"] and set(ran.json["left"][0]) == {"place", "length"}
    ran = command("recordings", "check", str(dirty))
    assert ran.code == 10 and "characters that may be a secret" in ran.out and "Nothing in it looks" not in ran.err
