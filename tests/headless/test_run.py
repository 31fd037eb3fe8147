"""`airisk-tui run` keeps the contract of command-line.md."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.insight.catalogue import codes
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from tests.headless.conftest import Ran

Command = Callable[..., Ran]
SANDBOX = ("run", "--env", "sandbox", "--mode", "direct")


@pytest.fixture
def deployment() -> Iterator[SandboxServer]:
    """A server that the program did not start itself: a real deployment as far as it can tell."""
    with SandboxServer() as server:
        yield server


def real(server: SandboxServer, *more: str) -> tuple[str, ...]:
    chosen = ("--client-id", "demo-app", "--redirect-uri", "http://127.0.0.1:8765/callback")
    return ("run", "--mode", "direct", "--base-url", server.base_url, *chosen, *more)


def test_a_generic_token_and_every_member_of_the_document(command: Command) -> None:
    ran = command(*SANDBOX, "--json")
    document = ran.json
    assert (ran.code, document["outcome"], document["exit_code"]) == (0, "token", 0)
    assert (document["format"], document["environment"], document["kind"]) == (1, "sandbox", "generic")
    assert [step["name"] for step in document["steps"]] == [
        *("authorization-request", "browser", "redirect", "token-request", "token", "access")
    ]
    assert {step["status"] for step in document["steps"]} == {"ok", "skipped"}
    assert document["code"]["length"] == 22
    assert document["token"]["claims"]["sub"] == "app:demo-app"
    assert document["token"]["expires_at"].endswith("Z")
    assert [finding for finding in document["findings"] if finding["severity"] != "note"] == []
    assert Path(document["recording"]).is_file()
    assert ran.err.endswith(f"Recorded in {document['recording']}.\n")


def test_what_was_not_checked_is_listed_and_never_called_good(command: Command) -> None:
    ran = command(*SANDBOX, "--fault", "denied", "--json")
    unchecked = ran.json["not_checked"]
    assert {"code-refused", "fresh-token-refused"} <= set(unchecked)
    assert not set(unchecked) & {finding["code"] for finding in ran.json["findings"]}
    assert set(unchecked) <= codes()
    assert "looked for" not in ran.err


def test_a_first_run_that_works_says_nothing_of_what_was_not_checked(command: Command) -> None:
    ran = command(*SANDBOX, "--json")
    assert ran.json["outcome"] == "token" and ran.json["not_checked"]
    assert "not checked" not in ran.err.lower() and "looked for" not in ran.err


def test_an_error_beside_the_token_is_a_difference_and_a_warning_only_where_that_is_asked_for(command: Command) -> None:
    late = command(*SANDBOX, "--fault", "expiration-past", "--json")
    assert (late.code, late.json["outcome"], late.json["exit_code"]) == (10, "different", 10)
    assert command(*SANDBOX, "--fault", "expiration-past", "--expect", "different").code == 0
    warned = [*SANDBOX, "--fault", "expiration-no-zone", "--json"]
    assert (command(*warned).code, command(*warned, "--strict").json["outcome"]) == (0, "different")


def test_a_userid_makes_the_token_user_specific(command: Command) -> None:
    document = command(*SANDBOX, "--userid", "user_42", "--json").json
    assert (document["kind"], document["token"]["claims"]["sub"]) == ("user-specific", "user_42")


def test_no_exchange_stops_at_the_code(command: Command) -> None:
    document = command(*SANDBOX, "--no-exchange", "--json").json
    assert (document["outcome"], document["exit_code"], document["token"]) == ("code", 0, None)


def test_print_gives_the_token_alone(command: Command) -> None:
    ran = command(*SANDBOX, "--print", "access-token")
    assert ran.out.count(".") == 2
    assert ran.out.startswith("ey")
    assert "ey" not in ran.err


@pytest.mark.parametrize(
    ("wrong", "code", "outcome"),
    [
        (("--client-id", "nobody"), 4, "authorization-refused"),
        (("--redirect-uri", "http://127.0.0.1:8765/calback"), 4, "authorization-refused"),
        (("--userid", "user_999"), 4, "authorization-refused"),
        (("--client-id", ""), 2, "usage"),
        (("--redirect-uri", "javascript:alert(1)"), 2, "usage"),
        (("--redirect-uri", "http://127.0.0.1:8765/callback#x"), 2, "usage"),
        (("--base-url", "not a url"), 2, "usage"),
        (("--timeout", "-1"), 2, "usage"),
        (("--timeout", "nan"), 2, "usage"),
        (("--timeout", "inf"), 2, "usage"),
        (("--timeout", "1e400"), 2, "usage"),
        (("--timeout", "1e300"), 2, "usage"),
        (("--base-url", "http://127.0.0.1:0"), 2, "usage"),
        (("--redirect-uri", "http://127.0.0.1:0/cb"), 2, "usage"),
        (("--env", "nowhere"), 2, "usage"),
        (("--param", "nonsense"), 2, "usage"),
        (("--nonsense",), 2, "usage"),
    ],
)
def test_what_goes_wrong_has_its_exit_code_and_its_document(
    command: Command,
    deployment: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
    wrong: tuple[str, ...],
    code: int,
    outcome: str,
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    ran = command(*real(deployment, "--json", *wrong))
    assert (ran.code, ran.json["outcome"], ran.json["exit_code"]) == (code, outcome, code)
    assert ran.err.strip()
    assert "Traceback" not in ran.err


def test_a_wrong_secret_is_refused_at_the_token_endpoint(
    command: Command, deployment: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "a-wrong-secret")
    ran = command(*real(deployment, "--json"))
    assert (ran.code, ran.json["outcome"]) == (6, "token-refused")
    assert "a-wrong-secret" not in ran.out + ran.err


def test_without_a_secret_nothing_is_sent(command: Command, deployment: SandboxServer) -> None:
    ran = command(*real(deployment, "--json"))
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert not deployment.requests


def test_a_secret_from_an_env_file(command: Command, deployment: SandboxServer, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f'CLIENT_ID=demo-app\nCLIENT_SECRET="{DEMO_SECRET}"\nUSER_ID=user_7\n')
    arguments = ("run", "--mode", "direct", "--base-url", deployment.base_url, "--env-file", str(file), "--json")
    ran = command(*arguments, "--redirect-uri", "http://127.0.0.1:8765/callback")
    assert ran.json["token"]["claims"]["sub"] == "user_7"


def test_nobody_listens_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        arguments = ("--base-url", url, "--client-id", "x", "--redirect-uri", "http://127.0.0.1:8765/cb", "--json")
        ran = command("run", "--mode", "direct", *arguments)
    assert (ran.code, ran.json["outcome"]) == (9, "transport")


def test_a_taken_port_is_an_outcome_of_its_own(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        uri = f"http://127.0.0.1:{taken.getsockname()[1]}/callback"
        ran = command("run", "--env", "sandbox", "--mode", "browser", "--redirect-uri", uri, "--json")
    assert (ran.code, ran.json["outcome"]) == (3, "listener")


@pytest.mark.parametrize("name", ["run", "compare"])
def test_a_fault_that_nobody_would_play_is_refused_before_anything_is_sent(
    command: Command, deployment: SandboxServer, home: Path, name: str
) -> None:
    fault = (name, "--fault", "denied", "--userid", "user_42", "--json")
    for where in (("--base-url", deployment.base_url), ("--env", "sandbox", "--base-url", deployment.base_url)):
        ran = command(*fault, *where)
        assert (ran.code, ran.json["outcome"]) == (2, "usage")
        assert f"this run would go to “{deployment.base_url}”" in ran.json["error"]
    home.mkdir(parents=True)
    (home / "config.toml").write_text(f'default = "here"\n[environments.here]\nbase_url = "{deployment.base_url}"\n')
    assert "this run would go to “here”" in command(*fault).json["error"]
    assert not deployment.requests


NUMBERS = {
    "run --timeout": ("a number of seconds", ["", "x", "nan", "1e999", "1,5"]),
    "sandbox --port": ("a port from 1 to 65535", ["", "x", "-1", "65536", "1.5"]),
    "replay last --speed": ("a number from 0 up", ["", "x", "-0.1"]),
    "recordings import x --flow": ("a whole number, counted from 1", ["", "0", "x"]),
}


@pytest.mark.parametrize(("words", "wrong"), [(words, wrong) for words in NUMBERS for wrong in NUMBERS[words][1]])
def test_what_is_no_number_gets_a_sentence(command: Command, words: str, wrong: str) -> None:
    *before, option = words.split()
    ran = command(*before, f"{option}={wrong}", "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert f"{option}: it expects {NUMBERS[words][0]}" in ran.json["error"]
    assert f", not “{wrong}”. " in ran.json["error"]


@pytest.mark.parametrize("what", ["", ".", "a file", "a folder", "a link to nowhere", "with secrets"])
def test_a_recording_that_could_not_be_made_is_told_before_anything_is_sent(
    command: Command, deployment: SandboxServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.jsonl"
    match what:
        case "a file":
            path.write_text("kept")
        case "a folder":
            path.mkdir()
        case "a link to nowhere":
            path.symlink_to(tmp_path / "nowhere")
        case "with secrets":
            path.with_stem("mine-with-secrets").write_text("kept")
    more = ("--include-secrets",) if what == "with secrets" else ()
    ran = command(*real(deployment, "--json", "--record", what if len(what) < 2 else str(path), *more))
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert ran.json["error"].startswith("--record expects")
    assert not deployment.requests


def test_expect_turns_a_negative_probe_into_a_pass(command: Command) -> None:
    assert command(*SANDBOX, "--fault", "denied", "--expect", "authorization-refused").code == 0
    assert command(*SANDBOX, "--expect", "authorization-refused").code == 10


def test_nobody_comes_back_in_time(command: Command) -> None:
    ran = command("run", "--env", "sandbox", "--mode", "paste", "--timeout", "0.2", "--json")
    assert (ran.code, ran.json["outcome"]) == (8, "timeout")


def test_F1_the_secret_code_and_token_appear_nowhere(command: Command, home: Path) -> None:
    ran = command(*SANDBOX, "--json")
    token = command(*SANDBOX, "--print", "access-token").out.strip()
    written = "".join(path.read_text() for path in home.rglob("*.jsonl"))
    for secret in (DEMO_SECRET, token, token.rpartition(".")[2]):
        assert secret not in written
        assert secret not in ran.out + ran.err


def test_stdout_is_one_document_of_utf_8_with_hostile_characters_escaped(command: Command) -> None:
    ran = command(*SANDBOX, "--state", "x\u202e\u200bstate", "--json")
    assert ran.code == 2
    assert "\u202e" not in ran.out + ran.err
    assert json.loads(ran.out)["outcome"] == "usage"


def test_without_a_terminal_no_screen_opens(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "airisk_tui"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "terminal" in done.stderr


def test_the_version_is_one_line(home: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "airisk_tui", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "airisk-tui 0.1.0\n"


@pytest.mark.parametrize(
    "name", ["run", "compare", "replay", "recordings", "export", "sandbox", "environments", "doctor"]
)
def test_every_command_has_a_help_with_an_example(
    command: Command, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        command(name, "--help")
    assert left.value.code == 0
    assert f"example:\n  airisk-tui {name}" in capsys.readouterr().out


def test_L12_what_is_piped_in_before_the_listener_is_there_is_not_lost(home: Path) -> None:
    command = [sys.executable, "-m", "airisk_tui", "run", "--env", "sandbox", "--mode", "paste", "--timeout", "20"]
    done = subprocess.run(
        [*command, "--expect", "token-refused"],
        input="a-code-that-nobody-issued\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Outcome: token-refused, as expected." in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("wrong", "finding", "fix"),
    [
        (("--client-id", "demo-ap"), "client-unknown", "--client-id to “demo-app”"),
        (("--userid", "user_24"), "userid-unknown", "--userid to “user_42”, the closest there is"),
        (("--client-id", "nope"), "client-unknown", "“demo-app”, the environment's own"),
        (("--userid", "nobody"), "userid-unknown", "one of the ids that ListUsers lists"),
        (("--fault", "denied"), "access-denied", "--mode browser, and approve"),
        (("--fault", "expiration-past"), "token-expired-on-arrival", "must lie in the future"),
        (
            ("--redirect-uri", "http://127.0.0.1:8765/calback"),
            "redirect-uri-unregistered",
            "--redirect-uri to “http://127.0.0.1:8765/callback”",
        ),
    ],
)
def test_each_wrong_field_of_a_known_deployment_is_named_at_the_first_run(
    command: Command, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...], finding: str, fix: str
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    first = command(*SANDBOX, "--json", *wrong).json["findings"][0]
    assert first["code"] == finding
    assert fix in first["fix"]


def test_where_the_secret_may_come_from_is_told_where_there_is_none(command: Command) -> None:
    ran = command("run", "--base-url", "http://127.0.0.1:1", "--client-id", "a", "--mode", "direct", "--json")
    assert "by AIRISK_CLIENT_SECRET, --env-file or --client-secret-stdin" in ran.json["findings"][0]["fix"]


def test_what_two_ends_of_a_token_mean_does_not_contradict_that_one_is_over(command: Command) -> None:
    found = {each["code"]: each for each in command(*SANDBOX, "--json", "--fault", "expiration-past").json["findings"]}
    assert found["expiration-differs-from-exp"]["fix"].startswith("Use the token until a 401: by the earlier")


def test_no_code_lives_shorter_than_no_time(command: Command) -> None:
    found = command(*SANDBOX, "--json", "--fault", "code-used").json["findings"][0]
    assert "0.0 seconds" not in found["title"]
    assert "the server's clock or the code's lifetime ended the code at once" in found["cause"]


def test_a_fault_that_one_run_never_meets_and_a_secret_that_is_never_sent_are_told(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "of a deployment")
    ran = command(*SANDBOX, "--fault", "probe-429", "--fault", "no-expiration")
    assert "Note: “probe-429” is played when ListUsers or GetConversations is asked" in ran.err
    assert "no-expiration" not in ran.err
    assert "it is never sent to the embedded sandbox" in ran.err
    monkeypatch.delenv("AIRISK_CLIENT_SECRET")
    assert "Note: " not in command(*SANDBOX, "--fault", "no-expiration").err


def test_nothing_is_on_stdout_that_was_not_asked_for(command: Callable[..., Ran]) -> None:
    assert command("run", "--env", "sandbox", "--mode", "direct", "--no-record").out == ""
    assert command("run", "--env", "sandbox", "--mode", "direct", "--no-record", "--print", "outcome").out == "token\n"


@pytest.mark.parametrize(("display", "mode"), [("", "direct"), (":0", "browser")])
def test_without_a_display_a_run_needs_no_browser_and_says_so(
    command: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, display: str, mode: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    ran = command(
        "run",
        "--env",
        "sandbox",
        "--timeout",
        "0.05",
        "--no-record",
        "--redirect-uri",
        f"http://127.0.0.1:{free_port()}/callback",
    )
    assert (f"(generic, {mode})" in ran.err, "There is no display here" in ran.err) == (True, mode == "direct")
