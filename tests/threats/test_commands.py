"""Hostile words in what commands print: on stdout, on stderr, in JSON, in lists and in refusals (S1, S3, F4)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from airisk_tui.session.recordings.exporting import SUFFIXES
from tests.hostile.server import HostileServers
from tests.threats.conftest import SECRET, Command, Ran
from tests.threats.deployment import BIDI, CONTROLS, PAYLOAD, deployed, told

WAYS = ("token", "denied", "problem", "refused")
FORMS = tuple(SUFFIXES)


def harmless(ran: Ran) -> Ran:
    """Neither stream holds anything of the payload as it was, nor a traceback."""
    assert told(ran.out) == []
    assert told(ran.err) == []
    assert b"Traceback" not in ran.err
    return ran


@pytest.mark.parametrize("how", WAYS)
def test_S1_S3_a_run_a_replay_and_a_list_of_a_hostile_server(
    command: Command, servers: HostileServers, how: str
) -> None:
    said = harmless(command("run", *deployed(servers, how), "--mode", "direct"))
    assert "␛]52;c" in said.err.decode()
    document = harmless(command("run", *deployed(servers, how), "--mode", "direct", "--json")).json
    assert document["outcome"] == {"token": "token", "refused": "token-refused"}.get(how, "authorization-refused")
    if how == "token":
        sub = re.sub(r"~sealed\.[^~]+~=?", "T1dORUQ=", document["token"]["claims"]["sub"])
        assert sub == PAYLOAD, "in the document the value is whole, but for the word that could be a secret"
    name = Path(document["recording"]).name
    for arguments in (["replay", name], ["replay", name, "--json"], ["recordings", "show", name]):
        ran = harmless(command(*arguments))
        assert ran.out or ran.err
    for arguments in (["list"], ["list", "--json"], ["show", name, "--json"], ["list", PAYLOAD]):
        harmless(command("recordings", *arguments))
    for form in FORMS:
        assert harmless(command("export", name, "--as", form)).out


@pytest.mark.parametrize("form", [(), ("--json",), ("--markdown",)])
def test_S1_S3_a_comparison_of_hostile_tokens(command: Command, servers: HostileServers, form: tuple[str, ...]) -> None:
    ran = harmless(command("compare", *deployed(servers, "token"), "--userid", "user_42", *form))
    assert ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        (PAYLOAD,),
        ("run", PAYLOAD),
        ("run", "--env", PAYLOAD),
        ("run", "--expect", PAYLOAD),
        ("run", "--env-file", PAYLOAD),
        ("run", "--env", "sandbox", "--client-id", PAYLOAD),
        ("run", "--env", "sandbox", "--redirect-uri", f"http://127.0.0.1:1/{PAYLOAD}"),
        ("run", "--env", "sandbox", "--fault", PAYLOAD),
        ("run", "--base-url", f"http://{PAYLOAD}/", "--mode", "direct"),
        ("replay", PAYLOAD),
        ("export", PAYLOAD, "--as", "har"),
        ("recordings", "show", PAYLOAD),
        ("recordings", "delete", PAYLOAD),
        ("recordings", "import", PAYLOAD),
        ("environments", "show", PAYLOAD),
        ("environments", "add", PAYLOAD, "--base-url", PAYLOAD),
        ("environments", "remove", PAYLOAD),
        ("sandbox", "--fault", PAYLOAD),
        ("doctor", "--redirect-uri", f"http://{PAYLOAD}/"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_S1_S3_hostile_arguments_are_told_harmlessly(
    command: Command, arguments: tuple[str, ...], form: tuple[str, ...]
) -> None:
    ran = harmless(command(*arguments, *form))
    assert ran.code != 0 or arguments[0] in ("environments", "run", "doctor")
    assert ran.err.strip() or ran.out.strip()


def test_S1_F4_hostile_files_in_the_library_are_told_harmlessly(command: Command, home: Path) -> None:
    folder = home / "recordings"
    folder.mkdir(parents=True)
    name = CONTROLS.replace("/", "") + BIDI
    header = {"format": 1, "tool": PAYLOAD, "version": PAYLOAD, "environment": PAYLOAD, "kind": "generic"}
    header |= {"utc": "2026-11-24T10:15:02Z", "run_id": PAYLOAD}
    event = {"event": PAYLOAD, "at": 1, PAYLOAD: PAYLOAD}
    lines = "\n".join(json.dumps(one) for one in (header, event, {"closing": {"outcome": PAYLOAD, "duration": 1}}))
    (folder / f"{name}.jsonl").write_text(lines)
    (folder / "newer.jsonl").write_text(json.dumps({**header, "format": 99}))
    (folder / f"bytes{name}.jsonl").write_bytes(PAYLOAD.encode() + b"\xff\x00")
    listed = harmless(command("recordings", "list"))
    assert listed.code == 0
    assert b"newer" in listed.out
    harmless(command("recordings", "list", "--json"))
    for file in sorted(folder.glob("*.jsonl")):
        for arguments in (["replay", file.name], ["replay", str(file), "--json"], ["recordings", "show", file.name]):
            harmless(command(*arguments))
        harmless(command("export", str(file), "--as", "markdown"))


@pytest.mark.parametrize(
    "text",
    [
        f"# {CONTROLS}",
        f'[environments."{json.dumps(PAYLOAD)[1:-1]}"]\nbase_url = 1',
        f"default = {json.dumps(PAYLOAD)}",
        f"[environments.x]\n{json.dumps(PAYLOAD)} = 1",
        f"[environments.x]\nencoding = {json.dumps(PAYLOAD)}",
        f"[environments.x]\nendpoints = [{{path = {json.dumps(PAYLOAD)}, method = {json.dumps(PAYLOAD)}}}]",
    ],
)
def test_S1_F4_a_hostile_configuration_is_refused_harmlessly(command: Command, home: Path, text: str) -> None:
    home.mkdir(parents=True)
    (home / "config.toml").write_text(text.replace("\\u007f", "\\u007F"))
    assert harmless(command("environments", "list")).code == 2
    assert harmless(command("run", "--env", "x", "--json")).json["outcome"] == "usage"


def test_S5_F1_a_crash_of_a_command_says_where_and_quotes_nothing(
    command: Command, servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: object, *arguments: object) -> None:
        local = SECRET
        raise ValueError(f"{PAYLOAD} {local}")

    monkeypatch.setattr("airisk_tui.session.session.Session.fresh_state", broken)
    ran = harmless(command("run", *deployed(servers, "token"), "--mode", "direct", "--json"))
    assert (ran.code, ran.out) == (1, b"")
    assert b"airisk-tui ended because of an error in the program" in ran.err
    assert b"in broken\nValueError" in ran.err
    assert SECRET.encode() not in ran.err
    assert b"OWNED" not in ran.err
